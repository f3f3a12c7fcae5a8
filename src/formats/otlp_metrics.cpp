#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <unordered_map>
#include <utility>

#include "formats/otlp_signals.h"

namespace fa::otlp {
namespace {

using simdjson::error_code;
using simdjson::SUCCESS;
using simdjson::ondemand::json_type;
using Dimensions = std::vector<std::pair<std::string, std::string>>;

constexpr std::size_t kMaxBuckets = 4'096;  ///< Per point; what has more is read for its count and sum only.
constexpr std::int64_t kDelta = 1;
constexpr std::int64_t kCumulative = 2;
constexpr std::int64_t kNoRecordedValue = 1;  ///< Bit of DataPointFlags.

constexpr std::array<std::pair<std::string_view, double>, 3> kQuantiles{{{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}}};

std::int64_t temporality_of(value v) {
  json_type type{};
  if (v.type().get(type) != SUCCESS) return 0;
  if (type != json_type::string) return json_int(v).value_or(0);
  const std::string_view text = json_string(v).value_or(std::string_view{});
  if (text == "1" || text.ends_with("_DELTA")) return kDelta;
  if (text == "2" || text.ends_with("_CUMULATIVE")) return kCumulative;
  return 0;
}

/// Finite numbers of an array; nullopt when it is too long or holds anything else.
std::optional<std::vector<double>> read_numbers(value v) {
  json_type type{};
  if (v.type().get(type) != SUCCESS || type != json_type::array) return std::nullopt;
  array items;
  if (v.get_array().get(items) != SUCCESS) return std::nullopt;
  std::vector<double> numbers;
  bool good = true;
  for (auto item : items) {
    value one;
    if (item.get(one) != SUCCESS) return std::nullopt;
    const auto number = json_double(one);
    good = good && number && numbers.size() < kMaxBuckets;
    if (good) numbers.push_back(*number);
  }
  if (!good) return std::nullopt;
  return numbers;
}

void append_point(MetricSeries& series, TimePoint time, double number) {
  if (!std::isfinite(number)) return;
  series.times.push_back(time);
  series.values.push_back(number);
}

}  // namespace

/// The points of one series, as far as the metric has been read.
struct MetricSignal::Metric {
  struct Series {
    Dimensions dimensions;
    std::string statistic;
    std::vector<TimePoint> times;
    std::vector<double> values;
    std::vector<HistogramPoint> histogram;
  };
  std::string name;
  std::string unit;
  Kind kind = Kind::kNumbers;
  bool is_sum = false;
  bool monotonic = false;
  std::int64_t temporality = 0;
  std::vector<Series> series;
  std::map<std::pair<Dimensions, std::string>, std::size_t> by_dimensions;
  /// Points of one series mostly repeat their attributes byte for byte.
  std::unordered_map<std::string_view, std::size_t> by_raw;
};

error_code MetricSignal::read(array metrics, const Scope& scope) {
  for (auto item : metrics) {
    value one;
    if (const auto error = item.get(one)) return error;
    json_type type{};
    if (const auto error = one.type().get(type)) return error;
    if (type != json_type::object) continue;
    object fields;
    if (const auto error = one.get_object().get(fields)) return error;
    std::string_view raw;
    if (const auto error = fields.raw_json().get(raw)) return error;
    if (const auto error = fields.reset().error()) return error;
    // A metric that was cut at the end of the file is used: each of its points is whole.
    if (const auto error = read_metric(fields, scope, scope.positions.at(raw))) return error;
  }
  return SUCCESS;
}

error_code MetricSignal::read_metric(object fields, const Scope& scope, const BytePosition& position) {
  Metric metric;
  FieldName names;
  error_code failure = SUCCESS;
  for (auto item : fields) {
    simdjson::ondemand::field field;
    if ((failure = std::move(item).get(field))) break;
    const std::string_view name = names.of(field);
    if (name == "name") {
      metric.name = json_string(field.value()).value_or(std::string_view{});
    } else if (name == "unit") {
      metric.unit = json_string(field.value()).value_or(std::string_view{});
    } else if (name == "gauge" || name == "sum") {
      metric.is_sum = name == "sum";
      failure = read_data(field.value(), Kind::kNumbers, metric);
    } else if (name == "histogram") {
      failure = read_data(field.value(), Kind::kHistogram, metric);
    } else if (name == "exponentialHistogram") {
      failure = read_data(field.value(), Kind::kExponentialHistogram, metric);
    } else if (name == "summary") {
      failure = read_data(field.value(), Kind::kSummary, metric);
    }
    if (failure) break;
  }
  if (metric.name.empty() && !metric.series.empty()) {
    scope.sink.on_skipped({position, "metric without a name", 1, false});
    return failure;
  }
  emit(metric, scope, position);  // Also what was read before an error.
  return failure;
}

error_code MetricSignal::read_data(value data, Kind kind, Metric& metric) {
  json_type type{};
  if (const auto error = data.type().get(type)) return error;
  if (type != json_type::object) return SUCCESS;
  metric.kind = kind;
  object fields;
  if (const auto error = data.get_object().get(fields)) return error;
  FieldName names;
  for (auto item : fields) {
    simdjson::ondemand::field field;
    if (const auto error = std::move(item).get(field)) return error;
    const std::string_view name = names.of(field);
    if (name == "dataPoints") {
      const auto error = for_each_object(field.value(), [&](object point) { return read_point(point, kind, metric); });
      if (error) return error;
    } else if (name == "aggregationTemporality") {
      metric.temporality = temporality_of(field.value());
    } else if (name == "isMonotonic") {
      bool monotonic = false;
      if (field.value().get_bool().get(monotonic) == SUCCESS) metric.monotonic = monotonic;
    }
  }
  return SUCCESS;
}

error_code MetricSignal::read_point(object fields, Kind kind, Metric& metric) {
  HistogramPoint point;
  std::optional<double> number;
  std::optional<std::vector<double>> positive;
  std::int64_t flags = 0;
  std::int64_t scale = 0;
  std::int64_t offset = 0;
  double at_or_below_zero = 0;
  std::optional<std::size_t> series;
  FieldName names;
  for (auto item : fields) {
    simdjson::ondemand::field field;
    if (const auto error = std::move(item).get(field)) return error;
    const std::string_view name = names.of(field);
    if (name == "timeUnixNano") {
      point.time = read_time(field.value());
    } else if (name == "startTimeUnixNano") {
      point.start = read_time(field.value());
    } else if (name == "asDouble" || name == "asInt") {
      number = json_double(field.value());
    } else if (name == "attributes") {
      if (const auto error = series_of(field.value(), metric, series)) return error;
    } else if (name == "flags") {
      flags = json_int(field.value()).value_or(0);
    } else if (kind == Kind::kNumbers) {
      continue;
    } else if (name == "count") {
      number = json_double(field.value());
    } else if (name == "sum") {
      point.sum = json_double(field.value());
    } else if (name == "bucketCounts") {
      point.buckets = read_numbers(field.value()).value_or(std::vector<double>{});
    } else if (name == "explicitBounds") {
      point.bounds = read_numbers(field.value()).value_or(std::vector<double>{});
    } else if (name == "quantileValues") {
      if (const auto error = read_quantiles(field.value(), point)) return error;
    } else if (name == "scale") {
      scale = json_int(field.value()).value_or(0);
    } else if (name == "zeroCount") {
      at_or_below_zero += json_double(field.value()).value_or(0);
    } else if (name == "positive" || name == "negative") {
      std::int64_t bucket_offset = 0;
      std::optional<std::vector<double>> counts;
      if (const auto error = read_buckets(field.value(), bucket_offset, counts)) return error;
      if (name == "positive") {
        positive = std::move(counts);
        offset = bucket_offset;
      } else if (counts) {
        at_or_below_zero = std::accumulate(counts->begin(), counts->end(), at_or_below_zero);
      }
    }
  }
  if ((flags & kNoRecordedValue) != 0 || point.time == kNoTime || !number) return SUCCESS;
  if (!series) series = series_index({}, {}, metric);
  Metric::Series& target = metric.series[*series];
  if (kind == Kind::kNumbers) {
    target.times.push_back(point.time);
    target.values.push_back(*number);
    return SUCCESS;
  }
  point.count = *number;
  if (kind == Kind::kExponentialHistogram && positive && scale >= -64 && scale <= 64) {
    set_exponential_buckets(point, static_cast<int>(scale), offset, *positive, at_or_below_zero);
  }
  if (!std::is_sorted(point.bounds.begin(), point.bounds.end())) point.bounds.clear();
  target.histogram.push_back(std::move(point));
  return SUCCESS;
}

error_code MetricSignal::read_quantiles(value v, HistogramPoint& point) {
  return for_each_object(v, [&](object fields) {
    std::optional<double> quantile;
    std::optional<double> number;
    for (auto item : fields) {
      simdjson::ondemand::field field;
      if (const auto error = std::move(item).get(field)) return error;
      const std::string_view name = json_key(field);
      if (name == "quantile") quantile = json_double(field.value());
      if (name == "value") number = json_double(field.value());
    }
    if (quantile && number && *quantile >= 0 && *quantile <= 1) point.quantiles.emplace_back(*quantile, *number);
    return SUCCESS;
  });
}

error_code MetricSignal::read_buckets(value v, std::int64_t& offset, std::optional<std::vector<double>>& counts) {
  json_type type{};
  if (const auto error = v.type().get(type)) return error;
  if (type != json_type::object) return SUCCESS;
  object fields;
  if (const auto error = v.get_object().get(fields)) return error;
  FieldName names;
  for (auto item : fields) {
    simdjson::ondemand::field field;
    if (const auto error = std::move(item).get(field)) return error;
    const std::string_view name = names.of(field);
    if (name == "offset") offset = json_int(field.value()).value_or(0);
    if (name == "bucketCounts") counts = read_numbers(field.value());
  }
  return SUCCESS;
}

std::size_t MetricSignal::series_index(std::vector<std::pair<std::string, std::string>> dimensions,
                                       std::string statistic, Metric& metric) {
  std::sort(dimensions.begin(), dimensions.end());
  const auto [found, added] =
      metric.by_dimensions.try_emplace({std::move(dimensions), std::move(statistic)}, metric.series.size());
  if (added) {
    Metric::Series series;
    series.dimensions = found->first.first;
    series.statistic = found->first.second;
    metric.series.push_back(std::move(series));
  }
  return found->second;
}

error_code MetricSignal::series_of(value attributes, Metric& metric, std::optional<std::size_t>& index) {
  json_type type{};
  if (const auto error = attributes.type().get(type)) return error;
  if (type != json_type::array) return SUCCESS;
  array items;
  if (const auto error = attributes.get_array().get(items)) return error;
  std::string_view raw;
  if (const auto error = items.raw_json().get(raw)) return error;
  if (const auto known = metric.by_raw.find(raw); known != metric.by_raw.end()) {
    index = known->second;
    return SUCCESS;
  }
  if (const auto error = items.reset().error()) return error;
  attributes_.clear();
  if (const auto error = read_attribute_array(items, attributes_)) return error;
  Dimensions dimensions;
  std::string statistic;
  for (const Attribute& attribute : attributes_) {
    if (attribute.key == "statistic") {
      statistic = attribute.text;
    } else {
      dimensions.emplace_back(attribute.key,
                              attribute.raw.empty() ? std::string(attribute.text) : compact_json(attribute.raw));
    }
  }
  index = series_index(std::move(dimensions), std::move(statistic), metric);
  metric.by_raw.emplace(raw, *index);
  return SUCCESS;
}

void MetricSignal::emit(Metric& metric, const Scope& scope, const BytePosition& position) {
  for (Metric::Series& source : metric.series) {
    MetricSeries series;
    series.service = scope.resource.service;
    series.instance = scope.resource.instance;
    series.name = metric.name;
    series.unit = metric.unit;
    series.statistic = source.statistic;
    series.dimensions = source.dimensions;
    series.position = position;
    if (metric.kind != Kind::kNumbers) {
      emit_histogram(metric, source.histogram, series, scope.sink);
      continue;
    }
    if (source.times.empty()) continue;
    // A sum that may fall (UpDownCounter) is a level, as a gauge is.
    if (metric.is_sum && metric.temporality == kDelta) {
      series.temporality = MetricTemporality::kDelta;
    } else if (metric.is_sum && metric.monotonic) {
      series.temporality = MetricTemporality::kCumulative;
    }
    series.times = std::move(source.times);
    series.values = std::move(source.values);
    scope.sink.on_metric(std::move(series));
  }
}

/// `series` carries what all derived series have in common.
void MetricSignal::emit_histogram(const Metric& metric, std::vector<HistogramPoint>& points, const MetricSeries& common,
                                  TelemetrySink& sink) {
  if (points.empty()) return;
  std::stable_sort(points.begin(), points.end(),
                   [](const HistogramPoint& a, const HistogramPoint& b) { return a.time < b.time; });
  const bool cumulative = metric.temporality != kDelta;  // Summaries state no temporality and are cumulative.
  std::string key;
  if (cumulative) {
    key = fmt::format("{}\x1f{}\x1f{}", common.service, common.instance, common.name);
    for (const auto& [name, text] : common.dimensions) key += fmt::format("\x1f{}\x1f{}", name, text);
  }

  MetricSeries count = common;
  count.statistic = "count";
  count.unit = "1";
  count.temporality = cumulative ? MetricTemporality::kCumulative : MetricTemporality::kDelta;
  MetricSeries mean = common;
  mean.statistic = "mean";
  std::map<std::string, MetricSeries> quantiles;
  const auto add_quantile = [&](std::string_view name, TimePoint time, double number) {
    auto [found, added] = quantiles.try_emplace(std::string(name));
    if (added) {
      found->second = common;
      found->second.statistic = name;
    }
    append_point(found->second, time, number);
  };
  for (const HistogramPoint& point : points) {
    append_point(count, point.time, point.count);
    for (const auto& [quantile, number] : point.quantiles) {
      add_quantile(fmt::format("p{:g}", quantile * 100), point.time, number);
    }
    const auto counted = cumulative ? history_.since_last(key, point) : std::optional(point);
    if (!counted || !(counted->count > 0)) continue;
    if (counted->sum) append_point(mean, point.time, *counted->sum / counted->count);
    for (const auto& [name, quantile] : kQuantiles) {
      if (const auto number = histogram_quantile(counted->bounds, counted->buckets, quantile)) {
        add_quantile(name, point.time, *number);
      }
    }
  }
  if (!count.times.empty()) sink.on_metric(std::move(count));
  if (!mean.times.empty()) sink.on_metric(std::move(mean));
  for (auto& [name, series] : quantiles) {
    if (!series.times.empty()) sink.on_metric(std::move(series));
  }
}

}  // namespace fa::otlp
