#include "sources/aws/collect_aws.h"

#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>

#include "sources/aws/alarm_study.h"
#include "sources/aws/alb_source.h"
#include "sources/aws/athena_source.h"
#include "sources/aws/aws_run.h"
#include "sources/aws/cloudtrail_source.h"
#include "sources/aws/logs_source.h"
#include "sources/aws/metrics_source.h"
#include "sources/aws/xray_source.h"

namespace fa {
namespace {

constexpr auto kShortestBaseline = std::chrono::hours(1);
constexpr auto kLongestBaseline = std::chrono::hours(6);

/// What is asked, and by whom.
struct Run {
  AwsRun aws;
  std::vector<std::unique_ptr<AwsSource>> sources;  ///< Borrow the scopes of `aws`.
};

MetricsFocus focus_of(const AwsRequest& request, const AwsStudy& study) {
  MetricsFocus focus;
  focus.alarm = study.alarm_metric;
  if (study.incident.alarm) focus.alarm_statistic = study.incident.alarm->statistic;
  focus.alarm_metrics = study.further_metrics;
  focus.alarm_region = region_of_arn(request.alarm_arn);
  focus.entities = study.focus;
  for (const auto& groups : {request.logs.groups, request.logs.prefixes}) {
    focus.entities.insert(focus.entities.end(), groups.begin(), groups.end());
  }
  focus.description = study.incident.description;
  return focus;
}

/// The sources of all targets. Buckets and tables are named by the user, not found in an account: the first target, the
/// caller's own as a rule, reads them once.
void make_sources(const AwsRequest& request, const AwsStudy& study, const MetricChooser& chooser, Run& run) {
  for (std::size_t i = 0; i < run.aws.scopes.size(); ++i) {
    const AwsScope& scope = *run.aws.scopes[i];
    const LogsSettings& logs = request.logs;
    if (!logs.groups.empty() || !logs.prefixes.empty() || !logs.tags.empty()) {
      run.sources.push_back(make_logs_source(scope, logs));
    }
    CloudTrailSettings trail = request.cloudtrail;
    if (i == 0) {
      for (const S3LogsSettings& alb : request.alb) run.sources.push_back(make_alb_source(scope, alb));
      if (!request.athena.tables.empty()) run.sources.push_back(make_athena_source(scope, request.athena));
    } else {
      trail.event_history = trail.event_history && trail.buckets.empty();
      trail.buckets.clear();
    }
    if (!trail.buckets.empty() || trail.event_history) run.sources.push_back(make_cloudtrail_source(scope, trail));
    if (request.metrics.enabled) {
      MetricsFocus focus = focus_of(request, study);
      focus.global = std::none_of(run.aws.scopes.begin(), run.aws.scopes.begin() + static_cast<std::ptrdiff_t>(i),
                                  [&](const auto& earlier) { return earlier->account == scope.account; });
      run.sources.push_back(make_metrics_source(scope, request.metrics, std::move(focus), chooser));
    }
    if (request.xray.enabled) run.sources.push_back(make_xray_source(scope, request.xray));
  }
}

Result<Run> open_run(const AwsRequest& request, const AwsStudy& study, const AwsWorldAccess& world,
                     const Context& context) {
  auto aws = AwsRun::open(request, study.incident.window, study.incident.baseline, world, context);
  if (!aws) return tl::unexpected(aws.error());
  Run run;
  run.aws = std::move(*aws);
  make_sources(request, study, world.choose_metrics, run);
  return run;
}

TimeRange baseline_before(const TimeRange& window) {
  const Nanoseconds length = std::clamp<Nanoseconds>(window.length(), kShortestBaseline, kLongestBaseline);
  return {window.begin - length, window.begin};
}

}  // namespace

Result<AwsStudy> plan_aws_study(const AwsRequest& request, const IncidentInfo& known, const AwsWorldAccess& world,
                                const Context& context) {
  AwsStudy study;
  study.incident = known;
  IncidentInfo& incident = study.incident;
  if (!request.alarm_arn.empty()) {
    auto session = AwsSession::open(request.profile, world);
    if (!session) return tl::unexpected(session.error());
    AwsTarget target = request.targets.empty() ? AwsTarget{} : request.targets.front();
    if (target.region.empty() && (*session)->settings().region.empty())
      target.region = region_of_arn(request.alarm_arn);
    auto identity = (*session)->identity(target);
    if (!identity) return tl::unexpected(identity.error());
    // With a window given, the alarm's episode of that time is the one that is meant.
    std::optional<TimePoint> around;
    if (incident.window_given) around = incident.window.begin + incident.window.length() / 2;
    auto alarm = study_alarm((*identity)->client(), request.alarm_arn, world.clock, context, around);
    if (!alarm) return tl::unexpected(alarm.error());
    if (!incident.alarm) incident.alarm = alarm->alarm;
    if (incident.description.empty()) incident.description = alarm->description;
    if (!incident.window_given) {
      incident.window = alarm->window;
      incident.window_given = true;
      if (!incident.baseline_given) {
        incident.baseline = alarm->baseline;
        incident.baseline_given = true;
      }
    }
    for (const std::string& note : alarm->notes) study.notes.push_back({"CloudWatch alarm", note});
    study.focus = alarm->focus;
    study.alarm_metric = std::move(alarm->metric);
    study.further_metrics = std::move(alarm->further_metrics);
  }
  if (!incident.window_given) {
    return fail(ErrorCode::kInvalidInput,
                "When did it happen? Give --from and --to, or --alarm-arn to take the time from an alarm.");
  }
  if (incident.window.empty()) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("The window must end after it begins: it runs from {} to {}. Give a later end or an "
                            "earlier start.",
                            format_rfc3339(incident.window.begin), format_rfc3339(incident.window.end)));
  }
  if (incident.window.begin >= world.clock.now()) {
    return fail(ErrorCode::kInvalidInput, fmt::format("The window begins in the future, at {}: check --from and its "
                                                      "time zone (times without one are UTC).",
                                                      format_rfc3339(incident.window.begin)));
  }
  if (!incident.baseline_given) {
    incident.baseline = baseline_before(incident.window);
    incident.baseline_given = true;
  }
  if (incident.alarm && !incident.alarm->entity.empty()) study.focus.push_back(incident.alarm->entity);
  return study;
}

