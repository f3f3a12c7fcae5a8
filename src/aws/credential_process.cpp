#include "aws/credential_process.h"

#include <fmt/core.h>

#include "aws/credential_document.h"
#include "base/json.h"
#include "base/text.h"

namespace fa::aws {
namespace {

/// Long enough for a tool that sends a push message to a telephone and waits for the tap.
constexpr std::chrono::seconds kLongest(60);

bool is_version_1(const std::string& json) {
  const auto document = parse_json(json);
  if (!document.is_object()) return true;  // told as what it is by the reader
  const auto version = document.find("Version");
  return version != document.end() && version->is_number_integer() && version->get<std::int64_t>() == 1;
}

class ProcessProvider final : public CredentialsProvider {
 public:
  ProcessProvider(const ChainWorld& world, ProcessSource source, std::string profile)
      : world_(world), source_(std::move(source)), what_("credential_process of profile " + visible(profile)) {}

  Result<Credentials> get(const Context& context) override {
    const auto output = world_.environment.run_command(source_.command, context.within(kLongest));
    if (!output) {
      Error error = output.error();
      // Its own time was up, not the caller's: that is a tool that does not answer.
      if (error.code == ErrorCode::kCancelled && !context.stopped()) {
        error = {ErrorCode::kUnavailable, "it did not end within a minute; does it wait for somebody's input?"};
      }
      error.message = what_ + ": " + error.message;
      return tl::unexpected(std::move(error));
    }
    if (!is_version_1(*output)) {
      return fail(ErrorCode::kInvalidInput, what_ + ": its output must say \"Version\": 1");
    }
    auto credentials = parse_credential_document(*output, "SessionToken");
    if (!credentials) {
      return fail(ErrorCode::kInvalidInput, what_ + ": its output is not what it should be: " +
                                                credentials.error().message + " (not shown, it may hold secrets)");
    }
    if (credentials->account_id.empty()) credentials->account_id = source_.account_id;
    credentials->origin = what_;
    return credentials;
  }

 private:
  ChainWorld world_;
  ProcessSource source_;
  std::string what_;
};

}  // namespace

std::unique_ptr<CredentialsProvider> make_process(const ChainWorld& world, ProcessSource source, std::string profile) {
  return std::make_unique<ProcessProvider>(world, std::move(source), std::move(profile));
}

}  // namespace fa::aws
