#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"

namespace fa::test {

/// What the AWS stand-in holds: plain data that a test fills.
struct AwsWorld {
  std::string account = "123456789012";
  std::string region = "ap-northeast-1";
  std::string access_key_id = "AKIASTANDIN";
  std::string secret_access_key = "stand-in-secret";
  std::string session_token;  ///< Expected when not empty.
  std::optional<TimePoint> token_expiry = {};
  std::string user = "user/stand-in";  ///< Who the key belongs to, as its ARN ends.
  std::string external_id = {};        ///< AssumeRole into this account wants it when not empty.
  /// The service's clock; requests signed more than 5 minutes off are refused (RequestTimeTooSkewed and the like).
  std::function<TimePoint()> now;

  struct LogEvent {
    TimePoint time;
    std::string stream;
    std::string message;
  };
  struct LogGroup {
    std::uint64_t stored_bytes = 0;  ///< 0: counted from the events.
    std::string log_class = "STANDARD";
    std::map<std::string, std::string> tags;
    std::vector<LogEvent> events;  ///< Sorted by time.
  };
  std::map<std::string, LogGroup> log_groups;

  struct Bucket {
    std::string region = "ap-northeast-1";
    /// key -> bytes. The service itself changes it when an object is written or removed.
    mutable std::map<std::string, std::string> objects;
    bool requester_pays = false;
    bool kms_denied = false;  ///< GetObject is refused naming kms:Decrypt.
    struct ObjectInfo {
      std::optional<TimePoint> modified;  ///< Without it: the start of 2026.
      std::string storage_class = "STANDARD";
      std::string content_type = "binary/octet-stream";
      std::string content_encoding;  ///< `gzip` on CloudTrail's files: HTTP clients then unpack them by themselves.
    };
    std::map<std::string, ObjectInfo> info = {};  ///< key -> what differs from the above.
  };
  std::map<std::string, Bucket> buckets;

  struct Metric {
    std::string region = "ap-northeast-1";
    std::string metric_namespace;
    std::string name;
    std::vector<std::pair<std::string, std::string>> dimensions;
    /// statistic -> points at full minutes. A statistic that is missing here has no data.
    std::map<std::string, std::vector<std::pair<TimePoint, double>>> points;
    bool recently_active = true;
    std::string status_code = "Complete";  ///< `Forbidden` and `InternalError` come without data, with a message.
  };
  std::vector<Metric> metrics;

  struct Alarm {
    std::string name;
    std::string description;
    std::string region = "ap-northeast-1";
    std::string metric_namespace;
    std::string metric_name;
    std::vector<std::pair<std::string, std::string>> dimensions;
    std::string statistic = "Average";
    int period_seconds = 60;
    int evaluation_periods = 1;
    std::string state = "ALARM";
    std::string state_reason;
    std::string state_reason_data;  ///< JSON, as the service writes it.
    std::optional<TimePoint> state_updated;
    /// (time, old state, new state, newState.stateReasonData JSON), oldest first.
    struct Transition {
      TimePoint time;
      std::string from;
      std::string to;
      std::string reason_data;
    };
    std::vector<Transition> history;
    std::string extended_statistic = {};  ///< `p99`; then `statistic` is not told.
    double threshold = 1;
    std::string comparison = "GreaterThanThreshold";
    std::string rule = {};          ///< Makes it a composite alarm.
    std::string metrics_json = {};  ///< JSON array of MetricDataQuery: an alarm on metric math (no metric of its own).
  };
  std::vector<Alarm> alarms;

  struct Trace {
    std::string id;
    TimePoint start;
    double duration = 0;
    bool fault = false;
    bool error = false;
    bool throttle = false;
    std::string summary;                ///< JSON object as in GetTraceSummaries; empty: made from the fields above.
    std::vector<std::string> segments;  ///< Segment documents (JSON texts).
  };
  std::vector<Trace> traces;
  std::string service_graph;  ///< JSON array of services; empty: [].

  struct AthenaAnswer {
    std::vector<std::string> columns;
    std::vector<std::vector<std::optional<std::string>>> rows;
    std::string failure;  ///< The query ends FAILED with this reason.
    std::uint64_t bytes_scanned = 0;
  };
  std::function<AthenaAnswer(const std::string& sql, const std::vector<std::string>& parameters)> athena;

  std::vector<std::string> management_events;  ///< CloudTrail event JSON texts for LookupEvents, any order.
  std::map<std::string, std::string> secrets;  ///< name -> SecretString
  std::set<std::string> dynamo_tables = {};    ///< Names; all with the keys `pk` and `sk`.

  /// Findings in ASFF (JSON texts), each told in its Region. nullopt: the account is not subscribed to Security Hub.
  std::optional<std::vector<std::string>> security_findings = std::vector<std::string>{};
  struct Detector {
    std::string id;
    std::string region = "ap-northeast-1";
    std::vector<std::string> findings = {};  ///< GuardDuty's own JSON.
  };
  std::vector<Detector> detectors = {};

  struct WorkGroup {
    std::string state = "ENABLED";
    std::string output_location = {};
    std::optional<std::uint64_t> bytes_scanned_cutoff = {};  ///< A query that scans more ends CANCELLED.
    bool enforced = false;
  };
  std::map<std::string, WorkGroup> workgroups = {{"primary", {}}};
  struct AthenaTable {
    std::vector<std::pair<std::string, std::string>> columns;         ///< name, type
    std::vector<std::pair<std::string, std::string>> partition_keys;  ///< name, type
    std::map<std::string, std::string> parameters;                    ///< TBLPROPERTIES
  };
  std::map<std::string, AthenaTable> athena_tables = {};  ///< `database.table`
  /// Messages (code, value) of every GetMetricData answer.
  std::vector<std::pair<std::string, std::string>> metric_messages = {};

  /// Other accounts: AssumeRole with a role of theirs leads into them (STS credentials then see that world). Those that
  /// are `linked` also show their log groups and metrics to the monitoring account, this one.
  std::vector<AwsWorld> other_accounts = {};
  bool linked = false;
};

}  // namespace fa::test
