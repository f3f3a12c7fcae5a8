#include "report/words.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/escape.h"
#include "base/text.h"
#include "report/chart.h"
#include "report/phrases.h"

namespace fa {
namespace {

constexpr std::string_view kDash = "–";

}  // namespace

std::string date_and_time(TimePoint t, const TimeZone& zone) {
  return t == kNoTime ? std::string(kDash) : format_local(t, zone);
}

std::string date_time_zone(TimePoint t, const TimeZone& zone) {
  return date_and_time(t, zone) + " " + zone.abbreviation_at(t);
}

std::string time_near(TimePoint t, TimePoint reference, const TimeZone& zone) {
  constexpr std::size_t kDateLength = std::string_view("2026-03-14").size();
  const std::string text = date_and_time(t, zone);
  const bool same_day =
      t != kNoTime && text.substr(0, kDateLength) == date_and_time(reference, zone).substr(0, kDateLength);
  return same_day ? text.substr(kDateLength + 1) : text;
}

std::string range_text(const TimeRange& range, const TimeZone& zone) {
  if (range.begin == kNoTime && range.end == kNoTime) return std::string(kDash);
  if (range.begin == range.end) return date_and_time(range.begin, zone);
  return date_and_time(range.begin, zone) + " – " + time_near(range.end, range.begin, zone);
}

std::string range_zone(const TimeRange& range, const TimeZone& zone) {
  const std::string at_end = zone.abbreviation_at(range.end);
  const bool changed = range.begin != kNoTime && range.end != kNoTime && zone.abbreviation_at(range.begin) != at_end;
  if (!changed)
    return range_text(range, zone) + " " + (range.end == kNoTime ? zone.abbreviation_at(range.begin) : at_end);
  return date_time_zone(range.begin, zone) + " – " + time_near(range.end, range.begin, zone) + " " + at_end;
}

std::string times_notice(Language language, const TimeZone& zone) {
  return zone.is_utc() ? std::string(say(language, Phrase::kTimesInUtc))
                       : say(language, Phrase::kTimesLocal, zone.name());
}

std::string duration_text(Language language, Nanoseconds length) {
  std::string text = format_duration(length);
  if (language != Language::kJapanese) return text;
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kUnits = {
      {{"d", "日"}, {"h", "時間"}, {"m", "分"}, {"s", "秒"}}};
  std::string out;
  for (const std::string_view part : split(text, ' ')) {
    const std::size_t digits = std::min(part.find_first_not_of("-0123456789."), part.size());
    std::string_view unit = part.substr(digits);
    for (const auto& [english, japanese] : kUnits) {
      if (unit == english) unit = japanese;
    }
    for (const std::string_view word : {part.substr(0, digits), unit}) {
      if (!word.empty() && !out.empty()) out += ' ';
      out += word;
    }
  }
  return out;
}

std::string_view check_mark(CheckStatus check) {
  switch (check) {
    case CheckStatus::kPassed:
      return "✓";
    case CheckStatus::kFailed:
      return "✗";
    case CheckStatus::kUnchecked:
      break;
  }
  return "○";
}

std::string in_brackets(Language language, std::string_view remark) {
  return language == Language::kJapanese ? fmt::format("（{}）", remark) : fmt::format(" ({})", remark);
}

std::string then(Language language, std::string_view first, std::string_view second) {
  return fmt::format("{}{}{}", first, language == Language::kJapanese ? "" : " ", second);
}

std::string study_range(Language language, const TimeRange& range, bool given, const TimeZone& zone) {
  std::string remark;
  // A range that is open on one side has no length.
  if (range.begin != kNoTime && range.end != kNoTime) {
    remark = duration_text(language, range.length());
    remark += say(language, Phrase::kListSeparator);
  }
  remark += say(language, given ? Phrase::kGiven : Phrase::kFoundFromData);
  return range_zone(range, zone) + in_brackets(language, remark);
}

std::string subject_text(Language language, const Subject& subject) {
  std::string out = one_line(subject.service);
  if (out.empty()) out = say(language, Phrase::kUnnamed);
  if (!subject.instance.empty()) out += " (" + one_line(subject.instance) + ")";
  if (!subject.component.empty()) out += " › " + one_line(subject.component);
  return out;
}

std::string percent(double share) {
  if (!std::isfinite(share)) return std::string(kDash);
  if (share < 0.005) return "<1%";
  if (share > 0.995) return ">99%";
  return fmt::format("{}%", std::lround(share * 100));
}

std::string confidence_text(Language language, double confidence) {
  const Phrase level = confidence >= 0.75  ? Phrase::kConfidenceHigh
                       : confidence >= 0.4 ? Phrase::kConfidenceMedium
                                           : Phrase::kConfidenceLow;
  return percent(confidence) + in_brackets(language, say(language, level));
}

std::string place(const Locator& locator) {
  const std::string& named = !locator.resource.empty() ? locator.resource
                             : !locator.query.empty()  ? locator.query
                                                       : locator.source;
  std::string out = one_line(named);
  if (locator.position.line == 0) return out;
  out += fmt::format(":{}", locator.position.line);
  if (locator.position.line_count > 1)
    out += fmt::format("-{}", locator.position.line + (locator.position.line_count - 1));
  return out;
}

std::string unit_shown(std::string_view unit) {
  std::string shown = one_line(unit);
  // "1" is OpenTelemetry's (UCUM's) unit of plain numbers, `{requests}` its way to annotate them.
  if (shown == "1" || shown.starts_with('{')) shown.clear();
  return shown;
}

std::string quantity(double value, std::string_view unit) {
  const std::string shown_unit = unit_shown(unit);
  return format_number(value) + (shown_unit.empty() || shown_unit == "%" ? "" : " ") + shown_unit;
}

std::string chart_range(Language language, const ChartSeries& series) {
  const auto summary = chart_summary(series);
  if (!summary) return std::string(say(language, Phrase::kChartNoValues));
  if (summary->min == summary->max) return quantity(summary->max, series.unit);
  return format_number(summary->min) + " – " + quantity(summary->max, series.unit);
}

std::string alarm_text(const Alarm& alarm, const TimeZone& zone) {
  std::string out = one_line(alarm.entity);
  if (!alarm.metric.empty()) out += (out.empty() ? "" : " · ") + one_line(alarm.metric);
  if (!alarm.statistic.empty()) out += " (" + one_line(alarm.statistic) + ")";
  if (alarm.time) out += " · " + date_time_zone(*alarm.time, zone);
  return out;
}

std::string join(Language language, const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) {
    if (!out.empty()) out += say(language, Phrase::kListSeparator);
    out += one_line(part);
  }
  return out;
}

