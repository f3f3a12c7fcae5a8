#include "llm/bedrock.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

#include "aws/uri.h"
#include "base/text.h"
#include "llm/bedrock_answer.h"
#include "llm/bedrock_request.h"
#include "llm/tool_wire.h"

namespace fa::llm {
namespace {

const aws::Service kBedrockRuntime{.name = "bedrock-runtime",
                                   .shown_name = "Amazon Bedrock",
                                   .settings_id = "bedrock_runtime",
                                   .iam_prefix = "bedrock",
                                   .protocol = aws::Protocol::kRestJson,
                                   .target_prefix = "",
                                   .api_version = "2023-09-30"};

/// Answers begun and not ended, for one question. Each is paid for, so that few are allowed.
constexpr int kMostBrokenAnswers = 3;

/// Feeds a stream's bytes to its reader. An exception frame ends the exchange by an error with a reason, by which
/// aws::Client takes it for a lost connection and asks again after a wait; without a reason, when answers broke too
/// often, that is the end.
class ConverseSink final : public BodySink {
 public:
  explicit ConverseSink(int& broken_answers) : broken_answers_(broken_answers) {}

  Result<void> restart() override {
    reader_ = ConverseStreamReader();
    return {};
  }
  Result<void> write(std::string_view bytes) override {
    auto fed = reader_.feed(bytes);
    if (fed) return fed;
    Error error = fed.error();
    reason_ = error.reason;
    if (++broken_answers_ >= kMostBrokenAnswers && error.code == ErrorCode::kUnavailable) error.reason.clear();
    return tl::unexpected(std::move(error));
  }
  Result<ChatAnswer> finish() { return reader_.finish(); }
  /// Of the last exception, whatever became of it on its way up.
  [[nodiscard]] const std::string& reason() const { return reason_; }

