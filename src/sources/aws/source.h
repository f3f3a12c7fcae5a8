#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "aws/client.h"
#include "base/wait.h"
#include "sources/aws/collected_folder.h"
#include "sources/aws/cost.h"

namespace fa {

/// What every source of one account and region works with. Borrowed; outlives the sources.
struct AwsScope {
  aws::Client& client;
  std::string account;  ///< Account id; empty when it could not be found out.
  std::string region;
  const Clock& clock;
  Sleeper& sleeper;
  CostMeter& cost;
  TimeRange window;
  TimeRange baseline;
};

/// One kind of data of an AWS account. collect() must be called once, may be called from any thread, uses several
/// threads itself where that helps (each joined before it returns), and must end by the context's deadline.
class AwsSource {
 public:
  virtual ~AwsSource() = default;

  /// For people and gaps: `CloudWatch Logs`, `ALB access logs s3://bucket/prefix`.
  [[nodiscard]] virtual std::string name() const = 0;

  /// What collect() will use, by describing calls alone (they cost nothing or next to nothing).
  virtual Result<CostEstimate> estimate(const Context& context) = 0;

  /// Writes everything of window and baseline into the folder. Never fails as a whole: whatever could not be had, and
  /// why, is a gap of the folder, with the range it concerns and what that means for the answer. Never throws.
  virtual void collect(CollectedFolder& folder, const Context& context) = 0;
};

/// Runs `count` tasks by at most `threads` threads at a time and waits for all. Exceptions of a task are the task's own
/// business (it must not throw).
void for_each_parallel(std::size_t count, std::size_t threads, const std::function<void(std::size_t)>& task);

}  // namespace fa
