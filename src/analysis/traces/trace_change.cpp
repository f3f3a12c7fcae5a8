#include "analysis/traces/trace_change.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "analysis/stats/statistics.h"
#include "analysis/traces/trace_errors.h"

namespace fa {
namespace {

constexpr auto kB = static_cast<std::size_t>(Period::kBaseline);
constexpr auto kW = static_cast<std::size_t>(Period::kWindow);
constexpr double kReportStrength = 3.0;   // p < 0.001
constexpr std::uint64_t kMinSamples = 2;  // per period, below which a mean says nothing

using Cell = SpanTime::Cell;

ChartSeries chart_of(const Cell& cell, Period period, const PeriodClock& periods) {
  ChartSeries chart;
  chart.unit = "s";
  const auto p = static_cast<std::size_t>(period);
  chart.range = period == Period::kWindow ? periods.window() : periods.baseline();
  for (std::size_t b = 0; b < PeriodClock::kBuckets; ++b) {
    const auto n = cell.bucket_count[p][b];
    chart.values.push_back(n == 0 ? std::nullopt : std::optional<double>(cell.bucket_sum[p][b] / n));
  }
  return chart;
}

/// Start of the first window bucket whose mean is at least half way from the baseline's to the highest bucket's.
TimePoint onset_of(const Cell& cell, const PeriodClock& periods) {
  double top = 0;
  for (std::size_t b = 0; b < PeriodClock::kBuckets; ++b) {
    if (cell.bucket_count[kW][b] > 0) top = std::max(top, cell.bucket_sum[kW][b] / cell.bucket_count[kW][b]);
  }
  const double middle = (cell.seconds[kB].mean() + top) / 2;
  for (std::size_t b = 0; b < PeriodClock::kBuckets; ++b) {
    if (cell.bucket_count[kW][b] == 0 || cell.bucket_sum[kW][b] / cell.bucket_count[kW][b] < middle) continue;
    return periods.window().begin +
           periods.window().length() * static_cast<std::int64_t>(b) / static_cast<std::int64_t>(PeriodClock::kBuckets);
  }
  return kNoTime;
}

struct CallPair {
  std::uint32_t caller;
  std::uint32_t callee;
  auto operator<=>(const CallPair&) const = default;
};

bool comparable(const Cell& cell) {
  return cell.seconds[kB].count() >= kMinSamples && cell.seconds[kW].count() >= kMinSamples;
}

/// How much slower a caller handles all its calls: what its callees have in common is the caller's own doing (a lower
/// quartile, so that one or two slow callees do not count as common). 1 when it cannot be told.
std::map<std::uint32_t, double> common_slowdown(const SpanTime& time) {
  std::map<CallPair, std::pair<double, double>> pooled;  // expected and seen seconds in the window
  for (const auto& [key, cell] : time.calls) {
    if (!comparable(cell)) continue;
    auto& [expected, seen] = pooled[{key.caller, key.callee}];
    const auto n = static_cast<double>(cell.seconds[kW].count());
    expected += n * cell.seconds[kB].mean();
    seen += cell.seconds[kW].sum();
  }
  std::map<std::uint32_t, std::vector<double>> ratios;
  for (const auto& [pair, sums] : pooled) {
    if (sums.first > 0) ratios[pair.caller].push_back(sums.second / sums.first);
  }
  std::map<std::uint32_t, double> slowdown;
  for (auto& [caller, list] : ratios) {
    std::sort(list.begin(), list.end());
    slowdown[caller] = list.size() < 2 ? 1.0 : std::max(1.0, list[(list.size() - 1) / 4]);
  }
  return slowdown;
}

void add_time_facts(Finding& f, const Cell& cell) {
  f.baseline = cell.seconds[kB].mean();
  f.window = cell.seconds[kW].mean();
  f.unit = "s";
  f.facts = {{"mean_baseline", f.baseline, "s"},
             {"mean_window", f.window, "s"},
             {"count_baseline", static_cast<double>(cell.seconds[kB].count()), ""},
             {"count_window", static_cast<double>(cell.seconds[kW].count()), ""},
             {"slowest_window", cell.slowest_seconds[kW], "s"}};
}

/// A finding shows its strongest row (one operation of one caller) but counts the harm of all, and its strength is that
/// of all rows together, so that many rarely used operations add up.
struct Best {
  const Cell* cell = nullptr;
  std::uint32_t operation = 0;
  std::uint32_t caller = 0;
  double row_excess = 0;
  double expected = 0;
  double seen = 0;
  stats::LogHistogram::RankSum ranks;
  double rows = 0;

