#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/digit_forms.h"
#include "formats/log_header.h"
#include "formats/log_lines_reader.h"
#include "formats/readers.h"
#include "vary_form.h"

namespace {

/// What a reader handed over, reduced to what must not depend on how the bytes were cut into pieces.
struct Collected final : fa::TelemetrySink {
  std::vector<std::string> records;
  std::map<std::uint64_t, std::string> forms;  ///< Of the messages of records whose form has a number.

  void check_form(const fa::LogRecord& record) {
    if (record.form == 0) return;
    if (record.message.size() > fa::TextForm::kMaxTextBytes) std::abort();
    fa::TextForm form;
    form.take(record.message);
    const std::string bytes =
        std::to_string(form.size()) + ' ' + std::to_string(form.ids()) + std::string(form.bytes());
    if (forms.try_emplace(record.form, bytes).first->second != bytes) std::abort();
  }

  void on_logs(std::span<const fa::LogRecord> logs) override {
    if (logs.size() > fa::kMaxBatchRecords) std::abort();
    for (const auto& r : logs) {
      std::string text = std::to_string(fa::to_unix_nanos(r.time)) + ' ' + std::to_string(r.position.offset) + ' ' +
                         std::to_string(r.position.length) + ' ' + std::to_string(r.position.line) + ' ' +
                         std::to_string(r.position.line_count) + ' ' + std::to_string(static_cast<int>(r.severity));
      for (const auto field : {r.service, r.instance, r.logger, r.trace_id, r.span_id, r.exception_type, r.message}) {
        text += '\x1f';
        text += field;  // Reads every byte: a dangling view shows under ASan.
      }
      records.push_back(std::move(text));
      check_form(r);
    }
  }
};

Collected read_in_pieces(std::string_view bytes, std::size_t piece, bool export_layout, bool message_only,
                         fa::LineReading reading = fa::LineReading::kByForm) {
  fa::ReaderOptions options;
  options.path = "fuzz/orders.log";
  options.reference_time = fa::from_unix_nanos(1'773'477'000'000'000'000);
  options.message_only = message_only;
  const auto reader =
      export_layout ? fa::make_cloudwatch_logs_export_reader(options) : fa::make_log_lines_reader(options, reading);
  Collected sink;
  std::size_t begin = 0;
  std::size_t end = 0;
  while (true) {
    end = bytes.size() - end > piece ? end + piece : bytes.size();
    const bool last = end == bytes.size();
    // A copy of exact size, so that reading past data and padding shows.
    std::vector<char> window(bytes.begin() + static_cast<std::ptrdiff_t>(begin),
                             bytes.begin() + static_cast<std::ptrdiff_t>(end));
    const std::size_t size = window.size();
    window.resize(size + fa::kReadPadding, 'x');
    const std::size_t used = reader->read({window.data(), size}, begin, last, sink);
    if (used > size || (last && used != size)) std::abort();
    begin += used;
    if (last) return sink;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::uint8_t mode = data[0];
  const std::string_view bytes{reinterpret_cast<const char*>(data) + 1, size - 1};
  const std::size_t piece = 1 + mode % 61;
  const bool export_layout = (mode & 0x40) != 0;
  const bool message_only = (mode & 0x80) != 0;
  const Collected whole = read_in_pieces(bytes, bytes.size(), export_layout, message_only);
  const Collected cut = read_in_pieces(bytes, piece, export_layout, message_only);
  if (whole.records != cut.records) std::abort();
  // Several times over, also with other ids and digits, so that every line is read by what the first ones taught.
  std::string again;
  for (unsigned turn = 0; turn < 5; ++turn) {
    again.append(bytes).append("\n");
    fa::vary_form(again, again.size() - bytes.size() - 1, turn);
  }
  const Collected by_form = read_in_pieces(again, again.size(), export_layout, message_only);
  const Collected anew = read_in_pieces(again, again.size(), export_layout, message_only, fa::LineReading::kEachAnew);
  if (by_form.records != anew.records) std::abort();

  fa::LogScratch scratch;
  fa::LogRecord record;
  fa::TelemetrySink ignore;
  fa::parse_log_message(bytes, record, fa::from_unix_nanos(1'773'477'000'000'000'000), scratch, &ignore);
  return 0;
}
