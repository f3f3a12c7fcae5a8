#include "formats/part_border.h"

#include "base/text.h"
#include "formats/container_wrapper.h"
#include "formats/log_parser.h"
#include "formats/multiline.h"
#include "formats/timestamp.h"

namespace fa {
namespace {

bool is_whole_object(std::string_view line) {
  line = trim(line);
  return line.size() >= 2 && line.front() == '{' && line.back() == '}';
}

/// The key of an export request stands at its beginning.
bool holds_metrics(std::string_view line) {
  const std::string_view begin = trim(line).substr(0, 64);
  return begin.find("resourceMetrics") != std::string_view::npos ||
         begin.find("resource_metrics") != std::string_view::npos;
}

/// `2026-03-14` or `14/Mar/2026`: read the same whatever dates came before.
bool says_its_date(std::string_view line, const ParsedTimestamp& stamp) {
  if (!stamp.has_year || stamp.ambiguous || stamp.begin > 1) return false;
  const std::string_view text = line.substr(stamp.begin, stamp.end - stamp.begin);
  bool year_first = text.size() >= 4;
  for (const char c : text.substr(0, 4)) year_first = year_first && is_digit(c);
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz";
  return (year_first && text.size() > 4 && !is_digit(text[4])) ||
         text.find_first_of(kLetters) != std::string_view::npos;
}

/// Such a line begins a record, and tells all about it that lines before could have told.
bool stands_alone(std::string_view line, LogScratch& scratch, LogRecord& record) {
  const UnwrappedLine unwrapped = unwrap_container_line(line, scratch.impl().arena);
  if (unwrapped.wrapped || unwrapped.text.size() != line.size()) return false;
  const ParsedLog parsed = parse_log_text(line, record, kNoTime, scratch.impl());
  if (!parsed.starts_record || !parsed.has_time || parsed.cut) return false;
  if (parsed.structured) return is_whole_object(line);
  const auto stamp = scan_timestamp(line, {});
  return stamp && says_its_date(line, *stamp);
}

}  // namespace

bool may_be_cut(Format format, std::string_view head) {
  switch (format) {
    case Format::kLogLines:
      return true;
    case Format::kOtlp:
      return !holds_metrics(head);
    default:
      return false;
  }
}

bool part_may_begin(Format format, std::string_view previous, std::string_view line, bool message_only) {
  switch (format) {
    case Format::kOtlp:
      return is_whole_object(previous) && is_whole_object(line) && !holds_metrics(previous) && !holds_metrics(line);
    case Format::kLogLines: {
      if (message_only) return true;
      if (previous.ends_with('\r')) previous.remove_suffix(1);
      if (line.ends_with('\r')) line.remove_suffix(1);
      LogScratch scratch;
      LogRecord before;
      LogRecord record;
      if (!stands_alone(previous, scratch, before) || !stands_alone(line, scratch, record)) return false;
      StackTraceTracker trace;
      trace.start(previous, is_whole_object(previous) ? std::string_view{} : before.message);
      return !trace.inside();
    }
    default:
      return false;
  }
}

}  // namespace fa
