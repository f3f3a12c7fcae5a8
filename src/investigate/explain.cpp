#include "investigate/explain.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "base/text.h"
#include "base/version.h"
#include "investigate/phrases.h"
#include "investigate/topology.h"

namespace fa {
namespace {

/// Evidence shown per hypothesis; the best one shows more.
constexpr std::size_t kFirstEvidence = 8;
constexpr std::size_t kOtherEvidence = 4;
constexpr std::size_t kSymptomEvidence = 5;
constexpr std::size_t kChangeEvidence = 4;
constexpr std::size_t kHypotheses = 10;
/// Votes below this share of the heaviest add nothing a person would want to read.
constexpr double kSmallestVoteShare = 0.05;
constexpr double kSmallestOtherShare = 0.15;  ///< For the other candidates, of the best one's heaviest.
constexpr std::size_t kSameKind = 3;          ///< Findings of one kind cited for one candidate.
constexpr std::size_t kArguedHypotheses = 5;

/// Trouble this weak says that nothing went wrong: the noisy-or of findings that are each likely by chance.
constexpr double kIncidentScore = 0.2;
/// Where an alarm says that something is wrong, that is settled, and what is found only has to be there.
constexpr double kIncidentScoreAfterAlarm = 0.05;
/// From this confidence on traces would tell nothing that is still asked.
constexpr double kSettled = 0.8;
/// Of words alone: below this nothing speaks of a failure that was not dealt with, and from this many records on that
/// is worth saying.
constexpr double kCalmScore = 0.15;
constexpr std::uint64_t kEnoughRecords = 20;

/// Moves that any busy system shows somewhere: worth citing only where there is nothing else.
bool is_background(FindingKind kind) {
  switch (kind) {
    case FindingKind::kMetricRise:
    case FindingKind::kMetricFall:
    case FindingKind::kTrafficRise:
    case FindingKind::kTrafficFall:
    case FindingKind::kLogFall:
    case FindingKind::kLogVanished:
      return true;
    default:
      return false;
  }
}

class Explanation {
 public:
  explicit Explanation(const ExplainInput& input) : in_(input), say_(input.language) {}

  Report run() {
    report_.language = in_.language;
    report_.incident = in_.incident;
    report_.fa2_version = kVersion;
    report_.coverage = in_.digest.coverage;
    report_.gaps = in_.collected.gaps;
    report_.gaps.insert(report_.gaps.end(), in_.digest.gaps.begin(), in_.digest.gaps.end());
    report_.identity = in_.collected.identity;
    report_.notes = in_.collected.notes;
    report_.usage = in_.collected.usage;
    for (Note& n : report_.notes) n.text = say_.technical(n.text);
    for (Gap& g : report_.gaps) {
      g.error = say_.technical(g.error);
      g.impact = say_.technical(g.impact);
    }
    for (CoverageItem& c : report_.coverage) {
      c.note = say_.technical(c.note);
      report_.usage.bytes_read += c.bytes;
      report_.usage.records_read += c.records;
    }
    if (in_.findings.onset != kNoTime) report_.incident.onset = in_.findings.onset;
    add_gaps();
    decide_verdict();
    if (report_.verdict != Verdict::kNoIncident) add_hypotheses();
    add_symptoms();
    add_changes();
    measure_impact();
    if (report_.verdict == Verdict::kNoIncident) report_.incident.onset.reset();
    add_timeline();
    add_advice();
    report_.topology = topology_of({in_.digest, findings(), cited_, report_.hypotheses, in_.architecture});
    return std::move(report_);
  }

 private:
  [[nodiscard]] const std::vector<Finding>& findings() const { return in_.findings.all; }

  /// Nothing differs only where something was there to differ: an empty answer is no sign of health.
  [[nodiscard]] bool saw_both_periods() const {
    const auto seen = [&](const TimeRange& period) {
      return std::any_of(in_.digest.coverage.begin(), in_.digest.coverage.end(), [&](const CoverageItem& c) {
        return c.records > 0 &&
               (c.range.begin == kNoTime || (c.range.begin < period.end && c.range.end >= period.begin));
      });
    };
    return seen(in_.digest.periods.window()) && seen(in_.digest.periods.baseline());
  }

