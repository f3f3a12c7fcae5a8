#include "analysis/flow/flow_break.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <map>
#include <optional>
#include <tuple>
#include <unordered_map>

#include "analysis/stats/statistics.h"
#include "analysis/traces/span_time.h"

namespace fa {
namespace {

constexpr double kReportStrength = 3.0;     // p < 0.001
constexpr std::uint32_t kEnd = 0xFFFFFFFF;  ///< "Nothing follows in this request."
constexpr std::uint64_t kMinVisits = 3;
constexpr double kOtherBranch = 0.5;
/// Requests that used to fail and no longer do take another course for a good reason.
constexpr double kHealed = 0.25;

/// `com.shop.Orders#42` or `orders.go:42` names the statement by itself; without a line number the template does.
bool names_a_line(std::string_view logger) {
  const std::size_t mark = logger.find_last_of("#:");
  return mark != std::string_view::npos && mark + 1 < logger.size() &&
         std::all_of(logger.begin() + static_cast<std::ptrdiff_t>(mark) + 1, logger.end(),
                     [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; });
}

/// Something that happens in a request, the same in every request: a span begun, a call made, a statement logged.
struct Statement {
  std::string service;
  std::string request;    ///< Operation of the entry span; empty when unknown.
  std::string component;  ///< Logger of a log statement.
  std::string text;
  bool log = false;
  bool failure = false;  ///< Logged as an error.
};

struct Event {
  std::uint64_t request;  ///< Groups the events of one request in one service.
  std::int64_t time;
  std::uint64_t order;  ///< Tie-breaker: reading order.
  std::uint32_t statement;
  std::uint32_t file;
  BytePosition position;
  Period period;
  bool log;
};

/// Requests of one kind (service and operation), and in how many of them each statement occurs.
struct RequestKind {
  struct Presence {
    std::array<std::uint64_t, 2> requests{};
    const Event* first_window = nullptr;
    std::map<std::uint32_t, std::uint64_t> before;  ///< What came just before it in the baseline.
  };
  std::array<std::uint64_t, 2> total{};
  std::array<std::uint64_t, 2> failing{};  ///< With a statement logged as an error.
  std::map<std::uint32_t, Presence> statements;
  std::vector<std::pair<const Event*, std::vector<std::uint32_t>>>
      window;  ///< First event, statements (sorted); bounded.
};
constexpr std::size_t kKeptRequests = 2000;

struct Successors {
  std::array<std::uint64_t, 2> visits{};  // indexed by Period
  std::map<std::uint32_t, std::array<std::uint64_t, 2>> next;
  std::map<std::uint32_t, const Event*> first_event;  ///< First window event after which the flow took each way.
};

class FlowStudy {
 public:
  FlowStudy(const LogDigest& logs, const TraceDigest& traces) : logs_(logs), traces_(traces) {}

  std::vector<Finding> run() {
    add_spans();
    add_logs();
    // Spans and logs are stamped by different clocks, a few milliseconds apart: order means something only within each.
    std::sort(events_.begin(), events_.end(), [](const Event& a, const Event& b) {
      return std::tie(a.request, a.log, a.time, a.order) < std::tie(b.request, b.log, b.time, b.order);
    });
    count_transitions();
    count_presence();
    std::vector<Finding> findings;
    for (const auto& [statement, successors] : flow_) {
      if (auto f = judge(statement, successors)) findings.push_back(std::move(*f));
    }
    for (const auto& [kind, requests] : kinds_) judge_presence(requests, findings);
    std::stable_sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) {
      return std::tie(a.subject.service, a.key) < std::tie(b.subject.service, b.key);
    });
    return findings;
  }

 private:
  std::uint32_t statement_id(Statement statement) {
    auto key = std::tuple(statement.service, statement.request, statement.text);
    const auto [it, added] = ids_.try_emplace(std::move(key), static_cast<std::uint32_t>(statements_.size()));
    if (added) statements_.push_back(std::move(statement));
    return it->second;
  }

  void add_event(std::uint64_t request, std::int64_t time, std::uint32_t statement, std::uint32_t file,
                 const BytePosition& position, Period period) {
    events_.push_back({request, time, events_.size(), statement, file, position, period, statements_[statement].log});
  }

