#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace fa::llm {

/// One event of a text/event-stream. Format: WHATWG HTML, "Server-sent events", 9.2.6; `id` and `retry` are passed
/// over, since answers of models cannot be resumed.
struct ServerSentEvent {
  std::string name;  ///< Of the `event` field; empty when there is none.
  std::string data;  ///< All `data` lines, with `\n` between them.
  bool operator==(const ServerSentEvent&) const = default;
};

/// Data of one event, and length of one line.
inline constexpr std::size_t kMaxServerEventBytes = std::size_t{8} << 20;

/// Takes events out of bytes that arrive in pieces; the events do not depend on where the pieces are cut. Lines end
/// with LF, CR or CRLF; a byte order mark at the beginning, comments, unknown fields and events without data are
/// passed over. Nothing is decoded: bytes that are no UTF-8 stay as they are. Linear in the bytes fed. Not thread-safe.
class ServerSentEvents {
 public:
  /// All events completed by these bytes. kLimit for an event or line above kMaxServerEventBytes; then for every
  /// further call too.
  Result<std::vector<ServerSentEvent>> feed(std::string_view bytes);
  /// At the end of the bytes: the event whose empty line never came, which the format would have us drop. Some servers
  /// end their last event so; one that was cut is for the reader of its data to notice.
  std::optional<ServerSentEvent> finish();

 private:
  void take_line(std::vector<ServerSentEvent>& events);
  void dispatch(std::vector<ServerSentEvent>& events);

  std::string line_;
  ServerSentEvent event_;
  bool has_data_ = false;
  bool at_start_ = true;   ///< Of the stream: a byte order mark may stand here.
  bool after_cr_ = false;  ///< An LF that follows belongs to the line end before it.
  bool too_large_ = false;
};

}  // namespace fa::llm
