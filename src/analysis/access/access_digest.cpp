#include "analysis/access/access_digest.h"

#include <algorithm>
#include <limits>

#include "base/text.h"

namespace fa {
namespace {

constexpr auto kB = static_cast<std::size_t>(Period::kBaseline);
constexpr auto kW = static_cast<std::size_t>(Period::kWindow);
constexpr double kReportStrength = 3.0;

/// Adds to a count of the buckets, which stays at the largest there is.
void count(std::uint32_t& bucket, std::uint64_t more) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint32_t>::max();
  bucket = static_cast<std::uint32_t>(more >= kMost - bucket ? kMost : bucket + more);
}

bool earlier(const FindingQuote& a, const FindingQuote& b) {
  return std::tuple(a.time, a.file, a.position.offset) < std::tuple(b.time, b.file, b.position.offset);
}

TimePoint bucket_start(const PeriodClock& periods, std::size_t bucket) {
  return periods.window().begin + periods.window().length() * static_cast<std::int64_t>(bucket) /
                                      static_cast<std::int64_t>(PeriodClock::kBuckets);
}

Finding base_finding(const std::pair<std::string, std::string>& key, FindingKind kind) {
  Finding f;
  f.kind = kind;
  f.evidence = EvidenceKind::kLog;
  f.subject.service = key.second.empty() ? key.first : key.second;
  f.peer = key.first;
  f.key = key.first + " -> " + key.second;
  f.label = f.key;
  return f;
}

ChartSeries chart(const std::array<std::uint32_t, PeriodClock::kBuckets>& counts, TimeRange range) {
  ChartSeries c;
  c.range = range;
  c.unit = "requests";
  for (const std::uint32_t n : counts) c.values.emplace_back(n);
  return c;
}

}  // namespace

void AccessDigest::add(std::uint32_t file, std::span<const AccessRecord> records) {
  for (const AccessRecord& r : records) {
    const std::string_view target = r.target_group.empty() ? r.target : r.target_group;
    std::pair<std::string, std::string> key(r.entity, target);
    if (rows_.size() >= kMaxRows && !rows_.contains(key)) key.second.clear();
    AccessRow& row = rows_[key];
    const Period period = periods_.period(r.time);
    const auto p = static_cast<std::size_t>(period);
    row.requests[p] += r.occurrences;
    if (r.total_seconds >= 0) row.seconds[p].add(r.total_seconds, r.occurrences);
    const bool failed = r.status >= 500;
    if (failed) row.failed[p] += r.occurrences;
    if (failed && r.target_status == 0) row.unanswered[p] += r.occurrences;
    if (period == Period::kBaseline && failed) count(row.baseline_failed[periods_.bucket(r.time)], r.occurrences);
    if (period != Period::kWindow) continue;
    const std::size_t bucket = periods_.bucket(r.time);
    count(row.window_requests[bucket], r.occurrences);
    row.window_statuses[r.status] += r.occurrences;
    FindingQuote quote{file, r.position, r.time, {}};
    if (failed) {
      count(row.window_failed[bucket], r.occurrences);
      std::string path(r.path);
      if (row.window_failed_paths.size() >= kMaxPaths && !row.window_failed_paths.contains(path)) path.clear();
      row.window_failed_paths[path] += r.occurrences;
      if (row.first_failed.time == kNoTime || earlier(quote, row.first_failed)) row.first_failed = quote;
    }
    if (r.total_seconds > row.slowest_seconds ||
        (r.total_seconds == row.slowest_seconds && earlier(quote, row.slowest))) {
      row.slowest = quote;
      row.slowest_seconds = r.total_seconds;
    }
  }
}

