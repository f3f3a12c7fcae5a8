#include "net/curl_transfer.h"

#include <curl/curl.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <exception>
#include <limits>

#include "base/text.h"
#include "net/curl_failure.h"

namespace fa {
namespace {

/// More than any service sends; beyond it somebody is filling our memory.
constexpr std::size_t kMaxHeaderBytes = std::size_t{256} << 10;

static_assert(CURL_ERROR_SIZE <= 256, "the error buffer in the header is too small");
static_assert(std::is_same_v<curl_off_t, long>, "the callbacks in the header are declared with long");

long milliseconds(Nanoseconds duration) {
  const auto count = std::chrono::ceil<std::chrono::milliseconds>(duration).count();
  return std::clamp<long>(count, 1, std::numeric_limits<int>::max());  // 0 would be libcurl's own default
}

/// Collects the first failure of many curl_easy_setopt calls.
class Setter {
 public:
  explicit Setter(CURL* easy) : easy_(easy) {}
  template <class T>
  Setter& operator()(CURLoption option, T value) {
    if (code_ == CURLE_OK) code_ = curl_easy_setopt(easy_, option, value);
    return *this;
  }
  [[nodiscard]] CURLcode code() const { return code_; }

 private:
  CURL* easy_;
  CURLcode code_ = CURLE_OK;
};

bool is_token(std::string_view text) {
  constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";  // RFC 9110, 5.6.2
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           kOthers.find(c) != std::string_view::npos;
  });
}

bool is_field_value(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

/// `HTTP/1.1 200 OK` -> 200; nullopt when the line is no status line.
std::optional<int> status_of(std::string_view line) {
  if (!line.starts_with("HTTP/")) return std::nullopt;
  const std::size_t space = line.find(' ');
  int status = 0;
  if (space == std::string_view::npos) return std::nullopt;
  const std::string_view digits = line.substr(space + 1, 3);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), status);
  if (error != std::errc() || end != digits.data() + 3) return std::nullopt;
  return status;
}

}  // namespace

CurlTransfer::CurlTransfer(const HttpRequest& request, std::string_view name, const CurlClientOptions& options,
                           void* share, BodyQueue* queue)
    : request_(request),
      name_(name),
      options_(options),
      share_(share),
      queue_(queue),
      last_progress_(std::chrono::steady_clock::now()) {}

CurlTransfer::~CurlTransfer() {
  curl_easy_cleanup(easy_);
  curl_slist_free_all(header_list_);
}

Result<void*> CurlTransfer::start() {
  easy_ = curl_easy_init();
  if (easy_ == nullptr) return fail(ErrorCode::kInternal, std::string(name_) + ": libcurl has no memory left");
  if (auto ok = set_headers(); !ok) return tl::unexpected(ok.error());
  if (auto ok = set_options(); !ok) return tl::unexpected(ok.error());
  return easy_;
}

Result<void> CurlTransfer::set_headers() {
  const auto add = [this](const std::string& line) {
    curl_slist* longer = curl_slist_append(header_list_, line.c_str());
    if (longer == nullptr) return false;
    header_list_ = longer;
    return true;
  };
  bool added = add("Expect:");  // no waiting for 100-continue: bodies are small and every answer counts
  for (const auto& [key, value] : request_.headers) {
    if (!is_token(key) || !is_field_value(value)) {
      return fail(ErrorCode::kInvalidInput, std::string(name_) + ": a header name or value holds forbidden characters");
    }
    // Counted by libcurl from the body itself; a second opinion could only be wrong.
    if (iequals(key, "Content-Length") || iequals(key, "Expect")) continue;
    // "name:" alone would remove the header; with a semicolon it goes out empty.
    added = added && add(trim(value).empty() ? key + ';' : key + ": " + value);
  }
  if (!added) return fail(ErrorCode::kInternal, std::string(name_) + ": libcurl has no memory left");
  return {};
}

