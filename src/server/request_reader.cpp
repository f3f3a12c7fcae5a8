#include "server/request_reader.h"

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <limits>
#include <optional>
#include <utility>

#include "base/text.h"

namespace fa::server {
namespace {

namespace http = boost::beast::http;
using boost::beast::error_code;
using BeastView = boost::beast::string_view;

std::string_view view(BeastView text) { return {text.data(), text.size()}; }

/// `/path?query` of a target in any of its forms; nullopt for what names no resource (CONNECT's `host:port`).
std::optional<std::string_view> origin_form(std::string_view target) {
  if (target.starts_with('/') || target == "*") return target;
  const std::size_t scheme = target.find("://");
  if (scheme == std::string_view::npos) return std::nullopt;
  const std::string_view name = target.substr(0, scheme);
  if (!iequals(name, "http") && !iequals(name, "https")) return std::nullopt;
  const std::string_view authority = target.substr(scheme + 3);
  if (authority.empty() || authority.front() == '/' || authority.front() == '?') return std::nullopt;
  const std::size_t end = authority.find_first_of("/?");
  return end == std::string_view::npos ? std::string_view() : authority.substr(end);
}

}  // namespace

/// Beast's parser, writing into a ServerRequest.
class RequestReader::Parser final : public http::basic_parser<true> {
 public:
  explicit Parser(const RequestLimits& limits) {
    header_limit(static_cast<std::uint32_t>(
        std::min<std::size_t>(limits.header_bytes, std::numeric_limits<std::uint32_t>::max())));
    body_limit(limits.body_bytes);
  }

  ServerRequest request;
  bool http10 = false;
  bool expects_continue = false;
  bool bad_expectation = false;

 private:
  void on_request_impl(http::verb, BeastView method, BeastView target, int version, error_code& error) override {
    request.method = view(method);
    http10 = version == 10;
    const auto resource = origin_form(view(target));
    if (!resource) {
      error = http::error::bad_target;
      return;
    }
    const std::size_t mark = resource->find('?');
    request.path = resource->substr(0, mark);
    if (request.path.empty()) request.path = "/";
    if (mark != std::string_view::npos) request.query = resource->substr(mark + 1);
  }

  void on_field_impl(http::field field, BeastView name, BeastView value, error_code& error) override {
    if (header_done_) return;  // Trailers say nothing that we would believe.
    switch (field) {
      case http::field::host:
        ++hosts_;
        break;
      case http::field::content_length:
        // Beast takes repeated lengths that agree.
        if (++lengths_ > 1 || value.find(',') != BeastView::npos) error = http::error::multiple_content_length;
        break;
      case http::field::transfer_encoding:
        // Beast takes a body in an unknown coding for no body at all.
        if (http10 || !iequals(view(value), "chunked")) error = http::error::bad_transfer_encoding;
        break;
      case http::field::expect:
        expects_continue = !http10 && iequals(view(value), "100-continue");
        bad_expectation = !http10 && !expects_continue;
        break;
      default:
        break;
    }
    request.headers.emplace_back(view(name), view(value));
  }

  void on_header_impl(error_code& error) override {
    header_done_ = true;
    const bool one_host = hosts_ == 1 || (hosts_ == 0 && http10);  // RFC 9112, 3.2
    if (!one_host || bad_expectation) error = http::error::bad_value;
  }

  std::size_t on_body_impl(BeastView bytes, error_code&) override {
    request.body.append(bytes.data(), bytes.size());
    return bytes.size();
  }

  std::size_t on_chunk_body_impl(std::uint64_t, BeastView bytes, error_code& error) override {
    return on_body_impl(bytes, error);
  }

  // What a length promises is no reason to reserve memory: it need not come.
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  void on_chunk_header_impl(std::uint64_t, BeastView, error_code&) override {}
  void on_finish_impl(error_code&) override {}
  void on_response_impl(int, BeastView, int, error_code&) override {}

  int hosts_ = 0;
  int lengths_ = 0;
  bool header_done_ = false;
};

RequestReader::RequestReader(RequestLimits limits) : limits_(limits) {}

RequestReader::~RequestReader() = default;

bool RequestReader::untouched() const { return !parser_ && offset_ == rest_.size(); }
int RequestReader::refusal() const { return refusal_; }
bool RequestReader::keep_alive() const { return parser_->keep_alive(); }
bool RequestReader::head() const { return parser_->request.method == "HEAD"; }
bool RequestReader::http10() const { return parser_->http10; }
bool RequestReader::expects_continue() const { return parser_->expects_continue; }

RequestReader::Status RequestReader::refuse(int status) {
  refusal_ = status;
  return Status::kRefused;
}

RequestReader::Status RequestReader::feed(std::string_view bytes) {
  if (!bytes.empty()) {
    rest_.erase(0, offset_);
    offset_ = 0;
    rest_.append(bytes);
  }
  const Status status = parse();
  if (offset_ == rest_.size()) {
    std::string().swap(rest_);  // Gives the memory back: most connections are idle most of the time.
    offset_ = 0;
  }
  return status;
}

RequestReader::Status RequestReader::parse() {
  if (!parser_) {
    // Some clients end a body with a line end that belongs to nothing (RFC 9112, 2.2).
    while (offset_ < rest_.size() && (rest_[offset_] == '\r' || rest_[offset_] == '\n')) ++offset_;
    if (offset_ == rest_.size()) return Status::kHeader;
    parser_ = std::make_unique<Parser>(limits_);
    header_bytes_ = 0;
  }
  // The shortest end of a chunked body has five bytes; with fewer Beast's parser can fail an assertion of its own.
  constexpr std::size_t kShortestEnd = 5;
  while (!parser_->is_done()) {
    const std::size_t left = rest_.size() - offset_;
    const bool in_header = !parser_->is_header_done();
    if (left < (!in_header && parser_->chunked() ? kShortestEnd : 1)) break;
    error_code error;
    const std::size_t used = parser_->put({rest_.data() + offset_, left}, error);
    offset_ += used;
    if (in_header) header_bytes_ += used;
    if (error == http::error::need_more) {
      // Beast counts fields that came apart each for itself, and chunk headers and trailers not at all.
      if ((in_header ? header_bytes_ : 0) + left - used > limits_.header_bytes) return refuse(431);
      break;
    }
    if (in_header && header_bytes_ > limits_.header_bytes) return refuse(431);
    if (error == http::error::header_limit) return refuse(431);
    if (error == http::error::body_limit) return refuse(413);
    if (error) return refuse(parser_->bad_expectation ? 417 : 400);
  }
  if (parser_->is_done()) return Status::kComplete;
  return parser_->is_header_done() ? Status::kBody : Status::kHeader;
}

ServerRequest RequestReader::take() {
  ServerRequest request = std::move(parser_->request);
  parser_.reset();
  return request;
}

}  // namespace fa::server
