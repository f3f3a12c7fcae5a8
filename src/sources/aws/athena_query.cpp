#include "sources/aws/athena_query.h"

#include <fmt/core.h>

#include <algorithm>

#include "aws/services/athena.h"
#include "aws/services/pages.h"
#include "base/hash.h"
#include "base/shell_quote.h"
#include "base/text.h"

namespace fa {
namespace {

using aws::athena::QueryState;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// A day of one busy load balancer, packed, is some hundred megabytes; trails are less.
constexpr double kBytesOfADay = 2.0 * (std::uint64_t{1} << 30);
constexpr double kBytesOfATable = 50.0 * (std::uint64_t{1} << 30);
/// What is reserved at a time when a query scans more than was thought.
constexpr double kStep = 1.0 * (std::uint64_t{1} << 30);
/// Athena bills no less for a query.
constexpr double kLeastBilled = 10e6;

constexpr Nanoseconds kFirstWait = milliseconds(250);
constexpr Nanoseconds kLongestWait = seconds(5);
/// Athena itself ends queries after 30 minutes, unless the account has another quota.
constexpr Nanoseconds kLongestRun = std::chrono::minutes(35);
constexpr std::size_t kMostPages = 2'000;

/// How long what arrives late may change the answer to the same question.
constexpr auto kStillArriving = std::chrono::minutes(30);

bool over(QueryState state) {
  return state == QueryState::kSucceeded || state == QueryState::kFailed || state == QueryState::kCancelled;
}

}  // namespace

AthenaBudget athena_budget(const AthenaSql& sql, std::optional<std::uint64_t> workgroup_cutoff) {
  AthenaBudget budget;
  if (sql.days > 0) {
    budget.bytes = kBytesOfADay * static_cast<double>(sql.days);
    budget.how =
        fmt::format("{} daily partition{} of {} at {} each (there is no dry run)", sql.days, sql.days == 1 ? "" : "s",
                    sql.table, format_bytes(static_cast<std::uint64_t>(kBytesOfADay)));
  } else {
    budget.bytes = kBytesOfATable;
    budget.how = fmt::format("all of {}, which has no partitions: taken as {}", sql.table,
                             format_bytes(static_cast<std::uint64_t>(kBytesOfATable)));
  }
  if (workgroup_cutoff && static_cast<double>(*workgroup_cutoff) < budget.bytes) {
    budget.bytes = static_cast<double>(*workgroup_cutoff);
    budget.how = fmt::format("{}: the workgroup ends queries at {}", sql.table, format_bytes(*workgroup_cutoff));
  }
  return budget;
}

struct AthenaRunner::Run {
  const AthenaSql& sql;
  int attempt = 1;
  std::string id;
  double reserved = 0;
  double scanned = 0;
  aws::athena::QueryExecution last;
  bool again = false;  ///< It ended in a way that a new query may not.
};

std::string AthenaRunner::token(const Run& run) const {
  std::string all = run.sql.text;
  const auto add = [&](std::string_view part) {
    all += '\0';
    all += part;
  };
  for (const std::string& value : run.sql.parameters) add(value);
  for (const std::string* part :
       {&settings_.database, &settings_.catalog, &settings_.workgroup, &settings_.output_location}) {
    add(*part);
  }
  add(std::to_string(run.attempt));
  // The same question gets the answer that is there already, which costs nothing. While files may still arrive it is
  // another question every minute.
  if (const TimePoint now = scope_.clock.now(); now < scope_.window.end + kStillArriving) {
    add(format_rfc3339(std::chrono::floor<std::chrono::minutes>(now)));
  }
  return sha256_hex(all);
}

void AthenaRunner::stop(Run& run) const {
  // The context that ended must not keep the query from being stopped: it would go on scanning.
  const Context own = Context{}.within(seconds(5));
  static_cast<void>(aws::athena::stop_query(scope_.client, run.id, own));
  if (const auto last = aws::athena::get_query_execution(scope_.client, run.id, own)) {
    run.scanned = std::max(run.scanned, static_cast<double>(last->bytes_scanned));
  }
}

Result<void> AthenaRunner::hold_limit(Run& run) const {
  run.scanned = std::max(run.scanned, static_cast<double>(run.last.bytes_scanned));
  if (run.scanned <= run.reserved) return {};
  const double needed = run.scanned - run.reserved;
  Result<void> allowed;
  for (const double more : {std::max(needed, kStep), needed}) {
    allowed = scope_.cost.reserve(CostItem::kAthenaBytes, more, scope_.region, source_);
    if (allowed) {
      run.reserved += more;
      return {};
    }
  }
  return allowed;
}

Result<void> AthenaRunner::wait(Run& run, const Context& context) const {
  Nanoseconds pause = kFirstWait;
  Nanoseconds waited{0};
  for (bool first = true;; first = false) {
    auto execution = aws::athena::get_query_execution(scope_.client, run.id, context);
    if (!execution) {
      stop(run);
      return tl::unexpected(execution.error());
    }
    run.last = std::move(*execution);
    if (over(run.last.state)) {
      run.scanned = std::max(run.scanned, static_cast<double>(run.last.bytes_scanned));
      // A token of an earlier run leads to that run's query: one that was stopped or failed for a while is asked anew.
      run.again = (first && run.last.state == QueryState::kCancelled) ||
                  (run.last.state == QueryState::kFailed && run.last.retryable);
      return {};
    }
    if (auto ok = hold_limit(run); !ok) {
      stop(run);
      return fail(ErrorCode::kLimit,
                  fmt::format("The query was stopped after it had scanned {}: {}",
                              format_bytes(static_cast<std::uint64_t>(run.scanned)), ok.error().message));
    }
    if (waited >= kLongestRun || context.stopped() || !scope_.sleeper.sleep(pause, context)) {
      stop(run);
      return fail(ErrorCode::kCancelled,
                  fmt::format("The query did not end in time and was stopped (it had scanned {}). Raise "
                              "aws.deadline_seconds, or make the window smaller.",
                              format_bytes(static_cast<std::uint64_t>(run.scanned))));
    }
    waited += pause;
    pause = std::min(kLongestWait, pause * 3 / 2);
  }
}

Result<void> AthenaRunner::attempt(Run& run, const Context& context) const {
  run.again = false;
  run.scanned = 0;
  aws::athena::StartQuery request;
  request.sql = run.sql.text;
  request.parameters = run.sql.parameters;
  request.database = settings_.database;
  request.catalog = settings_.catalog;
  request.workgroup = settings_.workgroup;
  request.output_location = settings_.output_location;
  request.client_token = token(run);
  auto id = aws::athena::start_query(scope_.client, request, context);
  if (!id) {
    Error error = id.error();
    if (icontains(error.message, "output location")) error.message += " Set aws.athena.output_location.";
    return tl::unexpected(std::move(error));
  }
  run.id = std::move(*id);
  if (auto ok = wait(run, context); !ok) return ok;
  if (run.last.state == QueryState::kSucceeded) return {};
  const std::string reason = run.last.reason.empty() ? "no reason was given" : run.last.reason;
  if (run.last.state == QueryState::kFailed) {
    return fail(ErrorCode::kInvalidInput, fmt::format("Athena query {} FAILED: {}", run.id, reason));
  }
  // "Bytes scanned limit was exceeded"
  const bool limit = icontains(reason, "limit");
  return fail(limit ? ErrorCode::kLimit : ErrorCode::kCancelled,
              fmt::format("Athena query {} was CANCELLED: {}{}", run.id, reason,
                          limit ? fmt::format(". Workgroup {} ends queries there; it had scanned {}.",
                                              settings_.workgroup, format_bytes(run.last.bytes_scanned))
                                : ""));
}

Result<void> AthenaRunner::read(const Run& run, const AthenaRowSink& sink, const Context& context) const {
  aws::PageGuard guard(kMostPages);
  std::string page_token;
  for (bool first = true;; first = false) {
    auto page = aws::athena::get_query_results(scope_.client, run.id, page_token, first, context);
    if (!page) return tl::unexpected(page.error());
    if (page->columns.size() != run.sql.columns.size() && !page->rows.empty()) {
      return fail(ErrorCode::kUnavailable, fmt::format("Athena gave {} columns for query {}; {} were asked for.",
                                                       page->columns.size(), run.id, run.sql.columns.size()));
    }
    for (auto& row : page->rows) {
      row.resize(run.sql.columns.size());
      if (auto ok = sink(row); !ok) return ok;
    }
    page_token = page->next_token;
    if (page_token.empty()) return {};
    if (const auto why = guard.refuse(page_token)) {
      return fail(ErrorCode::kLimit, fmt::format("The rows of query {} were not read to the end: {}.", run.id, *why));
    }
  }
}

Result<void> AthenaRunner::run(const AthenaSql& sql, const AthenaBudget& budget, const AthenaRowSink& sink,
                               const Context& context) const {
  Run run{sql, 1, {}, 0, 0, {}, false};
  for (;; ++run.attempt) {
    if (auto ok = scope_.cost.reserve(CostItem::kAthenaBytes, budget.bytes, scope_.region, source_); !ok) return ok;
    run.reserved = budget.bytes;
    const Result<void> ended = attempt(run, context);
    const double billed = run.scanned > 0 ? std::max(run.scanned, kLeastBilled) : 0;
    scope_.cost.settle(CostItem::kAthenaBytes, run.reserved, billed, scope_.region, source_);
    if (ended) return read(run, sink, context);
    if (!run.again || run.attempt >= 2 || context.stopped()) return ended;
  }
}

std::string AthenaRunner::reproduce(const AthenaSql& sql) const {
  std::string command = fmt::format("aws athena start-query-execution --region {} --work-group {}",
                                    shell_word(scope_.region), shell_word(settings_.workgroup));
  std::string where;
  if (!settings_.database.empty()) where = "Database=" + settings_.database;
  if (!settings_.catalog.empty()) where += (where.empty() ? "Catalog=" : ",Catalog=") + settings_.catalog;
  if (!where.empty()) command += " --query-execution-context " + shell_word(where);
  if (!settings_.output_location.empty()) {
    command += " --result-configuration " + shell_word("OutputLocation=" + settings_.output_location);
  }
  command += " --query-string " + shell_word(sql.text) + " --execution-parameters";
  for (const std::string& value : sql.parameters) command += " " + shell_word(value);
  return command;
}

}  // namespace fa
