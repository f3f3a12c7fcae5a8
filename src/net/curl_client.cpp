#include "net/curl_client.h"

#include <fstream>
#include <functional>
#include <stop_token>

#include "net/curl_loop.h"
#include "net/url_parts.h"

namespace fa {
namespace {

/// A bundle that cannot serve is told at once, not at the first exchange.
Result<void> check_ca_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string advice = "; name a PEM file with the certificates of the authorities to trust";
  if (!in) return fail(ErrorCode::kUnreadable, "the CA file " + path + " cannot be opened" + advice);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("-----BEGIN") && line.find("CERTIFICATE-----") != std::string::npos) return {};
  }
  return fail(ErrorCode::kUnreadable, "the CA file " + path + " holds no certificate" + advice);
}

/// What errors call the exchange; the path is cut where it would fill a screen.
std::string name_of(const HttpRequest& request, const UrlParts& parts) {
  constexpr std::size_t kLongestPath = 200;
  std::string name = request.method + ' ' + std::string(parts.authority);
  name.append(parts.path.substr(0, kLongestPath));
  return parts.path.size() > kLongestPath ? name + "..." : name;
}

}  // namespace

CurlClient::CurlClient(std::unique_ptr<Loop> loop) : loop_(std::move(loop)) {}
CurlClient::~CurlClient() = default;

Result<std::unique_ptr<CurlClient>> CurlClient::open(CurlClientOptions options) {
  if (!options.ca_file.empty()) {
    if (auto ok = check_ca_file(options.ca_file); !ok) return tl::unexpected(ok.error());
  }
  auto loop = std::make_unique<Loop>(std::move(options));
  if (auto ok = loop->start(); !ok) return tl::unexpected(ok.error());
  return std::unique_ptr<CurlClient>(new CurlClient(std::move(loop)));
}

HttpCounters CurlClient::counters() const { return loop_->counters(); }

Result<HttpResponse> CurlClient::send(const HttpRequest& request, const Context& context, BodySink* sink) {
  const auto parts = split_url(request.url);
  if (!parts) {
    // The text may hold anything, so it is not repeated.
    return fail(ErrorCode::kInvalidInput,
                "a request's URL is no absolute, percent-encoded http or https URL; check the endpoint's address");
  }
  const auto exchange =
      std::make_shared<CurlExchange>(request, context, name_of(request, *parts), parts->origin, sink != nullptr);
  if (context.stopped()) return fail(ErrorCode::kCancelled, exchange->name + ": stopped before it began");

  const Loop::Visit visit(*loop_);
  loop_->submit(exchange);
  const std::stop_callback on_stop(context.stop, [this, &exchange] { loop_->cancel(exchange); });

  BodyQueue::Taken taken;
  std::string bytes;
  // The loop borrows the request, so nobody leaves before it is done with it, a sink that throws included.
  const auto wait_for_end = [&](void*) {
    if (taken.closed) return;
    loop_->cancel(exchange);
    while (!exchange->queue.take(bytes).closed) {
    }
  };
  const std::unique_ptr<void, decltype(wait_for_end)> stay(exchange.get(), wait_for_end);

  std::optional<Error> sink_error;
  const auto guarded = [&](const Result<void>& done) {
    if (done) return;
    sink_error = done.error();
    loop_->cancel(exchange);
  };
  bool restarted = false;
  while (!taken.closed) {
    taken = exchange->queue.take(bytes);
    if (taken.refused) loop_->resume(exchange);
    const bool wanted = !sink_error && sink != nullptr && (!taken.closed || exchange->outcome->has_value());
    if (wanted && taken.opened && !restarted) {
      restarted = true;
      guarded(sink->restart());
    }
    if (wanted && !sink_error && !bytes.empty()) guarded(sink->write(bytes));
  }
  if (sink_error) return tl::unexpected(std::move(*sink_error));
  return std::move(*exchange->outcome);
}

}  // namespace fa