  /// A live source that could not be asked about the window may hold the very signs that were not found elsewhere.
  [[nodiscard]] bool missed_part_of_the_window() const {
    const TimeRange& window = in_.digest.periods.window();
    return std::any_of(in_.collected.gaps.begin(), in_.collected.gaps.end(), [&](const Gap& g) {
      return g.range.empty() || (g.range.begin < window.end && g.range.end > window.begin);
    });
  }

  /// Text that nobody raised an alarm about, with nothing to compare it with, and no word of a failure in it.
  [[nodiscard]] bool words_alone_are_calm(double best) const {
    const Digest& d = in_.digest;
    return d.periods.baseline().empty() && !in_.incident.alarm && !in_.incident.window_given && best < kCalmScore &&
           d.metrics.series.empty() && d.traces.spans.empty() && d.traces.summaries.empty() &&
           d.logs.records[static_cast<std::size_t>(Period::kWindow)] >= kEnoughRecords && in_.collected.gaps.empty();
  }

  void decide_verdict() {
    const bool comparable = !in_.digest.periods.baseline().empty();
    const double best = in_.candidates.empty() ? 0 : in_.candidates.front().score;
    double trouble = 0;
    for (const Candidate& c : in_.candidates) trouble = std::max(trouble, c.trouble);
    if (in_.incident.alarm ? best >= kIncidentScoreAfterAlarm : trouble >= kIncidentScore) {
      report_.verdict = Verdict::kIncident;
      report_.headline = say_.headline(in_.candidates.front(), in_.candidates.front().confidence);
    } else if ((comparable && saw_both_periods() && !missed_part_of_the_window()) || words_alone_are_calm(best)) {
      report_.verdict = Verdict::kNoIncident;
      report_.headline = say_.headline_no_incident();
    } else {
      report_.verdict = Verdict::kCannotTell;
      report_.headline = say_.headline_cannot_tell();
    }
  }

  /// Adds the finding to the evidence unless it is there; returns its id.
  std::string cite(std::size_t index) {
    const auto it = cited_.find(index);
    if (it != cited_.end()) return it->second;
    const Finding& f = findings()[index];
    Evidence e;
    e.kind = f.evidence;
    e.id = std::string(1, evidence_prefix(f.evidence)) + std::to_string(++count_[f.evidence]);
    e.entity = f.subject.service;
    e.claim = say_.claim(f);
    e.key = f.key;
    e.facts = f.facts;
    e.window_chart = f.window_chart;
    e.baseline_chart = f.baseline_chart;
    for (auto* chart : {&e.window_chart, &e.baseline_chart}) {
      if (*chart) (*chart)->unit = say_.chart_unit((*chart)->unit);
    }
    e.time = f.onset;
    if (!f.quotes.empty()) {
      const FindingQuote& q = f.quotes.front();
      e.time = q.time;
      e.excerpt = std::string(whole_words_prefix(q.text, 600));
      locate_evidence(e, in_.inputs.files[q.file], q.position, in_.digest.periods.window(), in_.collected);
    }
    cited_[index] = e.id;
    report_.evidence.push_back(std::move(e));
    return report_.evidence.back().id;
  }

