#include "insight/answer_words.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "analysis/metrics/metric_kind.h"
#include "base/text.h"
#include "base/time_zone.h"
#include "insight/facts.h"
#include "report/words.h"

namespace fa::insight {
namespace {

/// What most sentences need.
struct Telling {
  const InsightResult& result;
  const InsightFact& fact;
  TimeZone zone;
  std::string label;
  std::string unit;

  [[nodiscard]] bool japanese() const { return result.language == Language::kJapanese; }
  [[nodiscard]] double number(std::string_view name) const { return number_of(fact, name); }
  [[nodiscard]] std::string value(std::string_view name) const { return amount(number(name), unit); }
  [[nodiscard]] std::string time(TimePoint t) const { return date_and_time(t, zone).substr(0, 16); }
  [[nodiscard]] std::string length(double seconds) const {
    // Hours of a week ahead pretend to a knowledge nobody has.
    const double days = std::round(seconds / 86'400);
    if (days >= 3) return fmt::format(fmt::runtime(in_language(result.language, "{} days", "{} 日")), days);
    const auto minutes = static_cast<std::int64_t>(std::round(seconds / 60));
    return duration_text(result.language, std::chrono::minutes(minutes));
  }
};

/// ` (+60%)`; nothing where there was nothing before.
std::string share_text(const Telling& t, std::string_view from) {
  const double share = t.number("change_share");
  if (t.number(from) == 0 || !std::isfinite(share)) return {};
  return fmt::format("{}{:+.0f}%{}", t.japanese() ? "（" : " (", share * 100, t.japanese() ? "）" : ")");
}

/// ` (8 to 12)`; nothing where the interval is, so rounded, no wider than the value itself.
std::string interval_text(const Telling& t, const std::string& low, const std::string& high, const std::string& value) {
  if (low == value && high == value) return {};
  return fmt::format(fmt::runtime(in_language(t.result.language, " ({} to {})", "（{}～{}）")), low, high);
}

std::string trend_sentence(const Telling& t) {
  const double way = t.number("change") > 0 ? 1 : -1;
  const bool by_day = t.result.window.length() >= std::chrono::hours(48);
  const double per = by_day ? way : way / 24;
  const double one = t.number("slope_low_per_day") * per;
  const double other = t.number("slope_high_per_day") * per;
  const std::string slope = amount(t.number("slope_per_day") * per, t.unit);
  const std::string interval =
      interval_text(t, amount(std::min(one, other), t.unit), amount(std::max(one, other), t.unit), slope);
  if (t.japanese()) {
    return fmt::format("{}は {}あたり {}{}のペースで{}。期間の初めの約 {} から、終わりには約 {} になりました{}。",
                       t.label, by_day ? "1 日" : "1 時間", slope, interval.empty() ? " " : interval,
                       way > 0 ? "増えています" : "減っています", t.value("start"), t.value("end"),
                       share_text(t, "start"));
  }
  return fmt::format("{} {} by {} {}{}: from about {} to {} over the window{}.", t.label, way > 0 ? "grows" : "falls",
                     slope, by_day ? "a day" : "an hour", interval, t.value("start"), t.value("end"),
                     share_text(t, "start"));
}

std::string seasonality_sentence(const Telling& t) {
  static constexpr std::array<std::string_view, 7> kEnglishDays = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                                   "Friday", "Saturday", "Sunday"};
  static constexpr std::array<std::string_view, 7> kJapaneseDays = {"月曜日", "火曜日", "水曜日", "木曜日",
                                                                    "金曜日", "土曜日", "日曜日"};
  const auto whole = [&](std::string_view name) { return static_cast<std::size_t>(t.number(name)); };
  if (!std::isnan(t.number("highest_hour"))) {
    if (t.japanese()) {
      return fmt::format(
          "{}には 1 日の周期があります。{} 時台が最も高く、{} 時台が最も低く、その差は約 {} です（{} 日分の比較）。",
          t.label, whole("highest_hour"), whole("lowest_hour"), t.value("swing"), whole("days"));
    }
    return fmt::format(
        "{} follows the hour of the day: highest in the hour from {:02}:00, lowest in that from {:02}:00, "
        "about {} apart ({} days compared).",
        t.label, whole("highest_hour"), whole("lowest_hour"), t.value("swing"), whole("days"));
  }
  const std::size_t high = std::min<std::size_t>(whole("highest_weekday"), 6);
  const std::size_t low = std::min<std::size_t>(whole("lowest_weekday"), 6);
  if (t.japanese()) {
    return fmt::format(
        "{}には曜日による周期があります。{}が最も高く、{}が最も低く、その差は約 {} です（{} 週分の比較）。", t.label,
        kJapaneseDays[high], kJapaneseDays[low], t.value("swing"), whole("weeks"));
  }
  return fmt::format("{} follows the day of the week: highest on {}, lowest on {}, about {} apart ({} weeks compared).",
                     t.label, kEnglishDays[high], kEnglishDays[low], t.value("swing"), whole("weeks"));
}

std::string shift_sentence(const Telling& t) {
  const bool up = t.number("change") > 0;
  const TimeRange range = t.fact.ranges.empty() ? t.result.window : t.fact.ranges.front();
  const bool ended = range.end < t.result.window.end;
  if (t.japanese()) {
    return fmt::format("{}は {} 頃に約 {} から約 {} へ{}{}。{}", t.label, t.time(range.begin), t.value("before"),
                       t.value("after"), up ? "上がりました" : "下がりました", share_text(t, "before"),
                       ended ? fmt::format("この水準は {} 頃まで続きました。", t.time(range.end))
                             : "期間の終わりまでこの水準が続いています。");
  }
  return fmt::format("{} went {} from about {} to {}{} around {} and stayed there until {}.", t.label,
                     up ? "up" : "down", t.value("before"), t.value("after"), share_text(t, "before"),
                     t.time(range.begin), ended ? "about " + t.time(range.end) : "the end of the window");
}

std::string outliers_sentence(const Telling& t) {
  const auto moments = static_cast<std::size_t>(t.number("moments"));
  const TimePoint at = t.fact.ranges.empty() ? t.result.window.begin : t.fact.ranges.front().begin;
  if (t.japanese()) {
    return fmt::format("{}には想定から大きく外れた時点が {} 回あります。最大は {} の {} で、想定は約 {} でした。",
                       t.label, moments, t.time(at), t.value("worst"), t.value("expected"));
  }
  return fmt::format("{} was far from what was expected {}: {} at {}, where about {} was expected.", t.label,
                     moments == 1 ? "once" : fmt::format("{} times, most of all with", moments), t.value("worst"),
                     t.time(at), t.value("expected"));
}

std::string correlation_sentence(const Telling& t) {
  const double lag = t.number("lag_seconds");
  std::string first = t.label;
  std::string second = series_label(t.result, t.fact.series.back());
  if (lag < 0) std::swap(first, second);
  const bool together = t.number("correlation") > 0;
  const std::string r = fmt::format("{:.2f}", t.number("correlation"));
  if (t.japanese()) {
    return fmt::format("{}と{}は{}動きます（順位相関 {}）。{}原因を示すものではありません。", first, second,
                       together ? "一緒に" : "逆向きに", r,
                       lag == 0 ? "" : fmt::format("前者が約 {} 早く動きます。", t.length(std::abs(lag))));
  }
  return fmt::format("{} and {} move {} (rank correlation {}){}; that alone shows no cause.", first, second,
                     together ? "together" : "in opposite directions", r,
                     lag == 0 ? "" : fmt::format(", the first about {} earlier", t.length(std::abs(lag))));
}

std::string_view default_quota(const Telling& t) {
  if (t.number("limit_default") != 1) return {};
  return in_language(t.result.language, " The limit is the service's default and may have been raised.",
                     "上限はサービスの既定値で、引き上げられている場合があります。");
}

std::string saturation_sentence(const Telling& t) {
  if (!std::isnan(t.number("lowest"))) {
    if (t.japanese()) {
      return fmt::format("{}の残りはわずかです。最低は {}、期間の終わりには {} でした。", t.label, t.value("lowest"),
                         t.value("last"));
    }
    return fmt::format("Little is left of {}: {} at the lowest, {} at the end of the window.", t.label,
                       t.value("lowest"), t.value("last"));
  }
  const std::string share = fmt::format("{:.0f}%", t.number("peak_share") * 100);
  const std::string time = fmt::format("{:.0f}%", t.number("time_share") * 100);
  if (t.japanese()) {
    return fmt::format("{}は最大 {} に達し、上限 {} の {} でした。期間の {} で上限の 8 割以上でした。{}", t.label,
                       t.value("peak"), t.value("limit"), share, time, default_quota(t));
  }
  return fmt::format(
      "{} reached {}, which is {} of its limit of {}; it was at four fifths of the limit or more for {} of "
      "the time.{}",
      t.label, t.value("peak"), share, t.value("limit"), time, default_quota(t));
}

std::string limit_sentence(const Telling& t) {
  const double seconds = t.number("seconds");
  const double latest = t.number("seconds_high");
  const auto end = t.result.window.end + std::chrono::seconds(static_cast<std::int64_t>(seconds));
  const std::string date = t.time(end).substr(0, seconds >= 2 * 86'400 ? 10 : 16);
  const std::string about = t.length(seconds);
  const std::string low = t.length(t.number("seconds_low"));
  const std::string interval =
      std::isnan(latest)
          ? fmt::format(fmt::runtime(in_language(t.result.language, " ({} at the earliest)", "（早ければ {}）")), low)
          : interval_text(t, low, t.length(latest), about);
  const bool used_up = t.number("limit") == 0;
  if (t.japanese()) {
    return fmt::format("このままのペースでは、{}は約 {}後{}、{} 頃に{}。{}", t.label, about, interval, date,
                       used_up ? "尽きます" : fmt::format("上限 {} に達します", t.value("limit")), default_quota(t));
  }
  return fmt::format("At this pace, {} {} in about {}{}, around {}.{}", t.label,
                     used_up ? std::string("is used up") : "reaches its limit of " + t.value("limit"), about, interval,
                     date, default_quota(t));
}

std::string comparison_sentence(const Telling& t) {
  const bool up = t.number("change") > 0;
  const bool means = t.number("of_means") == 1;
  if (t.japanese()) {
    return fmt::format("{}は比較対象の期間より{}{}。{}は {} に対して {} です。", t.label,
                       up ? "高くなっています" : "低くなっています", share_text(t, "previous_level"),
                       means ? "平均" : "中央値", t.value("previous_level"), t.value("window_level"));
  }
  return fmt::format("{} is {} than in the time it is compared with{}: {} instead of {} ({}).", t.label,
                     up ? "higher" : "lower", share_text(t, "previous_level"), t.value("window_level"),
                     t.value("previous_level"), means ? "means" : "medians");
}

std::string level_sentence(const Telling& t) {
  if (t.japanese()) {
    return fmt::format("{}の中央値は {}、おおむね {}～{} の範囲で、最大は {} です。", t.label, t.value("median"),
                       t.value("p05"), t.value("p95"), t.value("max"));
  }
  return fmt::format("{} is {} in the median, mostly between {} and {}, and {} at most.", t.label, t.value("median"),
                     t.value("p05"), t.value("p95"), t.value("max"));
}

}  // namespace

std::string_view in_language(Language language, std::string_view english, std::string_view japanese) {
  return language == Language::kJapanese ? japanese : english;
}

std::string amount(double value, std::string_view unit) {
  const auto slash = unit.find('/');
  const std::string_view base = unit.substr(0, slash);
  const std::string per = slash == std::string_view::npos          ? ""
                          : iequals(unit.substr(slash), "/second") ? "/s"
                                                                   : std::string(unit.substr(slash));
  if (iequals(base, "percent") || base == "%") return format_number(value) + "%" + per;
  if (iequals(base, "bytes") || base == "B") {
    const bool fits = std::abs(value) < 1e18;
    if (!fits) return format_number(value) + " B" + per;
    return (value < 0 ? "-" : "") + format_bytes(static_cast<std::uint64_t>(std::llround(std::abs(value)))) + per;
  }
  if (const double factor = seconds_per_unit(base); factor > 0) {
    const double seconds = value * factor;
    const bool small = std::abs(seconds) < 1 && seconds != 0;
    return (small ? format_number(seconds * 1e3) + " ms" : format_number(seconds) + " s") + per;
  }
  if (base.empty() || iequals(base, "count") || iequals(base, "none")) return format_number(value) + per;
  return quantity(value, unit);
}

std::string series_label(const InsightResult& result, std::size_t series) {
  if (series >= result.series.size()) return {};
  const InsightMetric& metric = result.series[series].metric;
  const bool japanese = result.language == Language::kJapanese;
  const auto quoted = [&](const std::string& name) { return (japanese ? "「" : "“") + name + (japanese ? "」" : "”"); };
  std::string what = quoted(metric.name);
  if (!metric.statistic.empty()) what += (japanese ? "（" : " (") + metric.statistic + (japanese ? "）" : ")");
  if (!metric.resource.empty())
    what = japanese ? quoted(metric.resource) + "の" + what : what + " of " + quoted(metric.resource);
  const bool shared = std::any_of(result.series.begin(), result.series.end(), [&](const InsightSeries& other) {
    return &other.metric != &metric && other.metric.name == metric.name && other.metric.resource == metric.resource &&
           other.metric.statistic == metric.statistic;
  });
  if (shared) {
    std::string dimensions = metric.region;
    for (const auto& [name, value] : metric.dimensions) {
      dimensions += (dimensions.empty() ? "" : ", ") + name + "=" + value;
    }
    if (!dimensions.empty()) what += " [" + dimensions + "]";
  }
  return what;
}

std::string fact_sentence(const InsightResult& result, const InsightFact& fact) {
  if (fact.series.empty() || fact.series.front() >= result.series.size()) return {};
  const Telling t{result, fact, TimeZone::find_or_utc(result.time_zone), series_label(result, fact.series.front()),
                  result.series[fact.series.front()].metric.unit};
  switch (fact.kind) {
    case InsightFactKind::kLevel:
      return level_sentence(t);
    case InsightFactKind::kTrend:
      return trend_sentence(t);
    case InsightFactKind::kSeasonality:
      return seasonality_sentence(t);
    case InsightFactKind::kLevelShift:
      return shift_sentence(t);
    case InsightFactKind::kOutliers:
      return outliers_sentence(t);
    case InsightFactKind::kCorrelation:
      return correlation_sentence(t);
    case InsightFactKind::kSaturation:
      return saturation_sentence(t);
    case InsightFactKind::kTimeToLimit:
      return limit_sentence(t);
    case InsightFactKind::kComparison:
      return comparison_sentence(t);
  }
  return {};
}

}  // namespace fa::insight