void AccessDigest::merge(const AccessDigest& other) {
  for (const auto& [key, from] : other.rows_) {
    const bool full = rows_.size() >= kMaxRows && !rows_.contains(key);
    AccessRow& to = rows_[full ? std::pair(key.first, std::string()) : key];
    for (std::size_t p = 0; p < kPeriodCount; ++p) {
      to.requests[p] += from.requests[p];
      to.failed[p] += from.failed[p];
      to.unanswered[p] += from.unanswered[p];
      to.seconds[p].merge(from.seconds[p]);
    }
    for (std::size_t b = 0; b < PeriodClock::kBuckets; ++b) {
      count(to.window_failed[b], from.window_failed[b]);
      count(to.window_requests[b], from.window_requests[b]);
      count(to.baseline_failed[b], from.baseline_failed[b]);
    }
    if (from.first_failed.time != kNoTime &&
        (to.first_failed.time == kNoTime || earlier(from.first_failed, to.first_failed))) {
      to.first_failed = from.first_failed;
    }
    if (from.slowest_seconds > to.slowest_seconds || (from.slowest_seconds == to.slowest_seconds &&
                                                      from.slowest_seconds >= 0 && earlier(from.slowest, to.slowest))) {
      to.slowest = from.slowest;
      to.slowest_seconds = from.slowest_seconds;
    }
    for (const auto& [status, n] : from.window_statuses) to.window_statuses[status] += n;
    for (const auto& [path, n] : from.window_failed_paths) to.window_failed_paths[path] += n;
  }
}

std::vector<Finding> find_access_changes(const AccessDigest& digest, const PeriodClock& periods) {
  std::vector<Finding> findings;
  for (const auto& [key, row] : digest.rows()) {
    const auto all_w = static_cast<double>(row.requests[kW]);
    const auto all_b = static_cast<double>(row.requests[kB]);
    const auto bad_w = static_cast<double>(row.failed[kW]);
    const auto bad_b = static_cast<double>(row.failed[kB]);
    if (all_w > 0 && bad_w > 0) {
      const double share_b = all_b > 0 ? bad_b / all_b : 0;
      const double strength = stats::proportion_strength(bad_b, std::max(all_b, 1.0), bad_w, all_w);
      if (bad_w / all_w > share_b && strength >= kReportStrength) {
        Finding f = base_finding(key, FindingKind::kAccessErrors);
        f.strength = strength;
        f.effect = bad_w / all_w - share_b;
        f.excess = bad_w - share_b * all_w;
        f.baseline = share_b;
        f.window = bad_w / all_w;
        f.unit = "share";
        f.severity = Severity::kError;
        if (2 * row.unanswered[kW] > row.failed[kW]) f.hint = Mechanism::kDependencyTimeout;
        // A rare failure may be chance: the onset is where failures first come at half their average rate.
        const double half = bad_w / static_cast<double>(PeriodClock::kBuckets) / 2;
        for (std::size_t b = 0; b < PeriodClock::kBuckets && f.onset == kNoTime; ++b) {
          if (row.window_failed[b] >= half && row.window_failed[b] > 0) f.onset = bucket_start(periods, b);
        }
        f.facts = {{"failed_window", bad_w, "requests"},
                   {"requests_window", all_w, "requests"},
                   {"failed_baseline", bad_b, "requests"},
                   {"requests_baseline", all_b, "requests"},
                   {"unanswered_window", static_cast<double>(row.unanswered[kW]), "requests"}};
        f.window_chart = chart(row.window_failed, periods.window());
        if (all_b > 0) f.baseline_chart = chart(row.baseline_failed, periods.baseline());
        f.quotes.push_back(row.first_failed);
        findings.push_back(std::move(f));
      }
    }
    if (row.seconds[kB].count() >= 3 && row.seconds[kW].count() >= 3 && row.slowest_seconds >= 0) {
      const double strength = stats::LogHistogram::rank_sum(row.seconds[kB], row.seconds[kW]).rise_strength();
      const double mean_b = row.seconds[kB].mean();
      const double mean_w = row.seconds[kW].mean();
      if (strength >= kReportStrength && mean_w > mean_b) {
        Finding f = base_finding(key, FindingKind::kAccessLatency);
        f.strength = strength;
        f.effect = 1 - mean_b / mean_w;
        f.excess = (mean_w - mean_b) * static_cast<double>(row.seconds[kW].count());
        f.baseline = mean_b;
        f.window = mean_w;
        f.unit = "s";
        f.facts = {{"mean_baseline", mean_b, "s"},
                   {"mean_window", mean_w, "s"},
                   {"p99_baseline", row.seconds[kB].quantile(0.99), "s"},
                   {"p99_window", row.seconds[kW].quantile(0.99), "s"},
                   {"count_baseline", all_b, "requests"},
                   {"count_window", all_w, "requests"}};
        f.quotes.push_back(row.slowest);
        findings.push_back(std::move(f));
      }
    }
  }
  return findings;
}

}  // namespace fa