  void add_spans() {
    const std::vector<std::uint32_t> entry = entry_spans(traces_);
    std::map<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, std::uint32_t>, std::uint32_t> known;
    const auto statement = [&](std::uint32_t service, std::uint32_t request, std::uint32_t callee,
                               std::uint32_t operation) {
      const auto [it, added] = known.try_emplace({service, request, callee, operation}, 0);
      if (added) {
        Statement s;
        s.service = traces_.name(service);
        s.request = traces_.name(request);
        s.text = callee == service ? traces_.name(operation) : traces_.name(callee) + ": " + traces_.name(operation);
        it->second = statement_id(std::move(s));
      }
      return it->second;
    };
    for (std::uint32_t i = 0; i < traces_.spans.size(); ++i) {
      const CompactSpan& s = traces_.spans[i];
      const BytePosition position{s.offset, s.length, s.line, 1};
      add_event(group_of_span(entry[i]), s.start,
                statement(s.service, traces_.spans[entry[i]].operation, s.service, s.operation), s.file, position,
                s.period);
      entry_of_[span_key(s.trace, s.id)] = entry[i];
      if (s.parent_index == CompactSpan::kNone) continue;
      const CompactSpan& caller = traces_.spans[s.parent_index];
      if (caller.service == s.service) continue;
      const std::uint32_t request = entry[s.parent_index];
      add_event(group_of_span(request), s.start,
                statement(caller.service, traces_.spans[request].operation, s.service, s.operation), s.file, position,
                s.period);
    }
  }

  void add_logs() {
    std::map<std::pair<TemplateId, std::string_view>, Severity> severity;
    for (const TemplateActivity& a : logs_.activities) {
      if (a.instance.empty()) severity[{a.template_id, a.service}] = a.severity;
    }
    std::map<std::tuple<std::uint32_t, std::uint32_t, TemplateId, std::uint32_t>, std::uint32_t> known;
    for (const TracedLogEvent& e : logs_.events) {
      const auto it = entry_of_.find(span_key(e.trace, e.span));
      const bool spanned =
          it != entry_of_.end() && traces_.name(traces_.spans[it->second].service) == logs_.services[e.service];
      const std::uint32_t operation = spanned ? traces_.spans[it->second].operation : CompactSpan::kNone;
      const std::string& logger = logs_.loggers[e.logger];
      const TemplateId t = logs_.templates.template_of_shape[e.shape];
      const auto [found, added] = known.try_emplace({e.service, e.logger, names_a_line(logger) ? 0 : t, operation}, 0);
      if (added) {
        Statement s;
        s.service = logs_.services[e.service];
        s.request = spanned ? traces_.name(operation) : std::string();
        s.component = logger;
        const std::string& pattern = logs_.templates.templates[t].pattern;
        s.text = logger.empty() ? pattern : names_a_line(logger) ? logger : logger + " " + pattern;
        s.log = true;
        s.failure = severity[{t, s.service}] >= Severity::kError;
        const bool by_line = names_a_line(logger);
        found->second = statement_id(s);
        if (by_line) statements_[found->second].text = logger + " " + pattern;
      }
      const std::uint64_t group = spanned ? group_of_span(it->second) : e.trace * 31 + std::uint64_t{e.service} * 2 + 1;
      add_event(group, to_unix_nanos(e.time), found->second, e.file, e.position, e.period);
    }
  }

  static std::uint64_t span_key(std::uint64_t trace, std::uint64_t span) {
    return trace ^ (span * 0x9E3779B97F4A7C15ULL);
  }
  [[nodiscard]] std::uint64_t group_of_span(std::uint32_t entry) const {
    return span_key(traces_.spans[entry].trace, traces_.spans[entry].id) * 2;
  }

  void count_transitions() {
    for (std::size_t i = 0; i < events_.size(); ++i) {
      const Event& e = events_[i];
      if (e.period == Period::kOther) continue;
      const bool last = i + 1 == events_.size() || events_[i + 1].request != e.request || events_[i + 1].log != e.log;
      const std::uint32_t next = last ? kEnd : events_[i + 1].statement;
      const auto p = static_cast<std::size_t>(e.period);
      Successors& s = flow_[e.statement];
      ++s.visits[p];
      ++s.next[next][p];
      if (e.period != Period::kWindow) continue;
      const auto [it, added] = s.first_event.try_emplace(next, &e);
      if (!added && e.time < it->second->time) it->second = &e;
    }
  }

