#include <charconv>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "base/time.h"
#include "formats/alb_counts.h"
#include "formats/alb_edges.h"
#include "formats/alb_line.h"
#include "formats/csv_table_reader.h"
#include "formats/readers.h"

namespace fa {
namespace {

enum Column : std::size_t {
  kFirstTime,
  kLastTime,
  kLoadBalancer,
  kTarget,
  kTargetGroup,
  kStatus,
  kTargetStatus,
  kPath,
  kRequests,
  kMeanSeconds,
  kMaxSeconds,
  kMeanTargetSeconds,
  kReceivedBytes,
  kSentBytes,
  kClient,
  kTraceId,
};
static_assert(kTraceId + 1 == kAlbCountColumns.size());

/// More requests than any load balancer answers in a minute: a larger count is no count.
constexpr std::uint64_t kMostRequests = 1'000'000'000'000;

std::string_view plain(std::string_view cell) { return cell == "-" ? std::string_view{} : cell; }

template <class Integer>
std::optional<Integer> integer(std::string_view text) {
  Integer value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// An HTTP status; 0 for none, nullopt for what is none.
std::optional<int> status(std::string_view cell) {
  if (plain(cell).empty()) return 0;
  const auto value = integer<int>(cell);
  return value && *value >= 0 && *value <= 999 ? value : std::nullopt;
}

/// Seconds; -1 for none and for what is no number.
double seconds(std::string_view cell) {
  double value = -1;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (error != std::errc{} || end != cell.data() + cell.size() || !(value >= 0 && value < 1e12)) return -1;
  return value;
}

class AlbCountsReader final : public CsvTableReader {
 public:
  AlbCountsReader() : CsvTableReader(kAlbCountColumns) {}

 private:
  void take_row(CsvRow& row, const BytePosition& position, TelemetrySink& sink) override {
    const auto& cells = row.cells;
    AccessRecord r;
    const auto skip = [&](std::string_view expected, Column column) {
      sink.on_skipped({position,
                       "expected " + std::string(expected) + " in column " + std::string(kAlbCountColumns[column]) +
                           ", found \"" + visible(utf8_prefix(cells[column], 60)) + "\"",
                       1, false});
    };
    const auto time = parse_rfc3339(cells[kFirstTime]);
    if (!time || *time < TimePoint{}) return skip("a time", kFirstTime);
    const auto requests = integer<std::uint64_t>(cells[kRequests]);
    if (!requests || *requests == 0 || *requests > kMostRequests) return skip("a count of requests", kRequests);
    const auto client_status = status(cells[kStatus]);
    if (!client_status) return skip("a status code", kStatus);
    const auto target_status = status(cells[kTargetStatus]);
    if (!target_status) return skip("a status code", kTargetStatus);
    if (plain(cells[kLoadBalancer]).empty()) return skip("the name of a load balancer", kLoadBalancer);

    r.time = *time;
    r.occurrences = *requests;
    r.status = *client_status;
    r.target_status = *target_status;
    r.entity = cells[kLoadBalancer];
    r.target = plain(cells[kTarget]);
    r.target_group = plain(cells[kTargetGroup]);
    if (r.target_group.starts_with("arn:")) r.target_group = alb_target_group_name(r.target_group);
    r.path = plain(cells[kPath]);
    r.client = plain(cells[kClient]);
    r.trace_id = alb_root_trace(plain(cells[kTraceId]));
    r.total_seconds = seconds(cells[kMeanSeconds]);
    r.target_seconds = seconds(cells[kMeanTargetSeconds]);
    r.received_bytes = integer<std::uint64_t>(cells[kReceivedBytes]).value_or(0);
    r.sent_bytes = integer<std::uint64_t>(cells[kSentBytes]).value_or(0);
    r.position = position;
    edges_.note(r, sink);
    records_.push_back(r);
    if (!row.unquoted.empty()) unquoted_.push_back(std::move(row.unquoted));
    if (records_.size() == kMaxBatchRecords) flush(sink, false);
  }

  void flush(TelemetrySink& sink, bool /*last*/) override {
    if (!records_.empty()) sink.on_access(records_);
    records_.clear();
    unquoted_.clear();
  }

  std::vector<AccessRecord> records_;
  std::vector<std::deque<std::string>> unquoted_;  ///< What views of `records_` point into, beside the block.
  AlbEdges edges_;
};

}  // namespace

std::unique_ptr<RecordReader> make_alb_counts_reader(ReaderOptions) { return std::make_unique<AlbCountsReader>(); }

}  // namespace fa