  /// `usual` and `now`: seconds in the window, expected by the baseline and seen.
  void add(const Cell& c, std::uint32_t op, std::uint32_t who, double usual, double now) {
    expected += usual;
    seen += now;
    ranks.add(stats::LogHistogram::rank_sum(c.seconds[kB], c.seconds[kW]));
    ++rows;
    if (cell == nullptr || now - usual > row_excess) {
      cell = &c;
      operation = op;
      caller = who;
      row_excess = now - usual;
    }
  }
  [[nodiscard]] double excess() const { return std::max(0.0, seen - expected); }
  /// All rows together, or the strongest row alone, corrected for having been chosen.
  [[nodiscard]] double strength() const {
    if (cell == nullptr) return 0;
    const double row = std::max(stats::LogHistogram::rank_sum(cell->seconds[kB], cell->seconds[kW]).rise_strength(),
                                stats::LogHistogram::level_strength(cell->seconds[kB], cell->seconds[kW]));
    return std::max(ranks.rise_strength(), row - std::log10(rows));
  }
  [[nodiscard]] bool telling() const { return excess() > 0 && strength() >= kReportStrength; }
};

/// Calls to services without spans of which most failed in the window: how long they took is their callers' patience,
/// and nobody's work.
std::set<CallPair> mostly_failing_calls(const TraceDigest& digest, const KnownServices& services) {
  std::map<CallPair, std::pair<std::uint64_t, std::uint64_t>> failed_of;
  for (std::uint32_t i = 0; i < digest.spans.size(); ++i) {
    const CompactSpan& s = digest.spans[i];
    if (s.period != Period::kWindow || !digest.children_of(i).empty()) continue;
    const std::uint32_t callee = leaf_callee(digest, s);
    if (callee == CompactSpan::kNone || services.emits_spans(callee)) continue;
    auto& [failed, all] = failed_of[{s.service, callee}];
    ++all;
    if (s.error) ++failed;
  }
  std::set<CallPair> mostly;
  for (const auto& [pair, counts] : failed_of) {
    if (2 * counts.first > counts.second) mostly.insert(pair);
  }
  return mostly;
}

void find_time_rises(const TraceDigest& digest, const SpanTime& time, const PeriodClock& periods,
                     const KnownServices& services, std::vector<Finding>& out) {
  const std::map<std::uint32_t, double> slowdown = common_slowdown(time);
  const std::set<CallPair> failing = mostly_failing_calls(digest, services);
  double waited = 0;  // what users waited for in the window: the time of all root spans
  for (const CompactSpan& s : digest.spans) {
    if (s.parent_index == CompactSpan::kNone && s.period == Period::kWindow)
      waited += static_cast<double>(s.end - s.start) * 1e-9;
  }
  const auto usual_of = [](const Cell& c) { return static_cast<double>(c.seconds[kW].count()) * c.seconds[kB].mean(); };
  std::map<std::uint32_t, Best> own;
  for (const auto& [key, cell] : time.own) {
    if (comparable(cell))
      own[key.service].add(cell, key.operation, key.service, usual_of(cell), cell.seconds[kW].sum());
  }
  std::map<std::uint32_t, Best> callees;  // services with telemetry of their own: all callers together
  std::map<CallPair, Best> peers;         // systems known by their callers only
  for (const auto& [key, cell] : time.calls) {
    if (!comparable(cell)) continue;
    const double usual = usual_of(cell);
    const auto slower = slowdown.find(key.caller);  // none where all its calls used to take no time at all
    const double factor = slower == slowdown.end() ? 1.0 : slower->second;
    const double common = usual * (factor - 1);  // the caller's own share of the time around its calls
    const bool its_own = services.contains(key.callee) && !failing.contains({key.caller, key.callee});
    Best& best = its_own ? callees[key.callee] : peers[{key.caller, key.callee}];
    best.add(cell, key.caller_operation, key.caller, usual + common, cell.seconds[kW].sum());
    if (common > 0) own[key.caller].add(cell, key.caller_operation, key.caller, usual, usual + common);
  }
  // So many services were looked at: the strongest of them is the less surprising.
  const double looks = std::log10(std::max(1.0, static_cast<double>(own.size() + callees.size() + peers.size())));
  const auto report = [&](FindingKind kind, const Best& best, std::uint32_t service, std::uint32_t peer,
                          bool component) {
    if (!best.telling()) return;
    Finding f;
    f.kind = kind;
    f.evidence = EvidenceKind::kTrace;
    f.subject.service = digest.name(service);
    if (component) f.subject.component = digest.name(peer);
    if (kind == FindingKind::kCallTimeRise) f.peer = digest.name(peer);
    // Nobody says what of the time was spent inside: the work takes longer sooner than the way there.
    if (kind == FindingKind::kCallTimeRise && !component && !services.emits_spans(service)) {
      f.hint = Mechanism::kSlowProcessing;
    }
    f.key = f.label = digest.name(best.operation);
    add_time_facts(f, *best.cell);
    f.strength = std::max(0.0, best.strength() - looks);
    f.excess = best.excess();
    if (waited > 0) f.materiality = std::min(1.0, f.excess / waited);
    f.effect = best.seen > 0 ? std::clamp(1 - best.expected / best.seen, 0.0, 1.0) : 0;
    f.facts.push_back({"excess_window", f.excess, "s"});
    f.onset = onset_of(*best.cell, periods);
    f.window_chart = chart_of(*best.cell, Period::kWindow, periods);
    f.baseline_chart = chart_of(*best.cell, Period::kBaseline, periods);
    f.quotes.push_back(quote_of(digest, best.cell->slowest[kW]));
    out.push_back(std::move(f));
  };
  for (const auto& [service, best] : own) report(FindingKind::kOwnTimeRise, best, service, service, false);
  for (const auto& [callee, best] : callees) report(FindingKind::kCallTimeRise, best, callee, best.caller, false);
  for (const auto& [pair, best] : peers) report(FindingKind::kCallTimeRise, best, pair.caller, pair.callee, true);
}

/// Requests of a service (by operation) that call another service at all.
struct CallShare {
  std::array<std::uint64_t, kPeriodCount> calling{};
  std::uint32_t sample = CompactSpan::kNone;  // earliest window request with the call
};

/// Of two spans the one that starts first; `a` may be none.
std::uint32_t earlier_span(const TraceDigest& digest, std::uint32_t a, std::uint32_t b) {
  return a == CompactSpan::kNone || digest.spans[b].start < digest.spans[a].start ? b : a;
}

void find_call_pattern(const TraceDigest& digest, std::vector<Finding>& out) {
  const std::vector<std::uint32_t> entry = entry_spans(digest);
  using OpKey = std::pair<std::uint32_t, std::uint32_t>;
  std::map<OpKey, std::array<std::uint64_t, kPeriodCount>> requests;
  std::map<OpKey, std::vector<std::uint32_t>> entries;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> called;  // entry span, callee
  for (std::uint32_t i = 0; i < digest.spans.size(); ++i) {
    const CompactSpan& s = digest.spans[i];
    if (entry[i] == i) {
      ++requests[{s.service, s.operation}][static_cast<std::size_t>(s.period)];
      if (s.period == Period::kWindow) entries[{s.service, s.operation}].push_back(i);
    }
    const std::uint32_t leaf = digest.children_of(i).empty() ? leaf_callee(digest, s) : CompactSpan::kNone;
    if (leaf != CompactSpan::kNone) called.emplace_back(entry[i], leaf);
    if (s.parent_index != CompactSpan::kNone && digest.spans[s.parent_index].service != s.service) {
      called.emplace_back(entry[s.parent_index], s.service);
    }
  }
  std::sort(called.begin(), called.end());
  called.erase(std::unique(called.begin(), called.end()), called.end());
  std::map<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>, CallShare> shares;
  for (const auto& [span, callee] : called) {
    const CompactSpan& s = digest.spans[span];
    CallShare& share = shares[{s.service, s.operation, callee}];
    ++share.calling[static_cast<std::size_t>(s.period)];
    if (s.period == Period::kWindow) share.sample = earlier_span(digest, share.sample, span);
  }
  const double looks = std::log10(std::max(1.0, static_cast<double>(entries.size())));
  for (const auto& [key, share] : shares) {
    const auto& [service, operation, callee] = key;
    const auto& total = requests[{service, operation}];
    if (total[kB] < kMinSamples || total[kW] < kMinSamples) continue;
    const auto with_b = static_cast<double>(share.calling[kB]);
    const auto with_w = static_cast<double>(share.calling[kW]);
    const auto all_b = static_cast<double>(total[kB]);
    const auto all_w = static_cast<double>(total[kW]);
    const double strength = stats::proportion_strength(with_b, all_b, with_w, all_w);
    const double share_b = with_b / all_b;
    const double share_w = with_w / all_w;
    if (strength < kReportStrength) continue;
    const bool missing = share_w < share_b;
    if (!missing && share.calling[kB] > 0) continue;  // more calls of a known kind: a matter of the mix of requests
    Finding f;
    f.kind = missing ? FindingKind::kMissingCalls : FindingKind::kNewDependency;
    f.evidence = EvidenceKind::kTrace;
    f.subject.service = digest.name(service);
    f.peer = digest.name(callee);
    f.key = f.label = digest.name(operation);
    f.strength = std::max(0.0, strength - looks);  // corrected for the kinds of requests that were looked at
    f.effect = missing ? 1 - share_w / share_b : share_w;
    f.excess = missing ? (share_b - share_w) * all_w : 0;
    f.baseline = share_b;
    f.window = share_w;
    f.unit = "share";
    f.facts = {{"calling_window", with_w, ""},
               {"requests_window", all_w, ""},
               {"calling_baseline", with_b, ""},
               {"requests_baseline", all_b, ""}};
    std::uint32_t sample = share.sample;
    if (missing) {
      sample = CompactSpan::kNone;
      for (const std::uint32_t e : entries[{service, operation}]) {
        if (std::binary_search(called.begin(), called.end(), std::pair(e, callee))) continue;
        sample = earlier_span(digest, sample, e);
      }
    }
    if (sample != CompactSpan::kNone) {
      f.quotes.push_back(quote_of(digest, sample));
      f.onset = from_unix_nanos(digest.spans[sample].start);
    }
    out.push_back(std::move(f));
  }
}

}  // namespace

std::vector<Finding> find_trace_changes(const TraceDigest& digest, const PeriodClock& periods,
                                        std::span<const std::string> speaking) {
  const KnownServices services(digest, speaking);
  std::vector<Finding> findings = find_trace_errors(digest, periods, services);
  find_time_rises(digest, measure_span_time(digest, periods), periods, services, findings);
  find_call_pattern(digest, findings);
  std::stable_sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) {
    return std::tie(a.kind, a.subject.service, a.peer, a.key) < std::tie(b.kind, b.subject.service, b.peer, b.key);
  });
  return findings;
}

}  // namespace fa
