#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "aws/client.h"

/// AWS X-Ray, reading only. Contract: service model xray 2016-04-12.
namespace fa::aws::xray {

extern const Service kService;

struct GetTraceSummaries {
  TimeRange range = {};     ///< At most 6 hours a call (the API's limit); callers split.
  std::string filter = {};  ///< Filter expression; empty: all.
  bool sampling = false;
  double sampling_value = 1;  ///< With sampling: the share of the traces wanted (strategy FixedRate), 0 to 1.
  std::string next_token = {};
};
struct SummaryInfo {
  std::string id;
  bool fault = false;
  bool error = false;
  bool throttle = false;
  double response_seconds = 0;
};
struct SummaryPage {
  std::string raw;
  std::vector<SummaryInfo> traces;
  double processed = 0;  ///< TracesProcessedCount
  std::string next_token;
};
Result<SummaryPage> get_trace_summaries(Client& client, const GetTraceSummaries& request, const Context& context);

struct TracePage {
  std::string raw;
  std::uint64_t traces = 0;
  std::vector<std::string> unprocessed;
  std::string next_token;
};
/// At most 5 ids a call.
Result<TracePage> batch_get_traces(Client& client, const std::vector<std::string>& ids, const std::string& next_token,
                                   const Context& context);

struct GraphPage {
  std::string raw;
  std::uint64_t services = 0;
  std::string next_token;
};
Result<GraphPage> get_service_graph(Client& client, TimeRange range, const std::string& next_token,
                                    const Context& context);

}  // namespace fa::aws::xray
