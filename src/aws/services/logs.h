#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "aws/client.h"

/// CloudWatch Logs. Contract: service model logs 2014-03-28. Pages keep the answer's bytes in `raw`, which is what
/// readers and evidence refer to. `next_token` is empty on the last page. Callers end loops over pages (PageGuard).
namespace fa::aws::logs {

extern const Service kService;

struct LogGroup {
  std::string name;
  std::string arn;                 ///< Without the trailing `:*`.
  std::uint64_t stored_bytes = 0;  ///< Compressed, of the whole retention; lags by hours.
  std::optional<TimePoint> created;
  std::optional<int> retention_days;
  std::string log_class;  ///< STANDARD, INFREQUENT_ACCESS (no FilterLogEvents there), DELIVERY; empty when not told.
};
struct LogGroupPage {
  std::vector<LogGroup> groups;
  std::string next_token;
};
struct DescribeLogGroups {
  std::string name_prefix = {};
  std::string name_pattern = {};  ///< Substring; not together with the prefix.
  bool include_linked_accounts = false;
  std::vector<std::string> account_ids = {};
  std::string next_token = {};
  int limit = 50;
};
Result<LogGroupPage> describe_log_groups(Client& client, const DescribeLogGroups& request, const Context& context);

/// Tags of a log group by its ARN (ListTagsForResource).
Result<std::map<std::string, std::string>> list_tags(Client& client, const std::string& arn, const Context& context);

struct FilterLogEvents {
  std::string group = {};  ///< Name, or ARN for a linked account (sent as logGroupIdentifier).
  /// Half-open; sent as startTime and endTime - 1 ms, which the API takes as inclusive milliseconds.
  TimeRange range = {};
  std::string pattern = {};
  std::string next_token = {};
  int limit = 10'000;
};
struct EventPage {
  std::string raw;
  std::uint64_t events = 0;
  std::optional<TimePoint> first;  ///< Earliest and latest event time of the page.
  std::optional<TimePoint> last;
  std::string next_token;
};
Result<EventPage> filter_log_events(Client& client, const FilterLogEvents& request, const Context& context);

struct StartQuery {
  std::vector<std::string> groups = {};  ///< At most 50; ARNs are sent as logGroupIdentifiers.
  /// Sent in whole seconds: begin rounded down, end rounded up minus one (the API's end is inclusive).
  TimeRange range = {};
  std::string query = {};
  int limit = 10'000;
};
/// Gives the query id. LimitExceededException (too many at once) comes as kLimit with that reason.
Result<std::string> start_query(Client& client, const StartQuery& request, const Context& context);

enum class QueryStatus { kScheduled, kRunning, kComplete, kFailed, kCancelled, kTimeout, kUnknown };
struct QueryResults {
  std::string raw;
  QueryStatus status = QueryStatus::kUnknown;
  std::vector<std::vector<std::pair<std::string, std::string>>> rows;  ///< field, value
  double records_matched = 0;
  double records_scanned = 0;
  double bytes_scanned = 0;
  std::string next_token;  ///< Only for results of more than 10,000 rows.
};
Result<QueryResults> get_query_results(Client& client, const std::string& query_id, const Context& context,
                                       const std::string& next_token = {});
Result<void> stop_query(Client& client, const std::string& query_id, const Context& context);

/// All fields of one record by its @ptr.
Result<std::map<std::string, std::string>> get_log_record(Client& client, const std::string& pointer,
                                                          const Context& context);

}  // namespace fa::aws::logs
