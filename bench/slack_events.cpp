#include "slack_events.h"

#include <fmt/core.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include "base/json.h"

namespace fa::bench {
namespace {

Json irrelevant(const std::string& ts, std::uint64_t index) {
  if (index % 2 == 0) {
    return {{"type", "reaction_added"},
            {"user", "U0LOAD1"},
            {"reaction", "eyes"},
            {"item_user", "U0LOAD2"},
            {"item", {{"type", "message"}, {"ts", ts}}},
            {"event_ts", ts}};
  }
  return {{"type", "message"}, {"user", "U0LOAD1"}, {"text", fmt::format("Deployed build {} to staging", index)}};
}

/// As Amazon Q Developer words a CloudWatch alarm. A hundred different alarms, so that some come again.
Json alarm(const std::string& app_id, std::uint64_t index) {
  const std::string name = fmt::format("checkout-5xx-{}", index % 100);
  const std::string link =
      fmt::format("https://console.aws.amazon.com/cloudwatch/home?region=us-east-1#alarm:name={}", name);
  return {{"type", "message"},
          {"subtype", "bot_message"},
          {"bot_id", "B0LOAD"},
          {"app_id", app_id},
          {"text", ""},
          {"attachments",
           {{{"color", "d13212"},
             {"title", fmt::format("<{}|CloudWatch Alarm | {} | us-east-1 | Account: 123456789012>", link, name)},
             {"text",
              "Threshold Crossed: 1 out of the last 1 datapoints [37.0 (14/03/26 08:31:00)] was greater than the "
              "threshold (10.0) (minimum 1 datapoint for OK -> ALARM transition)."},
             {"fallback", fmt::format("CloudWatch Alarm | {} | us-east-1", name)}}}}};
}

Json mention(std::uint64_t index) {
  return {{"type", "app_mention"},
          {"user", fmt::format("U0LOAD{}", index % 10)},
          {"text", fmt::format("<@U0FA2> why do orders of shop {} fail?", index)}};
}

}  // namespace

EventKind kind_of(std::string_view kinds, std::uint64_t index) {
  if (kinds == "alarm") return EventKind::kAlarm;
  if (kinds == "mention") return EventKind::kMention;
  if (kinds == "irrelevant") return EventKind::kIrrelevant;
  const std::uint64_t place = index % 20;
  return place == 7 || place == 17 ? EventKind::kAlarm : place == 12 ? EventKind::kMention : EventKind::kIrrelevant;
}

std::string event_body(EventKind kind, const Workspace& workspace, std::string_view run, std::uint64_t index,
                       std::int64_t unix_seconds) {
  // Messages are known by channel and ts: unique, too.
  const std::string ts =
      fmt::format("{}.{:06}", unix_seconds - static_cast<std::int64_t>(index / 1'000'000), index % 1'000'000);
  Json event = kind == EventKind::kAlarm     ? alarm(workspace.app_id, index)
               : kind == EventKind::kMention ? mention(index)
                                             : irrelevant(ts, index);
  event["ts"] = ts;
  event["channel"] = workspace.channel;
  event["channel_type"] = "channel";
  event["event_ts"] = ts;
  return json_text({{"token", "unused"},
                    {"team_id", workspace.team},
                    {"api_app_id", "A0FA2"},
                    {"event", std::move(event)},
                    {"type", "event_callback"},
                    {"event_id", fmt::format("Ev{}{:08X}", run, index)},
                    {"event_time", unix_seconds}});
}

std::string slack_signature(std::string_view secret, std::string_view timestamp, std::string_view body) {
  const std::string text = fmt::format("v0:{}:{}", timestamp, body);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &size);
  std::string out = "v0=";
  for (unsigned int i = 0; i < size; ++i) out += fmt::format("{:02x}", digest[i]);
  return out;
}

}  // namespace fa::bench
