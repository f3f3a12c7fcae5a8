#include "sources/aws/xray_select.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "base/json.h"
#include "base/text.h"
#include "formats/aws_values.h"

namespace fa {
namespace {

using aws::xray::SummaryInfo;

constexpr auto kLongestCall = std::chrono::hours(6);
constexpr std::size_t kFewTraces = 20;
constexpr double kSlowQuantile = 0.95;
/// Failing or slow traces of the window that show what they have in common.
constexpr double kWantedUnusual = 25;

bool failed(const SummaryInfo& trace) { return trace.fault || trace.error || trace.throttle; }

struct Row {
  TimePoint time;
  std::string id;
  bool operator<(const Row& other) const { return std::tie(time, id) < std::tie(other.time, other.id); }
  bool operator==(const Row& other) const { return id == other.id; }
};

/// The traces of one period, failing and slow ones apart, each once, by time.
struct Strata {
  std::vector<Row> unusual;
  std::vector<Row> usual;
  std::size_t budget = 0;

  [[nodiscard]] std::size_t size() const { return unusual.size() + usual.size(); }
};

Strata strata_of(const std::vector<SummaryInfo>& traces, std::optional<double> slow_seconds) {
  Strata strata;
  for (const SummaryInfo& trace : traces) {
    if (trace.id.empty()) continue;
    const bool slow = slow_seconds && trace.response_seconds > *slow_seconds;
    (failed(trace) || slow ? strata.unusual : strata.usual)
        .push_back({time_of_trace_id(trace.id).value_or(kNoTime), trace.id});
  }
  for (auto* rows : {&strata.unusual, &strata.usual}) {
    std::sort(rows->begin(), rows->end());
    rows->erase(std::unique(rows->begin(), rows->end()), rows->end());
  }
  return strata;
}

/// `count` of the rows, evenly spaced.
void take_evenly(const std::vector<Row>& rows, std::size_t count, std::vector<Row>& out) {
  count = std::min(count, rows.size());
  for (std::size_t i = 0; i < count; ++i) out.push_back(rows[(2 * i + 1) * rows.size() / (2 * count)]);
}

std::size_t share_of(std::size_t count, double share) {
  return static_cast<std::size_t>(std::floor(static_cast<double>(count) * std::clamp(share, 0.0, 1.0) + 1e-9));
}

/// The factor by which unusual traces are preferred: as many of them as of others in the window if there are so many,
/// though neither period should fill less than half of its budget for it. Some failing traces of the window are worth
/// more than a full baseline: for them as little as kFewTraces ordinary ones of the baseline will do.
double preference_of(const Strata& window, const Strata& baseline) {
  const bool all = window.size() <= window.budget && baseline.size() <= baseline.budget;
  if (all || window.unusual.empty() || window.usual.empty()) return 1;
  const auto unusual = static_cast<double>(window.unusual.size());
  const auto usual = static_cast<double>(window.usual.size());
  const auto budget = static_cast<double>(window.budget);
  double preference = usual / unusual;
  for (const Strata* period : {&window, &baseline}) {
    if (period->usual.empty() || period->budget == 0) continue;
    preference =
        std::min(preference, 2 * static_cast<double>(period->usual.size()) / static_cast<double>(period->budget));
  }
  const double wanted = std::min({unusual, kWantedUnusual, budget / 2});
  // wanted = preference * unusual * budget / (preference * unusual + usual), see choose_of()
  double needed = wanted / unusual * usual / (budget - wanted);
  const auto ordinary = static_cast<double>(baseline.usual.size());
  if (ordinary >= kFewTraces) needed = std::min(needed, ordinary / kFewTraces);
  return std::max({1.0, preference, needed});
}

std::size_t choose_of(const Strata& period, double preference, std::vector<std::string>& ids) {
  const auto unusual = static_cast<double>(period.unusual.size());
  const auto usual = static_cast<double>(period.usual.size());
  const double weight = preference * unusual + usual;
  if (weight <= 0) return 0;
  const double of_usual = std::min(1 / preference, static_cast<double>(period.budget) / weight);
  std::vector<Row> taken;
  take_evenly(period.unusual, share_of(period.unusual.size(), preference * of_usual), taken);
  const std::size_t first = taken.size();
  take_evenly(period.usual, share_of(period.usual.size(), of_usual), taken);
  std::sort(taken.begin(), taken.end());
  for (Row& row : taken) ids.push_back(std::move(row.id));
  return first;
}

}  // namespace

std::vector<TimeRange> xray_ranges(TimeRange range) {
  std::vector<TimeRange> pieces;
  for (TimePoint begin = range.begin; begin < range.end;) {
    const TimePoint end = range.end - begin > kLongestCall ? begin + kLongestCall : range.end;
    pieces.push_back({begin, end});
    begin = end;
  }
  return pieces;
}

std::optional<double> requests_in_graph(std::string_view page) {
  const Json graph = parse_json(page);
  if (graph.is_discarded() || !graph.is_object()) return std::nullopt;
  double requests = 0;
  const auto services = graph.find("Services");
  if (services == graph.end() || !services->is_array()) return requests;
  for (const Json& service : *services) {
    if (!service.is_object()) continue;
    const auto root = service.find("Root");
    const auto type = service.find("Type");
    const auto statistics = service.find("SummaryStatistics");
    if (root == service.end() || !root->is_boolean() || !root->get<bool>()) continue;
    if (type != service.end() && type->is_string() && type->get_ref<const std::string&>() == "client") continue;
    if (statistics == service.end() || !statistics->is_object()) continue;
    const auto total = statistics->find("TotalCount");
    if (total != statistics->end() && total->is_number()) requests += std::max(0.0, total->get<double>());
  }
  return requests;
}

std::optional<double> slow_threshold(const std::vector<SummaryInfo>& baseline, const std::vector<SummaryInfo>& window) {
  std::vector<double> seconds;
  const auto take = [&](const std::vector<SummaryInfo>& traces) {
    for (const SummaryInfo& trace : traces) {
      if (!failed(trace) && std::isfinite(trace.response_seconds)) seconds.push_back(trace.response_seconds);
    }
  };
  take(baseline);
  if (seconds.size() < kFewTraces) take(window);
  if (seconds.empty()) return std::nullopt;
  std::sort(seconds.begin(), seconds.end());
  const auto rank = static_cast<std::size_t>(std::ceil(kSlowQuantile * static_cast<double>(seconds.size())));
  const double value = std::max(seconds[std::max<std::size_t>(rank, 1) - 1], 1e-3);
  // A round figure reads well in the filter; rounded up, so that what is at the threshold is not slow by an error of
  // its last digit.
  const double step = std::pow(10.0, std::floor(std::log10(value)) - 2);
  return std::ceil(value / step + 1e-6) * step;
}

std::string user_filter(std::string_view given) {
  const std::string_view text = trim(given);
  const bool name = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
  });
  // `fault` and its like are expressions by themselves.
  const bool keyword = text == "fault" || text == "error" || text == "throttle" || text == "ok" || text == "partial";
  return name && !keyword ? fmt::format("service(\"{}\")", text) : std::string(text);
}

std::string unusual_filter(std::string_view user, std::optional<double> slow_seconds) {
  std::string unusual = "fault = true OR error = true OR throttle = true";
  if (slow_seconds) unusual += fmt::format(" OR responsetime > {:g}", *slow_seconds);
  return user.empty() ? unusual : fmt::format("({}) AND ({})", user, unusual);
}

TraceChoice choose_traces(const std::vector<SummaryInfo>& window, const std::vector<SummaryInfo>& baseline,
                          std::optional<double> slow_seconds, std::size_t most) {
  Strata w = strata_of(window, slow_seconds);
  Strata b = strata_of(baseline, slow_seconds);
  w.budget = std::min(w.size(), most - most / 2);
  b.budget = std::min(b.size(), most - w.budget);
  w.budget = std::min(w.size(), most - b.budget);
  TraceChoice choice;
  choice.preference = preference_of(w, b);
  choice.unusual_window = choose_of(w, choice.preference, choice.window);
  choice.unusual_baseline = choose_of(b, choice.preference, choice.baseline);
  return choice;
}

}  // namespace fa
