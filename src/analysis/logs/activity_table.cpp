#include "analysis/logs/activity_table.h"

#include <algorithm>

#include "analysis/logs/earliest_samples.h"
#include "base/text.h"

namespace fa {
namespace {

std::size_t place_of(ShapeId shape, std::uint32_t source) {
  std::uint64_t h = (std::uint64_t{shape} << 32 | source) * 0x9e3779b97f4a7c15U;
  return static_cast<std::size_t>(h ^ (h >> 32));
}

void count_bucket(std::vector<std::uint32_t>& buckets, std::size_t bucket, std::uint64_t occurrences) {
  if (buckets.empty()) buckets.resize(PeriodClock::kBuckets);
  const std::uint32_t room = ~std::uint32_t{0} - buckets[bucket];
  buckets[bucket] += occurrences < room ? static_cast<std::uint32_t>(occurrences) : room;
}

void add_buckets(std::vector<std::uint32_t>& to, const std::vector<std::uint32_t>& from) {
  if (from.empty()) return;
  if (to.empty()) to.resize(from.size());
  for (std::size_t i = 0; i < from.size(); ++i) {
    to[i] += std::min(from[i], ~std::uint32_t{0} - to[i]);
  }
}

}  // namespace

void ActivityCounts::add(const PeriodClock& clock, std::uint32_t file, const LogRecord& record, Period period,
                         std::size_t sample_bytes) {
  counts[static_cast<std::size_t>(period)] += record.occurrences;
  (period == Period::kWindow ? window_severities : other_severities)[static_cast<std::size_t>(record.severity)] +=
      record.occurrences;
  if (period == Period::kOther) return;
  const bool in_window = period == Period::kWindow;
  count_bucket(in_window ? window_buckets : baseline_buckets, clock.bucket(record.time), record.occurrences);
  if (in_window && record.time != kNoTime) {
    if (first_in_window == kNoTime || record.time < first_in_window) first_in_window = record.time;
    last_in_window = std::max(last_in_window, record.time);
  }
  std::vector<LogSample>& samples = in_window ? window_samples : baseline_samples;
  const std::size_t limit = in_window ? kWindowSamples : kBaselineSamples;
  LogSample sample{file, record.position, record.time, {}};
  if (!belongs(samples, sample, limit)) return;
  sample.text = utf8_prefix(record.message, sample_bytes);
  keep(samples, std::move(sample), limit);
}

void ActivityCounts::merge(const ActivityCounts& other) {
  for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += other.counts[i];
  for (std::size_t i = 0; i < window_severities.size(); ++i) {
    window_severities[i] += other.window_severities[i];
    other_severities[i] += other.other_severities[i];
  }
  if (other.first_in_window != kNoTime && (first_in_window == kNoTime || other.first_in_window < first_in_window)) {
    first_in_window = other.first_in_window;
  }
  last_in_window = std::max(last_in_window, other.last_in_window);
  add_buckets(window_buckets, other.window_buckets);
  add_buckets(baseline_buckets, other.baseline_buckets);
  for (const LogSample& sample : other.window_samples) keep(window_samples, sample, kWindowSamples);
  for (const LogSample& sample : other.baseline_samples) keep(baseline_samples, sample, kBaselineSamples);
}

Severity ActivityCounts::severity() const {
  const auto most_frequent = [](const SeverityCounts& severities) {
    std::size_t best = 0;
    for (std::size_t s = 1; s < severities.size(); ++s) {
      if (severities[s] > 0 && (best == 0 || severities[s] >= severities[best])) best = s;
    }
    return static_cast<Severity>(best);
  };
  // The same words may be graded by how the request ended: what counts is how they were meant in the window.
  const Severity in_window = most_frequent(window_severities);
  return in_window != Severity::kUnknown || counts[static_cast<std::size_t>(Period::kWindow)] > 0
             ? in_window
             : most_frequent(other_severities);
}

ActivityTable::ActivityTable() : slots_(1024) {}

void ActivityTable::grow() {
  std::vector<std::uint32_t> slots(slots_.size() * 2);
  const std::size_t mask = slots.size() - 1;
  for (std::uint32_t e = 0; e < entries_.size(); ++e) {
    std::size_t i = place_of(entries_[e].shape, entries_[e].source) & mask;
    while (slots[i] != 0) i = (i + 1) & mask;
    slots[i] = e + 1;
  }
  slots_ = std::move(slots);
}

ActivityCounts* ActivityTable::find_or_add(ShapeId shape, std::uint32_t source, std::size_t limit) {
  const std::size_t mask = slots_.size() - 1;
  std::size_t i = place_of(shape, source) & mask;
  for (; slots_[i] != 0; i = (i + 1) & mask) {
    Entry& entry = entries_[slots_[i] - 1];
    if (entry.shape == shape && entry.source == source) return &entry.counts;
  }
  if (entries_.size() >= limit) return nullptr;
  entries_.push_back({shape, source, {}});
  slots_[i] = static_cast<std::uint32_t>(entries_.size());
  if (entries_.size() * 2 > slots_.size()) grow();
  return &entries_.back().counts;
}

}  // namespace fa
