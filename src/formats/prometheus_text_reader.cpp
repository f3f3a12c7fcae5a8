#include <fmt/core.h>

#include <cmath>
#include <cstring>
#include <map>
#include <string>
#include <utility>

#include "base/text.h"
#include "formats/prometheus_text.h"
#include "formats/reader.h"
#include "formats/readers.h"

namespace fa {
namespace {

constexpr std::size_t kMostTypes = 100'000;

/// Scrapes, one behind the other. Only samples with a time are read: when a scrape without was taken is nowhere said.
class PrometheusTextReader final : public RecordReader {
 public:
  std::size_t read(std::string_view data, std::uint64_t offset, bool last, TelemetrySink& sink) override {
    std::size_t begin = 0;
    while (begin < data.size()) {
      const std::size_t newline = data.find('\n', begin);
      if (newline == std::string_view::npos && !last && data.size() - begin <= kMaxLineBytes) break;
      const std::size_t end = newline == std::string_view::npos ? data.size() : newline;
      take_line(data.substr(begin, end - begin), offset + begin, newline != std::string_view::npos || last, sink);
      begin = newline == std::string_view::npos ? end : end + 1;
    }
    if (last && undated_ > 0) {
      sink.on_skipped({undated_at_,
                       fmt::format("{} samples have no time; ask Prometheus for a range (/api/v1/query_range), or add "
                                   "the time of the scrape behind each value",
                                   undated_),
                       undated_, false});
      undated_ = 0;
    }
    return begin;
  }

 private:
  /// `whole`: the line ends here; else it is a part of one that is too long.
  void take_line(std::string_view line, std::uint64_t offset, bool whole, TelemetrySink& sink) {
    const bool too_long = over_long_ || !whole;
    over_long_ = !whole;
    if (whole) ++line_number_;
    if (too_long) {
      if (whole) sink.on_skipped({{offset, line.size(), line_number_, 1}, "a line is too long", 1, false});
      return;
    }
    if (offset == 0 && line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (trim(line).empty()) return;
    const BytePosition position{offset, line.size(), line_number_, 1};
    if (line.starts_with('#')) {
      const auto type = parse_prometheus_type(line);
      if (type && kinds_.size() < kMostTypes) kinds_.insert_or_assign(std::string(type->name), std::string(type->kind));
      return;
    }
    auto sample = parse_prometheus_sample(line);
    if (!sample) {
      sink.on_skipped({position,
                       fmt::format("no sample of a metric; the line begins {}", visible(utf8_prefix(line, 60))), 1,
                       false});
      return;
    }
    take_sample(std::move(*sample), position, sink);
  }

  void take_sample(PrometheusSample sample, const BytePosition& position, TelemetrySink& sink) {
    if (!sample.time) {
      if (undated_++ == 0) undated_at_ = position;
      return;
    }
    if (!std::isfinite(sample.value)) return;  // The exporter has no value now.
    MetricSeries series;
    series.position = position;
    series.times = {*sample.time};
    series.values = {sample.value};
    if (is_cumulative(sample.name)) series.temporality = MetricTemporality::kCumulative;
    series.name = std::move(sample.name);
    name_prometheus_series(std::move(sample.labels), series);
    sink.on_metric(std::move(series));
  }

  /// By its kind; where none is told, by the naming convention.
  [[nodiscard]] bool is_cumulative(const std::string& name) const {
    // OpenMetrics types a counter by its name without `_total`.
    for (const std::string_view suffix : {"", "_total"}) {
      if (!name.ends_with(suffix)) continue;
      const auto kind = kinds_.find(name.substr(0, name.size() - suffix.size()));
      if (kind != kinds_.end()) return kind->second == "counter";
    }
    return is_prometheus_counter(name);
  }

  std::map<std::string, std::string> kinds_;  ///< By metric.
  std::uint64_t line_number_ = 0;
  bool over_long_ = false;
  std::uint64_t undated_ = 0;
  BytePosition undated_at_;
};

}  // namespace

std::unique_ptr<RecordReader> make_prometheus_text_reader(ReaderOptions) {
  return std::make_unique<PrometheusTextReader>();
}

}  // namespace fa
