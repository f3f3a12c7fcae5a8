#pragma once

#include <atomic>
#include <mutex>
#include <string>
#include <vector>

#include "sources/aws/logs_insights.h"
#include "sources/aws/logs_volume.h"

namespace fa::logs {

/// Fields of a query for lines as they were written.
inline constexpr std::string_view kRowFields = "fields @timestamp, @message, @logStream, @log, @ptr";

/// Fetches whole messages by @ptr where an answer's look cut: Logs Insights is reported to return no more than about
/// 1,000 characters of a message. Bounded per answer, so that the order of threads does not show; what is beyond is
/// told by finish(). Thread-safe.
class Hydrator {
 public:
  static constexpr std::size_t kCutLength = 1'000;
  static constexpr std::size_t kMostRecords = 100;

  explicit Hydrator(const Work& work) : work_(work) {}

  /// Completes the messages of an answer, and its `raw`, which is written anew when anything changed.
  void complete(aws::logs::QueryResults& results, const Context& context);
  /// Says how many messages stayed cut, and why.
  void finish() const;

 private:
  const Work& work_;
  std::atomic<std::size_t> left_{0};
  std::atomic<std::size_t> failed_{0};
  mutable std::mutex mutex_;
  std::string error_;
};

/// Writes the parts of an answer one behind the other into a file; none when there are no rows.
void write_answer(const Work& work, const std::string& name, const Query& query, const CompleteAnswer& answer);

/// Lines of groups that FilterLogEvents does not serve (class INFREQUENT_ACCESS), one query per group and period: all
/// of them, or, `failures_only`, those whose words are of a failure, up to a bound.
void fetch_rows(const Work& work, const std::vector<const Group*>& groups,
                const std::vector<const GroupVolume*>& volumes, const std::vector<Period>& periods, bool failures_only,
                Hydrator& hydrator, const Context& context);

}  // namespace fa::logs
