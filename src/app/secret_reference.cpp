#include "app/secret_reference.h"

#include <fmt/core.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "aws/services/secrets_manager.h"
#include "base/text.h"

namespace fa {
namespace {

constexpr std::string_view kEnvironment = "env:";
constexpr std::string_view kFile = "file:";
constexpr std::string_view kSecretsManager = "secretsmanager:";

}  // namespace

bool is_secret_reference(std::string_view text) {
  return text.starts_with(kEnvironment) || text.starts_with(kFile) || text.starts_with(kSecretsManager);
}

Result<Secret> read_secret(const std::string& reference, std::string_view setting, aws::Client* client) {
  if (reference.empty()) return Secret();
  if (reference.starts_with(kEnvironment)) {
    const std::string name = reference.substr(kEnvironment.size());
    const char* value = std::getenv(name.c_str());
    if (value == nullptr || *value == '\0') {
      return fail(ErrorCode::kInvalidInput,
                  fmt::format("{} names the environment variable {}, which is not set.", setting, name));
    }
    return Secret(std::string(trim(value)));
  }
  if (reference.starts_with(kFile)) {
    const std::string path = reference.substr(kFile.size());
    std::ifstream in(path, std::ios::binary);
    if (!in) {
      return fail(ErrorCode::kUnreadable, fmt::format("{} names the file {}, which cannot be read.", setting, path));
    }
    const std::string text((std::istreambuf_iterator<char>(in)), {});
    return Secret(std::string(trim(text)));
  }
  if (client == nullptr) return fail(ErrorCode::kInternal, fmt::format("no AWS client for {}", setting));
  auto secret = aws::secrets_manager::get_secret_value(*client, reference.substr(kSecretsManager.size()),
                                                       Context{}.within(std::chrono::seconds(15)));
  if (!secret) return tl::unexpected(secret.error());
  return Secret(std::string(trim(secret->reveal())));
}

}  // namespace fa
