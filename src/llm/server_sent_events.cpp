#include "llm/server_sent_events.h"

#include <fmt/core.h>

#include <utility>

namespace fa::llm {

Result<std::vector<ServerSentEvent>> ServerSentEvents::feed(std::string_view bytes) {
  std::vector<ServerSentEvent> events;
  while (!bytes.empty() && !too_large_) {
    if (after_cr_ && bytes.front() == '\n') bytes.remove_prefix(1);
    after_cr_ = false;
    const std::size_t end = bytes.find_first_of("\r\n");
    const std::string_view part = bytes.substr(0, end);
    if (part.size() > kMaxServerEventBytes - line_.size()) {
      too_large_ = true;
      break;
    }
    line_.append(part);
    if (end == std::string_view::npos) break;
    after_cr_ = bytes[end] == '\r';
    bytes.remove_prefix(end + 1);
    take_line(events);
  }
  // What came whole before is handed over first; the next call then tells.
  if (too_large_ && events.empty()) {
    return fail(ErrorCode::kLimit,
                fmt::format("an event of the stream has more than the {} bytes allowed", kMaxServerEventBytes));
  }
  return events;
}

std::optional<ServerSentEvent> ServerSentEvents::finish() {
  if (too_large_) return std::nullopt;
  std::vector<ServerSentEvent> events;
  if (!line_.empty()) take_line(events);
  dispatch(events);
  if (events.empty()) return std::nullopt;
  return std::move(events.back());
}

void ServerSentEvents::take_line(std::vector<ServerSentEvent>& events) {
  std::string_view line = line_;
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (at_start_ && line.starts_with(kByteOrderMark)) line.remove_prefix(kByteOrderMark.size());
  at_start_ = false;
  if (line.empty()) {
    line_.clear();
    dispatch(events);
    return;
  }
  const std::size_t colon = line.find(':');
  const std::string_view field = line.substr(0, colon);  // empty for a comment
  std::string_view value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (field == "data") {
    if (value.size() + 1 > kMaxServerEventBytes - event_.data.size()) {
      too_large_ = true;
    } else {
      if (has_data_) event_.data += '\n';
      event_.data.append(value);
      has_data_ = true;
    }
  } else if (field == "event") {
    event_.name = std::string(value);
  }
  line_.clear();
}

void ServerSentEvents::dispatch(std::vector<ServerSentEvent>& events) {
  if (has_data_) events.push_back(std::move(event_));
  event_ = {};
  has_data_ = false;
}

}  // namespace fa::llm
