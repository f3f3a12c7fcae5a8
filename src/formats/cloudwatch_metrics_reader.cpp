#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "base/text.h"
#include "formats/json_document_reader.h"
#include "formats/metric_entity.h"
#include "formats/metric_queries.h"
#include "formats/readers.h"
#include "formats/timestamp.h"

namespace fa {
namespace {

/// Ids remembered as incomplete; a call has at most 500.
constexpr std::size_t kMaxIncomplete = 100'000;

using simdjson::error_code;
using simdjson::SUCCESS;
using simdjson::ondemand::array;
using simdjson::ondemand::json_type;
using simdjson::ondemand::object;
using simdjson::ondemand::value;

/// The answer of GetMetricData (`aws cloudwatch get-metric-data`), one page or several. What an id stands for comes
/// from MetricDataQueries in the same document, else from those found beside it; without either the label is the name.
class CloudWatchMetricsReader final : public JsonObjectReader {
 public:
  explicit CloudWatchMetricsReader(const ReaderOptions& options) : beside_(options.metric_queries) {}

 protected:
  error_code read_object(object answer, std::string_view raw, Place& place) override;
  void at_end(TelemetrySink& sink) override {
    for (auto& [id, skipped] : incomplete_) sink.on_skipped(std::move(skipped));
    incomplete_.clear();
  }

 private:
  struct Found {
    std::string id;
    std::string label;
    std::string status;
    std::string messages;
    std::vector<std::optional<TimePoint>> times;
    std::vector<std::optional<double>> values;
  };
  error_code read_result(object fields, Place& place);
  error_code read_result_fields(object fields, Found& found);
  const MetricQuery* query_of(const std::string& id) const;
  using Dimensions = std::vector<std::pair<std::string, std::string>>;
  static Dimensions dimensions_of(const MetricQuery& query, std::string_view label);

