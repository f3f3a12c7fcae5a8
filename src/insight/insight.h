#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "insight/insight_types.h"
#include "insight/question.h"
#include "investigate/prompts.h"
#include "llm/chat.h"
#include "sources/aws/collect_aws.h"

/// Answers to questions about metrics, one straight line:
///
///     question -> catalogue -> select -> (refine) -> fetch -> facts -> advice -> (word)
///
/// Only fetching, reading and a model touch the world; the steps in brackets need a model. What becomes of the result:
/// answer.h (text, Markdown, HTML, PDF) and insight_json.
namespace fa::insight {

struct InsightRequest {
  std::string question;
  QuestionOptions options;
  Language language = Language::kEnglish;
};

/// A model, where there is one. Borrowed.
struct InsightModel {
  llm::ChatModel& model;
  const Prompts& prompts;
};

/// Chooses metrics of a live account and fetches them into `folder`, which is new or empty. Where nothing is chosen
/// nothing is fetched, and the folder says why. Errors: those of the question, no credentials, a folder that cannot be
/// written. Cost is reserved before it is spent; what could not be had is a gap of the folder.
[[nodiscard]] Result<void> collect_insight(const InsightRequest& request, const AwsRequest& aws,
                                           const AwsWorldAccess& world, const std::optional<InsightModel>& model,
                                           const std::filesystem::path& folder, const Context& context);

/// Answers from recorded metrics: of a folder that collect_insight wrote all of them, of any others those that the
/// question chooses. The newest point is now. kNotFound where the paths hold no metrics at all. Deterministic without a
/// model.
[[nodiscard]] Result<InsightResult> answer_insight(const InsightRequest& request, const std::vector<std::string>& paths,
                                                   const std::optional<InsightModel>& model, const Context& context);

/// Both, by way of a temporary folder.
[[nodiscard]] Result<InsightResult> run_insight(const InsightRequest& request, const AwsRequest& aws,
                                                const AwsWorldAccess& world, const std::optional<InsightModel>& model,
                                                const Context& context);

/// docs/insight.md describes it.
[[nodiscard]] std::string insight_json(const InsightResult& result);

}  // namespace fa::insight