Result<void> CurlTransfer::set_options() {
  if (!is_token(request_.method)) {
    return fail(ErrorCode::kInvalidInput, std::string(name_) + ": this is no HTTP method");
  }
  Setter set(easy_);
  set(CURLOPT_ERRORBUFFER, detail_.data())(CURLOPT_SHARE, static_cast<CURLSH*>(share_));
  set(CURLOPT_URL, request_.url.c_str())(CURLOPT_PATH_AS_IS, 1L)(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L)(CURLOPT_FOLLOWLOCATION, 0L)(CURLOPT_HTTP09_ALLOWED, 0L);
  set(CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_2TLS})(CURLOPT_HTTPHEADER, header_list_);
  // A name server that does not answer must not hold the whole loop when a caller gives up meanwhile.
  set(CURLOPT_QUICK_EXIT, 1L)(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds(request_.connect_timeout));
  set(CURLOPT_TCP_KEEPALIVE, 1L)(CURLOPT_TCP_KEEPIDLE, 30L)(CURLOPT_TCP_KEEPINTVL, 15L);

  // Without the folder of single certificates beside it (of which Debian's libcurl has a default) a bundle of the
  // user's own is all that is trusted, and libcurl parses the bundle once instead of for every connection.
  set(CURLOPT_CAPATH, static_cast<char*>(nullptr))(CURLOPT_PROXY_CAPATH, static_cast<char*>(nullptr));
  if (!options_.ca_file.empty()) {
    set(CURLOPT_CAINFO, options_.ca_file.c_str())(CURLOPT_PROXY_CAINFO, options_.ca_file.c_str());
  }
  if (request_.direct) {
    set(CURLOPT_PROXY, "");
  } else if (!options_.proxy.empty()) {
    set(CURLOPT_PROXY, options_.proxy.c_str());
  }
  set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  if (!options_.user_agent.empty()) set(CURLOPT_USERAGENT, options_.user_agent.c_str());
  if (request_.decode_content) set(CURLOPT_ACCEPT_ENCODING, "gzip, deflate");

  // A body is handed over by a callback: CURLOPT_POSTFIELDS would add a Content-Type that nobody signed.
  const std::string& method = request_.method;
  if (method == "HEAD") {
    set(CURLOPT_NOBODY, 1L);
  } else if (!request_.body.empty() || method == "POST" || method == "PUT" || method == "PATCH") {
    set(CURLOPT_UPLOAD, 1L)(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    set(CURLOPT_READFUNCTION, &on_upload)(CURLOPT_READDATA, static_cast<void*>(this));
    set(CURLOPT_SEEKFUNCTION, &on_seek)(CURLOPT_SEEKDATA, static_cast<void*>(this));
  }
  if (method != "HEAD") set(CURLOPT_CUSTOMREQUEST, method.c_str());

  set(CURLOPT_HEADERFUNCTION, &on_header)(CURLOPT_HEADERDATA, static_cast<void*>(this));
  set(CURLOPT_WRITEFUNCTION, &on_body)(CURLOPT_WRITEDATA, static_cast<void*>(this));
  if (queue_ != nullptr) set(CURLOPT_BUFFERSIZE, 128L << 10);  // fewer reads where whole objects flow
  set(CURLOPT_NOPROGRESS, 0L)(CURLOPT_XFERINFOFUNCTION, &on_progress)(CURLOPT_XFERINFODATA, static_cast<void*>(this));
  if (set.code() == CURLE_OK) return {};
  return fail(ErrorCode::kInternal,
              std::string(name_) + ": libcurl refuses an option: " + curl_easy_strerror(set.code()));
}

// The callbacks come from C code: an exception must not leave them.

std::size_t CurlTransfer::on_header(char* bytes, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  try {
    return transfer.take_header({bytes, size * count}) ? size * count : 0;
  } catch (const std::exception&) {
    transfer.own_error_ = Error{ErrorCode::kInternal, std::string(), {}};
    return 0;
  }
}

std::size_t CurlTransfer::on_body(char* bytes, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  try {
    return transfer.take_body({bytes, size * count});
  } catch (const std::exception&) {
    transfer.own_error_ = Error{ErrorCode::kInternal, std::string(), {}};
    return 0;
  }
}

std::size_t CurlTransfer::on_upload(char* into, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  const std::string_view rest = std::string_view(transfer.request_.body).substr(transfer.uploaded_);
  const std::size_t length = std::min(rest.size(), size * count);
  std::memcpy(into, rest.data(), length);
  transfer.uploaded_ += length;
  return length;
}

int CurlTransfer::on_seek(void* self, long offset, int origin) {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  const auto to = static_cast<std::size_t>(offset);
  if (origin != SEEK_SET || offset < 0 || to > transfer.request_.body.size()) return CURL_SEEKFUNC_FAIL;
  transfer.uploaded_ = to;
  return CURL_SEEKFUNC_OK;
}

