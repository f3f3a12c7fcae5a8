#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>

#include "support/slack/slack_person.h"
#include "support/slack/slack_wire.h"

namespace fa::test {
namespace {

constexpr const char* kForm = "application/x-www-form-urlencoded";

/// `v0=` and the HMAC-SHA256 of `v0:<timestamp>:<body>`
/// (https://docs.slack.dev/authentication/verifying-requests-from-slack).
std::string signature_of(std::string_view secret, const std::string& timestamp, const std::string& body) {
  const std::string base = "v0:" + timestamp + ":" + body;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(base.data()), base.size(), digest.data(), &length);
  std::string out = "v0=";
  char hex[3];
  for (unsigned i = 0; i < length; ++i) {
    std::snprintf(hex, sizeof hex, "%02x", static_cast<unsigned>(digest[i]));
    out += hex;
  }
  return out;
}

struct Address {
  std::string host;
  std::uint16_t port = 80;
  std::string path = "/";
};

/// Of `http://127.0.0.1:8080/slack/events`.
bool read_address(std::string_view url, Address& out) {
  constexpr std::string_view kScheme = "http://";
  if (!url.starts_with(kScheme)) return false;
  url.remove_prefix(kScheme.size());
  const std::size_t slash = url.find('/');
  if (slash != std::string_view::npos) out.path = url.substr(slash);
  const std::string_view authority = url.substr(0, slash);
  const std::size_t colon = authority.find(':');
  out.host = authority.substr(0, colon);
  if (colon == std::string_view::npos) return true;
  const std::string_view port = authority.substr(colon + 1);
  return std::from_chars(port.data(), port.data() + port.size(), out.port).ec == std::errc();
}

/// A socket that is closed in the end.
class Socket {
 public:
  Socket() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {}
  ~Socket() {
    if (fd_ >= 0) ::close(fd_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  bool connect(const Address& address) const {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(address.port);
    if (::inet_pton(AF_INET, address.host.c_str(), &to.sin_addr) != 1) return false;
    return ::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
  }
  bool write_all(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }
  /// Everything until the other side closes; false when the time is over or the connection breaks.
  bool read_all(std::string& out, std::chrono::steady_clock::time_point end) const {
    char buffer[16'384];
    for (;;) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now()).count();
      pollfd ready{fd_, POLLIN, 0};
      const int polled = left <= 0 ? 0 : ::poll(&ready, 1, static_cast<int>(left));
      if (polled < 0 && errno == EINTR) continue;
      if (polled <= 0) return false;
      const ssize_t n = ::recv(fd_, buffer, sizeof buffer, 0);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return n == 0;
      out.append(buffer, static_cast<std::size_t>(n));
    }
  }

 private:
  int fd_;
};

/// The body of an answer behind which the connection was closed.
std::string body_of(std::string_view answer, std::size_t head) {
  std::string_view body = answer.substr(head + 4);
  std::string headers(answer.substr(0, head));
  for (char& c : headers) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  if (headers.find("transfer-encoding: chunked") == std::string::npos) return std::string(body);
  std::string out;
  for (;;) {
    std::size_t size = 0;
    const auto parsed = std::from_chars(body.data(), body.data() + body.size(), size, 16);
    const std::size_t begin = body.find("\r\n");
    if (parsed.ec != std::errc() || size == 0 || begin == std::string_view::npos) return out;
    out.append(body.substr(begin + 2, size));
    body.remove_prefix(std::min(body.size(), begin + 2 + size + 2));
  }
}

std::string request_text(const Address& address, const HttpHeaders& headers, const std::string& body) {
  std::string text = "POST " + address.path + " HTTP/1.1\r\nHost: " + address.host + ":" +
                     std::to_string(address.port) +
                     "\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
  for (const auto& [name, value] : headers) text.append(name).append(": ").append(value).append("\r\n");
  return text.append("\r\n").append(body);
}

std::int64_t now_of(const SlackStandIn& slack) {
  const Clock* clock = slack.world().clock;
  const TimePoint now = clock != nullptr ? clock->now() : SystemClock().now();
  return std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
}

SlackReply problem(const char* what) {
  SlackReply reply;
  reply.problem = what;
  return reply;
}

SlackReply exchange(const std::string& url, const HttpHeaders& headers, const std::string& body,
                    std::chrono::milliseconds patience) {
  const auto end = std::chrono::steady_clock::now() + patience;
  Address address;
  if (!read_address(url, address)) return problem("the address is none that can be called");
  const Socket socket;
  if (!socket.connect(address)) return problem("no connection");
  // An answer may come, and the connection end, before all was sent.
  const bool written = socket.write_all(request_text(address, headers, body));
  std::string answer;
  const bool whole = socket.read_all(answer, end);
  const std::size_t head = answer.find("\r\n\r\n");
  int status = 0;
  if (head == std::string::npos || std::sscanf(answer.c_str(), "HTTP/1.%*d %d", &status) != 1) {
    return problem(!written ? "the connection was lost while sending" : whole ? "no answer" : "no answer in time");
  }
  SlackReply reply;
  reply.status = status;
  reply.body = body_of(answer, head);
  return reply;
}

}  // namespace

SlackRequest http_request_of(const SlackPayload& payload) {
  if (payload.type == "events_api") return {"application/json", payload.json};
  if (payload.type == "interactive") return {kForm, slack_wire::encode_form({{"payload", payload.json}})};
  std::vector<std::pair<std::string, std::string>> fields;
  const Json command = parse_json(payload.json);
  for (const auto& [name, value] : command.items()) fields.emplace_back(name, value.get<std::string>());
  return {kForm, slack_wire::encode_form(fields)};
}

SlackRequest url_verification_request(const std::string& challenge) {
  return {"application/json",
          json_text(Json{{"token", "not-used"}, {"challenge", challenge}, {"type", "url_verification"}})};
}

SlackRequest ssl_check_request() { return {kForm, "ssl_check=1&token=not-used"}; }

HttpHeaders slack_headers(const SlackRequest& request, std::string_view secret, std::int64_t now,
                          const SlackSendOptions& options) {
  const std::string timestamp = std::to_string(now + options.clock_off.count());
  HttpHeaders headers = {{"Content-Type", request.content_type},
                         {"User-Agent", "Slackbot 1.0 (+https://api.slack.com/robots)"},
                         {"X-Slack-Request-Timestamp", timestamp},
                         {"X-Slack-Signature", signature_of(secret, timestamp, request.body)}};
  if (options.retry_number > 0) {
    headers.emplace_back("X-Slack-Retry-Num", std::to_string(options.retry_number));
    headers.emplace_back("X-Slack-Retry-Reason", options.retry_reason);
  }
  return headers;
}

SlackReply send_to_app(const SlackStandIn& slack, const std::string& url, const SlackRequest& request,
                       const SlackSendOptions& options) {
  const std::string& secret = options.secret.empty() ? slack.world().signing_secret : options.secret;
  const auto begin = std::chrono::steady_clock::now();
  SlackReply reply =
      exchange(url, slack_headers(request, secret, now_of(slack), options), request.body, options.patience);
  reply.took = std::chrono::steady_clock::now() - begin;
  return reply;
}

SlackReply send_to_app(const SlackStandIn& slack, const std::string& url, const SlackPayload& payload,
                       const SlackSendOptions& options) {
  return send_to_app(slack, url, http_request_of(payload), options);
}

}  // namespace fa::test
