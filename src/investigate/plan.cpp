#include "investigate/plan.h"

#include "investigate/survey.h"
#include "sources/file/incident_file.h"

namespace fa {
namespace {

/// Less than this share of the data's range before the window is no baseline to speak of.
constexpr double kSmallestBaselineShare = 0.02;

/// Where the window was found by failures, it begins this much earlier: what causes them is written before them. No
/// more than this share of the time before, which remains as the baseline.
constexpr Nanoseconds kLead = std::chrono::minutes(5);
constexpr int kLeadShare = 10;

Result<void> check_range(const TimeRange& range, std::string_view what) {
  if (range.end > range.begin) return {};
  return fail(ErrorCode::kInvalidInput, "The " + std::string(what) + " must end after it begins: it runs from " +
                                            format_rfc3339(range.begin) + " to " + format_rfc3339(range.end) +
                                            ". Give a later end or an earlier start.");
}

/// The periods when no baseline is given: what lies before the window; where there is nothing, the window's own part
/// before the alarm or the onset.
PeriodClock periods_without_baseline(TimeRange window, const Survey& survey, std::optional<TimePoint> alarm) {
  const TimeRange data = survey.range();
  const TimeRange before{data.begin, window.begin};
  const auto enough = static_cast<double>(window.length().count()) * kSmallestBaselineShare;
  if (!data.empty() && static_cast<double>(before.length().count()) > enough) return {window, before};
  if (alarm && *alarm > window.begin && *alarm < window.end) return {{*alarm, window.end}, {window.begin, *alarm}};
  if (const auto onset = survey.onset(window); onset && *onset > window.begin) {
    return {{*onset, window.end}, {window.begin, *onset}};
  }
  return {window, {}};
}

}  // namespace

Result<Plan> make_plan(const InvestigateRequest& request, const InputSet& inputs, const Clock& clock,
                       const Context& context) {
  Plan plan;
  if (inputs.incident_file) {
    auto incident = read_incident_file(*inputs.incident_file);
    if (!incident) return tl::unexpected(incident.error());
    plan.incident = std::move(*incident);
  }
  IncidentInfo& incident = plan.incident;
  if (request.window) {
    incident.window = *request.window;
    incident.window_given = true;
  }
  if (request.baseline) {
    incident.baseline = *request.baseline;
    incident.baseline_given = true;
  }
  if (!request.description.empty()) incident.description = request.description;
  if (request.alarm) incident.alarm = request.alarm;
  if (incident.window_given) {
    if (auto ok = check_range(incident.window, "window"); !ok) return tl::unexpected(ok.error());
  }
  if (incident.baseline_given) {
    if (auto ok = check_range(incident.baseline, "baseline"); !ok) return tl::unexpected(ok.error());
  }
  plan.reference_time = incident.window_given ? incident.window.begin : clock.now();
  if (incident.window_given && incident.baseline_given) {
    plan.periods = PeriodClock(incident.window, incident.baseline);
    return plan;
  }
  CollectOptions options;
  options.threads = request.threads;
  options.reference_time = plan.reference_time;
  const Survey survey = survey_inputs(inputs, options, context);
  if (incident.window_given) {
    plan.periods =
        periods_without_baseline(incident.window, survey, incident.alarm ? incident.alarm->time : std::nullopt);
    incident.baseline = plan.periods.baseline();
    return plan;
  }
  const TimeRange data = survey.range();
  if (incident.baseline_given) {
    // Whatever is not the baseline, on the side that has more data.
    const TimeRange after{std::max(incident.baseline.end, data.begin), data.end};
    const TimeRange before{data.begin, std::min(incident.baseline.begin, data.end)};
    incident.window = after.length() >= before.length() ? after : before;
    if (incident.window.empty()) incident.window = data;
    plan.periods = PeriodClock(incident.window, incident.baseline);
    return plan;
  }
  const auto onset = survey.onset(data);
  incident.window = data;
  if (onset) {
    incident.window.begin = *onset - std::min(kLead, (*onset - data.begin) / kLeadShare);
    incident.baseline = {data.begin, incident.window.begin};
  }
  plan.periods = PeriodClock(incident.window, incident.baseline);
  return plan;
}

}  // namespace fa
