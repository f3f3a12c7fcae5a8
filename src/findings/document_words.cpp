#include "findings/document_words.h"

#include <fmt/format.h>

#include <algorithm>

namespace fa::findings {

std::string DocumentWords::list(const std::vector<std::string>& names) const {
  return names.empty() ? "-" : fmt::format("{}", fmt::join(names, language_ == Language::kJapanese ? "、" : ", "));
}

std::string DocumentWords::time(std::optional<TimePoint> time) const {
  if (!time || *time == kNoTime) return "-";
  const TimePoint at = std::chrono::floor<std::chrono::seconds>(*time);
  return zone_.is_utc() ? format_rfc3339(at) : format_local(at, zone_) + " " + zone_.abbreviation_at(at);
}

std::string DocumentWords::marks(const ExplainedGroup& explained) const {
  std::vector<std::string> marks;
  if (!explained.group.exposure.empty() || is_about_exposure(explained.group.cause)) {
    marks.push_back(word(Phrase::kReachable));
  }
  if (explained.group.exploit_known) marks.push_back(word(Phrase::kExploit));
  if (explained.appeared > 0) marks.push_back(words(Phrase::kNewFindings, explained.appeared));
  return marks.empty() ? std::string() : list(marks);
}

std::string DocumentWords::name(const ExplainedGroup& explained) const {
  const Group& group = explained.group;
  if (group.cause.kind == Cause::Kind::kOther) return group.title;
  if (group.cause.kind == Cause::Kind::kPackage && !group.vulnerabilities.empty()) {
    // The title is about one vulnerability, the group about all of the package.
    constexpr std::size_t kNamed = 3;
    std::string name = group.cause.name + ": ";
    for (std::size_t i = 0; i < std::min(kNamed, group.vulnerabilities.size()); ++i) {
      name += (i > 0 ? ", " : "") + group.vulnerabilities[i].id;
    }
    const std::uint64_t all = group.vulnerabilities.size() + group.further_vulnerabilities;
    return all > kNamed ? fmt::format("{}, +{}", name, all - kNamed) : name;
  }
  // The services' titles are English; where ours says the same in the reader's language, that is the name.
  if (language_ == Language::kJapanese && explained.explanation.by == Explanation::By::kBuiltIn) {
    std::string why = explained.explanation.why;
    constexpr std::string_view kStop = "。";
    if (why.ends_with(kStop)) why.resize(why.size() - kStop.size());
    return group.cause.name + ": " + why;
  }
  return group.cause.name + ": " + group.title;
}

std::string anchor_of_cause(std::size_t index) { return fmt::format("cause-{}", index + 1); }

}  // namespace fa::findings
