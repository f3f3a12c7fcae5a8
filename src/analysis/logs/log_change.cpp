#include "analysis/logs/log_change.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "analysis/logs/failure_weight.h"
#include "analysis/stats/statistics.h"

namespace fa {
namespace {

constexpr auto kB = static_cast<std::size_t>(Period::kBaseline);
constexpr auto kW = static_cast<std::size_t>(Period::kWindow);
constexpr double kReportStrength = 2.0;
/// Log lines come in bursts: a thousand lines of one moment are no thousand observations. Counts are taken as at most
/// this many independent events before they are compared (one per bucket of the window).
constexpr double kIndependentEvents = static_cast<double>(PeriodClock::kBuckets);
/// Lines that name a cause are worth showing from before the window as well, where there were no more than this.
constexpr double kSeldom = 3;
/// What they tell of the failure in the window, against the same lines inside it.
constexpr double kBeforeShare = 0.6;

/// `clump`: how many lines come together as a rule, at least 1.
double burst_strength(double count_b, double seconds_b, double count_w, double seconds_w, double clump) {
  const double shrink = std::max(clump, (count_b + count_w) / kIndependentEvents);
  return stats::rate_strength(count_b / shrink, seconds_b, count_w / shrink, seconds_w);
}

ChartSeries chart_of(const std::vector<std::uint32_t>& buckets, TimeRange range) {
  ChartSeries chart;
  chart.range = range;
  chart.unit = "lines";
  for (const std::uint32_t n : buckets) chart.values.emplace_back(n);
  return chart;
}

/// The samples, the one that says most first; of long ones what begins with the line that says it.
void take_quotes(Finding& f, const std::vector<LogSample>& samples) {
  for (const LogSample& s : samples) f.quotes.push_back({s.file, s.position, s.time, telling_part(s.text)});
}

class LogChanges {
 public:
  LogChanges(const LogDigest& digest, const PeriodClock& periods, Beside beside)
      : digest_(digest),
        beside_(beside),
        window_seconds_(periods.window_seconds()),
        baseline_seconds_(periods.baseline_seconds()),
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
  /// How many lines come together as a rule.
  [[nodiscard]] double clump_of(const std::vector<std::uint32_t>& baseline_buckets) const {
    std::vector<double> counts;
    for (std::size_t b = 0; b < baseline_buckets.size(); ++b) {
      if (periods_.is_baseline_bucket(b)) counts.push_back(baseline_buckets[b]);
    }
    return stats::count_dispersion(counts);
  }

  void add_template(const TemplateActivity& a) {
    const LogTemplate& t = digest_.templates.templates[a.template_id];
    const std::vector<LogSample>& samples = a.window_samples.empty() ? a.baseline_samples : a.window_samples;
    const FailureReading reading = read_failure(samples.empty() ? t.pattern : samples.front().text);
    const LineWeight weight = weight_of(reading, a.severity, a.service, beside_);
    const auto count_w = static_cast<double>(a.counts[kW]);
    const auto count_b = static_cast<double>(a.counts[kB]);

    Finding f;
    f.evidence = EvidenceKind::kLog;
    f.subject.service = a.service;
    f.key = t.id;
    f.label = t.pattern;
    const bool names_cause = reading.telling == Telling::kCause;
    f.severity = names_cause && a.severity == Severity::kUnknown ? Severity::kError : a.severity;
    f.hint = reading.mechanism;
    f.onset = a.first_in_window;
    f.unit = "lines";
    f.facts = {{"count_window", count_w, "lines"}, {"count_baseline", count_b, "lines"}};
    if (baseline_seconds_ <= 0) {
      if (count_w == 0) return;
      f.kind = FindingKind::kLogNew;
      f.window = count_w;
      f.strength = word_strength(weight, count_w);
      f.effect = f.strength > 0 ? weight.effect * (is_constant(a) ? kConstantNoise : 1) : 0;
    } else {
      const double rate_w = count_w / std::max(window_seconds_, 1e-9);
      const double rate_b = count_b / baseline_seconds_;
      f.baseline = rate_b * 60;
      f.window = rate_w * 60;
      f.unit = "lines/min";
      f.strength = burst_strength(count_b, baseline_seconds_, count_w, window_seconds_, clump_of(a.baseline_buckets));
      if (rate_w > rate_b) {
        f.kind = count_b == 0 ? FindingKind::kLogNew : FindingKind::kLogSurge;
        f.effect = weight.effect * (1 - rate_b / rate_w);
        // One line that names a cause says more than its number.
        if (count_b == 0 && names_cause) {
          f.strength = std::max(f.strength, word_strength(weight, count_w));
        }
      } else if (count_w == 0 && count_b <= kSeldom && names_cause && !samples.empty()) {
        f.kind = FindingKind::kLogBefore;
        f.strength = word_strength(weight, count_b);
        f.effect = weight.effect * kBeforeShare;
        f.onset = samples.front().time;
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

  /// Without a baseline only words and rarity speak: a line that names its failure, and is not what the log is full of.
  [[nodiscard]] double word_strength(const LineWeight& weight, double count) const {
    const double share = count / std::max(1.0, static_cast<double>(digest_.records[kW] + digest_.records[kB]));
    return weight.strength == 0 ? 0 : weight.strength + std::min(2.0, -std::log10(std::max(share, 1e-6)) / 2);
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
    FailureReading reading = read_failure(f.label);
    if (reading.mechanism == Mechanism::kUnknown) reading = read_failure(e.type);
    if (reading.mechanism == Mechanism::kUnknown) reading = {Telling::kCause, Mechanism::kCodeException, {}};
    const LineWeight weight = weight_of(reading, Severity::kError, e.service, beside_);
    f.hint = reading.mechanism;
    f.severity = Severity::kError;
    f.onset = e.first_in_window;
    f.facts = {{"count_window", count_w, "lines"}, {"count_baseline", count_b, "lines"}};
    if (baseline_seconds_ > 0) {
      const double rate_w = count_w / std::max(window_seconds_, 1e-9);
      const double rate_b = count_b / baseline_seconds_;
      f.baseline = rate_b * 60;
      f.window = rate_w * 60;
      f.unit = "lines/min";
      f.strength = rate_w > rate_b ? burst_strength(count_b, baseline_seconds_, count_w, window_seconds_, 1) : 0;
      f.effect = rate_w > rate_b ? weight.effect * (1 - rate_b / rate_w) : 0;
      if (count_b == 0 && reading.telling == Telling::kCause) {
        f.strength = std::max(f.strength, word_strength(weight, count_w));
      }
    } else {
      f.window = count_w;
      f.unit = "lines";
      f.strength = word_strength(weight, count_w);
      f.effect = weight.effect;
    }
    take_quotes(f, e.window_samples);
    if (f.strength >= kReportStrength && !f.quotes.empty()) findings_.push_back(std::move(f));
  }

  const LogDigest& digest_;
  Beside beside_;
  double window_seconds_;
  double baseline_seconds_;
  const PeriodClock& periods_;
  std::vector<Finding> findings_;
};

}  // namespace

std::vector<Finding> find_log_changes(const LogDigest& digest, const PeriodClock& periods, Beside beside) {
  return LogChanges(digest, periods, beside).run();
}

}  // namespace fa
