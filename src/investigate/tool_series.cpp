#include "investigate/tool_series.h"

#include <fmt/core.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "analysis/stats/statistics.h"
#include "base/text.h"

namespace fa::tools {
namespace {

constexpr std::size_t kListedMetrics = 30;

std::string series_key(std::string_view tool, const Series& series) {
  return fmt::format("tool:{}:{}|{}|{}|", tool, series.instance, series.metric_namespace, series.label());
}

}  // namespace

std::pair<std::size_t, std::size_t> points_inside(const Series& series, const TimeRange& range) {
  const auto begin = std::lower_bound(series.times.begin(), series.times.end(), range.begin);
  const auto end = std::lower_bound(begin, series.times.end(), range.end);
  return {static_cast<std::size_t>(begin - series.times.begin()), static_cast<std::size_t>(end - series.times.begin())};
}

SeriesSummary summary_of(const Series& series, const TimeRange& range) {
  const auto [first, last] = points_inside(series, range);
  SeriesSummary s;
  s.points = last - first;
  if (s.points == 0) return s;
  std::vector<double> sorted(series.values.begin() + static_cast<std::ptrdiff_t>(first),
                             series.values.begin() + static_cast<std::ptrdiff_t>(last));
  s.mean = std::accumulate(sorted.begin(), sorted.end(), 0.0) / static_cast<double>(s.points);
  std::sort(sorted.begin(), sorted.end());
  s.median = stats::quantile(sorted, 0.5);
  s.p95 = stats::quantile(sorted, 0.95);
  s.min = sorted.front();
  s.max = sorted.back();
  for (std::size_t i = first; i < last; ++i) {
    if (series.values[i] != s.max) continue;
    s.max_time = series.times[i];
    break;
  }
  return s;
}

Result<std::vector<const Series*>> series_named(const Call& call, std::string_view metric_parameter) {
  const std::vector<Series>& all = call.world.study.digest.metrics.series;
  const std::string* entity = call.arguments.text("entity");
  const bool nameless = entity != nullptr && entity->empty();  // Series that state no entity.
  if (!nameless) {
    if (const auto known = entity_of(call); !known) return tl::unexpected(known.error());
  }
  const std::string* name = call.arguments.text(metric_parameter);
  const std::string* statistic = call.arguments.text("statistic");
  std::vector<const Series*> found;
  std::set<std::string> others;
  for (const Series& s : all) {
    if (entity != nullptr && s.service != *entity) continue;
    const bool named = name == nullptr || s.name == *name || s.label() == *name;
    if (named && (statistic == nullptr || iequals(s.statistic, *statistic))) {
      found.push_back(&s);
    } else if (others.size() < 10 * kListedMetrics) {
      others.insert(s.statistic.empty() ? s.name : s.name + "[" + s.statistic + "]");
    }
  }
  if (!found.empty()) return found;
  std::string listed;
  std::size_t count = 0;
  for (const std::string& other : others) {
    if (++count > kListedMetrics) break;
    listed += (listed.empty() ? "" : ", ") + std::string(utf8_prefix(other, 100));
  }
  if (others.size() > kListedMetrics) listed += ", ... (list_metrics shows all)";
  return fail(
      ErrorCode::kNotFound,
      fmt::format("no metric {}{}{} is among the inputs; there are: {}",
                  name == nullptr ? std::string() : "\"" + sanitize_utf8(utf8_prefix(*name, 100)) + "\"",
                  statistic == nullptr ? "" : " with that statistic",
                  entity == nullptr ? std::string() : " of \"" + sanitize_utf8(utf8_prefix(*entity, 100)) + "\"",
                  listed.empty() ? "none" : listed));
}

std::vector<const Series*> series_of_item(const Study& study, const Evidence& item) {
  std::vector<const Series*> found;
  for (const Series& s : study.digest.metrics.series) {
    if (!item.entity.empty() && s.service != item.entity) continue;
    const bool same = item.key == s.label() || item.key.starts_with(series_key("get_metric", s)) ||
                      item.key.starts_with(series_key("compare", s));
    if (same) found.push_back(&s);
  }
  return found;
}

std::string series_identity(const Study& study, const Series& series) {
  std::string label = series.label();
  const auto& all = study.digest.metrics.series;
  const bool shared = std::any_of(all.begin(), all.end(), [&](const Series& s) {
    return &s != &series && s.service == series.service && s.label() == label;
  });
  return shared ? fmt::format("{}|{}|{}", series.instance, series.metric_namespace, label) : label;
}

Evidence series_item(const Call& call, const Series& series, TimePoint time) {
  const SeriesPart* part = series.parts.empty() ? nullptr : &series.parts.front();
  for (const SeriesPart& p : series.parts) {
    if (time < p.first || time > p.last) continue;
    part = &p;
    break;
  }
  const std::uint32_t nowhere = static_cast<std::uint32_t>(call.world.study.inputs.files.size());
  return evidence_at(call.world, EvidenceKind::kMetric, part == nullptr ? nowhere : part->file,
                     part == nullptr ? BytePosition() : part->position, time, series.service,
                     series_key(call.tool, series) + call.arguments.asked());
}

JsonWriter series_members(const Series& series) {
  JsonWriter out;
  out.text("entity", series.service).text_unless_empty("instance", series.instance).text("name", series.name);
  out.text_unless_empty("statistic", series.statistic).text_unless_empty("unit", series.unit);
  out.text_unless_empty("namespace", series.metric_namespace);
  if (!series.dimensions.empty()) {
    JsonWriter dimensions;
    for (const auto& [key, value] : series.dimensions) dimensions.text(key, value);
    out.raw("dimensions", dimensions.object());
  }
  return out;
}

}  // namespace fa::tools
