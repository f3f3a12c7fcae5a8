#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "aws/environment.h"
#include "aws/services/cloudwatch.h"
#include "base/wait.h"
#include "net/http.h"
#include "net/retry.h"
#include "sources/aws/aws_request.h"
#include "sources/aws/collected_folder.h"
#include "sources/aws/metrics_chooser.h"
#include "sources/aws/source.h"

namespace fa {

/// The world that collecting touches. Borrowed; outlives the call.
struct AwsWorldAccess {
  const aws::Environment& environment;
  HttpClient& http;
  Retrier& retrier;
  const Clock& clock;
  Sleeper& sleeper;
  MetricChooser choose_metrics = {};  ///< Empty: metrics are fetched in the order that rules give.
};

/// Told how collecting gets on. Called from several threads.
using CollectProgress = std::function<void(const std::string& source, std::size_t done, std::size_t total)>;

/// What is to be studied, settled before anything is fetched.
struct AwsStudy {
  IncidentInfo incident;  ///< Window and baseline set, `..._given` true.
  std::vector<Note> notes;
  std::vector<std::string> focus;  ///< Names the alarm gives: what metrics are chosen for.
  std::optional<aws::cloudwatch::Metric> alarm_metric;
  std::vector<aws::cloudwatch::Metric> further_metrics;  ///< Of an alarm on metric math.
};

/// Window, baseline and alarm of a run: from the incident as far as given, else from the alarm. The baseline is the
/// time just before the window: as long as the window at least, an hour at least, six hours at the most. Fails when
/// there is neither window nor alarm, or the alarm cannot be read.
Result<AwsStudy> plan_aws_study(const AwsRequest& request, const IncidentInfo& known, const AwsWorldAccess& world,
                                const Context& context);

/// What would be asked and what it would cost, source by source, without asking for any data.
struct AwsPreflight {
  std::string identity;
  std::vector<CostEstimate> estimates;
  std::vector<Gap> gaps;  ///< Sources that cannot even be described.
  double usd = 0;
  std::string price_date;
};
Result<AwsPreflight> preflight_aws(const AwsRequest& request, const AwsStudy& study, const AwsWorldAccess& world,
                                   const Context& context);

/// Collects everything the request names into the folder: all targets, all sources, in parallel, each within limits and
/// the request's deadline. Whatever fails is a gap of the folder. Errors only when nothing can be asked at all: no
/// credentials, no region, prices that cannot be read, a folder that cannot be written.
Result<void> collect_aws(const AwsRequest& request, const AwsStudy& study, const AwsWorldAccess& world,
                         CollectedFolder& folder, const CollectProgress& progress, const Context& context);

}  // namespace fa
