#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/time_zone.h"
#include "model/report.h"

/// What several renderings say in the same words. Results are plain one-line text: visible(), not yet escaped for
/// the output language.
namespace fa {

/// `2026-03-14 08:31:12` on the zone's clock (whoever shows it says which), `–` for no time.
[[nodiscard]] std::string date_and_time(TimePoint t, const TimeZone& zone);

/// The same with what the clock is called: `2026-03-14 17:31:12 JST`.
[[nodiscard]] std::string date_time_zone(TimePoint t, const TimeZone& zone);

/// `08:31:12` on the day of `reference`, with the date on any other.
[[nodiscard]] std::string time_near(TimePoint t, TimePoint reference, const TimeZone& zone);

/// `2026-03-14 08:30:00 – 08:45:00`; the second date only where it differs. `–` when empty and undated.
[[nodiscard]] std::string range_text(const TimeRange& range, const TimeZone& zone);

/// The same with what the clock is called, at both ends where it was changed in between.
[[nodiscard]] std::string range_zone(const TimeRange& range, const TimeZone& zone);

/// In which zone all times are.
[[nodiscard]] std::string times_notice(Language language, const TimeZone& zone);

/// format_duration() in the units of the language: `4m 10s`, `4 分 10 秒`.
[[nodiscard]] std::string duration_text(Language language, Nanoseconds length);

/// `✓`, `✗`, or `○` for what was not checked.
[[nodiscard]] std::string_view check_mark(CheckStatus check);

/// ` (remark)`, in the brackets of the language.
[[nodiscard]] std::string in_brackets(Language language, std::string_view remark);

/// The sentence with another one behind it, spaced as the language does.
[[nodiscard]] std::string then(Language language, std::string_view first, std::string_view second);

/// Window or baseline with its length and origin: `... UTC (15m, given)`.
[[nodiscard]] std::string study_range(Language language, const TimeRange& range, bool given, const TimeZone& zone);

/// `checkout (checkout-7d9f) › orders-db`.
[[nodiscard]] std::string subject_text(Language language, const Subject& subject);

/// `82%`; `>99%` and `<1%` at the ends, since no hypothesis is certain. `–` when it is no number.
[[nodiscard]] std::string percent(double share);

/// `82% (high)`.
[[nodiscard]] std::string confidence_text(Language language, double confidence);

/// Where the bytes are: `logs/app.log:120-131`, the file alone, or the query. Empty when unknown.
[[nodiscard]] std::string place(const Locator& locator);

/// A unit as readers know it; empty for plain numbers.
[[nodiscard]] std::string unit_shown(std::string_view unit);

/// A number with its unit.
[[nodiscard]] std::string quantity(double value, std::string_view unit);

/// `0.012 – 5.02 s`, one number when all values are equal, "no values" in words.
[[nodiscard]] std::string chart_range(Language language, const ChartSeries& series);

/// `edge-proxy · 5xx (Sum)`.
[[nodiscard]] std::string alarm_text(const Alarm& alarm, const TimeZone& zone);

/// The parts joined as a list of the language.
[[nodiscard]] std::string join(Language language, const std::vector<std::string>& parts);

/// "14 of 15 statements verified against the stored bytes".
[[nodiscard]] std::string verification_text(const Report& report);

/// What it cost: records, bytes, model.
[[nodiscard]] std::string usage_text(const Report& report);

/// How a live collection went: a source (empty: all of it) and a line about it. Empty for stored data.
struct CollectionLine {
  std::string source;
  std::string text;
};
[[nodiscard]] std::vector<CollectionLine> collection_lines(const Report& report);

/// The name of a source's format, in words where none was recognised.
[[nodiscard]] std::string format_text(Language language, const CoverageItem& item);

/// Counts and note of a source: `12,345 records`, `3 skipped`, ...
[[nodiscard]] std::string coverage_notes(Language language, const CoverageItem& item);

/// The telling lines of a quoted record: all when they are at most `most`, else the first ones and the innermost
/// `Caused by`; what is left out in between is a line `…`.
[[nodiscard]] std::vector<std::string> telling_lines(std::string_view excerpt, std::size_t most);

}  // namespace fa
