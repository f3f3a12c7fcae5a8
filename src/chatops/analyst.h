#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>

#include "base/context.h"
#include "base/result.h"
#include "base/time.h"
#include "chatops/inquiry.h"
#include "chatops/result_file.h"
#include "model/report.h"

namespace fa::chatops {

/// An inquiry with all that an answer depends on.
struct AnalystRequest {
  std::string id;  ///< Of the run; what names of files begin with.
  Inquiry inquiry;
  TimeRange window;  ///< The inquiry's days up to when it was made.
  Language language = Language::kEnglish;
  std::string time_zone = "UTC";  ///< IANA: in which times are told.
};

/// An answer, ready to be shown: secrets are replaced.
struct Answer {
  std::string headline;  ///< One line.
  std::string markdown;  ///< What is said in the thread, most important first; what does not fit is in the files.
  ResultFiles files;     ///< All of it: HTML and PDF, and its pictures.
  Usage usage;
  std::size_t gaps = 0;  ///< Sources that could not be seen.
};

/// What answers questions about metrics and reports on security findings, behind the one interface the Slack app knows.
/// Thread-safe; blocks until the context's deadline at the latest.
class Analyst {
 public:
  /// How far a step is: calls or files done, of how many (0: not known). Called from any thread, often.
  using OnProgress = std::function<void(std::size_t done, std::size_t total)>;

  virtual ~Analyst() = default;

  /// Collects what the answer needs into `folder`, which is empty. Sources that fail are gaps, kept in the folder.
  virtual Result<void> collect(const AnalystRequest& request, const std::filesystem::path& folder,
                               const OnProgress& progress, const Context& context) = 0;
  /// Answers from what was collected; a model words it where there is one, and `asking_model` is called before.
  virtual Result<Answer> answer(const AnalystRequest& request, const std::filesystem::path& folder,
                                const std::function<void()>& asking_model, const Context& context) = 0;
};

}  // namespace fa::chatops
