#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "findings/changes.h"
#include "findings/explanation.h"
#include "findings/fetch.h"
#include "findings/finding_files.h"
#include "findings/group.h"
#include "findings/select.h"
#include "llm/chat.h"

/// The findings report, one straight line:
///
///     fetch (or read) -> merge -> filter -> group -> rank -> explain -> compare with the last one
///
/// Only fetching and explaining by a model touch the world. What becomes of the report: findings_document.h (text,
/// Markdown, HTML, PDF) and findings_json.h.
namespace fa::findings {

struct FindingsRequest {
  std::vector<std::string> files;  ///< Files and folders to read; none: the live services.
  LiveRequest live;
  Filter filter;
  Language language = Language::kEnglish;
  std::string time_zone = "UTC";  ///< IANA name; of the times in the document.
  std::size_t most = 50'000;      ///< Findings kept; further ones are counted.
  /// What the last report left (State); nullopt: nothing is compared, empty: there is none yet.
  std::optional<std::string> last = std::nullopt;
};

struct ExplainedGroup {
  Group group;
  Explanation explanation;
  std::uint64_t appeared = 0;  ///< Findings of it that the last report did not have.
};

/// Everything a rendering shows. Plain values.
struct FindingsReport {
  Language language = Language::kEnglish;
  std::string time_zone = "UTC";
  bool live = false;
  TimePoint now = kNoTime;  ///< When the services were asked; of files, the newest time in them.
  Filter filter;
  std::vector<std::string> files;  ///< As they were named.
  std::vector<SourceCount> sources;
  std::uint64_t findings = 0;  ///< In the report.
  std::uint64_t merged = 0;
  LeftOutCounts left_out = {};
  std::map<std::string, std::array<std::uint64_t, kSeverityCount>> by_product;
  std::vector<std::string> accounts;  ///< Of the findings; sorted.
  std::vector<std::string> regions;
  std::vector<std::string> asked_regions;  ///< Live: in the order they were asked.
  std::optional<TimePoint> first_seen;
  std::optional<TimePoint> last_seen;
  std::uint64_t resources = 0;         ///< Different ones; those beyond the limits of a finding are not told apart.
  std::vector<ExplainedGroup> groups;  ///< Most pressing first.
  bool compared = false;
  std::optional<Changes> changes;
  std::string state_problem;  ///< Why the last report's state cannot be read.
  std::vector<Gap> gaps;
  std::string model;  ///< Which one was asked; empty for none.
};

struct FindingsRun {
  FindingsReport report;
  std::string state;  ///< For the next report, to be written once this one was.
};

/// Makes the report. `world` is needed for live services only, `model` may be null: then what has no built-in text is
/// told in the finding's own words. Errors: live, see fetch_findings; of files, kNotFound where none could be read or
/// none has a finding in it. Blocks until everything was asked or the context's deadline; deterministic for files
/// without a model.
Result<FindingsRun> run_findings(const FindingsRequest& request, const AwsWorldAccess* world, llm::ChatModel* model,
                                 const Context& context);

/// The criteria as a line: `severity medium or higher; workflow NEW, NOTIFIED; ...`.
std::string criteria_text(const Filter& filter, Language language);

}  // namespace fa::findings
