#include "sources/aws/logs_insights.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "aws/services/request_times.h"
#include "base/text.h"

namespace fa::logs {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Nanoseconds kFirstPoll = milliseconds(300);
constexpr Nanoseconds kLongestPoll = seconds(5);
/// Queries end by themselves after 60 minutes (CloudWatch Logs quotas).
constexpr Nanoseconds kLongestQuery = minutes(61);
constexpr Nanoseconds kFirstStartWait = seconds(1);
constexpr Nanoseconds kLongestStartWait = seconds(15);
constexpr Nanoseconds kLongestStartWaits = minutes(20);
constexpr int kMostPollFailures = 3;  ///< In a row, each after all its retries.
constexpr int kMostUnknown = 20;      ///< Polls in a row without a known status.
constexpr Nanoseconds kStopTime = seconds(5);
constexpr std::size_t kMostQueriesOfOne = 400;
constexpr std::size_t kMostParts = 16;

Nanoseconds longer(Nanoseconds wait, Nanoseconds longest) {
  return std::min(longest, Nanoseconds{wait.count() + wait.count() / 2});
}

Error stopped_error() { return {ErrorCode::kCancelled, "The time for collecting was over before the query ended."}; }

/// A query in the service's hands: stopped unless it is known to have ended.
class RunningQuery {
 public:
  RunningQuery(const AwsScope& scope, std::string id) : scope_(scope), id_(std::move(id)) {}
  RunningQuery(const RunningQuery&) = delete;
  RunningQuery& operator=(const RunningQuery&) = delete;
  ~RunningQuery() {
    if (ended_) return;
    // Its own few seconds: the caller's time is up, and a query left alone goes on scanning at the user's expense.
    const Context own = Context{}.within(kStopTime);
    if (take_call(scope_)) static_cast<void>(aws::logs::stop_query(scope_.client, id_, own));
  }
  [[nodiscard]] const std::string& id() const { return id_; }
  void ended() { ended_ = true; }

 private:
  const AwsScope& scope_;
  std::string id_;
  bool ended_ = false;
};

bool too_many_queries(const Error& error) { return error.reason.starts_with("LimitExceeded"); }

Result<std::string> start(const AwsScope& scope, const aws::logs::StartQuery& request, const Context& context) {
  Nanoseconds waited{0};
  for (Nanoseconds wait = kFirstStartWait;; wait = longer(wait, kLongestStartWait)) {
    if (auto may = take_call(scope); !may) return tl::unexpected(may.error());
    auto id = aws::logs::start_query(scope.client, request, context);
    if (id || !too_many_queries(id.error())) return id;
    waited += wait;
    if (waited > kLongestStartWaits) return id;
    if (!scope.sleeper.sleep(wait, context)) {
      Error error = id.error();
      error.code = ErrorCode::kCancelled;
      return tl::unexpected(std::move(error));
    }
  }
}

Error ended_badly(const Query& query, const char* status, const std::string& meaning) {
  std::string groups = query.groups.empty() ? std::string("no log group") : query.groups.front()->info.name;
  if (query.groups.size() > 1) groups += fmt::format(" and {} more", query.groups.size() - 1);
  return {ErrorCode::kUnavailable,
          fmt::format("The Logs Insights query of {} ended with the status {}: {}.", groups, status, meaning), status};
}

/// Polls until the query has ended. `scanned` is kept up to date.
Result<aws::logs::QueryResults> wait_for(const AwsScope& scope, const Query& query, RunningQuery& running,
                                         double& scanned, const Context& context) {
  using Status = aws::logs::QueryStatus;
  Nanoseconds waited{0};
  int failures = 0;
  int unknown = 0;
  for (Nanoseconds wait = kFirstPoll;; wait = longer(wait, kLongestPoll)) {
    if (!scope.sleeper.sleep(wait, context)) return tl::unexpected(stopped_error());
    waited += wait;
    if (auto may = take_call(scope); !may) return tl::unexpected(may.error());
    auto results = aws::logs::get_query_results(scope.client, running.id(), context);
    if (!results) {
      const ErrorCode code = results.error().code;
      if (code != ErrorCode::kUnavailable || ++failures >= kMostPollFailures) return results;
      continue;
    }
    failures = 0;
    scanned = std::max(scanned, results->bytes_scanned);
    switch (results->status) {
      case Status::kComplete:
        running.ended();
        return results;
      case Status::kFailed:
        running.ended();
        return tl::unexpected(ended_badly(query, "Failed", "the service gives no reason"));
      case Status::kCancelled:
        running.ended();
        return tl::unexpected(ended_badly(query, "Cancelled", "somebody stopped it"));
      case Status::kTimeout:
        running.ended();
        return tl::unexpected(ended_badly(query, "Timeout", "it ran into the service's time limit"));
      case Status::kUnknown:
        if (++unknown >= kMostUnknown) {
          return tl::unexpected(ended_badly(query, "Unknown", "the service does not know what became of it"));
        }
        break;
      case Status::kScheduled:
      case Status::kRunning:
        unknown = 0;
        break;
    }
    if (waited > kLongestQuery) {
      return tl::unexpected(ended_badly(query, "Running", "it did not end within an hour"));
    }
  }
}

/// The range in about equal parts at whole seconds; empty when it cannot be cut.
std::vector<TimeRange> split(TimeRange range, std::size_t parts) {
  const std::int64_t begin = aws::whole_seconds_before(range.begin);
  const std::int64_t end = aws::whole_seconds_after(range.end);
  parts = std::min(parts, static_cast<std::size_t>(std::max<std::int64_t>(0, end - begin)));
  std::vector<TimeRange> out;
  if (parts < 2) return out;
  TimePoint from = range.begin;
  for (std::size_t i = 1; i <= parts; ++i) {
    const auto cut = begin + (end - begin) * static_cast<std::int64_t>(i) / static_cast<std::int64_t>(parts);
    const TimePoint to = i == parts ? range.end : TimePoint{seconds(cut)};
    out.push_back({from, to});
    from = to;
  }
  return out;
}

std::size_t parts_for(const aws::logs::QueryResults& results, int row_limit) {
  // Somewhat more than would just do, since lines are not spread evenly.
  const double wanted = std::ceil(1.4 * results.records_matched / row_limit);
  return static_cast<std::size_t>(
      std::clamp(std::isfinite(wanted) ? wanted : 2.0, 2.0, static_cast<double>(kMostParts)));
}

}  // namespace