 private:
  int& broken_answers_;
  ConverseStreamReader reader_;
  std::string reason_;
};

aws::Operation converse_operation(const BedrockSettings& settings, std::string body) {
  aws::Operation operation;
  operation.service = &kBedrockRuntime;
  operation.name = settings.stream ? "ConverseStream" : "Converse";
  operation.iam_action = settings.stream ? "bedrock:InvokeModelWithResponseStream" : "bedrock:InvokeModel";
  operation.about = fmt::format("model {}", visible(settings.model_id));
  operation.region = settings.region.empty() ? region_of_model(settings.model_id) : settings.region;
  operation.path =
      fmt::format("/model/{}/{}", aws::uri_encode(settings.model_id), settings.stream ? "converse-stream" : "converse");
  operation.body = std::move(body);
  operation.max_response_bytes = kMaxAnswerBytes;
  operation.timeout = settings.timeout;
  if (!settings.stream) operation.stall_timeout = settings.timeout;  // Nothing comes before the whole answer does.
  return operation;
}

Error about_operation(const aws::Client& client, const aws::Operation& operation, const Error& error) {
  return {error.code,
          fmt::format("{}: {}. Try again later.", aws::describe_call(operation, client.region()), error.message),
          error.reason};
}

/// The model's failures, which aws::Client takes for refusals by their status (408, 424).
bool model_failed(const Error& error) {
  return error.reason == "ModelTimeoutException" || error.reason == "ModelErrorException" ||
         error.reason == "ModelStreamErrorException";
}

/// One call, with the client's own repetitions. `repeat`: it failed in a way that the client does not know of.
Result<ChatAnswer> converse_once(aws::Client& client, const aws::Operation& operation, const Context& context,
                                 bool stream, int& broken_answers, bool& repeat) {
  Result<ChatAnswer> answer;
  repeat = false;
  if (stream) {
    ConverseSink sink(broken_answers);
    const auto response = client.call(operation, context, &sink);
    if (!response) {
      Error error = response.error();
      if (error.reason.empty()) error.reason = sink.reason();
      repeat = model_failed(error);
      return tl::unexpected(std::move(error));
    }
    answer = sink.finish();
  } else {
    const auto response = client.call(operation, context);
    if (!response) {
      repeat = model_failed(response.error());
      return tl::unexpected(response.error());
    }
    answer = read_converse_answer(response->body);
  }
  if (answer) return answer;
  repeat = true;
  return tl::unexpected(about_operation(client, operation, answer.error()));
}

/// What chat.h promises, and what helps with the refusals that come of a model's id.
Error bedrock_error(Error error) {
  const auto advise = [&](std::string_view words) { error.message += fmt::format(" {}", words); };
  if (model_failed(error)) {
    error.code = ErrorCode::kUnavailable;
    advise("The model itself failed; try again later, or choose another one.");
  } else if (error.code == ErrorCode::kLimit) {
    error.code = ErrorCode::kUnavailable;  // kLimit is for budgets of ours
  } else if (icontains(error.message, "on-demand throughput")) {
    advise("Give the id of an inference profile instead (the same with global., us., eu., jp., ... before it).");
  } else if (icontains(error.message, "model identifier is invalid")) {
    error.code = ErrorCode::kNotFound;
    advise(
        "Check the model's id and the region: aws bedrock list-foundation-models and list-inference-profiles "
        "tell what there is.");
  } else if (error.code == ErrorCode::kNotFound) {
    advise("aws bedrock list-foundation-models and list-inference-profiles tell what there is.");
  } else if (error.code == ErrorCode::kDenied && icontains(error.message, "access to the model")) {
    advise("Access to a model is granted in the Bedrock console, account by account.");
  } else if (icontains(error.message, "input is too long") || icontains(error.message, "prompt is too long") ||
             icontains(error.message, "context window") || icontains(error.message, "maximum context length")) {
    advise("What was asked does not fit this model: send less, or choose a model with a larger context.");
  }
  return error;
}

bool refuses_tool_choice(const Error& error) {
  return error.code == ErrorCode::kInvalidInput &&
         (icontains(error.message, "toolChoice") || icontains(error.message, "tool_choice"));
}

/// `anthropic.claude-...` of `us.anthropic.claude-...`; empty where the id is no inference profile's.
std::string_view profiled_model(std::string_view id) {
  constexpr std::array<std::string_view, 6> kGroups{"global", "apac", "amer", "emea", "us-gov", "latam"};
  const std::size_t dot = id.find('.');
  if (dot == std::string_view::npos) return {};
  const std::string_view group = id.substr(0, dot);
  // Groups are countries and continents of two letters, or of the list; no provider of models has a name of two.
  const bool known = group.size() == 2 || std::find(kGroups.begin(), kGroups.end(), group) != kGroups.end();
  return known ? id.substr(dot + 1) : std::string_view();
}

/// Resources of a model's id or ARN.
std::vector<std::string> model_resources(std::string_view id, std::string_view partition, std::string_view region) {
  const auto foundation = [&](std::string_view where, std::string_view model) {
    return fmt::format("arn:{}:bedrock:{}::foundation-model/{}", partition, where, model);
  };
  if (id.starts_with("arn:")) {
    std::vector<std::string> resources{std::string(id)};
    // A profile calls its models in any region of its group, and global ones in none: their ARN has an empty region.
    if (id.find(":application-inference-profile/") != std::string_view::npos) {
      resources.push_back(foundation("*", "*"));
    } else if (const std::size_t at = id.find(":inference-profile/"); at != std::string_view::npos) {
      const std::string_view model = profiled_model(id.substr(id.find('/', at) + 1));
      resources.push_back(foundation("*", model.empty() ? "*" : model));
    }
    return resources;
  }
  const std::string_view model = profiled_model(id);
  if (model.empty()) return {foundation(region, id)};
  return {fmt::format("arn:{}:bedrock:{}:*:inference-profile/{}", partition, region, id), foundation("*", model)};
}

}  // namespace

BedrockModel::BedrockModel(aws::Client& client, BedrockSettings settings)
    : client_(client), settings_(std::move(settings)) {}

Result<ChatAnswer> BedrockModel::ask(const ChatRequest& request, const Context& context) {
  if (settings_.model_id.empty()) {
    return fail(ErrorCode::kInvalidInput, "No Bedrock model is named: give its id, an inference profile or an ARN.");
  }
  bool force_tools = true;
  int broken_answers = 0;
  bool repeat = false;
  while (true) {
    auto body = converse_body(request, settings_, force_tools);
    if (!body) return tl::unexpected(body.error());
    const aws::Operation operation = converse_operation(settings_, std::move(*body));
    auto answer = converse_once(client_, operation, context, settings_.stream, broken_answers, repeat);
    if (answer) return answer;
    Error error = answer.error();
    if (context.stopped()) {
      return tl::unexpected(Error{ErrorCode::kCancelled,
                                  fmt::format("Asking the Bedrock model {} was stopped or ran out of time. Last: {}",
                                              visible(settings_.model_id), error.message),
                                  error.reason});
    }
    // Some models take tools but no order to use one: better asked than told.
    if (force_tools && request.choice != ToolChoice::kAuto && refuses_tool_choice(error)) {
      force_tools = false;
      continue;
    }
    if (!repeat || ++broken_answers >= kMostBrokenAnswers) return tl::unexpected(bedrock_error(std::move(error)));
  }
}

std::vector<std::string> bedrock_actions(const BedrockSettings& settings) {
  std::string region = settings.region.empty() ? region_of_model(settings.model_id) : settings.region;
  const std::string partition(aws::partition_of(region).name);
  if (region.empty()) region = "*";
  const std::string_view action = settings.stream ? "bedrock:InvokeModelWithResponseStream" : "bedrock:InvokeModel";
  std::vector<std::string> actions;
  for (const std::string& resource : model_resources(settings.model_id, partition, region)) {
    actions.push_back(fmt::format("{} on {}", action, resource));
  }
  if (!settings.guardrail_id.empty()) {
    actions.push_back(
        fmt::format("bedrock:ApplyGuardrail on {}",
                    settings.guardrail_id.starts_with("arn:")
                        ? settings.guardrail_id
                        : fmt::format("arn:{}:bedrock:{}:*:guardrail/{}", partition, region, settings.guardrail_id)));
  }
  return actions;
}

}  // namespace fa::llm
