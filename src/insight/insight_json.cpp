#include "base/json.h"
#include "base/text.h"
#include "insight/answer_words.h"
#include "insight/insight.h"

namespace fa::insight {
namespace {

std::string_view kind_name(InsightFactKind kind) {
  switch (kind) {
    case InsightFactKind::kLevel:
      return "level";
    case InsightFactKind::kTrend:
      return "trend";
    case InsightFactKind::kSeasonality:
      return "seasonality";
    case InsightFactKind::kLevelShift:
      return "level_shift";
    case InsightFactKind::kOutliers:
      return "outliers";
    case InsightFactKind::kCorrelation:
      return "correlation";
    case InsightFactKind::kSaturation:
      return "saturation";
    case InsightFactKind::kTimeToLimit:
      return "time_to_limit";
    case InsightFactKind::kComparison:
      break;
  }
  return "comparison";
}

Json range_object(const TimeRange& range) {
  return {{"from", format_rfc3339(range.begin)}, {"to", format_rfc3339(range.end)}};
}

Json series_object(const InsightSeries& series) {
  const InsightMetric& metric = series.metric;
  Json dimensions = Json::object();
  for (const auto& [name, value] : metric.dimensions) dimensions[name] = value;
  Json points = Json::array();
  for (std::size_t i = 0; i < series.times.size(); ++i) {
    points.push_back(Json::array({format_rfc3339(series.times[i]), series.values[i]}));
  }
  return {{"id", metric.id},
          {"region", metric.region},
          {"namespace", metric.metric_namespace},
          {"name", metric.name},
          {"dimensions", std::move(dimensions)},
          {"statistic", metric.statistic},
          {"period_seconds", metric.period_seconds},
          {"unit", metric.unit},
          {"points", std::move(points)}};
}

Json fact_object(const InsightResult& result, const InsightFact& fact) {
  Json numbers = Json::object();
  for (const Fact& number : fact.numbers) numbers[number.name] = {{"value", number.value}, {"unit", number.unit}};
  Json series = Json::array();
  for (const std::size_t index : fact.series) {
    if (index < result.series.size()) series.push_back(result.series[index].metric.id);
  }
  Json ranges = Json::array();
  for (const TimeRange& range : fact.ranges) ranges.push_back(range_object(range));
  return {{"id", fact.id},
          {"kind", kind_name(fact.kind)},
          {"text", fact_sentence(result, fact)},
          {"series", series},
          {"numbers", std::move(numbers)},
          {"ranges", std::move(ranges)},
          {"strength", fact.strength}};
}

}  // namespace

std::string insight_json(const InsightResult& result) {
  Json out = {{"schema_version", "1.0"},
              {"language", language_name(result.language)},
              {"question", result.question},
              {"time_zone", result.time_zone},
              {"window", range_object(result.window)},
              {"previous", range_object(result.previous)}};
  for (const char* list : {"narrative", "facts", "advice", "series", "queries", "gaps", "notes"})
    out[list] = Json::array();
  for (const std::string& sentence : result.narrative) out["narrative"].push_back(sentence);
  if (!result.narrator.empty()) out["narrator"] = result.narrator;
  for (const InsightFact& fact : result.facts) out["facts"].push_back(fact_object(result, fact));
  for (const Advice& advice : result.advice) {
    out["advice"].push_back(
        {{"change", advice.change}, {"effect", advice.effect}, {"risk", advice.risk}, {"facts", advice.facts}});
  }
  for (const InsightSeries& series : result.series) out["series"].push_back(series_object(series));
  for (const InsightQuery& query : result.queries) {
    out["queries"].push_back(
        {{"region", query.region}, {"command", query.command}, {"file", query.file}, {"body", query.body}});
  }
  for (const Gap& gap : result.gaps) {
    out["gaps"].push_back({{"source", gap.source}, {"error", gap.error}, {"impact", gap.impact}});
  }
  for (const Note& note : result.notes) out["notes"].push_back(note.text);
  out["usage"] = {{"cost_usd", result.usage.cost_usd}, {"api_calls", result.usage.api_calls}};
  return json_text(out, 2) + "\n";
}

}  // namespace fa::insight
