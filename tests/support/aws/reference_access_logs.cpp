/// The load balancer's access logs of the reference incident, as objects of five minutes for each of its nodes.
/// Keys and fields: Elastic Load Balancing user guide, "Access logs for your Application Load Balancer".
#include <fmt/core.h>

#include <array>
#include <chrono>
#include <map>
#include <utility>

#include "support/aws/reference_parts.h"

namespace fa::test::reference {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::array<std::string_view, 2> kNodeAddress = {"198.51.100.21", "198.51.100.87"};

std::string micros(TimePoint t) {
  const auto whole = std::chrono::floor<seconds>(t);
  std::string text = format_rfc3339(whole);
  text.pop_back();
  const auto rest = std::chrono::duration_cast<std::chrono::microseconds>(t - whole).count();
  return fmt::format("{}.{:06d}Z", text, rest);
}

std::string access_line(const Request& r, Dice& dice) {
  const bool created = r.method == "POST";
  const std::string target = fmt::format("10.0.{}.{}:8080", r.task + 1, r.service == Service::kOrders ? 34 : 57);
  const std::string times =
      r.answered ? fmt::format("0.001 {:.3f} 0.000", r.seconds - 0.001) : std::string("0.001 -1 -1");
  const std::string target_status = r.answered ? std::to_string(r.status) : "-";
  return fmt::format(
      "h2 {} {} 192.0.2.{}:{} {} {} {} {} {} {} \"{} https://shop.example.com:443{} HTTP/2.0\" \"okhttp/4.12.0\" "
      "TLS_AES_128_GCM_SHA256 TLSv1.3 arn:aws:elasticloadbalancing:{}:{}:{} \"Root={}\" \"shop.example.com\" "
      "\"session-reused\" {} {} \"forward\" \"-\" \"-\" \"{}\" \"{}\" \"-\" \"-\" TID_{}\n",
      micros(r.end()), kLoadBalancer, 1 + dice.below(250), 30000 + dice.below(30000), target, times, r.status,
      target_status, created ? 420 + dice.below(200) : 60 + dice.below(20), 300 + dice.below(900), r.method, r.path,
      kRegion, kAccount, target_group_of(r.service), r.trace_id, r.service == Service::kOrders ? 10 : 20,
      micros(r.start), target, target_status, dice.hex(32));
}

}  // namespace

void add_access_logs(AwsWorld& world, const std::vector<Request>& requests) {
  const ReferenceFacts facts = reference_facts();
  AwsWorld::Bucket& bucket = world.buckets[facts.alb_bucket];
  Dice dice(2);
  // (end of the interval, node) -> lines in the order of the answers, as far as nodes keep one.
  std::map<std::pair<TimePoint, int>, std::multimap<TimePoint, std::string>> files;
  for (const Request& r : requests) {
    const TimePoint told = r.end();
    const TimePoint end = told - told.time_since_epoch() % minutes(5) + minutes(5);
    if (end > last_time()) continue;
    files[{end, r.node}].emplace(told, access_line(r, dice));
  }
  for (const auto& [at, lines] : files) {
    std::string text;
    for (const auto& [time, line] : lines) text += line;
    const auto& [end, node] = at;
    std::string stamp = format_rfc3339(end);  // 2026-03-14T08:35:00Z
    const std::string day = stamp.substr(0, 4) + "/" + stamp.substr(5, 2) + "/" + stamp.substr(8, 2);
    const std::string compact =
        stamp.substr(0, 4) + stamp.substr(5, 2) + stamp.substr(8, 5) + stamp.substr(14, 2);  // 20260314T0835
    const std::string key = fmt::format(
        "{}/AWSLogs/{}/elasticloadbalancing/{}/{}/{}_elasticloadbalancing_{}_app.shop-edge.50dc6c495c0c9188_{}Z_{}_{}."
        "log.gz",
        facts.alb_prefix, kAccount, kRegion, day, kAccount, kRegion, compact,
        kNodeAddress[static_cast<std::size_t>(node)], dice.hex(8));
    bucket.objects[key] = gzip(text);
    bucket.info[key] = {end + seconds(70 + dice.below(120)), "STANDARD", "application/octet-stream", ""};
  }
  bucket.objects[facts.alb_prefix + "/AWSLogs/" + std::string(kAccount) + "/ELBAccessLogTestFile"] =
      "Enable AccessLog for ELB";
  // The day before, and another load balancer's: none of it may be read for this incident.
  for (int hour = 0; hour < 24; ++hour) {
    const std::string key = fmt::format(
        "{}/AWSLogs/{}/elasticloadbalancing/{}/2026/03/13/{}_elasticloadbalancing_{}_app.shop-edge.50dc6c495c0c9188_"
        "20260313T{:02d}00Z_{}_{}.log.gz",
        facts.alb_prefix, kAccount, kRegion, kAccount, kRegion, hour, kNodeAddress[0], dice.hex(8));
    bucket.objects[key] = gzip("");
  }
}

}  // namespace fa::test::reference
