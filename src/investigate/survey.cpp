#include "investigate/survey.h"

#include <cmath>
#include <memory>
#include <vector>

#include "analysis/stats/statistics.h"
#include "sources/file/ordered_reading.h"

namespace fa {
namespace {

constexpr double kOnsetStrength = 4.0;
/// Failures come in bursts; see log_change.cpp.
constexpr double kIndependentFailures = 60;

class SurveySink final : public TelemetrySink {
 public:
  void on_logs(std::span<const LogRecord> records) override {
    for (const LogRecord& r : records) survey.add(r.time, r.severity >= Severity::kError, -1, r.occurrences);
  }
  void on_spans(std::span<const SpanRecord> records) override {
    for (const SpanRecord& r : records) {
      const bool root = r.parent_span_id.empty();
      survey.add(r.start, r.error, root ? static_cast<double>((r.end - r.start).count()) * 1e-9 : -1);
    }
  }
  void on_access(std::span<const AccessRecord> records) override {
    for (const AccessRecord& r : records) survey.add(r.time, r.status >= 500, r.total_seconds, r.occurrences);
  }
  void on_metric(MetricSeries&& series) override {
    for (const TimePoint t : series.times) survey.add(t, false, -1);
  }
  void on_trace_summary(TraceSummary&& t) override { survey.add(t.time, t.fault, t.duration_seconds); }

  Survey survey;
};

std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

}  // namespace

void Survey::add(TimePoint time, bool failure, double seconds, std::uint64_t count) {
  if (time == kNoTime) return;
  Bucket& b = buckets_[floor_div(to_unix_nanos(time), width_)];
  b.records += count;
  if (failure) b.failures += count;
  if (seconds >= 0) {
    b.seconds += seconds * static_cast<double>(count);
    b.timed += count;
  }
  while (buckets_.size() > kMaxBuckets) coarsen();
}

void Survey::coarsen() {
  std::map<std::int64_t, Bucket> wider;
  for (const auto& [index, from] : buckets_) {
    Bucket& to = wider[floor_div(index, 2)];
    to.records += from.records;
    to.failures += from.failures;
    to.seconds += from.seconds;
    to.timed += from.timed;
  }
  width_ *= 2;
  buckets_ = std::move(wider);
}

void Survey::merge(const Survey& other) {
  Survey copy = other;
  while (copy.width_ < width_) copy.coarsen();
  while (width_ < copy.width_) coarsen();
  for (const auto& [index, from] : copy.buckets_) {
    Bucket& to = buckets_[index];
    to.records += from.records;
    to.failures += from.failures;
    to.seconds += from.seconds;
    to.timed += from.timed;
  }
  while (buckets_.size() > kMaxBuckets) coarsen();
}

TimeRange Survey::range() const {
  if (buckets_.empty()) return {};
  return {from_unix_nanos(buckets_.begin()->first * width_), from_unix_nanos((buckets_.rbegin()->first + 1) * width_)};
}

std::optional<TimePoint> Survey::onset(TimeRange range) const {
  std::vector<std::pair<std::int64_t, const Bucket*>> inside;
  Bucket total;
  for (const auto& [index, b] : buckets_) {
    if (!range.contains(from_unix_nanos(index * width_))) continue;
    inside.emplace_back(index, &b);
    total.records += b.records;
    total.failures += b.failures;
    total.seconds += b.seconds;
    total.timed += b.timed;
  }
  Bucket before;
  double best = kOnsetStrength;
  std::optional<TimePoint> onset;
  for (std::size_t i = 0; i + 1 < inside.size(); ++i) {
    before.records += inside[i].second->records;
    before.failures += inside[i].second->failures;
    before.seconds += inside[i].second->seconds;
    before.timed += inside[i].second->timed;
    const auto length_b = static_cast<double>(i + 1);
    const auto length_a = static_cast<double>(inside.size() - i - 1);
    const auto failures_a = static_cast<double>(total.failures - before.failures);
    const auto failures_b = static_cast<double>(before.failures);
    double strength = 0;
    if (failures_a / length_a > failures_b / length_b) {
      const double shrink = std::max(1.0, static_cast<double>(total.failures) / kIndependentFailures);
      strength = stats::rate_strength(failures_b / shrink, length_b, failures_a / shrink, length_a);
    }
    if (before.timed >= 5 && total.timed - before.timed >= 5) {
      // Durations are skewed: compared by the ratio of means, taken as a rate of seconds spent per request.
      const double mean_b = before.seconds / static_cast<double>(before.timed);
      const double mean_a = (total.seconds - before.seconds) / static_cast<double>(total.timed - before.timed);
      if (mean_a > 1.5 * mean_b) {
        const double n = std::min(
            {static_cast<double>(before.timed), static_cast<double>(total.timed - before.timed), kIndependentFailures});
        strength = std::max(strength,
                            stats::normal_tail_strength(std::log(mean_a / std::max(mean_b, 1e-9)) * std::sqrt(n / 2)));
      }
    }
    if (strength > best) {
      best = strength;
      onset = from_unix_nanos(inside[i + 1].first * width_);
    }
  }
  return onset;
}

Survey survey_inputs(const InputSet& inputs, const CollectOptions& options, const Context& context) {
  Survey whole;
  OrderedReading reading;
  reading.threads = options.threads;
  reading.options = [&](const InputFile&) {
    ReaderOptions reader;
    reader.reference_time = options.reference_time;
    return reader;
  };
  reading.make_sink = [](std::size_t) { return std::make_unique<SurveySink>(); };
  reading.take = [&](std::size_t, TelemetrySink& sink) { whole.merge(static_cast<SurveySink&>(sink).survey); };
  read_in_order(inputs, reading, context);
  return whole;
}

}  // namespace fa
