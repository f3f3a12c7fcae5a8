#include "sources/aws/alarm_study.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "aws/services/pages.h"
#include "base/text.h"
#include "formats/aws_values.h"
#include "formats/metric_entity.h"
#include "sources/aws/alarm_history.h"
#include "sources/aws/alarm_rule.h"

namespace fa {
namespace {

using aws::cloudwatch::MetricAlarm;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::seconds;

constexpr std::size_t kMostHistoryPages = 30;  ///< Of 100 changes each.
constexpr auto kHistoryKept = days(30);
/// How far before an episode its history must be known, for the baseline.
constexpr auto kHistoryBefore = hours(25);
constexpr auto kAroundSlack = days(1);
/// Children of a composite alarm looked at, and how deep they may be nested.
constexpr std::size_t kMostChildren = 100;
constexpr int kMostLevels = 5;
/// A child belongs to a composite alarm's episode when it fired at most so long before it.
constexpr auto kChildSlack = hours(6);

struct Place {
  aws::Client& client;
  std::string region;
  std::string account;  ///< Of the ARN.
  TimePoint now;
  const Context& context;
};

seconds evaluation_of(const MetricAlarm& alarm) {
  const seconds whole = seconds(std::int64_t{alarm.period_seconds} * std::max(alarm.evaluation_periods, 1));
  return whole.count() > 0 ? whole : seconds(300);  // composite and math alarms state no period of their own
}

struct History {
  std::vector<AlarmEpisode> episodes;
  std::vector<std::string> notes;
};

/// The episode an alarm's present state tells of, for when there is no history.
std::optional<AlarmEpisode> present_episode(const MetricAlarm& alarm) {
  if (alarm.state != "ALARM" || !alarm.state_updated) return std::nullopt;
  AlarmEpisode episode;
  episode.fired = {*alarm.state_updated, "", "ALARM", alarm.state_reason, parse_state_reason(alarm.state_reason_data)};
  return episode;
}

/// All episodes in `range`; newest pages first, until the latest episode and the time before it are known.
Result<History> read_history(const Place& place, const MetricAlarm& alarm, TimeRange range, bool to_the_end) {
  History history;
  std::vector<AlarmTransition> transitions;
  aws::PageGuard guard(kMostHistoryPages);
  std::string token;
  const Nanoseconds gap = quiet_gap(evaluation_of(alarm));
  while (true) {
    auto page =
        aws::cloudwatch::describe_alarm_history(place.client, place.region, alarm.name, range, token, place.context);
    if (!page) {
      auto now = present_episode(alarm);
      if (!now || page.error().code == ErrorCode::kCancelled) return tl::unexpected(page.error());
      history.notes.push_back("The alarm's history could not be read; its present state is taken. " +
                              page.error().message);
      history.episodes.push_back(std::move(*now));
      return history;
    }
    for (const auto& item : page->items) {
      if (auto transition = parse_transition(item)) transitions.push_back(std::move(*transition));
    }
    history.episodes = episodes_of(transitions, gap);
    if (page->next_token.empty()) break;
    const bool known = !to_the_end && !history.episodes.empty() && !page->items.empty() &&
                       page->items.back().time < history.episodes.back().fired.time - kHistoryBefore;
    if (known) break;
    if (const auto why = guard.refuse(page->next_token)) {
      history.notes.push_back(fmt::format("The history of alarm '{}' was not read to its end: {}.", alarm.name, *why));
      break;
    }
    token = page->next_token;
  }
  if (history.episodes.empty()) {
    if (auto now = present_episode(alarm)) history.episodes.push_back(std::move(*now));
  }
  return history;
}

/// How far `t` lies outside of an episode.
Nanoseconds distance(const AlarmEpisode& episode, TimePoint t, TimePoint now) {
  const TimePoint end = episode.end.value_or(now);
  if (t < episode.fired.time) return episode.fired.time - t;
  return t > end ? t - end : Nanoseconds{0};
}

Result<std::size_t> choose_episode(const MetricAlarm& alarm, const std::vector<AlarmEpisode>& episodes, TimePoint now,
                                   std::optional<TimePoint> around) {
  if (episodes.empty()) {
    const std::string since = alarm.state_updated ? " since " + format_rfc3339(*alarm.state_updated) : std::string();
    return fail(
        ErrorCode::kNotFound,
        fmt::format("Alarm '{}' was not in ALARM {} (it is {}{}; CloudWatch keeps 30 days of history). Give the "
                    "time of the incident with --from and --to.",
                    alarm.name, around ? "around " + format_rfc3339(*around) : std::string("in its history"),
                    alarm.state.empty() ? "in an unknown state" : alarm.state, since));
  }
  if (!around) return episodes.size() - 1;
  std::size_t best = 0;
  for (std::size_t i = 1; i < episodes.size(); ++i) {
    if (distance(episodes[i], *around, now) <= distance(episodes[best], *around, now)) best = i;
  }
  if (distance(episodes[best], *around, now) > kAroundSlack) return choose_episode(alarm, {}, now, around);
  return best;
}

/// The metric alarms below a composite one, level by level; circles end since no alarm is looked at twice.
Result<std::vector<MetricAlarm>> metric_alarms_below(const Place& place, const MetricAlarm& composite,
                                                     const AlarmTransition& fired, std::vector<std::string>& notes) {
  std::vector<MetricAlarm> found;
  std::set<std::string> seen{composite.name};
  std::vector<std::string> level;
  const auto add = [&](const std::string& name) {
    if (seen.size() <= kMostChildren && seen.insert(name).second) level.push_back(name);
  };
  const auto add_children = [&](const MetricAlarm& alarm, const StateReason& reason) {
    for (const std::string& arn : reason.triggering) add(alarm_name_of(arn));
    for (const std::string& name : alarms_of_rule(alarm.alarm_rule)) add(name);
  };
  add_children(composite, fired.data);
  for (int depth = 0; depth < kMostLevels && !level.empty(); ++depth) {
    std::vector<std::string> names;
    names.swap(level);
    auto alarms = aws::cloudwatch::describe_alarms(place.client, place.region, names, place.context);
    if (!alarms) return tl::unexpected(alarms.error());
    std::sort(alarms->begin(), alarms->end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    for (MetricAlarm& alarm : *alarms) {
      if (alarm.composite) {
        add_children(alarm, parse_state_reason(alarm.state_reason_data));
      } else {
        found.push_back(std::move(alarm));
      }
    }
  }
  if (seen.size() > kMostChildren) {
    notes.push_back(fmt::format("Only the first {} alarms below the composite alarm were looked at.", kMostChildren));
  } else if (!level.empty()) {
    notes.push_back(
        fmt::format("Alarms more than {} levels below the composite alarm were not looked at.", kMostLevels));
  }
  return found;
}

struct Fired {
  MetricAlarm alarm;
  std::vector<AlarmEpisode> episodes;
  std::size_t episode = 0;
};

/// Of the metric alarms below a composite one the first to fire in its episode; none when there is no such.
Result<std::optional<Fired>> first_to_fire(const Place& place, const MetricAlarm& composite,
                                           const AlarmEpisode& episode, std::vector<std::string>& notes) {
  auto children = metric_alarms_below(place, composite, episode.fired, notes);
  if (!children) return tl::unexpected(children.error());
  const TimePoint earliest = episode.fired.time - kChildSlack;
  const TimePoint latest = episode.end.value_or(place.now);
  std::optional<Fired> first;
  std::size_t fired = 0;
  for (MetricAlarm& child : *children) {
    auto history = read_history(place, child, {earliest - kHistoryBefore, latest + seconds(1)}, true);
    if (!history) {
      if (history.error().code == ErrorCode::kCancelled) return tl::unexpected(history.error());
      notes.push_back(fmt::format("Alarm '{}' below it: {}", child.name, history.error().message));
      continue;
    }
    notes.insert(notes.end(), history->notes.begin(), history->notes.end());
    const auto& episodes = history->episodes;
    const auto inside = std::find_if(episodes.begin(), episodes.end(), [&](const AlarmEpisode& e) {
      return e.fired.time >= earliest && e.fired.time <= latest && e.end.value_or(place.now) >= episode.fired.time;
    });
    if (inside == episodes.end()) continue;
    ++fired;
    const auto index = static_cast<std::size_t>(inside - episodes.begin());
    if (!first || std::tie(inside->fired.time, child.name) <
                      std::tie(first->episodes[first->episode].fired.time, first->alarm.name)) {
      first = Fired{std::move(child), episodes, index};
    }
  }
  if (first) {
    notes.push_back(fmt::format(
        "Composite alarm: of the {} metric alarms below it {} fired; '{}' was the first, at {}.", children->size(),
        fired, first->alarm.name, format_rfc3339(first->episodes[first->episode].fired.time)));
  }
  return first;
}

void add_metric(AlarmStudy& study, const MetricAlarm& alarm) {
  std::vector<aws::cloudwatch::Metric> metrics = alarm.query_metrics;
  if (!alarm.metric.name.empty()) {
    std::erase(metrics, alarm.metric);
    metrics.insert(metrics.begin(), alarm.metric);
  }
  if (metrics.empty()) {
    study.notes.push_back(
        fmt::format("Alarm '{}' watches no metric; the window is known, what it watches is not.", alarm.name));
    return;
  }
  if (metrics.size() > 1) {
    std::string names;
    for (const auto& metric : metrics) names += (names.empty() ? "" : ", ") + metric.name;
    study.notes.push_back(fmt::format("Alarm '{}' is computed from several metrics: {}.", alarm.name, names));
  }
  study.metric = metrics.front();
  study.further_metrics.assign(metrics.begin() + 1, metrics.end());
  const MetricEntity entity = entity_of_metric(study.metric->dimensions);
  study.alarm.entity = entity.service.empty() ? study.metric->metric_namespace : entity.service;
  study.alarm.metric = study.metric->name;
  study.alarm.statistic = alarm.statistic;
  std::set<std::string> names;
  for (const auto& metric : metrics) {
    for (const auto& [name, value] : metric.dimensions) names.insert(value);
  }
  study.focus.assign(names.begin(), names.end());
}

std::string describe(const MetricAlarm& alarm, const AlarmEpisode& episode) {
  std::string text = fmt::format("CloudWatch alarm '{}'", alarm.name);
  if (!trim(alarm.description).empty()) text += fmt::format(" ({})", trim(alarm.description));
  text += fmt::format(" went into ALARM at {}", format_rfc3339(episode.fired.time));
  if (!trim(episode.fired.reason).empty()) text += fmt::format(": {}", trim(episode.fired.reason));
  if (!text.ends_with('.')) text += '.';
  return text;
}

Result<MetricAlarm> describe_alarm(const Place& place, const std::string& arn, const std::string& name) {
  auto alarms = aws::cloudwatch::describe_alarms(place.client, place.region, {name}, place.context);
  if (!alarms) return tl::unexpected(alarms.error());
  const auto found =
      std::find_if(alarms->begin(), alarms->end(), [&](const MetricAlarm& alarm) { return alarm.name == name; });
  if (found == alarms->end()) {
    return fail(ErrorCode::kNotFound,
                fmt::format("There is no alarm '{}' in {} for the account whose credentials are used (the ARN names "
                            "account {}). Check the ARN, the profile and the role.",
                            visible(name), place.region, visible(place.account)));
  }
  if (!found->arn.empty() && found->arn != arn) {
    return fail(ErrorCode::kNotFound,
                fmt::format("The alarm '{}' that these credentials see is {}, not {}: they belong to another account. "
                            "Check the profile and the role.",
                            visible(name), visible(found->arn), visible(arn)));
  }
  return std::move(*found);
}

}  // namespace

std::string region_of_arn(std::string_view arn) { return std::string(parse_arn(arn).region); }

Result<AlarmStudy> study_alarm(aws::Client& client, const std::string& alarm_arn, const Clock& clock,
                               const Context& context, std::optional<TimePoint> around) {
  const Arn arn = parse_arn(alarm_arn);
  if (arn.service != "cloudwatch" || !arn.resource.starts_with("alarm:") || arn.resource.size() == 6) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("'{}' is not the ARN of an alarm. It should look like "
                            "arn:aws:cloudwatch:ap-northeast-1:123456789012:alarm:orders-slow.",
                            visible(alarm_arn)));
  }
  const TimePoint now = clock.now();
  const Place place{client, std::string(arn.region), std::string(arn.account), now, context};
  auto alarm = describe_alarm(place, alarm_arn, alarm_name_of(alarm_arn));
  if (!alarm) return tl::unexpected(alarm.error());

