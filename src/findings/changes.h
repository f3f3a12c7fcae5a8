#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "findings/finding.h"

namespace fa::findings {

/// What is kept of a finding for the next report.
struct KeptFinding {
  std::string id;
  std::string title;
  Severity severity = Severity::kInformational;
  bool from_security_hub = false;
  bool from_guardduty = false;
};

/// What a report leaves for the next one: a small JSON file, docs/findings.md has its form.
struct State {
  TimePoint time = kNoTime;
  std::string criteria;  ///< Of the report, as it shows them in English: reports with others are not alike.
  std::vector<KeptFinding> findings;  ///< By id.
};
/// Same state, same bytes.
std::string state_text(const State& state);
Result<State> read_state(std::string_view text);

State state_of(const std::vector<SecurityFinding>& findings, TimePoint now, std::string criteria);

struct Change {
  std::string id;
  std::string title;
  Severity severity = Severity::kInformational;
  Severity before = Severity::kInformational;  ///< Of one that is worse.
};
struct Changes {
  TimePoint since = kNoTime;
  std::string other_criteria;    ///< Those of the last report, where they were not the same.
  std::vector<Change> appeared;  ///< Each list worst first, then by id.
  std::vector<Change> gone;
  std::vector<Change> worse;
  std::uint64_t unseen = 0;  ///< Not found, but a service that told of it did not tell everything this time.
};
/// What is new, gone and worse. A finding counts as gone only where the services that told of it told everything.
Changes compare(const State& last, const State& now, const std::set<Service>& incomplete);

}  // namespace fa::findings