std::string bounded_query(const Query& query) {
  const std::int64_t begin = aws::milliseconds_from(query.range.begin);
  const std::int64_t end = aws::milliseconds_from(query.range.end);
  std::string filter;
  if (begin % 1000 != 0) filter = fmt::format("toMillis(@timestamp) >= {}", begin);
  if (end % 1000 != 0) filter += fmt::format("{}toMillis(@timestamp) < {}", filter.empty() ? "" : " and ", end);
  return filter.empty() ? query.text : fmt::format("filter {} | {}", filter, query.text);
}

Result<aws::logs::QueryResults> run_query(const AwsScope& scope, const Query& query, const Context& context) {
  if (context.stopped()) return tl::unexpected(stopped_error());
  aws::logs::StartQuery request;
  const bool linked = std::any_of(query.groups.begin(), query.groups.end(), [](const Group* g) { return g->linked; });
  for (const Group* group : query.groups) request.groups.push_back(linked ? group->info.arn : group->info.name);
  request.range = query.range;
  request.query = bounded_query(query);
  request.limit = query.row_limit;

  const std::string source(kSourceName);
  const double reserved = std::max(0.0, query.expected_bytes);
  if (auto may = scope.cost.reserve(CostItem::kLogsInsightsBytes, reserved, scope.region, source); !may) {
    return tl::unexpected(may.error());
  }
  double scanned = 0;
  const auto settle = [&] { scope.cost.settle(CostItem::kLogsInsightsBytes, reserved, scanned, scope.region, source); };
  auto id = start(scope, request, context);
  if (!id) {
    settle();
    return tl::unexpected(id.error());
  }
  Result<aws::logs::QueryResults> results = [&] {
    RunningQuery running(scope, std::move(*id));
    return wait_for(scope, query, running, scanned, context);
  }();
  settle();
  return results;
}

std::size_t CompleteAnswer::rows() const {
  std::size_t count = 0;
  for (const Part& part : parts) count += part.results.rows.size();
  return count;
}

CompleteAnswer run_complete_query(const AwsScope& scope, const Query& query, std::size_t most_rows,
                                  const Context& context) {
  CompleteAnswer answer;
  std::vector<TimeRange> waiting{query.range};  // the next one last
  const double length = std::max(1.0, static_cast<double>(query.range.length().count()));
  for (std::size_t asked = 0; !waiting.empty(); ++asked) {
    const TimeRange range = waiting.back();
    waiting.pop_back();
    if (asked >= kMostQueriesOfOne || (most_rows > 0 && answer.rows() >= most_rows)) {
      const std::string limit = asked >= kMostQueriesOfOne ? fmt::format("{} queries", kMostQueriesOfOne)
                                                           : fmt::format("{} lines", format_count(most_rows));
      answer.missing.push_back({range, {ErrorCode::kLimit, "No more than " + limit + " were asked for."}});
      continue;
    }
    Query part = query;
    part.range = range;
    part.expected_bytes = query.expected_bytes * static_cast<double>(range.length().count()) / length;
    auto results = run_query(scope, part, context);
    const bool timed_out = !results && results.error().reason == "Timeout";
    const bool cut = query.full_is_cut && results && results->rows.size() >= static_cast<std::size_t>(query.row_limit);
    if (cut || timed_out) {
      auto parts = split(range, cut ? parts_for(*results, query.row_limit) : 2);
      if (!parts.empty()) {
        waiting.insert(waiting.end(), parts.rbegin(), parts.rend());
        continue;
      }
    }
    if (!results) {
      answer.missing.push_back({range, results.error()});
      continue;
    }
    if (cut) {
      answer.missing.push_back(
          {range,
           {ErrorCode::kLimit,
            fmt::format("One second holds more than the {} lines that a query can give; {} matched.",
                        format_count(static_cast<std::uint64_t>(query.row_limit)),
                        format_count(static_cast<std::uint64_t>(std::clamp(results->records_matched, 0.0, 1e15))))}});
    }
    answer.parts.push_back({range, std::move(*results)});
  }
  return answer;
}

void report_missing(const Work& work, const std::string& what, const Period& period,
                    const std::vector<CompleteAnswer::Missing>& missing) {
  for (std::size_t i = 0; i < missing.size();) {
    TimeRange range = missing[i].range;
    const std::string& text = missing[i].error.message;
    for (++i; i < missing.size() && missing[i].range.begin == range.end && missing[i].error.message == text; ++i) {
      range.end = missing[i].range.end;
    }
    work.folder.add_gap({what, range, text, impact_of_missing(period)});
  }
}

}  // namespace fa::logs