  const std::map<std::string, MetricQuery>* beside_;
  std::map<std::string, MetricQuery> own_;
  /// What of each series (id and label) was not complete so far: every page but its last says PartialData.
  std::map<std::string, Skipped> incomplete_;
};

error_code CloudWatchMetricsReader::read_object(object answer, std::string_view raw, Place& place) {
  // The queries may stand behind the results, so they are read first, in a pass of their own.
  if (raw.find("\"MetricDataQueries\"") != std::string_view::npos) {
    if (auto queries = read_metric_queries(raw)) own_.merge(*queries);
  }
  bool has_results = false;
  for (auto item : answer) {
    simdjson::ondemand::field field;
    if (const auto error = std::move(item).get(field)) return error;
    if (json_key(field) != "MetricDataResults") continue;
    has_results = true;
    const auto error = for_each_object(field.value(), [&](object fields) { return read_result(fields, place); });
    if (error) return error;
  }
  if (!has_results) {
    place.sink.on_skipped({place.positions.at(raw), "expected MetricDataResults, found other JSON", 1, false});
  }
  return SUCCESS;
}

error_code CloudWatchMetricsReader::read_result_fields(object fields, Found& found) {
  for (auto item : fields) {
    simdjson::ondemand::field field;
    if (const auto error = std::move(item).get(field)) return error;
    const std::string_view key = json_key(field);
    value v = field.value();
    if (key == "Id") {
      found.id = json_scalar_text(v);
    } else if (key == "Label") {
      found.label = json_scalar_text(v);
    } else if (key == "StatusCode") {
      found.status = json_scalar_text(v);
    } else if (key == "Messages") {
      if (const auto text = json_raw(v); text && *text != "[]") found.messages = compact_json(*text, 300);
    } else if (key == "Timestamps" || key == "Values") {
      json_type type{};
      if (const auto error = v.type().get(type)) return error;
      if (type != json_type::array) continue;
      array items;
      if (const auto error = v.get_array().get(items)) return error;
      for (auto element : items) {
        value one;
        if (const auto error = element.get(one)) return error;
        if (key == "Values") {
          found.values.push_back(json_double(one));
          continue;
        }
        const std::string text = json_scalar_text(one);
        const auto parsed = parse_timestamp_text(text, {});
        found.times.push_back(parsed && parsed->time != kNoTime ? std::optional(parsed->time)
                                                                : parse_epoch_number(text));
      }
    }
  }
  return SUCCESS;
}

error_code CloudWatchMetricsReader::read_result(object fields, Place& place) {
  std::string_view raw;
  if (const auto error = fields.raw_json().get(raw)) return error;
  if (!place.positions.whole(raw)) return SUCCESS;  // Times and values only match when both are whole.
  if (const auto error = fields.reset().error()) return error;
  Found found;
  if (const auto error = read_result_fields(fields, found)) return error;
  const BytePosition position = place.positions.at(raw);
  const std::string shown = visible(utf8_prefix(found.id.empty() ? found.label : found.id, 100));

  MetricSeries series;
  series.position = position;
  series.name = found.label.empty() ? found.id : found.label;
  if (const MetricQuery* query = query_of(found.id)) {
    if (!query->name.empty()) {
      series.name = query->name;
    } else if (!query->label.empty()) {
      series.name = query->label;
    }
    series.metric_namespace = query->metric_namespace;
    series.statistic = query->statistic;
    series.unit = query->unit;
    series.period_seconds = query->period_seconds;
    if (series.unit.empty()) series.unit = unit_of_metric(query->metric_namespace, query->name, query->statistic);
    MetricEntity entity = entity_of_metric(dimensions_of(*query, found.label));
    series.service = std::move(entity.service);
    series.instance = std::move(entity.instance);
    series.dimensions = std::move(entity.dimensions);
  }
  const std::size_t points = std::min(found.times.size(), found.values.size());
  std::size_t unreadable = std::max(found.times.size(), found.values.size()) - points;
  for (std::size_t i = 0; i < points; ++i) {
    if (!found.times[i] || !found.values[i]) {
      ++unreadable;
      continue;
    }
    series.times.push_back(*found.times[i]);
    series.values.push_back(*found.values[i]);
  }
  if (unreadable > 0) {
    place.sink.on_skipped({position,
                           fmt::format("metric {}: {} of its {} timestamps and {} values do not make a point", shown,
                                       unreadable, found.times.size(), found.values.size()),
                           unreadable, false});
  }
  const std::string key = found.id + '\0' + found.label;
  if (found.status == "Complete") {
    incomplete_.erase(key);
  } else if (!found.status.empty() && incomplete_.size() < kMaxIncomplete) {
    incomplete_.insert_or_assign(
        key, Skipped{position,
                     fmt::format("metric {}: CloudWatch answered {}{}{}", shown, visible(utf8_prefix(found.status, 40)),
                                 found.messages.empty() ? "" : ": ", visible(found.messages)),
                     1, !series.times.empty()});
  }
  if (!series.times.empty()) place.sink.on_metric(std::move(series));
  return SUCCESS;
}

const MetricQuery* CloudWatchMetricsReader::query_of(const std::string& id) const {
  if (const auto own = own_.find(id); own != own_.end()) return &own->second;
  if (beside_ == nullptr) return nullptr;
  const auto found = beside_->find(id);
  return found == beside_->end() ? nullptr : &found->second;
}

/// Of a SEARCH each series says its own in its label.
CloudWatchMetricsReader::Dimensions CloudWatchMetricsReader::dimensions_of(const MetricQuery& query,
                                                                           std::string_view label) {
  const std::vector<std::string>& names = query.searched_dimensions;
  if (names.empty()) return query.dimensions;
  Dimensions dimensions;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::size_t end = i + 1 == names.size() ? std::string_view::npos : label.find(kSearchLabelSeparator);
    dimensions.emplace_back(names[i], label.substr(0, end));
    label = end == std::string_view::npos ? std::string_view() : label.substr(end + kSearchLabelSeparator.size());
  }
  return dimensions;
}

}  // namespace

std::unique_ptr<RecordReader> make_cloudwatch_metrics_reader(ReaderOptions options) {
  return std::make_unique<CloudWatchMetricsReader>(options);
}

}  // namespace fa
