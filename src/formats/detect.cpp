#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/text.h"
#include "formats/alb_counts.h"
#include "formats/alb_line.h"
#include "formats/cloudtrail_rows.h"
#include "formats/command_output.h"
#include "formats/csv.h"
#include "formats/csv_layout.h"
#include "formats/csv_table_reader.h"
#include "formats/detect_json.h"
#include "formats/prometheus_text.h"
#include "formats/reader.h"
#include "formats/timestamp.h"

namespace fa {
namespace {

struct Magic {
  std::string_view bytes;
  std::string_view name;
};
using namespace std::string_view_literals;
constexpr std::array<Magic, 26> kMagics{{
    {"\x7F"
     "ELF"sv,
     "ELF program"},
    {"\x89PNG\r\n"sv, "PNG image"},
    {"\xFF\xD8\xFF"sv, "JPEG image"},
    {"GIF87a"sv, "GIF image"},
    {"GIF89a"sv, "GIF image"},
    {"%PDF-"sv, "PDF document"},
    {"PK\x03\x04"sv, "ZIP archive"},
    {"PK\x05\x06"sv, "ZIP archive"},
    {"SQLite format 3\0"sv, "SQLite database"},
    {"PAR1"sv, "Parquet file"},
    {"ORC\x0A"sv, "ORC file"},
    {"Obj\x01"sv, "Avro file"},
    {"\x1F\x8B"sv, "gzip data"},
    {"\x28\xB5\x2F\xFD"sv, "Zstandard data"},
    {"BZh"sv, "bzip2 data"},
    {"\xFD"
     "7zXZ\0"sv,
     "xz data"},
    {"7z\xBC\xAF\x27\x1C"sv, "7z archive"},
    {"\x04\x22\x4D\x18"sv, "LZ4 data"},
    {"\xD4\xC3\xB2\xA1"sv, "packet capture"},
    {"\xA1\xB2\xC3\xD4"sv, "packet capture"},
    {"\x0A\x0D\x0D\x0A"sv, "packet capture"},
    {"\xCA\xFE\xBA\xBE"sv, "Java class or Mach-O program"},
    {"JAVA PROFILE"sv, "Java heap dump"},
    {"LPKSHHRH"sv, "systemd journal"},
    {"ElfFile\0"sv, "Windows event log"},
    {"RIFF"sv, "RIFF media"},
}};

constexpr std::size_t kStatisticsBytes = std::size_t{64} << 10;
constexpr std::size_t kLinesToTry = 50;

Detection unknown(std::string reason) { return {Format::kUnknown, std::move(reason)}; }

bool is_utf16(std::string_view head) {
  if (head.starts_with("\xFF\xFE"sv) || head.starts_with("\xFE\xFF"sv)) return true;
  // Without a mark: Latin text in which every second byte is zero.
  const std::string_view sample = head.substr(0, 512);
  if (sample.size() < 16) return false;
  std::array<std::size_t, 2> zeros{};
  for (std::size_t i = 0; i < sample.size(); ++i) zeros[i % 2] += sample[i] == '\0' ? 1U : 0U;
  const std::size_t half = sample.size() / 2;
  return std::max(zeros[0], zeros[1]) * 10 > half * 9 && std::min(zeros[0], zeros[1]) == 0;
}

/// Why the bytes are no text; empty when they are.
std::string why_binary(std::string_view head) {
  for (const Magic& magic : kMagics) {
    if (head.starts_with(magic.bytes)) return fmt::format("binary data: {}", magic.name);
  }
  if (head.size() > 262 && head.substr(257, 5) == "ustar") return "binary data: tar archive";
  if (is_utf16(head)) return "UTF-16 text; convert it to UTF-8 (iconv -f UTF-16 -t UTF-8)";
  const std::string_view sample = head.substr(0, kStatisticsBytes);
  std::size_t control = 0;
  std::size_t nul = 0;
  for (const char c : sample) {
    const auto byte = static_cast<unsigned char>(c);
    const bool usual = c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == '\b' || c == '\x1B' || c == '\0';
    control += byte < 0x20 && !usual ? 1U : 0U;
    nul += c == '\0' ? 1U : 0U;
  }
  if (nul == head.size()) return "binary data: nothing but NUL bytes";
  // A log may have holes of NULs (a file that was preallocated, or truncated while written to): NULs alone only count
  // where they are many. Random bytes have one in ten control characters.
  const double size = static_cast<double>(sample.size());
  if (static_cast<double>(nul) > 0.3 * size) {
    return fmt::format("binary data: {:.0f} % NUL bytes", 100 * static_cast<double>(nul) / size);
  }
  if (static_cast<double>(control) > 0.05 * size) {
    return fmt::format("binary data: {:.0f} % control characters", 100 * static_cast<double>(control) / size);
  }
  return {};
}

/// Up to `count` non-blank lines; a line that is cut where the head ends is left out unless it is the only one.
std::vector<std::string_view> first_lines(std::string_view text, bool complete, std::size_t count) {
  std::vector<std::string_view> lines;
  while (!text.empty() && lines.size() < count) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos && !complete && !lines.empty()) break;
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!trim(line).empty()) lines.push_back(line);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

bool is_alb(const std::vector<std::string_view>& lines) {
  constexpr std::array<std::string_view, 7> kTypes{"http", "https", "h2", "grpc", "grpcs", "ws", "wss"};
  for (std::size_t i = 0; i < std::min<std::size_t>(lines.size(), 5); ++i) {
    const std::string_view type = lines[i].substr(0, lines[i].find(' '));
    AccessRecord record;
    if (std::find(kTypes.begin(), kTypes.end(), type) == kTypes.end()) continue;
    if (parse_alb_line(lines[i], record) == nullptr) return true;
  }
  return false;
}

bool is_csv_metrics(std::string_view text, bool complete) {
  const char delimiter = guess_csv_delimiter(text.substr(0, text.find('\n')));
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;
  std::size_t wrong = 0;
  CsvRow row;
  while (!text.empty() && rows.size() + wrong < kLinesToTry) {
    const CsvStep step = read_csv_row(text, delimiter, complete, row);
    if (step == CsvStep::kNeedMore) break;
    text.remove_prefix(row.length);
    if (step == CsvStep::kBroken) {
      ++wrong;
    } else if (row.blank()) {
      continue;
    } else if (header.empty()) {
      header.assign(row.cells.begin(), row.cells.end());
    } else if (row.cells.size() == header.size()) {
      rows.emplace_back(row.cells.begin(), row.cells.end());
    } else {
      ++wrong;
    }
    if (header.size() == 1) return false;
  }
  const auto too_long = [](const std::string& name) { return name.size() > 200; };
  if (wrong > rows.size() / 4 + 1 || std::any_of(header.begin(), header.end(), too_long)) return false;
  std::string why;
  return find_csv_layout(header, rows, why).has_value();
}

/// `2026-01-01T00:00:00.000Z ` as the export to S3 writes it in front of each event.
bool has_export_time(std::string_view line) {
  constexpr std::string_view kShape = "dddd-dd-ddTdd:dd:dd.dddZ ";
  if (line.size() < kShape.size()) return false;
  for (std::size_t i = 0; i < kShape.size(); ++i) {
    const bool digit = line[i] >= '0' && line[i] <= '9';
    if (kShape[i] == 'd' ? !digit : line[i] != kShape[i]) return false;
  }
  return true;
}

/// A message that was a log line of its own before it was exported: JSON, Lambda's START/END/REPORT, or its own time.
bool is_embedded_message(std::string_view message) {
  if (looks_like_json(message)) return true;
  for (const std::string_view word : {"START RequestId: ", "END RequestId: ", "REPORT RequestId: "}) {
    if (message.starts_with(word)) return true;
  }
  return parse_timestamp_at(message, message.starts_with('[') ? 1 : 0, {}).has_value();
}

bool is_logs_export(const std::vector<std::string_view>& lines) {
  if (lines.empty() || !has_export_time(lines.front())) return false;
  std::size_t events = 0;
  std::size_t embedded = 0;
  for (const std::string_view line : lines) {
    if (!has_export_time(line)) continue;  // A further line of a message.
    ++events;
    if (is_embedded_message(line.substr(25))) ++embedded;
  }
  return embedded * 2 > events;
}

/// JSON lines whose first line was cut at its head: all lines behind it are objects.
bool is_json_behind_first_line(const std::vector<std::string_view>& lines) {
  return lines.size() >= 2 && lines[0].ends_with('}') &&
         std::all_of(lines.begin() + 1, lines.end(), [](std::string_view line) { return line.starts_with("{\""); });
}

}  // namespace