Result<AwsPreflight> preflight_aws(const AwsRequest& request, const AwsStudy& study, const AwsWorldAccess& world,
                                   const Context& context) {
  const Context limited = context.within(request.deadline);
  auto run = open_run(request, study, world, limited);
  if (!run) return tl::unexpected(run.error());
  AwsPreflight preflight;
  preflight.identity = run->aws.identity;
  preflight.gaps = run->aws.gaps;
  preflight.price_date = run->aws.prices().date();
  std::vector<std::optional<Result<CostEstimate>>> estimates(run->sources.size());
  for_each_parallel(run->sources.size(), run->sources.size(),
                    [&](std::size_t i) { estimates[i] = run->sources[i]->estimate(limited); });
  for (std::size_t i = 0; i < estimates.size(); ++i) {
    if (*estimates[i]) {
      preflight.usd += (**estimates[i]).usd;
      preflight.estimates.push_back(std::move(**estimates[i]));
    } else {
      preflight.gaps.push_back({run->sources[i]->name(), {}, estimates[i]->error().message, ""});
    }
  }
  return preflight;
}

Result<void> collect_aws(const AwsRequest& request, const AwsStudy& study, const AwsWorldAccess& world,
                         CollectedFolder& folder, const CollectProgress& progress, const Context& context) {
  const Context limited = context.within(request.deadline);
  auto run = open_run(request, study, world, limited);
  if (!run) return tl::unexpected(run.error());
  for (const Gap& gap : run->aws.gaps) folder.add_gap(gap);
  for (const Note& note : study.notes) folder.add_note(note.source, note.text);
  std::atomic<std::size_t> done{0};
  const std::size_t total = run->sources.size();
  // One thread a source: they wait far more than they work.
  for_each_parallel(total, total, [&](std::size_t i) {
    run->sources[i]->collect(folder, limited);
    if (progress) progress(run->sources[i]->name(), ++done, total);
  });
  return folder.finish(study.incident, run->aws.usage(), run->aws.identity);
}

}  // namespace fa
