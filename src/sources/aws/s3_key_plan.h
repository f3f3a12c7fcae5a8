#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

/// Which keys can hold the records of a study: days to list, where in a day to begin, when to jump and when to stop.
/// Pure functions of times and names.
namespace fa {

/// Log files are named by the end of their interval (load balancers) or the time of their delivery (CloudTrail), which
/// lies behind the records. A file later than this after a record holds none of it any more: load balancers write every
/// 5 minutes, CloudTrail delivers after about 5 minutes and seldom after more than 15.
inline constexpr std::chrono::minutes kDeliverySlack{20};

/// What the name of a log file tells.
struct LogKey {
  enum class Kind {
    kWanted,
    kConnectionLog,  ///< `conn_log...` of an ALB, and other kinds of logs with a word in front.
    kNetwork,        ///< Access log of a Network Load Balancer.
    kClassic,        ///< Access log of a Classic Load Balancer.
    kOther,          ///< No name that the service gives.
  };
  Kind kind = Kind::kOther;
  std::string_view series;  ///< Beginning of the name that all files of the same writer share, up to the time.
  TimePoint stamp = kNoTime;
};

/// Names of access logs: `account_elasticloadbalancing_region_app.NAME.ID_20260314T0830Z_ADDRESS_RANDOM.log.gz`.
/// Source: Elastic Load Balancing user guides, "Access log files" (application, network and classic).
LogKey parse_alb_key(std::string_view name);
/// Names of CloudTrail files: `account_CloudTrail_region_20260314T0830Z_RANDOM.json.gz`. Source: CloudTrail user guide,
/// "CloudTrail log file name format".
LogKey parse_cloudtrail_key(std::string_view name);

/// `20260314T0830Z`: UTC, to the minute.
std::string key_stamp(TimePoint time);

/// The ranges in order of time, overlapping and touching ones joined, empty ones left out.
std::vector<TimeRange> joined(std::vector<TimeRange> ranges);

/// Stamps of the files that can hold records of `ranges`: from each one's first minute to its end and the slack.
std::vector<TimeRange> stamps_for(const std::vector<TimeRange>& ranges);

/// `2026/03/14` of each UTC day that the ranges touch, in order.
std::vector<std::string> day_folders(const std::vector<TimeRange>& stamps);

/// True when one of the (sorted) ranges holds the instant.
bool holds(const std::vector<TimeRange>& ranges, TimePoint time);

/// What to list after a page whose last key is known.
struct ListStep {
  enum class Kind {
    kNextPage,  ///< By the continuation token.
    kJump,      ///< Anew, behind `start_after`.
    kDone,      ///< No later key can be wanted.
  };
  Kind kind = Kind::kNextPage;
  std::string start_after;
};

using KeyParser = LogKey (*)(std::string_view);

/// Keys stand in order of their bytes: by writer, then by time. Behind the last key of a page the next wanted one is
/// either on the next page, or later in the same series, or in another series; in the latter cases everything between
/// is jumped over, so that a day with thousands of files costs few calls. `folder` is the listed prefix, ending in '/'.
ListStep next_step(std::string_view folder, std::string_view last_key, const std::vector<TimeRange>& stamps,
                   KeyParser parse);

}  // namespace fa
