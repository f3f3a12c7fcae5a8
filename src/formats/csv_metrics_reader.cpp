#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <utility>

#include "base/text.h"
#include "formats/csv.h"
#include "formats/csv_layout.h"
#include "formats/readers.h"

namespace fa {
namespace {

using Role = CsvColumn::Role;

constexpr std::size_t kSampleRows = 50;                     ///< Rows that decide what the columns are.
constexpr std::size_t kSampleBytes = std::size_t{1} << 20;  ///< At most; wide tables decide with fewer rows.
constexpr std::size_t kMaxPoints = 1'000'000;               ///< Held at once; then the series are handed over in parts.
constexpr std::size_t kMaxSeries = 20'000;

/// Metrics as CSV with a header row (find_csv_layout says which tables). Series are handed over at the end of the file,
/// or in parts when it is large; a part's position covers the rows it came from.
class CsvMetricsReader final : public RecordReader {
 public:
  std::size_t read(std::string_view data, std::uint64_t offset, bool last, TelemetrySink& sink) override;

 private:
  enum class State { kHeader, kSample, kRows, kUseless };
  struct Key {
    std::string service;
    std::string instance;
    std::string name;
    std::string unit;
    std::string statistic;
    std::vector<std::pair<std::string, std::string>> dimensions;
    auto operator<=>(const Key&) const = default;
  };
  bool read_header(std::string_view rest, bool last, std::size_t& used);
  bool decide(std::string_view rest, bool last, TelemetrySink& sink);
  void read_row(const CsvRow& row, const BytePosition& position, TelemetrySink& sink);
  MetricSeries& series_of(Key key, const BytePosition& position);
  void flush(TelemetrySink& sink);
  BytePosition position_of(const CsvRow& row, std::uint64_t offset) const {
    return {offset, row.length, line_, static_cast<std::uint32_t>(row.lines)};
  }
  static void skip(TelemetrySink& sink, const BytePosition& position, std::string reason) {
    sink.on_skipped({position, std::move(reason), 1, false});
  }

