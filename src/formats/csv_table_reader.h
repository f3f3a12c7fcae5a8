#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "formats/csv.h"
#include "formats/reader.h"

namespace fa {

/// True when the text's first line holds exactly these column names, in this order (a byte order mark is passed over).
[[nodiscard]] bool has_csv_header(std::string_view text, std::span<const std::string_view> columns);

/// Base of the readers of tables whose columns are fixed (RFC 4180, comma, one header row). Rows with another number of
/// cells and quotes that are never closed are counted; reading goes on with the next line.
class CsvTableReader : public RecordReader {
 public:
  std::size_t read(std::string_view data, std::uint64_t offset, bool last, TelemetrySink& sink) final;

 protected:
  /// `columns` must outlive the reader.
  explicit CsvTableReader(std::span<const std::string_view> columns) : columns_(columns) {}

  /// One row with as many cells as there are columns. Its views die with the call of flush(); `row.unquoted` may be
  /// moved away, the views into it stay valid then as long as it lives.
  virtual void take_row(CsvRow& row, const BytePosition& position, TelemetrySink& sink) = 0;
  /// The end of a block: what was kept of its rows must be handed over now. `last`: of the file.
  virtual void flush(TelemetrySink& sink, bool last) = 0;

 private:
  std::span<const std::string_view> columns_;
  std::uint64_t line_ = 1;
  bool begun_ = false;
};

}  // namespace fa
