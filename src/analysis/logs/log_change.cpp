#include "analysis/logs/log_change.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "analysis/stats/statistics.h"
#include "analysis/text/failure_words.h"

namespace fa {
namespace {

constexpr auto kB = static_cast<std::size_t>(Period::kBaseline);
constexpr auto kW = static_cast<std::size_t>(Period::kWindow);
constexpr double kReportStrength = 2.0;
/// Log lines come in bursts: a thousand lines of one moment are no thousand observations. Counts are taken as at most
/// this many independent events before they are compared (one per bucket of the window).
constexpr double kIndependentEvents = static_cast<double>(PeriodClock::kBuckets);

/// How telling a line of this severity is when it appears or disappears.
double weight_of(Severity severity, bool failure_words) {
  switch (severity) {
    case Severity::kFatal:
    case Severity::kError:
      return 1.0;
    case Severity::kWarn:
      return 0.7;
    case Severity::kUnknown:
      return failure_words ? 0.8 : 0.3;
    default:
      return failure_words ? 0.4 : 0.25;
  }
}

double seconds_of(TimeRange range) { return static_cast<double>(range.length().count()) * 1e-9; }

double burst_strength(double count_b, double seconds_b, double count_w, double seconds_w) {
  const double shrink = std::max(1.0, (count_b + count_w) / kIndependentEvents);
  return stats::rate_strength(count_b / shrink, seconds_b, count_w / shrink, seconds_w);
}

/// Without a baseline only words and rarity speak: a line that names its failure, and is not what the log is full of.
double word_strength(Mechanism hint, Severity severity, bool failure_words, double share) {
  double strength = 0;
  if (hint != Mechanism::kUnknown) strength += 2;
  if (severity >= Severity::kError) strength += 1.5;
  if (failure_words) strength += 1;
  return strength == 0 ? 0 : strength + std::min(2.0, -std::log10(std::max(share, 1e-6)) / 2);
}

ChartSeries chart_of(const std::vector<std::uint32_t>& buckets, TimeRange range) {
  ChartSeries chart;
  chart.range = range;
  chart.unit = "lines";
  for (const std::uint32_t n : buckets) chart.values.emplace_back(n);
  return chart;
}

void take_quotes(Finding& f, const std::vector<LogSample>& samples) {
  for (const LogSample& s : samples) f.quotes.push_back({s.file, s.position, s.time, s.text});
}

class LogChanges {
 public:
  LogChanges(const LogDigest& digest, const PeriodClock& periods)
      : digest_(digest),
        window_seconds_(seconds_of(periods.window())),
        baseline_seconds_(seconds_of(periods.baseline())),
        periods_(periods) {
    // A baseline without a single log record is no baseline for logs.
    if (digest.records[kB] == 0) baseline_seconds_ = 0;
  }

  std::vector<Finding> run() {
    for (const TemplateActivity& a : digest_.activities) {
      if (a.instance.empty()) add_template(a);
    }
    for (const ExceptionActivity& e : digest_.exceptions) add_exception(e);
    std::stable_sort(findings_.begin(), findings_.end(), [](const Finding& a, const Finding& b) {
      return std::tie(a.kind, a.subject.service, a.key) < std::tie(b.kind, b.subject.service, b.key);
    });
    return std::move(findings_);
  }

 private:
  void add_template(const TemplateActivity& a) {
    const LogTemplate& t = digest_.templates.templates[a.template_id];
    const std::vector<LogSample>& samples = a.window_samples.empty() ? a.baseline_samples : a.window_samples;
    const std::string_view words =
        samples.empty() ? std::string_view(t.pattern) : std::string_view(samples.front().text);
    const bool failure = speaks_of_failure(words);
    const double weight = weight_of(a.severity, failure);
    const auto count_w = static_cast<double>(a.counts[kW]);
    const auto count_b = static_cast<double>(a.counts[kB]);

    Finding f;
    f.evidence = EvidenceKind::kLog;
    f.subject.service = a.service;
    f.key = t.id;
    f.label = t.pattern;
    f.severity = a.severity;
    f.hint = failure ? mechanism_in_words(words) : Mechanism::kUnknown;
    f.onset = a.first_in_window;
    f.unit = "lines";
    f.facts = {{"count_window", count_w, "lines"}, {"count_baseline", count_b, "lines"}};
    if (baseline_seconds_ <= 0) {
      if (count_w == 0) return;
      f.kind = FindingKind::kLogNew;
      f.window = count_w;
      f.strength =
          word_strength(f.hint, a.severity, failure, count_w / std::max(1.0, static_cast<double>(digest_.records[kW])));
      f.effect = f.strength > 0 ? weight : 0;
    } else {
      const double rate_w = count_w / std::max(window_seconds_, 1e-9);
      const double rate_b = count_b / baseline_seconds_;
      f.baseline = rate_b * 60;
      f.window = rate_w * 60;
      f.unit = "lines/min";
      f.strength = burst_strength(count_b, baseline_seconds_, count_w, window_seconds_);
      if (rate_w > rate_b) {
        f.kind = count_b == 0 ? FindingKind::kLogNew : FindingKind::kLogSurge;
        f.effect = weight * (1 - rate_b / rate_w);
      } else {
        f.kind = count_w == 0 ? FindingKind::kLogVanished : FindingKind::kLogFall;
        f.effect = rate_b > 0 ? 0.3 * (1 - rate_w / rate_b) : 0;
      }
    }
    f.window_chart = chart_of(a.window_buckets, periods_.window());
    if (baseline_seconds_ > 0) f.baseline_chart = chart_of(a.baseline_buckets, periods_.baseline());
    take_quotes(f, samples);
    add_shift(a, t);
    if (f.strength >= kReportStrength && f.effect > 0) findings_.push_back(std::move(f));
  }