  State state_ = State::kHeader;
  char delimiter_ = ',';
  std::vector<std::string> header_;
  CsvLayout layout_;
  std::uint64_t line_ = 1;
  std::map<Key, MetricSeries> series_;
  std::size_t points_ = 0;
  /// The series of each column for rows that share `cached_for_`: most tables need no look-up after the first row.
  std::vector<MetricSeries*> cached_;
  Key cached_for_;
};

bool CsvMetricsReader::read_header(std::string_view rest, bool last, std::size_t& used) {
  std::size_t begin = 0;
  if (rest.starts_with("\xEF\xBB\xBF")) begin = 3;
  const std::string_view text = rest.substr(begin);
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos && !last && text.size() <= kSampleBytes) return false;
  delimiter_ = guess_csv_delimiter(text.substr(0, end));
  CsvRow row;
  const CsvStep step = read_csv_row(text, delimiter_, last, row);
  if (step == CsvStep::kNeedMore) return false;
  used += begin + row.length;
  line_ += row.lines;
  if (row.blank()) return true;
  header_.assign(row.cells.begin(), row.cells.end());
  state_ = State::kSample;
  return true;
}

/// False while more rows are wanted.
bool CsvMetricsReader::decide(std::string_view rest, bool last, TelemetrySink& sink) {
  std::vector<std::vector<std::string>> rows;
  std::size_t at = 0;
  CsvRow row;
  while (rows.size() < kSampleRows && at < rest.size()) {
    const CsvStep step = read_csv_row(rest.substr(at), delimiter_, last, row);
    if (step == CsvStep::kNeedMore) break;
    at += row.length;
    if (step == CsvStep::kRow && row.cells.size() == header_.size())
      rows.emplace_back(row.cells.begin(), row.cells.end());
  }
  if (rows.size() < kSampleRows && !last && rest.size() < kSampleBytes) return false;
  std::string why;
  if (auto layout = find_csv_layout(header_, rows, why)) {
    layout_ = std::move(*layout);
    state_ = State::kRows;
  } else {
    skip(sink, {0, 0, 1, 1}, "CSV that is no table of metrics: " + visible(utf8_prefix(why, 200)));
    state_ = State::kUseless;
  }
  return true;
}

std::size_t CsvMetricsReader::read(std::string_view data, std::uint64_t offset, bool last, TelemetrySink& sink) {
  std::size_t used = 0;
  CsvRow row;
  while (used < data.size()) {
    const std::string_view rest = data.substr(used);
    if (state_ == State::kUseless) return data.size();
    if (state_ == State::kHeader) {
      if (!read_header(rest, last, used)) break;
      continue;
    }
    if (state_ == State::kSample) {
      if (!decide(rest, last, sink)) break;
      continue;
    }
    CsvStep step = read_csv_row(rest, delimiter_, last, row);
    if (step == CsvStep::kNeedMore) break;
    if (row.lines > 1 && row.cells.size() != layout_.columns.size()) {
      // A stray quote that found its partner rows later must not cost the rows between.
      row.length = rest.find('\n') + 1;
      row.lines = 1;
      step = CsvStep::kBroken;
    }
    const BytePosition position = position_of(row, offset + used);
    if (step == CsvStep::kBroken) {
      skip(sink, position, fmt::format("line {}: a quote is not closed, or the row is longer than the limit", line_));
    } else if (!row.blank()) {
      read_row(row, position, sink);
    }
    used += row.length;
    line_ += row.lines;
    if (points_ >= kMaxPoints || series_.size() >= kMaxSeries) flush(sink);
  }
  if (last) {
    if (state_ == State::kSample) skip(sink, {0, 0, 1, 1}, "CSV with a header row and no data rows");
    flush(sink);
  }
  return last ? data.size() : used;
}

void CsvMetricsReader::read_row(const CsvRow& row, const BytePosition& position, TelemetrySink& sink) {
  if (row.cells.size() != layout_.columns.size()) {
    skip(sink, position,
         fmt::format("line {}: expected {} cells, found {}", line_, layout_.columns.size(), row.cells.size()));
    return;
  }
  const auto time = csv_time(row.cells[layout_.time_column]);
  if (!time) {
    skip(sink, position,
         fmt::format("line {}: expected a timestamp in column {}, found \"{}\"", line_,
                     visible(utf8_prefix(layout_.columns[layout_.time_column].header, 60)),
                     visible(utf8_prefix(row.cells[layout_.time_column], 40))));
    return;
  }
  Key common;
  std::optional<std::size_t> value_column;
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    const std::string_view cell = row.cells[i];
    switch (layout_.columns[i].role) {
      case Role::kService:
        if (common.service.empty()) common.service = cell;
        break;
      case Role::kInstance:
        if (common.instance.empty()) common.instance = cell;
        break;
      case Role::kMetricName:
        if (common.name.empty()) common.name = cell;
        break;
      case Role::kUnit:
        common.unit = cell;
        break;
      case Role::kStatistic:
        common.statistic = cell;
        break;
      case Role::kDimension:
        common.dimensions.emplace_back(layout_.columns[i].header, cell);
        break;
      case Role::kValue:
        if (!value_column) value_column = i;
        break;
      case Role::kTime:
      case Role::kIgnored:
      case Role::kSeries:
        break;
    }
  }
  std::sort(common.dimensions.begin(), common.dimensions.end());
  if (cached_.empty() || common != cached_for_) {
    cached_.assign(row.cells.size(), nullptr);
    cached_for_ = common;
  }
  std::size_t first_bad = row.cells.size();
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    const CsvColumn& column = layout_.columns[i];
    const bool wanted =
        layout_.long_format ? value_column == i : column.role == Role::kSeries || column.role == Role::kValue;
    if (!wanted || csv_missing(row.cells[i])) continue;
    const auto number = csv_number(row.cells[i]);
    if (!number) {
      first_bad = std::min(first_bad, i);
      continue;
    }
    if (cached_[i] == nullptr) {
      Key key = common;
      if (!layout_.long_format) {
        key.name = column.metric;
        if (key.service.empty()) key.service = column.entity;
      }
      cached_[i] = &series_of(std::move(key), position);
    }
    MetricSeries& series = *cached_[i];
    series.position.length = position.offset + position.length - series.position.offset;
    series.position.line_count = static_cast<std::uint32_t>(position.line + position.line_count - series.position.line);
    series.times.push_back(*time);
    series.values.push_back(*number);
    ++points_;
  }
  if (first_bad < row.cells.size()) {
    sink.on_skipped({position,
                     fmt::format("line {}: expected a number in column {}, found \"{}\"", line_,
                                 visible(utf8_prefix(layout_.columns[first_bad].header, 60)),
                                 visible(utf8_prefix(row.cells[first_bad], 40))),
                     1, true});
  }
}

MetricSeries& CsvMetricsReader::series_of(Key key, const BytePosition& position) {
  const auto [found, added] = series_.try_emplace(std::move(key));
  if (added) found->second.position = position;
  return found->second;
}

void CsvMetricsReader::flush(TelemetrySink& sink) {
  for (auto& [key, series] : series_) {
    series.service = key.service;
    series.instance = key.instance;
    series.name = key.name;
    series.unit = key.unit;
    series.statistic = key.statistic;
    series.dimensions = key.dimensions;
    sink.on_metric(std::move(series));
  }
  series_.clear();
  cached_.clear();
  points_ = 0;
}

}  // namespace

std::unique_ptr<RecordReader> make_csv_metrics_reader(ReaderOptions) { return std::make_unique<CsvMetricsReader>(); }

}  // namespace fa
