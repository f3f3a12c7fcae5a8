#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "sources/aws/athena_sql.h"
#include "sources/aws/source.h"

namespace fa {

/// What a query may read at first; there is no dry run, so this is a guess on the safe side.
struct AthenaBudget {
  double bytes = 0;
  std::string how;  ///< Where the figure comes from, for people.
};

/// The workgroup's own limit where it has one, at most the figure for the statement's days.
AthenaBudget athena_budget(const AthenaSql& sql, std::optional<std::uint64_t> workgroup_cutoff);

/// A row of the result, in the order of the statement's columns; nullopt is SQL NULL. An error ends the reading.
using AthenaRowSink = std::function<Result<void>(const std::vector<std::optional<std::string>>& row)>;

/// Runs statements in one workgroup, each from its reservation to its last row. Thread-safe.
class AthenaRunner {
 public:
  AthenaRunner(const AwsScope& scope, const AthenaSettings& settings, std::string source)
      : scope_(scope), settings_(settings), source_(std::move(source)) {}

  /// Reserves `budget`, starts the statement, waits for its end and hands its rows over. What it scans beyond the
  /// budget is reserved while it runs; where a limit does not allow that it is stopped. It is also stopped when the
  /// context ends. The account is settled with what was scanned in the end, failed or not.
  ///
  /// Errors: kLimit (ours or the workgroup's), kCancelled, kInvalidInput for a statement that Athena refuses or ends as
  /// FAILED, with its reason; kUnavailable, kDenied as the service has it.
  Result<void> run(const AthenaSql& sql, const AthenaBudget& budget, const AthenaRowSink& sink,
                   const Context& context) const;

  /// Shell command that starts the same query.
  [[nodiscard]] std::string reproduce(const AthenaSql& sql) const;

 private:
  struct Run;
  Result<void> attempt(Run& run, const Context& context) const;
  Result<void> wait(Run& run, const Context& context) const;
  Result<void> hold_limit(Run& run) const;
  void stop(Run& run) const;
  Result<void> read(const Run& run, const AthenaRowSink& sink, const Context& context) const;
  [[nodiscard]] std::string token(const Run& run) const;

  const AwsScope& scope_;
  const AthenaSettings& settings_;
  std::string source_;
};

}  // namespace fa
