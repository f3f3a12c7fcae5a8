#include "chatops/routes.h"

#include <fmt/core.h>
#include <openssl/crypto.h>

#include "base/hash.h"
#include "base/text.h"

namespace fa::chatops {
namespace {

using server::ServerRequest;
using server::ServerResponse;

ServerResponse text_response(int status, std::string text) {
  return {status, "text/plain; charset=utf-8", std::move(text) + "\n"};
}

ServerResponse response_of(EdgeReply reply) {
  if (reply.body.empty()) return {reply.status, "text/plain; charset=utf-8", ""};
  return {reply.status, "application/json; charset=utf-8", std::move(reply.body)};
}

/// `t` of a checked `t=...,v1=...`: further signatures beside it change nothing.
std::string signed_time(std::string_view header) {
  for (const std::string_view part : split(header, ',')) {
    if (trim(part).starts_with("t=")) return std::string(trim(part).substr(2));
  }
  return {};
}

bool same_bytes(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

/// Times how long a request took us, whatever way it ends.
class Timed {
 public:
  Timed(server::Metrics& metrics, const char* endpoint)
      : metrics_(metrics), endpoint_(endpoint), started_(std::chrono::steady_clock::now()) {}
  ~Timed() {
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started_;
    metrics_.observe("fa2_ack_seconds", took.count(), {{"endpoint", endpoint_}});
  }
  Timed(const Timed&) = delete;
  Timed& operator=(const Timed&) = delete;

 private:
  server::Metrics& metrics_;
  const char* endpoint_;
  std::chrono::steady_clock::time_point started_;
};

}  // namespace

ServerResponse Routes::refuse(int status, const char* endpoint, const std::string& reason, const ServerRequest& request,
                              const std::string& text) {
  parts_.metrics.add("fa2_refused_total", 1, {{"endpoint", endpoint}, {"reason", reason}});
  parts_.log.warning("request_refused",
                     {{"endpoint", std::string(endpoint)}, {"reason", reason}, {"peer", request.peer}});
  return text_response(status, text);
}

ServerResponse Routes::handle(const ServerRequest& request) {
  const std::string& path = request.path;
  const bool reads = request.method == "GET" || request.method == "HEAD";
  if (path == "/healthz" && reads) return text_response(200, "ok");
  if (path == "/readyz" && reads) {
    const auto ready = parts_.ready();
    return ready ? text_response(200, "ok") : text_response(503, ready.error().message);
  }
  if (path == "/metrics" && reads) {
    parts_.before_metrics();
    return {200, "text/plain; version=0.0.4; charset=utf-8", parts_.metrics.text()};
  }
  const bool known = path == "/slack/events" || path == "/sns" || path == "/webhook" || path == "/alertmanager";
  if (!known) return text_response(404, "There is nothing here.");
  if (request.method != "POST") return text_response(405, "Only POST is answered here.");
  if (path == "/slack/events") return slack_events(request);
  if (path == "/sns") return sns(request);
  if (path == "/webhook") return webhook(request);
  return alertmanager(request);
}

ServerResponse Routes::slack_events(const ServerRequest& request) {
  const Timed timed(parts_.metrics, "slack");
  if (!parts_.slack_over_http) return text_response(404, "Slack talks to this server over Socket Mode.");
  auto check = parts_.slack_signatures.verify(parts_.signing_secrets(false), request.headers, request.body);
  if (check == slack::SignatureCheck::kWrong) {
    // The secret may have been replaced since it was read.
    check = parts_.slack_signatures.verify(parts_.signing_secrets(true), request.headers, request.body);
  }
  if (check != slack::SignatureCheck::kValid) {
    const std::string reason(slack::signature_check_name(check));
    const bool clock = check == slack::SignatureCheck::kStale || check == slack::SignatureCheck::kFuture;
    return refuse(401, "slack", reason, request,
                  clock ? "The request's time is more than five minutes off: check the clocks."
                        : "The request is not signed by Slack with this app's signing secret.");
  }
  const std::string content_type(find_header(request.headers, "Content-Type").value_or(""));
  const auto inbound = slack::parse_inbound(content_type, request.body);
  if (!inbound) return refuse(400, "slack", "unreadable", request, inbound.error().message);
  const std::string signature(find_header(request.headers, "X-Slack-Signature").value_or(""));
  return response_of(parts_.edge.handle(*inbound, signature));
}

void Routes::handle_envelope(slack::Envelope envelope) {
  const Timed timed(parts_.metrics, "socket");
  const auto inbound = slack::parse_envelope_payload(envelope.type, envelope.payload);
  if (!inbound) {
    parts_.metrics.add("fa2_refused_total", 1, {{"endpoint", "socket"}, {"reason", "unreadable"}});
    parts_.log.warning("request_refused", {{"endpoint", std::string("socket")}, {"reason", std::string("unreadable")}});
    envelope.acknowledge("");
    return;
  }
  const EdgeReply reply = parts_.edge.handle(*inbound, "");
  // What is not acknowledged comes again.
  if (reply.status == 200) envelope.acknowledge(reply.body);
}

ServerResponse Routes::sns(const ServerRequest& request) {
  const Timed timed(parts_.metrics, "sns");
  const auto message = alarms::parse_sns_message(request.body);
  if (!message) return refuse(400, "sns", "unreadable", request, message.error().message);
  const auto verified = parts_.sns.verify(*message, parts_.settings.sns_topics);
  if (!verified) {
    const bool later = verified.error().code == ErrorCode::kUnavailable;
    return refuse(later ? 503 : 403, "sns", later ? "no_certificate" : "forged", request, verified.error().message);
  }
  switch (message->type) {
    case alarms::SnsType::kNotification:
      return sns_notification(*message);
    case alarms::SnsType::kSubscriptionConfirmation:
      if (!alarms::is_sns_subscribe_url(message->subscribe_url, message->topic_arn)) {
        return refuse(403, "sns", "subscribe_url", request, "The SubscribeURL does not lead to SNS.");
      }
      parts_.log.info("sns_subscription", {{"topic", message->topic_arn}});
      parts_.confirm_subscription(message->subscribe_url);
      return {};
    case alarms::SnsType::kUnsubscribeConfirmation:
      parts_.log.warning("sns_unsubscribed", {{"topic", message->topic_arn}});
      return {};
  }
  return {};
}

ServerResponse Routes::sns_notification(const alarms::SnsMessage& message) {
  const auto own = parts_.settings.topic_channels.find(message.topic_arn);
  const std::string& channel =
      own != parts_.settings.topic_channels.end() ? own->second : parts_.settings.alarm_channel;
  auto notice = alarms::parse_cloudwatch_alarm(message.message);
  // Another message on an allowed topic is an alarm in words.
  if (!notice) {
    notice = alarms::read_chat_alarm(message.has_subject ? message.subject + "\n" + message.message : message.message,
                                     {}, parse_rfc3339(message.timestamp));
  }
  return response_of(parts_.edge.alarms({*notice}, "sns:" + message.message_id, channel));
}

ServerResponse Routes::webhook(const ServerRequest& request) {
  const Timed timed(parts_.metrics, "webhook");
  const Secret secret = parts_.webhook_secret();
  if (secret.empty()) return text_response(404, "The webhook is not configured: set webhook.secret.");
  const auto header = find_header(request.headers, "X-FA2-Signature").value_or("");
  const auto check = alarms::check_webhook_signature(header, request.body, secret.reveal(), parts_.clock.now());
  if (check != alarms::WebhookCheck::kValid) {
    return refuse(
        401, "webhook", "signature", request,
        "X-FA2-Signature is missing, too old or not made with webhook.secret; docs/formats/webhook.md says how.");
  }
  const auto notice = alarms::parse_webhook(request.body);
  if (!notice) return refuse(400, "webhook", "unreadable", request, notice.error().message);
  // The same body of the same time is the same request sent again; signed anew, it is a new alarm.
  const std::string key = "webhook:" + sha256_hex(signed_time(header) + "." + request.body);
  return response_of(parts_.edge.alarms({*notice}, key, parts_.settings.alarm_channel));
}

ServerResponse Routes::alertmanager(const ServerRequest& request) {
  const Timed timed(parts_.metrics, "alertmanager");
  const Secret token = parts_.alertmanager_token();
  if (token.empty()) return text_response(404, "The Alertmanager webhook is not configured: set alertmanager.token.");
  const auto header = find_header(request.headers, "Authorization").value_or("");
  if (!same_bytes(header, "Bearer " + token.reveal())) {
    return refuse(401, "alertmanager", "token", request, "Authorization is not `Bearer` with alertmanager.token.");
  }
  const auto notices = alarms::parse_alertmanager(request.body);
  if (!notices) return refuse(400, "alertmanager", "unreadable", request, notices.error().message);
  return response_of(
      parts_.edge.alarms(*notices, "alertmanager:" + sha256_hex(request.body), parts_.settings.alarm_channel));
}

}  // namespace fa::chatops