  /// Findings to cite for a candidate: the heaviest of each kind first, since different kinds of evidence confirm each
  /// other, then what remains; few enough to read.
  [[nodiscard]] std::vector<std::size_t> telling_votes(const Candidate& c, bool best) const {
    const double heaviest =
        in_.candidates.front().supports.empty() ? 0 : in_.candidates.front().supports.front().weight;
    const double least = (best ? kSmallestVoteShare : kSmallestOtherShare) * heaviest;
    std::vector<std::size_t> firsts;
    std::vector<std::size_t> rest;
    std::map<FindingKind, std::size_t> of_kind;
    // A changed course of work is the point where the code is at fault; elsewhere it only follows from the failure.
    const bool code = c.mechanism == Mechanism::kWrongResult || c.mechanism == Mechanism::kCodeException;
    const auto follows = [&](const Vote& v) {
      const FindingKind kind = findings()[v.finding].kind;
      return !code && (kind == FindingKind::kFlowBreak || kind == FindingKind::kStepMissing);
    };
    std::vector<Vote> votes = c.supports;
    std::stable_sort(votes.begin(), votes.end(), [&](const Vote& a, const Vote& b) { return follows(a) < follows(b); });
    for (const Vote& v : votes) {
      if (v.weight < least || (!firsts.empty() && is_background(findings()[v.finding].kind))) continue;
      const std::size_t nth = of_kind[findings()[v.finding].kind]++;
      if (nth == 0) {
        firsts.push_back(v.finding);
      } else if (nth < kSameKind) {
        rest.push_back(v.finding);
      }
    }
    firsts.insert(firsts.end(), rest.begin(), rest.end());
    firsts.resize(std::min(firsts.size(), best ? kFirstEvidence : kOtherEvidence));
    return firsts;
  }

  void add_hypotheses() {
    int rank = 0;
    for (const Candidate& c : in_.candidates) {
      if (rank >= static_cast<int>(kHypotheses)) break;
      Hypothesis h;
      h.rank = ++rank;
      h.subject = c.subject;
      h.mechanism = c.mechanism;
      h.location = c.location;
      h.score = c.score;
      h.confidence = c.confidence;
      h.statement = say_.statement(c);
      // Ranked further down means: not argued for.
      if (rank <= static_cast<int>(kArguedHypotheses)) {
        for (const std::size_t index : telling_votes(c, rank == 1)) h.supports.push_back(cite(index));
      }
      report_.hypotheses.push_back(std::move(h));
    }
    // What speaks for the callee that explains a hypothesis speaks against it.
    for (std::size_t i = 0; i < report_.hypotheses.size(); ++i) {
      const std::string& by = in_.candidates[i].explained_by;
      if (by.empty()) continue;
      for (const Hypothesis& other : report_.hypotheses) {
        if (other.subject.service == by && !other.supports.empty() && !report_.hypotheses[i].supports.empty()) {
          report_.hypotheses[i].contradicts.push_back(other.supports.front());
        }
      }
    }
  }