Detection detect_format(std::string_view head, bool complete) {
  if (head.empty()) return unknown("empty file");
  if (std::string reason = why_binary(head); !reason.empty()) return unknown(std::move(reason));
  if (head.starts_with("\xEF\xBB\xBF")) head.remove_prefix(3);
  if (trim(head).empty()) return unknown("nothing but white space");

  if (looks_like_json(head)) {
    Detection json = detect_json(head, complete);
    if (json.format != Format::kUnknown || !json.reason.empty()) return json;
  }
  const auto lines = first_lines(head, complete, kLinesToTry);
  if (is_alb(lines)) return {Format::kAlb, {}};
  if (is_json_behind_first_line(lines)) {
    const Detection json = detect_json(head.substr(head.find('\n') + 1), complete);
    if (json.format != Format::kUnknown) return json;
  }
  if (is_command_output(lines)) return {Format::kCommandOutput, {}};
  if (is_prometheus_text(lines)) return {Format::kPrometheusText, {}};
  if (has_csv_header(head, kAlbCountColumns)) return {Format::kAlbCounts, {}};
  if (has_csv_header(head, kCloudTrailRowColumns)) return {Format::kCloudTrailRows, {}};
  if (is_csv_metrics(head, complete)) return {Format::kCsvMetrics, {}};
  if (is_logs_export(lines)) return {Format::kCloudWatchLogsExport, {}};
  return {Format::kLogLines, {}};
}

}  // namespace fa
