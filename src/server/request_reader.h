#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "server/web_server.h"

namespace fa::server {

struct RequestLimits {
  std::size_t header_bytes = 0;  ///< Request line to empty line; also of a chunk's header and of the trailers.
  std::size_t body_bytes = 0;
};

/// Reads the requests of one connection, whatever pieces they come in (the parser is Beast's). Where two readers of one
/// message could disagree on where it ends, it is refused: request smuggling lives on that (RFC 9112, 6.3 and 11.2).
class RequestReader {
 public:
  enum class Status { kHeader, kBody, kComplete, kRefused };  ///< The first two: incomplete.

  explicit RequestReader(RequestLimits limits);
  ~RequestReader();
  RequestReader(const RequestReader&) = delete;
  RequestReader& operator=(const RequestReader&) = delete;

  /// Takes further bytes. Must not be called for a complete or refused request.
  Status feed(std::string_view bytes);
  /// Takes the complete request; what came after it begins the next one.
  ServerRequest take();
  /// Goes on with what came after the request that was taken.
  Status resume() { return feed({}); }

  /// Whether nothing came of the present request yet (line ends before it do not count).
  [[nodiscard]] bool untouched() const;
  [[nodiscard]] int refusal() const;  ///< kRefused: the status that says why, 400, 413, 417 or 431.
  // Of the present request once its header is complete, until take().
  [[nodiscard]] bool keep_alive() const;
  [[nodiscard]] bool head() const;  ///< HEAD: the answer goes without its body.
  [[nodiscard]] bool http10() const;
  [[nodiscard]] bool expects_continue() const;  ///< The client waits for `100 Continue` before it sends the body.

 private:
  class Parser;
  Status parse();
  [[nodiscard]] Status refuse(int status);
  RequestLimits limits_;
  std::unique_ptr<Parser> parser_;  ///< Of the present request; none before its first byte.
  std::string rest_;                ///< Bytes that are not parsed yet, from `offset_` on.
  std::size_t offset_ = 0;
  std::size_t header_bytes_ = 0;  ///< Parsed so far of the present header.
  int refusal_ = 0;
};

}  // namespace fa::server
