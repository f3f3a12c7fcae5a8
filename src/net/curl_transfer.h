#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "net/body_queue.h"
#include "net/curl_client.h"

struct curl_slist;

namespace fa {

/// One libcurl easy handle with its callbacks: sends a request and takes the answer apart. Lives on the loop's thread
/// alone. The request, options and queue are borrowed and must outlive it.
class CurlTransfer {
 public:
  using Instant = std::chrono::steady_clock::time_point;

  /// `name`: what errors call this exchange. `share`: a CURLSH. `queue`: takes the body of a 2xx answer; may be null.
  CurlTransfer(const HttpRequest& request, std::string_view name, const CurlClientOptions& options, void* share,
               BodyQueue* queue);
  ~CurlTransfer();
  CurlTransfer(const CurlTransfer&) = delete;
  CurlTransfer& operator=(const CurlTransfer&) = delete;

  /// The CURL handle, set up. An error for what libcurl cannot send.
  Result<void*> start();
  /// Goes on after the queue was full; returns a CURLcode.
  int resume();
  [[nodiscard]] bool paused() const { return paused_; }
  /// When the last byte went in or out; resuming counts too.
  [[nodiscard]] Instant last_progress() const { return last_progress_; }

  /// The outcome, once libcurl says that it is done with this CURLcode. Call once.
  Result<HttpResponse> finish(int code);
  /// Adds what this transfer cost to the counters.
  void count(HttpCounters& counters) const;

 private:
  static std::size_t on_header(char* bytes, std::size_t size, std::size_t count, void* self);
  static std::size_t on_body(char* bytes, std::size_t size, std::size_t count, void* self);
  static std::size_t on_upload(char* into, std::size_t size, std::size_t count, void* self);
  static int on_seek(void* self, long offset, int origin);
  static int on_progress(void* self, long, long down, long, long up);

  Result<void> set_options();
  Result<void> set_headers();
  bool take_header(std::string_view line);
  std::size_t take_body(std::string_view bytes);

  const HttpRequest& request_;
  const std::string_view name_;
  const CurlClientOptions& options_;
  void* const share_;
  BodyQueue* const queue_;

  void* easy_ = nullptr;
  curl_slist* header_list_ = nullptr;
  std::array<char, 256> detail_{};  // libcurl's error buffer
  std::size_t uploaded_ = 0;
  HttpResponse response_;
  bool in_headers_ = false;
  bool headers_done_ = false;  // of the final answer; what comes later in that form are trailers
  std::size_t header_bytes_ = 0;
  std::uint64_t body_bytes_ = 0;
  std::optional<Error> own_error_;  // why a callback of ours ended the transfer
  bool paused_ = false;
  Instant last_progress_;
  long moved_ = 0;  // bytes both ways that libcurl has told of
};

}  // namespace fa
