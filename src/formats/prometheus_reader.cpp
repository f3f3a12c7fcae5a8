#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "formats/json_document_reader.h"
#include "formats/prometheus_labels.h"
#include "formats/readers.h"
#include "formats/timestamp.h"

namespace fa {
namespace {

using simdjson::error_code;
using simdjson::SUCCESS;
using simdjson::ondemand::array;
using simdjson::ondemand::json_type;
using simdjson::ondemand::object;
using simdjson::ondemand::value;

/// The answer of /api/v1/query_range and /api/v1/query (Prometheus HTTP API). Values of counters are given as they
/// stand (cumulative); the name decides, by the suffixes _total, _count, _sum and _bucket of the naming convention:
/// results of rate() and its like carry no name. Buckets of histograms keep `le` as a dimension.
class PrometheusReader final : public JsonObjectReader {
 protected:
  error_code read_object(object answer, std::string_view raw, Place& place) override;

 private:
  error_code read_data(object data, Place& place);
  error_code read_series(object fields, Place& place);
  error_code read_labels(value labels);
  error_code read_point(value point, MetricSeries& series);
  void skip(Place& place, std::string_view raw, std::string reason) {
    place.sink.on_skipped({place.positions.at(raw), std::move(reason), 1, false});
  }

  PrometheusLabels labels_;
};

error_code PrometheusReader::read_object(object answer, std::string_view raw, Place& place) {
  bool has_data = false;
  std::string failure;
  for (auto item : answer) {
    simdjson::ondemand::field field;
    if (const auto error = std::move(item).get(field)) return error;
    const std::string_view key = json_key(field);
    value v = field.value();
    json_type type{};
    if (const auto error = v.type().get(type)) return error;
    if (key == "data" && type == json_type::object) {
      has_data = true;
      object data;
      if (const auto error = v.get_object().get(data)) return error;
      if (const auto error = read_data(data, place)) return error;
    } else if (key == "error" && type == json_type::string) {
      failure = json_string(v).value_or(std::string_view{});
    }
  }
  if (!failure.empty()) {
    skip(place, raw, fmt::format("Prometheus answered with an error: {}", visible(utf8_prefix(failure, 300))));
  } else if (!has_data) {
    skip(place, raw, "expected a Prometheus answer with \"data\", found other JSON");
  }
  return SUCCESS;
}

error_code PrometheusReader::read_data(object data, Place& place) {
  for (auto item : data) {
    simdjson::ondemand::field field;
    if (const auto error = std::move(item).get(field)) return error;
    const std::string_view key = json_key(field);
    if (key == "resultType") {
      const std::string type(json_string(field.value()).value_or(std::string_view{}));
      if (type != "matrix" && type != "vector") {
        skip(place, {field.key().raw(), 0},
             fmt::format("expected resultType matrix or vector, found \"{}\"", visible(utf8_prefix(type, 40))));
      }
    } else if (key == "result") {
      const auto error = for_each_object(field.value(), [&](object series) { return read_series(series, place); });
      if (error) return error;
    }
  }
  return SUCCESS;
}

error_code PrometheusReader::read_series(object fields, Place& place) {
  std::string_view raw;
  if (const auto error = fields.raw_json().get(raw)) return error;
  if (const auto error = fields.reset().error()) return error;
  MetricSeries series;
  labels_.clear();
  bool native_histogram = false;
  for (auto item : fields) {
    simdjson::ondemand::field field;
    if (const auto error = std::move(item).get(field)) return error;
    const std::string_view key = json_key(field);
    if (key == "metric") {
      if (const auto error = read_labels(field.value())) return error;
    } else if (key == "value") {
      if (const auto error = read_point(field.value(), series)) return error;
    } else if (key == "values") {
      value v = field.value();
      json_type type{};
      if (const auto error = v.type().get(type)) return error;
      if (type != json_type::array) continue;
      array points;
      if (const auto error = v.get_array().get(points)) return error;
      for (auto point : points) {
        value one;
        if (const auto error = point.get(one)) return error;
        if (const auto error = read_point(one, series)) return error;
      }
    } else if (key == "histogram" || key == "histograms") {
      native_histogram = true;
    }
  }
  if (native_histogram) skip(place, raw, "native histograms are not read; query histogram_quantile() instead");
  if (series.times.empty()) return SUCCESS;
  series.position = place.positions.at(raw);
  const auto name =
      std::find_if(labels_.begin(), labels_.end(), [](const auto& label) { return label.first == "__name__"; });
  if (name != labels_.end()) {
    series.name = std::move(name->second);
    labels_.erase(name);
  }
  if (is_prometheus_counter(series.name)) series.temporality = MetricTemporality::kCumulative;
  name_prometheus_series(std::move(labels_), series);
  place.sink.on_metric(std::move(series));
  return SUCCESS;
}

error_code PrometheusReader::read_labels(value labels) {
  json_type type{};
  if (const auto error = labels.type().get(type)) return error;
  if (type != json_type::object) return SUCCESS;
  object fields;
  if (const auto error = labels.get_object().get(fields)) return error;
  for (auto item : fields) {
    simdjson::ondemand::field field;
    if (const auto error = std::move(item).get(field)) return error;
    std::string key(json_key(field));
    labels_.emplace_back(std::move(key), json_scalar_text(field.value()));
  }
  return SUCCESS;
}

/// [seconds, "value"]
error_code PrometheusReader::read_point(value point, MetricSeries& series) {
  json_type type{};
  if (const auto error = point.type().get(type)) return error;
  if (type != json_type::array) return SUCCESS;
  array pair;
  if (const auto error = point.get_array().get(pair)) return error;
  std::optional<TimePoint> time;
  std::optional<double> number;
  int index = 0;
  for (auto item : pair) {
    value v;
    if (const auto error = item.get(v)) return error;
    if (index == 0) time = parse_epoch_number(json_scalar_text(v));
    if (index == 1) number = json_double(v);
    ++index;
  }
  if (!time || !number) return SUCCESS;
  series.times.push_back(*time);
  series.values.push_back(*number);
  return SUCCESS;
}

}  // namespace

std::unique_ptr<RecordReader> make_prometheus_reader(ReaderOptions) { return std::make_unique<PrometheusReader>(); }

}  // namespace fa
