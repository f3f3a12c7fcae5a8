#pragma once

#include <string>
#include <vector>

#include "sources/aws/logs_common.h"

namespace fa::logs {

/// Rows that one query gives at the most.
inline constexpr int kMostRows = 10'000;
/// Longest query text (StartQuery's queryString).
inline constexpr std::size_t kMostQueryBytes = 10'000;
/// Log groups of one query.
inline constexpr std::size_t kMostQueryGroups = 50;

/// What is asked of Logs Insights.
struct Query {
  std::vector<const Group*> groups;  ///< At most kMostQueryGroups, of one log class.
  TimeRange range;
  std::string text;           ///< Without the clause that holds the range's fractions of seconds; see bounded_query().
  double expected_bytes = 0;  ///< To be scanned; reserved before it starts.
  /// A full answer is a cut one and is asked again in parts; false where the rows that matter come first.
  bool full_is_cut = true;
  int row_limit = kMostRows;  ///< Rows that are asked for: 1 to kMostRows.
};

/// The query with a filter for what whole seconds (all that StartQuery takes) cannot say: events of the first and last
/// second that lie outside the range.
std::string bounded_query(const Query& query);

/// Runs one query to its end: reserves what it will scan, starts it (waiting where too many run already), polls with
/// growing pauses, and settles the account with what was scanned. When the context stops, the query is stopped too.
///
/// Errors: kLimit when the reservation was refused (nothing was started); kUnavailable with reason `Failed`,
/// `Cancelled` or `Timeout` after the status the query ended with; kCancelled; else what a call gave. Thread-safe.
Result<aws::logs::QueryResults> run_query(const AwsScope& scope, const Query& query, const Context& context);

/// The answers of a query whose rows were complete, in the order of time, and what could not be had.
struct CompleteAnswer {
  struct Part {
    TimeRange range;
    aws::logs::QueryResults results;
  };
  struct Missing {
    TimeRange range;
    Error error;
  };
  std::vector<Part> parts;
  std::vector<Missing> missing;

  [[nodiscard]] std::size_t rows() const;
};

/// Runs a query so that no row is cut off: a range that gives as many rows as were asked for, or whose query ran into
/// the service's time limit, is split and asked anew, down to whole seconds. A second that still holds more keeps its
/// first rows and counts as missing too. `most_rows`: beyond about so many rows nothing more is asked (0: no such
/// limit).
CompleteAnswer run_complete_query(const AwsScope& scope, const Query& query, std::size_t most_rows,
                                  const Context& context);

/// Adds one gap per stretch of missing time; neighbours with the same error are one.
void report_missing(const Work& work, const std::string& what, const Period& period,
                    const std::vector<CompleteAnswer::Missing>& missing);

}  // namespace fa::logs
