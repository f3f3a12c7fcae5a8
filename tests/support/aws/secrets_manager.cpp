/// AWS Secrets Manager (JSON 1.1). Shapes: service model secretsmanager 2017-10-17.
#include <utility>

#include "support/aws/json_fields.h"
#include "support/aws/played_service.h"

namespace fa::test {
namespace {

using wire::Call;
using wire::Outcome;

/// What the service appends to a secret's name in its ARN.
constexpr std::string_view kSuffix = "-AbCdEf";

class SecretsManager final : public PlayedService {
 public:
  [[nodiscard]] std::string operation_of(const Call& call) const override {
    return target_operation(call, "secretsmanager");
  }

  Outcome answer(const Call& call) override {
    if (call.operation != "GetSecretValue") return wire::refuse("UnknownOperationException", "");
    const Json request = parse_json(call.request->body);
    const auto id = text_member(request, "SecretId");
    if (!id) return wire::refuse("InvalidParameterException", "SecretId is required.");
    const std::string prefix = "arn:aws:secretsmanager:" + call.world->region + ":" + call.world->account + ":secret:";
    std::string name = *id;
    if (name.starts_with("arn:")) {
      if (!name.starts_with(prefix)) return not_found();
      name.erase(0, prefix.size());
      if (name.ends_with(kSuffix)) name.resize(name.size() - kSuffix.size());
    }
    const auto found = call.world->secrets.find(name);
    if (found == call.world->secrets.end() || call.region != call.world->region) return not_found();
    return wire::json_response(call, dump(Json{{"ARN", prefix + name + std::string(kSuffix)},
                                               {"Name", name},
                                               {"VersionId", wire::uuid_of(name)},
                                               {"SecretString", found->second},
                                               {"VersionStages", Json::array({"AWSCURRENT"})},
                                               {"CreatedDate", 1767225600.123}}));
  }

  [[nodiscard]] std::optional<std::string> empty_answer(const Call&) const override { return std::nullopt; }

 private:
  static tl::unexpected<wire::Refusal> not_found() {
    return wire::refuse("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
  }
};

}  // namespace

std::unique_ptr<PlayedService> play_secrets_manager(const AwsStandIn&) { return std::make_unique<SecretsManager>(); }

}  // namespace fa::test
