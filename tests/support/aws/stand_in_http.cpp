/// The stand-in as an HttpClient: what CurlClient would report of such an answer, without sockets and without waiting.
#include <zlib.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "support/aws/stand_in.h"
#include "support/aws/wire.h"

namespace fa::test {
namespace {

tl::unexpected<Error> unavailable(const HttpRequest& request, const char* reason, const char* words) {
  const wire::Call call = wire::take_apart(request);
  return tl::unexpected(
      Error{ErrorCode::kUnavailable, request.method + " " + call.host + call.path + ": " + words + ".", reason});
}

bool says_gzip(const HttpResponse& response) {
  return std::any_of(response.headers.begin(), response.headers.end(),
                     [](const auto& h) { return iequals(h.first, "content-encoding") && iequals(h.second, "gzip"); });
}

/// Unpacks gzip as libcurl does for Content-Encoding; false when the bytes are none.
bool unpack(std::string& body, std::uint64_t most) {
  z_stream stream{};
  if (inflateInit2(&stream, 15 + 16) != Z_OK) return false;
  std::string out;
  std::array<unsigned char, 65536> buffer{};
  stream.next_in = reinterpret_cast<unsigned char*>(body.data());  // zlib takes bytes as unsigned char
  stream.avail_in = static_cast<unsigned>(body.size());
  int status = Z_OK;
  while (status == Z_OK && out.size() <= most) {
    stream.next_out = buffer.data();
    stream.avail_out = static_cast<unsigned>(buffer.size());
    status = inflate(&stream, Z_NO_FLUSH);
    out.append(reinterpret_cast<const char*>(buffer.data()), buffer.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  if (status != Z_STREAM_END && out.size() <= most) return false;
  body = std::move(out);
  return true;
}

/// In pieces, as they come off a socket.
Result<void> deliver(std::string_view body, BodySink& sink) {
  constexpr std::size_t kPiece = 64 << 10;
  if (auto ok = sink.restart(); !ok) return ok;
  for (std::size_t at = 0; at < body.size(); at += kPiece) {
    if (auto ok = sink.write(body.substr(at, kPiece)); !ok) return ok;
  }
  return {};
}

}  // namespace

Result<HttpResponse> StandInHttp::send(const HttpRequest& request, const Context& context, BodySink* sink) {
  if (context.stopped()) return fail(ErrorCode::kCancelled, "Stopped before the request was sent.");
  ServerAnswer answer = stand_in_.answer(request);
  const Nanoseconds wait = answer.never ? Nanoseconds::max() : Nanoseconds(answer.delay);
  const Nanoseconds left =
      context.deadline ? Nanoseconds(*context.deadline - std::chrono::steady_clock::now()) : Nanoseconds::max();
  if (wait > std::min(left, request.timeout)) {
    if (left < request.timeout) {
      return fail(ErrorCode::kCancelled, "The deadline passed while waiting for an answer.");
    }
    return unavailable(request, "Timeout", "no answer in time");
  }
  if (answer.garbage) return unavailable(request, "BadAnswer", "the answer is no HTTP");

  HttpResponse& response = answer.response;
  const bool to_sink = sink != nullptr && response.status / 100 == 2;
  if (answer.cut) {
    if (to_sink) {
      if (auto ok = deliver(std::string_view(response.body).substr(0, response.body.size() / 2), *sink); !ok) {
        return tl::unexpected(ok.error());
      }
    }
    return unavailable(request, "ConnectionLost", "the connection was lost in the middle of the answer");
  }
  if (says_gzip(response) && !response.body.empty() && !unpack(response.body, request.max_response_bytes)) {
    return unavailable(request, "BadAnswer", "the answer's compression is broken");
  }
  if (response.body.size() > request.max_response_bytes) {
    return fail(ErrorCode::kLimit, request.method + " " + wire::take_apart(request).path +
                                       ": the answer is larger than " + std::to_string(request.max_response_bytes) +
                                       " bytes.");
  }
  if (to_sink) {
    if (auto ok = deliver(response.body, *sink); !ok) return tl::unexpected(ok.error());
    response.body.clear();
  }
  return std::move(response);
}

}  // namespace fa::test
