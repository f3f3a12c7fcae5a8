#include "analysis/traces/trace_errors.h"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

#include "analysis/stats/statistics.h"
#include "analysis/text/failure_words.h"
#include "analysis/traces/span_time.h"
#include "base/text.h"

namespace fa {
namespace {

constexpr auto kBefore = static_cast<std::size_t>(Period::kBaseline);
constexpr auto kDuring = static_cast<std::size_t>(Period::kWindow);

/// What a server that is there does not answer: nobody listens, or it shows a certificate that nobody trusts.
bool accuses_callee(Mechanism failure) {
  return failure == Mechanism::kDependencyError || failure == Mechanism::kCertificate;
}

struct ErrorRow {
  std::array<std::uint64_t, kPeriodCount> spans{};
  std::array<std::uint64_t, kPeriodCount> origins{};
  std::array<std::uint64_t, kPeriodCount> passed{};
  std::array<std::uint32_t, PeriodClock::kBuckets> window_errors{};
  std::map<std::uint32_t, std::uint64_t> exceptions;  // of window origins
  std::uint32_t first_origin = CompactSpan::kNone;
  std::uint32_t first_passed = CompactSpan::kNone;
};

/// The service that a client span of another one calls; kNone for spans that do more than to call.
std::uint32_t called_service(const TraceDigest& digest, const CompactSpan& span,
                             std::span<const std::uint32_t> children) {
  const std::uint32_t callee = digest.spans[children.front()].service;
  return span.kind == SpanKind::kClient && callee != span.service ? callee : CompactSpan::kNone;
}

/// A pool says `timed out` of its own connections as well as of the way to the server. Where all that failed was to get
/// a connection from it, and whoever got one was served, the pool is what ran out.
void name_exhausted_pools(std::vector<Finding>& errors) {
  const auto about_pool = [](const Finding& f) { return to_lower(f.key).find("pool") != std::string::npos; };
  for (Finding& f : errors) {
    if (f.kind != FindingKind::kCallTimeout || !about_pool(f)) continue;
    const bool served_else = std::none_of(errors.begin(), errors.end(), [&](const Finding& other) {
      return other.kind != FindingKind::kErrorPassedOn && other.subject.service == f.subject.service &&
             other.peer == f.peer && !about_pool(other);
    });
    if (served_else) f.hint = Mechanism::kConnectionPoolExhausted;
  }
}

void find_errors(const TraceDigest& digest, const PeriodClock& periods, const KnownServices& services,
                 std::vector<Finding>& out) {
  std::map<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>, ErrorRow> rows;  // service, operation, peer
  for (std::uint32_t i = 0; i < digest.spans.size(); ++i) {
    const CompactSpan& s = digest.spans[i];
    const auto children = digest.children_of(i);
    const std::uint32_t callee = children.empty() ? leaf_callee(digest, s) : called_service(digest, s, children);
    ErrorRow& row = rows[{s.service, s.operation, callee == CompactSpan::kNone ? 0 : callee}];
    const auto p = static_cast<std::size_t>(s.period);
    ++row.spans[p];
    if (!s.error && !s.throttled) continue;
    const bool below =
        std::any_of(children.begin(), children.end(), [&](std::uint32_t c) { return digest.spans[c].error; });
    ++(below ? row.passed : row.origins)[p];
    if (s.period != Period::kWindow) continue;
    ++row.window_errors[periods.bucket(from_unix_nanos(s.start))];
    std::uint32_t& first = below ? row.first_passed : row.first_origin;
    if (first == CompactSpan::kNone || s.start < digest.spans[first].start) first = i;
    if (!below) ++row.exceptions[s.exception];
  }
  for (const auto& [key, row] : rows) {
    const auto& [service, operation, peer] = key;
    for (const bool origin : {true, false}) {
      const auto& errors = origin ? row.origins : row.passed;
      if (errors[kDuring] == 0) continue;
      const auto bad_w = static_cast<double>(errors[kDuring]);
      const auto bad_b = static_cast<double>(errors[kBefore]);
      const auto all_w = static_cast<double>(row.spans[kDuring]);
      const auto all_b = static_cast<double>(row.spans[kBefore]);
      const double share_w = bad_w / all_w;
      const double share_b = all_b > 0 ? bad_b / all_b : 0;
      if (share_w <= share_b) continue;
      Finding f;
      f.kind = origin ? FindingKind::kErrorOrigin : FindingKind::kErrorPassedOn;
      f.evidence = EvidenceKind::kTrace;
      f.subject.service = digest.name(service);
      if (peer != 0) {
        f.subject.component = digest.name(peer);
        f.peer = digest.name(peer);
      }
      f.key = digest.name(operation);
      f.label = digest.name(operation);
      // Without a baseline an error counts against a half-seen success, as Jeffreys' prior would have it.
      f.strength = stats::proportion_strength(bad_b, std::max(all_b, 1.0), bad_w, all_w);
      f.effect = share_w - share_b;
      f.excess = bad_w - share_b * all_w;
      f.baseline = share_b;
      f.window = share_w;
      f.unit = "share";
      std::string words;
      std::uint64_t most = 0;
      for (const auto& [exception, count] : row.exceptions) {
        if (count > most && !digest.name(exception).empty()) {
          most = count;
          words = digest.name(exception);
        }
      }
      if (origin && !words.empty()) {
        f.label = words;
        f.hint = mechanism_in_words(words);
        if (f.hint == Mechanism::kDependencyTimeout && peer != 0) f.kind = FindingKind::kCallTimeout;
      }
      if (origin && peer != 0 && accuses_callee(f.hint) && services.contains(peer)) f.accused = f.peer;
      const std::uint32_t first = origin ? row.first_origin : row.first_passed;
      if (origin && digest.spans[first].throttled) f.hint = Mechanism::kThrottling;
      f.onset = from_unix_nanos(digest.spans[first].start);
      f.facts = {{"errors_window", bad_w, ""},
                 {"spans_window", all_w, ""},
                 {"errors_baseline", bad_b, ""},
                 {"spans_baseline", all_b, ""}};
      ChartSeries chart;
      chart.range = periods.window();
      chart.unit = "errors";
      for (const std::uint32_t n : row.window_errors) chart.values.emplace_back(n);
      f.window_chart = std::move(chart);
      f.quotes.push_back(quote_of(digest, first));
      out.push_back(std::move(f));
    }
  }
}

/// Root causes as X-Ray states them in its trace summaries; one finding per service and exception.
void find_summary_causes(const TraceDigest& digest, const PeriodClock& periods, std::vector<Finding>& out) {
  struct Row {
    std::array<std::uint64_t, kPeriodCount> counts{};
    const TraceSummary* first = nullptr;
    std::string message;
  };
  std::array<std::uint64_t, kPeriodCount> traces{};
  std::map<std::tuple<std::string, std::string, std::string>, Row> rows;  // service, component, exception type
  for (const TraceSummary& t : digest.summaries) {
    const Period period = periods.period(t.time);
    ++traces[static_cast<std::size_t>(period)];
    for (const auto& path : t.fault_root_causes) {
      if (path.empty()) continue;
      // The innermost step that is a service of its own: what it calls remotely is its component.
      const RootCauseStep& last = path.back();
      const bool remote = last.remote && path.size() > 1;
      const RootCauseStep& owner = remote ? path[path.size() - 2] : last;
      Row& row = rows[{owner.service, remote ? last.service : last.entity, last.exception_type}];
      ++row.counts[static_cast<std::size_t>(period)];
      if (period == Period::kWindow && row.first == nullptr) {
        row.first = &t;
        row.message = last.exception_message;
      }
    }
  }
  for (const auto& [key, row] : rows) {
    if (row.first == nullptr) continue;
    const auto& [service, component, type] = key;
    const auto bad_w = static_cast<double>(row.counts[kDuring]);
    const auto bad_b = static_cast<double>(row.counts[kBefore]);
    const auto all_w = static_cast<double>(traces[kDuring]);
    const auto all_b = static_cast<double>(traces[kBefore]);
    Finding f;
    f.kind = FindingKind::kErrorOrigin;
    f.evidence = EvidenceKind::kTrace;
    f.subject.service = service;
    f.subject.component = component == service ? std::string() : component;
    f.label = row.message.empty() ? type : type + ": " + row.message;
    f.key = type;
    f.hint = mechanism_in_words(f.label);
    f.strength = stats::proportion_strength(bad_b, std::max(all_b, 1.0), bad_w, all_w);
    f.baseline = all_b > 0 ? bad_b / all_b : 0;
    f.window = bad_w / all_w;
    f.effect = std::max(0.0, f.window - f.baseline);
    f.excess = f.effect * all_w;
    f.unit = "share";
    f.onset = row.first->time;
    f.facts = {{"errors_window", bad_w, ""},
               {"spans_window", all_w, ""},
               {"errors_baseline", bad_b, ""},
               {"spans_baseline", all_b, ""}};
    FindingQuote q;
    q.file = row.first->file;
    q.position = row.first->position;
    q.time = row.first->time;
    f.quotes.push_back(std::move(q));
    if (f.effect > 0) out.push_back(std::move(f));
  }
}

}  // namespace

FindingQuote quote_of(const TraceDigest& digest, std::uint32_t span) {
  const CompactSpan& s = digest.spans[span];
  FindingQuote q;
  q.file = s.file;
  q.position = {s.offset, s.length, s.line, 1};
  q.time = from_unix_nanos(s.start);
  return q;
}

std::vector<Finding> find_trace_errors(const TraceDigest& digest, const PeriodClock& periods,
                                       const KnownServices& services) {
  std::vector<Finding> findings;
  find_errors(digest, periods, services, findings);
  name_exhausted_pools(findings);
  find_summary_causes(digest, periods, findings);
  return findings;
}

}  // namespace fa
