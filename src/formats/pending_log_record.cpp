#include "formats/pending_log_record.h"

#include "formats/log_text.h"

namespace fa {
namespace {

constexpr std::uint64_t kMaxRecordLines = 1000;

}  // namespace

bool PendingLogRecord::has_room_for(const LogLine& next) const {
  return next.number + next.lines - line <= kMaxRecordLines && next.end - begin <= kMaxLogRecordBytes;
}

void PendingLogRecord::append(const LogLine& next, std::string_view text, std::string_view data,
                              std::string& joined_text) {
  record.form = 0;
  const char* const message_end = record.message.data() + record.message.size();
  const bool plain = !joined && text.data() == data.data() + next.begin && message_end == data.data() + end &&
                     data[end] == '\n' && text.data() + text.size() == data.data() + next.end;
  if (plain && blank_lines == 0) {
    record.message = {record.message.data(),
                      static_cast<std::size_t>(text.data() + text.size() - record.message.data())};
  } else {
    if (!joined) joined_text.assign(record.message);
    joined = true;
    joined_text.append(blank_lines + 1, '\n');
    joined_text.append(text);
  }
  blank_lines = 0;
  end = next.end;
  lines = static_cast<std::uint32_t>(next.number + next.lines - line);
}

void PendingLogRecord::take_jul_line(const LogLine& next, std::string_view text, Severity severity) {
  const std::string_view place = record.message;
  record.form = 0;
  record.severity = severity;
  if (record.logger.empty()) record.logger = place.substr(0, place.find(' '));
  record.message = text.substr(text.find(": ") + 2);
  end = next.end;
  ++lines;
}

std::string_view trimmed_message(std::string_view message) {
  while (!message.empty() && (message[0] == '\n' || message[0] == '\r')) message.remove_prefix(1);
  while (!message.empty() && is_space(message.back())) message.remove_suffix(1);
  return message;
}

}  // namespace fa
