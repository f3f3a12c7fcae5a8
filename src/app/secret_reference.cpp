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
constexpr std::string_view kCredential = "credential:";
constexpr std::string_view kSecretsManager = "secretsmanager:";

/// systemd names what it loads from a folder after the setting LoadCredential=fa2:FOLDER and the file.
constexpr std::string_view kCredentialPrefix = "fa2_";
/// Where the folder is, for who runs fa2 beside the service (`fa2 doctor`).
constexpr std::string_view kCredentialFolder = "/etc/fa2/credentials";

Result<Secret> read_file(const std::string& path, std::string_view setting, std::string_view what_to_do) {
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    return fail(ErrorCode::kUnreadable,
                fmt::format("{} names the file {}, which cannot be read.{}", setting, path, what_to_do));
  }
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  return Secret(std::string(trim(text)));
}

Result<Secret> read_credential(const std::string& name, std::string_view setting) {
  if (name.empty() || name.find('/') != std::string::npos) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("{}: a credential is the name of a file, without a folder.", setting));
  }
  const std::string what_to_do =
      fmt::format(" Put the secret into {}/{} and restart the service.", kCredentialFolder, name);
  // Set by systemd for a unit with LoadCredential: files that only the service can read.
  const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
  if (folder == nullptr || *folder == '\0')
    return read_file(fmt::format("{}/{}", kCredentialFolder, name), setting, what_to_do);
  return read_file(fmt::format("{}/{}{}", folder, kCredentialPrefix, name), setting, what_to_do);
}

}  // namespace

bool is_secret_reference(std::string_view text) {
  return text.starts_with(kEnvironment) || text.starts_with(kFile) || text.starts_with(kCredential) ||
         text.starts_with(kSecretsManager);
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
  if (reference.starts_with(kFile)) return read_file(reference.substr(kFile.size()), setting, "");
  if (reference.starts_with(kCredential)) return read_credential(reference.substr(kCredential.size()), setting);
  if (client == nullptr) return fail(ErrorCode::kInternal, fmt::format("no AWS client for {}", setting));
  auto secret = aws::secrets_manager::get_secret_value(*client, reference.substr(kSecretsManager.size()),
                                                       Context{}.within(std::chrono::seconds(15)));
  if (!secret) return tl::unexpected(secret.error());
  return Secret(std::string(trim(secret->reveal())));
}

}  // namespace fa