int CurlTransfer::on_progress(void* self, long, long down, long, long up) {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  if (down + up != transfer.moved_) {
    transfer.moved_ = down + up;
    transfer.last_progress_ = std::chrono::steady_clock::now();
  }
  return 0;
}

bool CurlTransfer::take_header(std::string_view line) {
  last_progress_ = std::chrono::steady_clock::now();
  header_bytes_ += line.size();
  if (header_bytes_ > kMaxHeaderBytes) {
    own_error_ = Error{ErrorCode::kUnavailable, std::string(name_) + ": the answer's headers have no end", "BadAnswer"};
    return false;
  }
  if (headers_done_) return true;
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  if (!in_headers_) {
    const auto status = status_of(line);
    if (!status) return true;  // libcurl has refused it, or will
    response_.status = *status;
    response_.headers.clear();
    in_headers_ = true;
    return true;
  }
  if (line.empty()) {
    in_headers_ = false;
    headers_done_ = response_.status >= 200;
    if (headers_done_ && queue_ != nullptr && response_.status / 100 == 2) queue_->open();
    return true;
  }
  if ((line.front() == ' ' || line.front() == '\t') && !response_.headers.empty()) {  // RFC 9112, 5.2: a folded line
    std::string& value = response_.headers.back().second;
    if (!value.empty()) value += ' ';
    value.append(trim(line));
    return true;
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return true;
  response_.headers.emplace_back(trim(line.substr(0, colon)), trim(line.substr(colon + 1)));
  return true;
}

std::size_t CurlTransfer::take_body(std::string_view bytes) {
  last_progress_ = std::chrono::steady_clock::now();
  if (bytes.size() > request_.max_response_bytes - body_bytes_) {
    own_error_ = Error{ErrorCode::kLimit,
                       std::string(name_) + ": the answer is larger than the " +
                           format_bytes(request_.max_response_bytes) + " allowed for it",
                       {}};
    return 0;
  }
  if (queue_ == nullptr || response_.status / 100 != 2) {
    response_.body.append(bytes);
  } else if (!queue_->offer(bytes)) {
    paused_ = true;
    return CURL_WRITEFUNC_PAUSE;
  }
  body_bytes_ += bytes.size();
  return bytes.size();
}

int CurlTransfer::resume() {
  if (!paused_) return CURLE_OK;
  paused_ = false;
  last_progress_ = std::chrono::steady_clock::now();
  return curl_easy_pause(easy_, CURLPAUSE_CONT);
}

Result<HttpResponse> CurlTransfer::finish(int code) {
  if (code == CURLE_OK && !own_error_ && headers_done_) return std::move(response_);
  if (own_error_) {
    if (own_error_->message.empty()) own_error_->message = std::string(name_) + ": no memory left for the answer";
    return tl::unexpected(std::move(*own_error_));
  }
  CurlFailure failure;
  // libcurl is content with headers that the other side never finished.
  failure.code = code == CURLE_OK ? int{CURLE_GOT_NOTHING} : code;
  failure.detail = detail_.data();
  curl_easy_getinfo(easy_, CURLINFO_HTTP_CONNECTCODE, &failure.proxy_status);
  failure.custom_ca = !options_.ca_file.empty();
  return tl::unexpected(error_of(failure, name_));
}

void CurlTransfer::count(HttpCounters& counters) const {
  const auto add = [this](CURLINFO info, std::uint64_t& to) {
    curl_off_t value = 0;
    if (curl_easy_getinfo(easy_, info, &value) == CURLE_OK && value > 0) to += static_cast<std::uint64_t>(value);
  };
  add(CURLINFO_SIZE_UPLOAD_T, counters.bytes_sent);
  add(CURLINFO_SIZE_DOWNLOAD_T, counters.bytes_received);
  const auto add_long = [this](CURLINFO info, std::uint64_t& to) {
    long value = 0;
    if (curl_easy_getinfo(easy_, info, &value) == CURLE_OK && value > 0) to += static_cast<std::uint64_t>(value);
  };
  add_long(CURLINFO_REQUEST_SIZE, counters.bytes_sent);
  add_long(CURLINFO_HEADER_SIZE, counters.bytes_received);
  add_long(CURLINFO_NUM_CONNECTS, counters.connections_opened);
}

}  // namespace fa
