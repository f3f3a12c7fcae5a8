#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "formats/cloudtrail_event.h"
#include "formats/cloudtrail_rows.h"
#include "formats/csv_table_reader.h"
#include "formats/readers.h"

namespace fa {
namespace {

enum Column : std::size_t {
  kTime,
  kSource,
  kName,
  kRegion,
  kAddress,
  kUserType,
  kUserArn,
  kUserName,
  kInvokedBy,
  kAccount,
  kPrincipal,
  kErrorCode,
  kErrorMessage,
  kReadOnly,
  kEventId,
  kParameters,
};
static_assert(kParameters + 1 == kCloudTrailRowColumns.size());

/// Events of CloudTrail out of a table, judged as those out of log files are: reads are counted, unless they failed.
class CloudTrailRowsReader final : public CsvTableReader {
 public:
  CloudTrailRowsReader() : CsvTableReader(kCloudTrailRowColumns) {}

 private:
  void take_row(CsvRow& row, const BytePosition& position, TelemetrySink& sink) override {
    const auto text = [&](Column column) { return sanitize_utf8(row.cells[column]); };
    CloudTrailEvent event;
    event.name = text(kName);
    if (event.name.empty()) {
      sink.on_skipped({position, "expected a CloudTrail event with an eventname", 1, false});
      return;
    }
    event.time = text(kTime);
    event.source = text(kSource);
    event.region = text(kRegion);
    event.address = text(kAddress);
    event.error_code = text(kErrorCode);
    event.error_message = text(kErrorMessage);
    if (row.cells[kReadOnly] == "true") event.read_only = true;
    if (row.cells[kReadOnly] == "false") event.read_only = false;
    if (event.only_looks()) {
      if (reads_++ == 0) first_read_ = position;
      return;
    }
    event.identity.type = text(kUserType);
    event.identity.arn = text(kUserArn);
    event.identity.user_name = text(kUserName);
    event.identity.invoked_by = text(kInvokedBy);
    event.identity.account = text(kAccount);
    event.identity.principal = text(kPrincipal);
    if (const std::string_view json = trim(row.cells[kParameters]); json.starts_with('{')) {
      std::string padded(json);
      padded.append(kReadPadding, ' ');
      parameters_.read(std::string_view(padded).substr(0, json.size()), event);
    }
    hand_over(std::move(event), position, sink);
  }

  void flush(TelemetrySink& sink, bool last) override {
    if (!last || reads_ == 0) return;
    sink.on_skipped({first_read_, "read-only calls (Get, List, Describe, ...): they change nothing", reads_, false});
    reads_ = 0;
  }

  CloudTrailParameters parameters_;
  std::uint64_t reads_ = 0;
  BytePosition first_read_;
};

}  // namespace

std::unique_ptr<RecordReader> make_cloudtrail_rows_reader(ReaderOptions) {
  return std::make_unique<CloudTrailRowsReader>();
}

}  // namespace fa