std::string verification_text(const Report& report) {
  const Verification& v = report.verification;
  if (v.checked == 0) return std::string(say(report.language, Phrase::kNothingVerified));
  return say(report.language, Phrase::kVerified, format_count(v.passed), format_count(v.checked));
}

std::string usage_text(const Report& report) {
  const Usage& u = report.usage;
  std::string out = say(report.language, Phrase::kUsage, format_count(u.records_read), format_bytes(u.bytes_read));
  out += " · ";
  if (!report.narrative && u.model_input_tokens == 0 && u.model_output_tokens == 0) {
    out += say(report.language, Phrase::kUsageNoModel);
  } else {
    out += say(report.language, Phrase::kUsageModel, format_count(u.model_input_tokens),
               format_count(u.model_output_tokens), format_number(u.cost_usd));
  }
  if (u.api_calls > 0) {
    out += " · ";
    out += say(report.language, Phrase::kUsageLive, format_count(u.api_calls), format_number(u.cost_usd),
               u.prices_of.empty() ? "-" : clip(one_line(u.prices_of), 24));
  }
  return out;
}

std::vector<CollectionLine> collection_lines(const Report& report) {
  std::vector<CollectionLine> lines;
  if (!report.identity.empty()) {
    lines.push_back({"", say(report.language, Phrase::kAskedAs, one_line(report.identity))});
  }
  for (const Note& note : report.notes) lines.push_back({one_line(note.source), one_line(note.text)});
  for (const SourceUsage& s : report.usage.sources) {
    lines.push_back({one_line(s.source),
                     say(report.language, Phrase::kSourceUsage, format_count(s.calls), format_bytes(s.scanned_bytes),
                         format_bytes(s.fetched_bytes), format_number(s.cost_usd))});
  }
  return lines;
}

std::string format_text(Language language, const CoverageItem& item) {
  return item.format == "unrecognised" ? std::string(say(language, Phrase::kUnrecognised)) : one_line(item.format);
}

std::string coverage_notes(Language language, const CoverageItem& item) {
  std::string out;
  const auto add = [&](const std::string& part) {
    if (!out.empty()) out += " · ";
    out += part;
  };
  if (item.skipped > 0) add(say(language, Phrase::kCountSkipped, format_count(item.skipped)));
  if (item.truncated > 0) add(say(language, Phrase::kCountTruncated, format_count(item.truncated)));
  if (!item.note.empty()) add(one_line(item.note));
  return out;
}

std::vector<std::string> telling_lines(std::string_view excerpt, std::size_t most) {
  std::vector<std::string> lines;
  const std::string shown = visible(excerpt);
  for (const std::string_view line : split(shown, '\n')) {
    if (!trim(line).empty()) lines.emplace_back(line);
  }
  most = std::max<std::size_t>(most, 1);
  if (lines.size() <= most) return lines;
  std::size_t cause = 0;
  for (std::size_t i = most; i < lines.size(); ++i) {
    if (trim(lines[i]).starts_with("Caused by")) cause = i;
  }
  std::vector<std::string> kept(lines.begin(),
                                lines.begin() + static_cast<std::ptrdiff_t>(cause > 0 ? most - 1 : most));
  kept.emplace_back("…");
  if (cause > 0) kept.push_back(lines[cause]);
  return kept;
}

}  // namespace fa
