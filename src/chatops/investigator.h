#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "alarms/alarm.h"
#include "base/context.h"
#include "base/result.h"
#include "base/time.h"
#include "model/report.h"

namespace fa::chatops {

/// One analysis, as it was asked for.
struct AnalysisRequest {
  std::string id;  ///< Becomes the incident's id.
  std::string description;
  TimeRange window;
  Language language = Language::kEnglish;
  std::optional<Alarm> alarm;
  std::string alarm_arn;  ///< Of a CloudWatch alarm; may be empty.
};

/// What finds causes, behind the one interface the Slack app knows. Thread-safe; blocks until the context's deadline at
/// the latest.
class Investigator {
 public:
  /// How far a step is: sources or files done, of how many. Called from any thread, often.
  using OnProgress = std::function<void(std::size_t done, std::size_t total)>;

  virtual ~Investigator() = default;

  /// Collects what can be collected into `folder`, which is empty. Sources that fail are gaps, kept in the folder.
  virtual Result<void> collect(const AnalysisRequest& request, const std::filesystem::path& folder,
                               const OnProgress& progress, const Context& context) = 0;
  /// Analyses what was collected; memory and a model add to it. The report is ready to be shown: secrets are replaced.
  /// `asking_model` is called before a model is asked. The incident is kept in memory, where there is one.
  virtual Result<Report> analyse(const AnalysisRequest& request, const std::filesystem::path& folder,
                                 const std::function<void()>& asking_model, const Context& context) = 0;
  /// Answers a question on an analysis: a report whose narrative is the answer. Without a model kNotFound, and the
  /// message says what to do.
  virtual Result<Report> answer(const AnalysisRequest& request, const std::filesystem::path& folder,
                                const std::string& question, const Context& context) = 0;
  /// Keeps what people say was the cause. kNotFound where there is no memory.
  virtual Result<void> decide(const std::string& incident, bool confirmed, const std::string& cause,
                              const std::string& fix) = 0;
};

}  // namespace fa::chatops
