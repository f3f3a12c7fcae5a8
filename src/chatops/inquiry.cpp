#include "chatops/inquiry.h"

#include <charconv>
#include <vector>

#include "base/text.h"

namespace fa::chatops {
namespace {

constexpr std::string_view kKinds[] = {"insight", "findings"};
constexpr std::string_view kSeverities[] = {"critical", "high", "medium", "low", "informational"};

template <class Enum, std::size_t N>
std::optional<Enum> named(const std::string_view (&names)[N], std::string_view name) {
  for (std::size_t i = 0; i < N; ++i) {
    if (iequals(names[i], name)) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

std::vector<std::string_view> words_of(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  std::vector<std::string_view> words;
  for (std::size_t at = text.find_first_not_of(kBlanks); at != std::string_view::npos;
       at = text.find_first_not_of(kBlanks, at)) {
    const std::size_t end = std::min(text.find_first_of(kBlanks, at), text.size());
    words.push_back(text.substr(at, end - at));
    at = end;
  }
  return words;
}

std::optional<int> days_of(std::string_view text) {
  int days = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), days);
  if (error != std::errc() || end != text.data() + text.size() || days < 1 || days > kMostInquiryDays) {
    return std::nullopt;
  }
  return days;
}

/// `days` of `--days`; keyboards of phones and Macs make one dash of two. Empty: no option.
std::string_view option_name(std::string_view word) {
  for (const std::string_view dash : {"--", "—", "–"}) {
    if (word.starts_with(dash)) return word.substr(dash.size());
  }
  return {};
}

bool take_option(std::string_view name, std::string_view value, Inquiry& to) {
  if (name == "days") {
    const auto days = days_of(value);
    to.days = days.value_or(to.days);
    return days.has_value();
  }
  if (name == "severity") {
    const auto severity = finding_severity_from_name(value);
    to.least = severity.value_or(to.least);
    return severity.has_value();
  }
  if (name == "lang") {
    const auto language = language_from_name(value);
    if (language) to.language = language;
    return language.has_value();
  }
  return false;
}

}  // namespace

std::string_view inquiry_name(InquiryKind kind) { return kKinds[static_cast<std::size_t>(kind)]; }

std::optional<InquiryKind> inquiry_kind_from_name(std::string_view name) { return named<InquiryKind>(kKinds, name); }

std::string_view finding_severity_name(FindingSeverity severity) {
  return kSeverities[static_cast<std::size_t>(severity)];
}

std::optional<FindingSeverity> finding_severity_from_name(std::string_view name) {
  return named<FindingSeverity>(kSeverities, name);
}

Inquiry inquiry_from_text(InquiryKind kind, std::string_view text) {
  Inquiry inquiry;
  inquiry.kind = kind;
  if (kind == InquiryKind::kFindings) inquiry.days = kFindingsDays;
  const std::vector<std::string_view> words = words_of(text);
  std::string rest;
  bool options = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i + 1 < words.size() && take_option(option_name(words[i]), words[i + 1], inquiry)) {
      options = true;
      ++i;
      continue;
    }
    rest.append(rest.empty() ? "" : " ").append(words[i]);
  }
  // Line ends of a question stay as long as nothing was taken out of it.
  if (kind == InquiryKind::kInsight) inquiry.question = options ? rest : std::string(trim(text));
  return inquiry;
}

}  // namespace fa::chatops
