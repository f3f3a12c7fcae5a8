#pragma once

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <string>
#include <vector>

#include "sources/aws/metrics_test_rig.h"
#include "sources/aws/s3_key_plan.h"

/// For tests of sources that read buckets: log files as AWS services write them, and what was asked for them.
namespace fa::test {

inline TimePoint at(const char* text) { return *parse_rfc3339(text); }

inline std::string day_of(TimePoint time) { return day_folders({{time, time + std::chrono::seconds(1)}}).front(); }

/// Key of an ALB's log file whose interval ends at `end`.
inline std::string alb_key(TimePoint end, const std::string& balancer = "app.shop.50dc6c495c0c9188",
                           const std::string& account = "123456789012", const std::string& region = "ap-northeast-1",
                           const std::string& prefix = "") {
  return fmt::format(
      "{0}AWSLogs/{1}/elasticloadbalancing/{2}/{3}/{1}_elasticloadbalancing_{2}_{4}_{5}_10.0.0.9_r.log.gz", prefix,
      account, region, day_of(end), balancer, key_stamp(end));
}

inline std::string trail_key(TimePoint delivered, const std::string& region = "ap-northeast-1",
                             const std::string& account = "123456789012", const std::string& organization = "",
                             const std::string& prefix = "") {
  return fmt::format("{0}AWSLogs/{1}{2}/CloudTrail/{3}/{4}/{2}_CloudTrail_{3}_{5}_NtuB0xzZC6rp2Ybq.json.gz", prefix,
                     organization.empty() ? "" : organization + "/", account, region, day_of(delivered),
                     key_stamp(delivered));
}

/// One request as an ALB logs it.
inline std::string alb_line(TimePoint time, int status = 200, const std::string& target_group = "web",
                            const std::string& path = "/") {
  const std::string when = format_rfc3339(time);
  return fmt::format(
      "https {0} app/shop/50dc6c495c0c9188 203.0.113.7:46532 {1} 0.001 {2} 0.000 {3} {4} 34 366 \"GET "
      "https://shop.example.com:443{5} HTTP/1.1\" \"curl/8.5.0\" ECDHE TLSv1.2 "
      "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/{6}/73e2d6bc24d8a067 "
      "\"Root=1-67891233-abcdef012345678912345678\" \"-\" \"-\" 0 {0} \"forward\" \"-\" \"-\" \"10.0.1.7:8080\" "
      "\"{4}\" "
      "\"-\" \"-\" TID_1\n",
      when, status == 504 ? "-" : "10.0.1.7:8080", status == 504 ? "-1" : "0.020", status,
      status == 504 ? "-" : std::to_string(status), path, target_group);
}

/// Query parameters of all listings, and keys of all downloads, as the stand-in got them.
struct Asked {
  std::vector<std::string> lists;
  std::set<std::string> keys;
  std::size_t gets = 0;
};
inline std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      out += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}
inline Asked asked_of(const AwsStandIn& stand_in) {
  Asked asked;
  for (const auto& request : stand_in.requests()) {
    const std::string url = decoded(request.request.url);
    if (request.operation == "ListObjectsV2") asked.lists.push_back(url);
    if (request.operation == "GetObject") {
      ++asked.gets;
      asked.keys.insert(url.substr(url.find('/', url.find("://") == std::string::npos ? 0 : url.find("://") + 3) + 1));
    }
  }
  return asked;
}

}  // namespace fa::test