  void count_presence() {
    std::vector<std::uint32_t> present;
    for (std::size_t begin = 0; begin < events_.size();) {
      std::size_t end = begin;
      present.clear();
      const Event& first = events_[begin];
      const Statement& named = statements_[first.statement];
      RequestKind& kind = kinds_[{named.service, named.request}];
      const auto p = static_cast<std::size_t>(first.period);
      bool failing = false;
      for (; end < events_.size() && events_[end].request == first.request; ++end) {
        present.push_back(events_[end].statement);
        failing = failing || statements_[events_[end].statement].failure;
      }
      if (first.period != Period::kOther) {
        std::sort(present.begin(), present.end());
        present.erase(std::unique(present.begin(), present.end()), present.end());
        ++kind.total[p];
        kind.failing[p] += failing ? 1U : 0U;
        for (const std::uint32_t s : present) ++kind.statements[s].requests[p];
        for (std::size_t i = begin; i < end; ++i) {
          RequestKind::Presence& presence = kind.statements[events_[i].statement];
          if (first.period == Period::kBaseline) {
            const bool follows = i > begin && events_[i - 1].log == events_[i].log;
            if (follows) ++presence.before[events_[i - 1].statement];
          } else if (presence.first_window == nullptr || events_[i].time < presence.first_window->time) {
            presence.first_window = &events_[i];
          }
        }
        if (first.period == Period::kWindow && kind.window.size() < kKeptRequests)
          kind.window.emplace_back(&first, present);
      }
      begin = end;
    }
  }

  /// Statements that used to occur in a kind of request and now often do not.
  void judge_presence(const RequestKind& kind, std::vector<Finding>& out) const {
    if (kind.total[0] < kMinVisits || kind.total[1] < kMinVisits) return;
    const auto total_b = static_cast<double>(kind.total[0]);
    const auto total_w = static_cast<double>(kind.total[1]);
    const auto share = [&](const RequestKind::Presence& p, std::size_t period) {
      return static_cast<double>(p.requests[period]) / (period == 0 ? total_b : total_w);
    };
    // What occurs instead, where anything does.
    const RequestKind::Presence* gained = nullptr;
    std::uint32_t gained_statement = kEnd;
    double most_gained = 0.05;
    for (const auto& [statement, presence] : kind.statements) {
      const double gain = share(presence, 1) - share(presence, 0);
      if (gain > most_gained) {
        most_gained = gain;
        gained = &presence;
        gained_statement = statement;
      }
    }
    const bool failure = gained_statement != kEnd && statements_[gained_statement].failure;
    const double healed =
        static_cast<double>(kind.failing[1]) / total_w < static_cast<double>(kind.failing[0]) / total_b / 2 ? kHealed
                                                                                                            : 1.0;
    for (const auto& [statement, presence] : kind.statements) {
      if (statements_[statement].failure) continue;
      const double before = share(presence, 0);
      const double now = share(presence, 1);
      if (now >= before) continue;
      const double strength = stats::proportion_strength(static_cast<double>(presence.requests[0]), total_b,
                                                         static_cast<double>(presence.requests[1]), total_w);
      if (strength < kReportStrength) continue;
      Finding f;
      f.kind = FindingKind::kStepMissing;
      f.evidence = statements_[statement].log ? EvidenceKind::kLog : EvidenceKind::kTrace;
      f.subject.service = statements_[statement].service;
      f.subject.component = statements_[statement].component;
      f.key = statements_[statement].request + " | " + statements_[statement].text;
      f.peer = statements_[statement].request;
      f.label = text_of(gained_statement);
      f.location = {text_of(usual_predecessor(presence)), statements_[statement].text};
      f.strength = strength;
      f.effect = (1 - now / before) * (gained == nullptr || failure ? 1.0 : kOtherBranch) * healed;
      f.severity = failure ? Severity::kError : Severity::kUnknown;
      f.baseline = before;
      f.window = now;
      f.unit = "share";
      f.excess = (before - now) * total_w;
      f.facts = {{"happened_baseline", static_cast<double>(presence.requests[0]), ""},
                 {"requests_baseline", total_b, ""},
                 {"happened_window", static_cast<double>(presence.requests[1]), ""},
                 {"requests_window", total_w, ""}};
      const Event* quote = failure ? gained->first_window : nullptr;
      for (const auto& [first, present] : kind.window) {
        const bool has = std::binary_search(present.begin(), present.end(), statement);
        if (!failure && !has && (quote == nullptr || first->time < quote->time)) quote = first;
      }
      if (quote != nullptr) {
        f.onset = from_unix_nanos(quote->time);
        f.quotes.push_back({quote->file, quote->position, f.onset, {}});
      }
      out.push_back(std::move(f));
    }
  }

