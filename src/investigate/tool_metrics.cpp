#include <fmt/core.h>

#include <algorithm>

#include "base/text.h"
#include "investigate/tool_series.h"
#include "investigate/tool_support.h"

namespace fa::tools {
namespace {

constexpr std::size_t kListedByDefault = 20;
constexpr std::size_t kMaxSeriesShown = 4;
constexpr std::size_t kDefaultPoints = 30;

Result<Answer> list_metrics(const Call& call) {
  const Study& study = call.world.study;
  const PeriodClock& periods = study.digest.periods;
  const std::string* entity = call.arguments.text("entity");
  if (entity != nullptr && !entity->empty()) {
    if (const auto known = entity_of(call); !known) return tl::unexpected(known.error());
  }
  const std::string* contains = call.arguments.text("contains");
  const std::size_t limit = call.arguments.count("limit", kListedByDefault);
  Answer answer(call);
  for (const Series& s : study.digest.metrics.series) {
    if (entity != nullptr && s.service != *entity) continue;
    if (contains != nullptr && !icontains(s.label(), *contains) && !icontains(s.metric_namespace, *contains)) continue;
    if (++answer.total > limit) continue;
    const auto [w_first, w_last] = points_inside(s, periods.window());
    const auto [b_first, b_last] = points_inside(s, periods.baseline());
    JsonWriter row = series_members(s);
    row.count("points_baseline", b_last - b_first).count("points_window", w_last - w_first);
    answer.add_row(row);
  }
  answer.truncated = answer.truncated || answer.total > answer.rows.size();
  return answer;
}

/// One point to show: a value, or the mean of several.
struct ShownPoint {
  TimePoint time = kNoTime;
  double value = 0;
};

/// The points in range, or their means over `most` equal steps where there are more.
std::vector<ShownPoint> shown_points(const Series& s, const TimeRange& range, std::size_t most, Nanoseconds& step) {
  const auto [first, last] = points_inside(s, range);
  std::vector<ShownPoint> points;
  step = Nanoseconds(0);
  if (last - first <= most) {
    for (std::size_t i = first; i < last; ++i) points.push_back({s.times[i], s.values[i]});
    return points;
  }
  // Steps are whole seconds where the range is long enough, so that their times read well.
  const TimePoint begin = s.times[first];
  const auto length = s.times[last - 1] - begin + Nanoseconds(1);
  step = (length + Nanoseconds(most - 1)) / static_cast<std::int64_t>(most);
  constexpr Nanoseconds kSecond = std::chrono::seconds(1);
  if (step > kSecond) step = (step + kSecond - Nanoseconds(1)) / kSecond * kSecond;
  for (std::size_t i = first; i < last;) {
    const auto number = (s.times[i] - begin) / step;
    double sum = 0;
    std::size_t count = 0;
    for (; i < last && (s.times[i] - begin) / step == number; ++i, ++count) sum += s.values[i];
    points.push_back({begin + number * step, sum / static_cast<double>(count)});
  }
  return points;
}

/// The first point to show of the window, else of the range. There is one.
std::size_t first_shown(const Series& s, const TimeRange& range, const TimeRange& window) {
  const TimeRange both{std::max(range.begin, window.begin), std::min(range.end, window.end)};
  const auto [first, last] = points_inside(s, both);
  return both.empty() || first == last ? points_inside(s, range).first : first;
}

/// What a shown value is called: means over other steps are other numbers.
std::string point_fact(const std::string& time, Nanoseconds step) {
  if (step.count() == 0) return "value_at_" + time;
  return fmt::format("mean_of_{}_s_from_{}", number_json(static_cast<double>(step.count()) * 1e-9), time);
}

/// What a series did in window and baseline, whatever part of it is shown.
std::vector<Fact> metric_facts(const Series& s, const PeriodClock& periods) {
  std::vector<Fact> facts;
  const SeriesSummary window = summary_of(s, periods.window());
  facts.push_back({"points_window", static_cast<double>(window.points), ""});
  if (window.points > 0) {
    facts.push_back({"min_window", window.min, s.unit});
    facts.push_back({"max_window", window.max, s.unit});
    facts.push_back({"mean_window", window.mean, s.unit});
    facts.push_back({"median_window", window.median, s.unit});
  }
  const SeriesSummary baseline = summary_of(s, periods.baseline());
  if (baseline.points > 0) facts.push_back({"median_baseline", baseline.median, s.unit});
  return facts;
}

Result<Answer> get_metric(const Call& call) {
  const PeriodClock& periods = call.world.study.digest.periods;
  const auto found = series_named(call, "name");
  if (!found) return tl::unexpected(found.error());
  const TimeRange all{kNoTime, kEndless};
  const auto range = range_of(call, all);
  if (!range) return tl::unexpected(range.error());
  const std::size_t most = call.arguments.count("points", kDefaultPoints);
  Answer answer(call);
  answer.range = *range;
  std::vector<EvidenceRow> rows;
  for (const Series* s : *found) {
    const SeriesSummary summary = summary_of(*s, *range);
    if (summary.points == 0) continue;
    if (++answer.total > kMaxSeriesShown) continue;
    Nanoseconds step{0};
    const std::vector<ShownPoint> points = shown_points(*s, *range, most, step);
    EvidenceRow row;
    row.series = series_identity(call.world.study, *s);
    row.sameness = EvidenceBook::Sameness::kNumbers;
    const std::size_t shown = first_shown(*s, *range, periods.window());
    row.evidence = series_item(call, *s, s->times[shown]);
    row.evidence.facts = metric_facts(*s, periods);
    row.evidence.facts.push_back({"value_at_time", s->values[shown], s->unit});
    if (*range != all) {
      const auto add = [&](const char* name, double value) { row.evidence.facts.push_back({name, value, s->unit}); };
      row.evidence.facts.push_back({"points_range", static_cast<double>(summary.points), ""});
      add("mean_range", summary.mean);
      add("median_range", summary.median);
      add("min_range", summary.min);
      add("max_range", summary.max);
    }
    row.evidence.facts.push_back({"value_at_" + format_rfc3339(summary.max_time), summary.max, s->unit});
    std::string list;
    for (const ShownPoint& p : points) {
      const std::string time = format_rfc3339(p.time);
      const bool told = step.count() == 0 && p.time == summary.max_time;
      if (!told) row.evidence.facts.push_back({point_fact(time, step), p.value, s->unit});
      list += fmt::format("{}[{},{}]", list.empty() ? "" : ",", quoted_json(time), number_json(p.value));
    }
    row.members = series_members(*s);
    row.members.count("n", summary.points).number("mean", summary.mean).number("median", summary.median);
    row.members.number("min", summary.min).number("max", summary.max).time("max_time", summary.max_time);
    row.members.flag("averaged", step.count() > 0);
    if (step.count() > 0) row.members.number("step_seconds", static_cast<double>(step.count()) * 1e-9);
    row.members.raw("points", "[" + list + "]");
    rows.push_back(std::move(row));
  }
  answer.truncated = answer.total > rows.size();
  if (answer.truncated) answer.notes.emplace_back("several series have this name; narrow by statistic or by the label");
  show_rows(call, rows, answer);
  return answer;
}

}  // namespace

Tool list_metrics_tool() {
  return {"list_metrics",
          {{.name = "entity", .max_bytes = 300},
           {.name = "contains", .max_bytes = 200},
           {.name = "limit", .type = ParameterType::kCount, .most = 100}},
          &list_metrics};
}

Tool get_metric_tool() {
  return {"get_metric",
          {{.name = "entity", .required = true, .max_bytes = 300},
           {.name = "name", .required = true, .max_bytes = 500},
           {.name = "statistic", .max_bytes = 60},
           {.name = "from", .type = ParameterType::kTime},
           {.name = "to", .type = ParameterType::kTime},
           {.name = "points", .type = ParameterType::kCount, .most = 60}},
          &get_metric};
}

}  // namespace fa::tools
