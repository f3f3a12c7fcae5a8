#pragma once

#include <map>
#include <mutex>
#include <string>

#include "support/aws/insights.h"
#include "support/aws/json_fields.h"
#include "support/aws/stand_in.h"
#include "support/aws/wire.h"

namespace fa::test {

/// Logs Insights: queries that are started, polled, stopped. Thread-safe.
class LogQueries {
 public:
  explicit LogQueries(const AwsStandIn& settings) : settings_(settings) {}

  wire::Outcome start(const wire::Call& call, const Json& request);
  wire::Outcome results(const wire::Call& call, const Json& request);
  wire::Outcome stop(const wire::Call& call, const Json& request);
  static wire::Outcome record(const wire::Call& call, const Json& request);

 private:
  struct Query {
    InsightsAnswer answer;
    std::string end;  ///< Status it ends with.
    std::size_t groups = 0;
    int polls = 0;
    bool over = false;
  };
  const AwsStandIn& settings_;
  std::mutex mutex_;
  std::map<std::string, Query> queries_;
  std::size_t running_ = 0;
};

}  // namespace fa::test