  static std::uint32_t usual_predecessor(const RequestKind::Presence& presence) {
    std::uint32_t best = kEnd;
    std::uint64_t most = 0;
    for (const auto& [statement, count] : presence.before) {
      if (count > most) {
        most = count;
        best = statement;
      }
    }
    return best;
  }

  [[nodiscard]] std::string text_of(std::uint32_t statement) const {
    return statement == kEnd ? std::string() : statements_[statement].text;
  }

  [[nodiscard]] std::optional<Finding> judge(std::uint32_t statement, const Successors& s) const {
    const auto total_b = static_cast<double>(s.visits[0]);
    const auto total_w = static_cast<double>(s.visits[1]);
    if (s.visits[0] < kMinVisits || s.visits[1] < kMinVisits || s.next.size() < 2) return std::nullopt;
    double g = 0;
    double moved = 0;  // total variation distance
    double most_lost = 0;
    double most_gained = 0;
    std::uint32_t lost = kEnd;
    std::uint32_t gained = kEnd;
    for (const auto& [next, counts] : s.next) {
      const auto b = static_cast<double>(counts[0]);
      const auto w = static_cast<double>(counts[1]);
      const double pooled = (b + w) / (total_b + total_w);
      if (b > 0) g += 2 * b * std::log(b / (total_b * pooled));
      if (w > 0) g += 2 * w * std::log(w / (total_w * pooled));
      const double difference = b / total_b - w / total_w;
      if (difference > 0) moved += difference;
      if (difference > most_lost) {
        most_lost = difference;
        lost = next;
      }
      if (-difference > most_gained) {
        most_gained = -difference;
        gained = next;
      }
    }
    // A failure that no longer follows is a recovery.
    if (lost != kEnd && statements_[lost].failure) return std::nullopt;
    const double strength = stats::chi_square_strength(g, static_cast<double>(s.next.size() - 1));
    if (strength < kReportStrength) return std::nullopt;
    const Statement& from = statements_[statement];
    Finding f;
    f.kind = FindingKind::kFlowBreak;
    f.evidence = from.log ? EvidenceKind::kLog : EvidenceKind::kTrace;
    f.subject.service = from.service;
    f.subject.component = from.component;
    f.key = from.request + " | " + from.text;
    f.label = text_of(gained);
    f.location = {from.text, text_of(lost)};
    f.strength = strength;
    // Work that is cut short or fails is a break; another branch may as well be another mix of requests.
    const bool broken = gained == kEnd || statements_[gained].failure;
    const auto kind = kinds_.find({from.service, from.request});
    const bool healed =
        kind != kinds_.end() && static_cast<double>(kind->second.failing[1] * kind->second.total[0]) * 2 <
                                    static_cast<double>(kind->second.failing[0] * kind->second.total[1]);
    f.effect = moved * (broken ? 1.0 : kOtherBranch) * (healed ? kHealed : 1.0);
    f.severity = gained != kEnd && statements_[gained].failure ? Severity::kError : Severity::kUnknown;
    const auto& usual = s.next.at(lost);
    f.baseline = static_cast<double>(usual[0]) / total_b;
    f.window = static_cast<double>(usual[1]) / total_w;
    f.unit = "share";
    f.excess = (f.baseline - f.window) * total_w;
    f.facts = {{"followed_baseline", static_cast<double>(usual[0]), ""},
               {"visits_baseline", total_b, ""},
               {"followed_window", static_cast<double>(usual[1]), ""},
               {"visits_window", total_w, ""}};
    const auto it = s.first_event.find(gained);
    if (it != s.first_event.end()) {
      const Event& e = *it->second;
      f.onset = from_unix_nanos(e.time);
      f.quotes.push_back({e.file, e.position, f.onset, {}});
    }
    return f;
  }

  const LogDigest& logs_;
  const TraceDigest& traces_;
  std::vector<Statement> statements_;
  std::map<std::tuple<std::string, std::string, std::string>, std::uint32_t> ids_;
  std::unordered_map<std::uint64_t, std::uint32_t> entry_of_;  ///< Span -> entry span, for joining logs to requests.
  std::vector<Event> events_;
  std::map<std::uint32_t, Successors> flow_;
  std::map<std::pair<std::string, std::string>, RequestKind> kinds_;
};

}  // namespace

std::vector<Finding> find_flow_breaks(const LogDigest& logs, const TraceDigest& traces) {
  return FlowStudy(logs, traces).run();
}

}  // namespace fa