  /// The loudest signs of what users felt, beyond what the hypotheses cite.
  void add_symptoms() {
    if (report_.verdict == Verdict::kNoIncident) return;
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < findings().size(); ++i) {
      switch (findings()[i].kind) {
        case FindingKind::kAccessErrors:
        case FindingKind::kAccessLatency:
        case FindingKind::kErrorPassedOn:
        case FindingKind::kLatencyRise:
        case FindingKind::kErrorRise:
          order.push_back(i);
          break;
        default:
          break;
      }
    }
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return std::tuple(-alarm_match(findings()[a]), -findings()[a].salience()) <
             std::tuple(-alarm_match(findings()[b]), -findings()[b].salience());
    });
    std::size_t added = 0;
    for (const std::size_t i : order) {
      if (added >= kSymptomEvidence) break;
      if (!cited_.contains(i)) ++added;
      cite(i);
    }
  }

  [[nodiscard]] int alarm_match(const Finding& f) const {
    return in_.incident.alarm && in_.incident.alarm->entity == f.subject.service ? 1 : 0;
  }

  void add_changes() {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < findings().size(); ++i) {
      if (findings()[i].kind == FindingKind::kChange) order.push_back(i);
    }
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return findings()[a].effect > findings()[b].effect; });
    if (order.size() > kChangeEvidence) order.resize(kChangeEvidence);
    for (const std::size_t i : order) cite(i);
  }

  void measure_impact() {
    std::set<std::string> affected;
    double worst = 0;
    const Finding* failing = nullptr;
    const Finding* slow = nullptr;
    // Users are at the edge: a proxy's own count comes first, then what the alarm is about, then the services.
    const auto nearness = [&](const Finding& f) {
      const bool proxy = f.kind == FindingKind::kAccessErrors || f.kind == FindingKind::kAccessLatency;
      return 4 * int{proxy} + 2 * alarm_match(f) +
             int{f.kind == FindingKind::kErrorPassedOn || f.kind == FindingKind::kErrorRise};
    };
    const auto nearer = [&](const Finding& f, const Finding* than, double size, double than_size) {
      return than == nullptr || std::tuple(nearness(f), size) > std::tuple(nearness(*than), than_size);
    };
    for (const Finding& f : findings()) {
      const bool fails =
          f.kind == FindingKind::kAccessErrors || f.kind == FindingKind::kErrorPassedOn ||
          f.kind == FindingKind::kErrorRise ||
          ((f.kind == FindingKind::kErrorOrigin || f.kind == FindingKind::kCallTimeout) && f.peer.empty());
      const bool slows = f.kind == FindingKind::kAccessLatency || f.kind == FindingKind::kLatencyRise;
      const bool hit = fails || slows || f.kind == FindingKind::kErrorOrigin || f.kind == FindingKind::kCallTimeout ||
                       f.kind == FindingKind::kOwnTimeRise || f.kind == FindingKind::kCallTimeRise;
      if (hit && f.salience() > 0.2 && !f.subject.service.empty()) affected.insert(f.subject.service);
      if (fails && nearer(f, failing, failed_share(f), failing == nullptr ? 0 : failed_share(*failing))) failing = &f;
      if (slows && f.unit == "s" && f.salience() > 0.2 &&
          nearer(f, slow, f.salience(), slow == nullptr ? 0 : slow->salience())) {
        slow = &f;
      }
    }
    Impact& impact = report_.impact;
    impact.affected.assign(affected.begin(), affected.end());
    if (report_.verdict == Verdict::kNoIncident) {
      impact.affected.clear();
      impact.summary = say_.impact_none();
      report_.severity = ReportSeverity::kNone;
      return;
    }
    const auto add = [&](const std::string& sentence) {
      if (!impact.summary.empty() && in_.language == Language::kEnglish) impact.summary += ' ';
      impact.summary += sentence;
    };
    if (failing != nullptr && failed_share(*failing) > 0) {
      worst = failed_share(*failing);
      add(say_.impact_failing(name_of(*failing), worst,
                              failing->excess > 0 ? failing->excess : failed_count(*failing)));
    }
    double slower = 1;
    if (slow != nullptr && slow->baseline > 0) {
      slower = slow->window / slow->baseline;
      add(say_.impact_slow(name_of(*slow), slow->baseline, slow->window));
    }
    if (!affected.empty()) add(say_.impact_services(affected.size()));
    if (impact.summary.empty()) add(say_.impact_unknown());
    impact.since = report_.incident.onset;
    // Half of the requests lost is an outage; one in twenty is felt by many; slowness alone is felt, too.
    if (worst >= 0.5) {
      report_.severity = ReportSeverity::kCritical;
    } else if (worst >= 0.05 || slower >= 5) {
      report_.severity = ReportSeverity::kHigh;
    } else if (worst > 0 || slower >= 1.5 || !affected.empty()) {
      report_.severity = ReportSeverity::kMedium;
    } else {
      report_.severity = ReportSeverity::kLow;
    }
  }

  static std::string name_of(const Finding& f) {
    const bool proxy = f.kind == FindingKind::kAccessErrors || f.kind == FindingKind::kAccessLatency;
    return proxy && !f.peer.empty() ? f.peer : f.subject.service;
  }
  static double fact(const Finding& f, std::string_view name) {
    for (const Fact& x : f.facts) {
      if (x.name == name) return x.value;
    }
    return 0;
  }
  static double failed_count(const Finding& f) { return fact(f, "failed_window") + fact(f, "errors_window"); }
  static double failed_share(const Finding& f) {
    if (f.unit == "share") return f.window;
    if (f.kind == FindingKind::kErrorRise && f.unit == "%") return std::max(0.0, f.baseline - f.window) / 100;
    return 0;
  }

  void add_timeline() {
    auto& t = report_.timeline;
    const IncidentInfo& i = report_.incident;
    if (!i.window.empty()) {
      t.push_back({i.window.begin, say_.timeline_window_begins(), ""});
      t.push_back({i.window.end, say_.timeline_window_ends(), ""});
    }
    if (i.onset) t.push_back({*i.onset, say_.timeline_onset(), ""});
    if (i.alarm && i.alarm->time)
      t.push_back({*i.alarm->time, say_.timeline_alarm(i.alarm->entity, i.alarm->metric), ""});
    for (const auto& [index, id] : cited_) {
      const Finding& f = findings()[index];
      if (f.onset != kNoTime) t.push_back({f.onset, say_.claim(f), id});
    }
    std::stable_sort(t.begin(), t.end(), [](const TimelineEntry& a, const TimelineEntry& b) {
      return std::tie(a.time, a.evidence_id) < std::tie(b.time, b.evidence_id);
    });
  }

  /// Changes worth undoing: those of the culprit, then those of what all share (a route, a permission) when they are of
  /// the kind that breaks things in this way. The latter touch everyone, so they must be closer in time.
  void add_suspect_changes(const Hypothesis& best) {
    std::vector<std::tuple<bool, double, std::string, std::size_t>> suspects;
    for (const auto& [index, id] : cited_) {
      const Finding& f = findings()[index];
      if (f.kind != FindingKind::kChange) continue;
      const bool related = f.subject.service == best.subject.service || f.subject.service == best.subject.component;
      const bool shared = f.subject.service.empty() && can_cause(f.hint, best.mechanism);
      if ((related && f.effect > 0.25) || (shared && f.effect > 0.5)) {
        suspects.emplace_back(!related, -f.effect, id, index);
      }
    }
    std::sort(suspects.begin(), suspects.end());
    for (const auto& [is_shared, effect, id, index] : suspects) {
      const Finding& f = findings()[index];
      const std::string what = f.subject.component.empty() ? f.label : f.subject.component + ": " + f.label;
      report_.actions.push_back({say_.action_check_change(what, f.peer), {id}});
    }
  }

  /// Whether a change of the network or of permissions shows itself in this way at the services that feel it.
  static bool can_cause(Mechanism change, Mechanism felt) {
    if (change == Mechanism::kNetworkPartition) {
      return felt == Mechanism::kNetworkPartition || felt == Mechanism::kNetworkDelay || felt == Mechanism::kDns ||
             felt == Mechanism::kDependencyTimeout || felt == Mechanism::kDependencyError ||
             felt == Mechanism::kDependencySlow;
    }
    return change == Mechanism::kAuthentication &&
           (felt == Mechanism::kAuthentication || felt == Mechanism::kDependencyError);
  }

  void add_advice() {
    if (report_.verdict == Verdict::kNoIncident) {
      if (in_.digest.periods.baseline().empty()) report_.questions.push_back(say_.question_baseline());
      return;
    }
    if (!report_.hypotheses.empty() && report_.verdict == Verdict::kIncident) {
      const Hypothesis& best = report_.hypotheses.front();
      add_suspect_changes(best);
      report_.actions.push_back({say_.action(best.mechanism, best.subject), best.supports});
      report_.prevention.push_back({say_.prevention(best.mechanism), {}});
      if (best.confidence < 0.5 && report_.hypotheses.size() > 1) {
        report_.questions.push_back(say_.question_next(best.subject.service, report_.hypotheses[1].subject.service));
      }
      ask_for_missing_telemetry(best.subject.service);
    }
    if (in_.digest.periods.baseline().empty()) report_.questions.push_back(say_.question_baseline());
    report_.actions.push_back({say_.action_confirm(), {}});
  }

  /// What the first suspect did not say itself, where others were heard: a gap each, and the query that would fill it.
  void ask_for_missing_telemetry(const std::string& service) {
    const Digest& d = in_.digest;
    const auto window = static_cast<std::size_t>(Period::kWindow);
    const bool logs = std::any_of(d.logs.activities.begin(), d.logs.activities.end(), [&](const TemplateActivity& a) {
      return a.service == service && a.counts[window] > 0;
    });
    const bool spans = std::any_of(d.traces.spans.begin(), d.traces.spans.end(), [&](const CompactSpan& s) {
      return s.period == Period::kWindow && d.traces.name(s.service) == service;
    });
    const bool metrics = std::any_of(d.metrics.series.begin(), d.metrics.series.end(),
                                     [&](const Series& s) { return s.service == service; });
    const auto missing = [&](const std::string& kind, bool heard_others) {
      if (heard_others)
        report_.gaps.push_back(
            {service, d.periods.window(), say_.gap_of_service(kind, service), say_.gap_impact(kind)});
    };
    if (!logs) {
      report_.questions.push_back(say_.question_logs(service));
      missing(say_.kind_logs(), d.logs.records[window] > 0);
    }
    if (!spans) {
      if (report_.hypotheses.front().confidence < kSettled) report_.questions.push_back(say_.question_traces(service));
      missing(say_.kind_traces(), !d.traces.spans.empty());
    }
    if (!metrics) missing(say_.kind_metrics(), !d.metrics.series.empty());
  }

  void add_gaps() {
    const Digest& d = in_.digest;
    if (d.periods.baseline().empty()) {
      report_.gaps.push_back({"", {}, say_.gap_no_baseline(), say_.question_baseline()});
    }
    const auto window = static_cast<std::size_t>(Period::kWindow);
    const auto missing = [&](const std::string& kind, bool none, bool outside) {
      if (!none && !outside) return;
      report_.gaps.push_back({kind, d.periods.window(),
                              none ? say_.gap_kind_missing(kind) : say_.gap_kind_outside(kind), say_.gap_impact(kind)});
    };
    std::uint64_t log_records = 0;
    for (const std::uint64_t n : d.logs.records) log_records += n;
    missing(say_.kind_logs(), log_records == 0, log_records > 0 && d.logs.records[window] == 0);
    const bool spans_in_window = std::any_of(d.traces.spans.begin(), d.traces.spans.end(),
                                             [](const CompactSpan& s) { return s.period == Period::kWindow; });
    const bool no_traces = d.traces.spans.empty() && d.traces.summaries.empty();
    missing(say_.kind_traces(), no_traces, !no_traces && !spans_in_window && d.traces.summaries.empty());
    missing(say_.kind_metrics(), d.metrics.series.empty(), false);
    missing(say_.kind_changes(), d.changes.empty(), false);
    const auto dropped = [&](const std::string& kind, std::uint64_t n) {
      if (n > 0)
        report_.gaps.push_back({kind, {}, say_.gap_dropped(kind, static_cast<double>(n)), say_.gap_impact(kind)});
    };
    dropped(say_.kind_traces(), d.traces.dropped_spans);
    dropped(say_.kind_metrics(), d.metrics.dropped_points);
    dropped(say_.kind_logs(), d.logs.events_dropped);
  }

  const ExplainInput& in_;
  InvestigationPhrases say_;
  Report report_;
  std::map<std::size_t, std::string> cited_;
  std::map<EvidenceKind, int> count_;
};

}  // namespace

char evidence_prefix(EvidenceKind kind) {
  switch (kind) {
    case EvidenceKind::kLog:
      return 'L';
    case EvidenceKind::kMetric:
      return 'M';
    case EvidenceKind::kTrace:
      return 'T';
    case EvidenceKind::kChange:
      return 'C';
    case EvidenceKind::kTopology:
      return 'G';
  }
  return 'E';
}

Report explain(const ExplainInput& input) { return Explanation(input).run(); }

}  // namespace fa