  TimeRange range{now - kHistoryKept, now + seconds(1)};
  if (around) range = {*around - days(2), std::min(*around + days(2), range.end)};
  auto history = read_history(place, *alarm, range, around.has_value());
  if (!history) return tl::unexpected(history.error());
  const auto chosen = choose_episode(*alarm, history->episodes, now, around);
  if (!chosen) return tl::unexpected(chosen.error());

  AlarmStudy study;
  study.notes = std::move(history->notes);
  const AlarmEpisode& own = history->episodes[*chosen];
  study.alarm.time = own.fired.time;
  study.description = describe(*alarm, own);
  Fired fired{*alarm, history->episodes, *chosen};
  if (alarm->composite) {
    auto first = first_to_fire(place, *alarm, own, study.notes);
    if (!first) return tl::unexpected(first.error());
    if (*first) {
      fired = std::move(**first);
      // The composite alarm may outlast the child that fired first.
      AlarmEpisode& episode = fired.episodes[fired.episode];
      if (episode.end) episode.end = own.end ? std::optional(std::max(*episode.end, *own.end)) : std::nullopt;
      study.description += " First below it: " + describe(fired.alarm, episode);
    }
  }
  add_metric(study, fired.alarm);
  AlarmPeriods periods = periods_of_alarm(fired.episodes, fired.episode, evaluation_of(fired.alarm), now);
  study.window = periods.window;
  study.baseline = periods.baseline;
  study.notes.insert(study.notes.end(), periods.notes.begin(), periods.notes.end());
  return study;
}

}  // namespace fa
