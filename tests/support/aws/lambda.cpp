/// AWS Lambda: taking asynchronous invocations. Shapes: service model lambda 2015-03-31.
#include "support/aws/json_fields.h"
#include "support/aws/played_service.h"

namespace fa::test {
namespace {

using wire::Call;
using wire::Outcome;

class Lambda final : public PlayedService {
 public:
  explicit Lambda(const AwsStandIn& settings) : settings_(settings) {}

  [[nodiscard]] std::string operation_of(const Call& call) const override {
    return call.request->method == "POST" && !function_of(call).empty() ? "Invoke" : std::string();
  }

  Outcome answer(const Call& call) override {
    const std::string function = function_of(call);
    if (call.header("x-amz-invocation-type") != "Event") {
      return wire::refuse("InvalidParameterValueException", "Only events are played here.", 400);
    }
    if (parse_json(call.request->body).is_discarded()) {
      return wire::refuse("InvalidRequestContentException", "Could not parse request body into json", 400);
    }
    if (call.request->body.size() > (std::size_t{256} << 10)) {
      return wire::refuse("RequestTooLargeException", "", 413);
    }
    if (!settings_.invoke || !settings_.invoke(function, call.request->body)) {
      return wire::refuse("ResourceNotFoundException", "Function not found: " + function, 404);
    }
    HttpResponse response = wire::json_response(call, "");
    response.status = 202;
    return response;
  }

  [[nodiscard]] std::optional<std::string> empty_answer(const Call&) const override { return std::nullopt; }

 private:
  static std::string function_of(const Call& call) {
    constexpr std::string_view kBefore = "/2015-03-31/functions/";
    constexpr std::string_view kBehind = "/invocations";
    const std::string path = wire::percent_decode(call.path, false);
    if (!path.starts_with(kBefore) || !path.ends_with(kBehind)) return {};
    return path.substr(kBefore.size(), path.size() - kBefore.size() - kBehind.size());
  }

  const AwsStandIn& settings_;
};

}  // namespace

std::unique_ptr<PlayedService> play_lambda(const AwsStandIn& settings) { return std::make_unique<Lambda>(settings); }

}  // namespace fa::test