  void add_shift(const TemplateActivity& a, const LogTemplate& t) {
    if (a.shifts.empty() || a.shifts.front().strength < 2 * kReportStrength) return;
    const ParameterShift& shift = a.shifts.front();
    const bool numeric = shift.kind == ParameterShift::Kind::kNumber || shift.kind == ParameterShift::Kind::kDuration;
    Finding f;
    f.kind = FindingKind::kLogParameterShift;
    f.evidence = EvidenceKind::kLog;
    f.subject.service = a.service;
    f.key = t.id + "/" + std::to_string(shift.slot);
    f.label = t.pattern;
    f.severity = a.severity;
    f.strength = shift.strength;
    f.baseline = shift.baseline;
    f.window = shift.window;
    f.subject.component = numeric ? std::string() : shift.value;
    const double low = std::min(std::abs(shift.baseline), std::abs(shift.window));
    const double high = std::max(std::abs(shift.baseline), std::abs(shift.window));
    f.effect = high > 0 ? 0.5 * (1 - low / high) : 0;
    f.onset = a.first_in_window;
    f.facts = {{"parameter_baseline", shift.baseline, ""}, {"parameter_window", shift.window, ""}};
    take_quotes(f, a.window_samples);
    if (f.effect > 0.1 && !f.quotes.empty()) findings_.push_back(std::move(f));
  }

  void add_exception(const ExceptionActivity& e) {
    if (e.counts[kW] == 0) return;
    const auto count_w = static_cast<double>(e.counts[kW]);
    const auto count_b = static_cast<double>(e.counts[kB]);
    Finding f;
    f.kind = FindingKind::kException;
    f.evidence = EvidenceKind::kLog;
    f.subject.service = e.service;
    f.label = e.root_type + (e.root_message.empty() ? "" : ": " + e.root_message);
    f.key = e.type + "|" + e.root_type + "|" + e.root_message;
    f.hint = mechanism_in_words(f.label);
    if (f.hint == Mechanism::kUnknown) f.hint = mechanism_in_words(e.type);
    if (f.hint == Mechanism::kUnknown) f.hint = Mechanism::kCodeException;
    f.severity = Severity::kError;
    f.onset = e.first_in_window;
    f.facts = {{"count_window", count_w, "lines"}, {"count_baseline", count_b, "lines"}};
    if (baseline_seconds_ > 0) {
      const double rate_w = count_w / std::max(window_seconds_, 1e-9);
      const double rate_b = count_b / baseline_seconds_;
      f.baseline = rate_b * 60;
      f.window = rate_w * 60;
      f.unit = "lines/min";
      f.strength = rate_w > rate_b ? burst_strength(count_b, baseline_seconds_, count_w, window_seconds_) : 0;
      f.effect = rate_w > rate_b ? 1 - rate_b / rate_w : 0;
    } else {
      f.window = count_w;
      f.unit = "lines";
      f.strength = word_strength(f.hint, Severity::kError, true,
                                 count_w / std::max(1.0, static_cast<double>(digest_.records[kW])));
      f.effect = 1;
    }
    take_quotes(f, e.window_samples);
    if (f.strength >= kReportStrength && !f.quotes.empty()) findings_.push_back(std::move(f));
  }

  const LogDigest& digest_;
  double window_seconds_;
  double baseline_seconds_;
  const PeriodClock& periods_;
  std::vector<Finding> findings_;
};

}  // namespace

std::vector<Finding> find_log_changes(const LogDigest& digest, const PeriodClock& periods) {
  return LogChanges(digest, periods).run();
}

}  // namespace fa
