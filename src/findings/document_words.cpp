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
  const bool other = group.cause.kind == Cause::Kind::kOther;
  if (other && language_ != Language::kJapanese) return group.title;
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
  return language_ == Language::kJapanese ? japanese_name(explained) : group.cause.name + ": " + group.title;
}

/// The services' titles are English: where an explanation says it in the reader's language, that is the name; else the
/// title is marked as what it is, a quotation.
std::string DocumentWords::japanese_name(const ExplainedGroup& explained) {
  const Group& group = explained.group;
  const bool other = group.cause.kind == Cause::Kind::kOther;
  const std::string& subject = other ? group.product : group.cause.name;
  const Explanation::By by = explained.explanation.by;
  const bool ours = by == Explanation::By::kBuiltIn || by == Explanation::By::kFamily || by == Explanation::By::kModel;
  std::string why = ours ? explained.explanation.why : std::string();
  if (why.empty()) return fmt::format("{} の検出結果（原題「{}」）", subject, group.title);
  constexpr std::string_view kStop = "。";
  // The first sentence; a model may write several.
  why.resize(std::min(why.size(), why.find(kStop)));
  return subject + ": " + why;
}

std::string anchor_of_cause(std::size_t index) { return fmt::format("cause-{}", index + 1); }

}  // namespace fa::findings
