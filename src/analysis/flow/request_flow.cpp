#include "analysis/flow/request_flow.h"

#include <algorithm>
#include <cctype>
#include <string_view>
#include <unordered_set>

#include "analysis/text/failure_words.h"
#include "analysis/traces/span_time.h"

namespace fa {
namespace {

/// `com.shop.Orders#42` or `orders.go:42` names the statement by itself; without a line number the template does.
bool names_a_line(std::string_view logger) {
  const std::size_t mark = logger.find_last_of("#:");
  return mark != std::string_view::npos && mark + 1 < logger.size() &&
         std::all_of(logger.begin() + static_cast<std::ptrdiff_t>(mark) + 1, logger.end(),
                     [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; });
}

/// Where a span stands: indices of itself and of the entry span of its request.
struct SpanPlace {
  std::uint32_t span = CompactSpan::kNone;
  std::uint32_t entry = CompactSpan::kNone;
};

class FlowReader {
 public:
  FlowReader(const LogDigest& logs, const TraceDigest& traces) : logs_(logs), traces_(traces) {}

  RequestFlow run() {
    add_spans();
    add_logs();
    // Spans and logs are stamped by different clocks, a few milliseconds apart: order means something only within each.
    std::sort(flow_.events.begin(), flow_.events.end(), [](const FlowEvent& a, const FlowEvent& b) {
      return std::tie(a.request, a.log, a.time, a.order) < std::tie(b.request, b.log, b.time, b.order);
    });
    count_transitions();
    count_presence();
    return std::move(flow_);
  }

 private:
  std::uint32_t statement_id(FlowStatement statement) {
    auto key = std::tuple(statement.service, statement.request, statement.text);
    const auto [it, added] = ids_.try_emplace(std::move(key), static_cast<std::uint32_t>(flow_.statements.size()));
    if (added) flow_.statements.push_back(std::move(statement));
    return it->second;
  }

  void add_event(std::uint64_t request, std::int64_t time, std::uint32_t statement, std::uint32_t file,
                 const BytePosition& position, Period period) {
    flow_.events.push_back(
        {request, time, flow_.events.size(), statement, file, position, period, flow_.statements[statement].log});
  }

  std::uint32_t span_statement(std::uint32_t service, std::uint32_t request, std::uint32_t callee,
                               std::uint32_t operation) {
    const auto [it, added] = spans_known_.try_emplace({service, request, callee, operation}, 0);
    if (!added) return it->second;
    FlowStatement s;
    s.service = traces_.name(service);
    s.request = traces_.name(request);
    s.operation = traces_.name(operation);
    s.text = s.operation;
    if (callee != service) {
      s.callee = traces_.name(callee);
      s.text = s.callee + ": " + s.operation;
    } else {
      s.failure = speaks_of_failure(s.operation);
    }
    return it->second = statement_id(std::move(s));
  }

  void add_spans() {
    const std::vector<std::uint32_t> entry = entry_spans(traces_);
    for (std::uint32_t i = 0; i < traces_.spans.size(); ++i) {
      const CompactSpan& s = traces_.spans[i];
      const BytePosition position{s.offset, s.length, s.line, 1};
      add_event(group_of_span(entry[i]), s.start,
                span_statement(s.service, traces_.spans[entry[i]].operation, s.service, s.operation), s.file, position,
                s.period);
      span_of_[span_key(s.trace, s.id)] = {i, entry[i]};
      constexpr int kFirstFailure = 400;
      if (entry[i] == i && !s.error && s.http_status > 0 && s.http_status < kFirstFailure) {
        succeeded_.insert(group_of_span(i));
      }
      if (s.parent_index == CompactSpan::kNone) continue;
      const CompactSpan& caller = traces_.spans[s.parent_index];
      if (caller.service == s.service) continue;
      const std::uint32_t request = entry[s.parent_index];
      add_event(group_of_span(request), s.start,
                span_statement(caller.service, traces_.spans[request].operation, s.service, s.operation), s.file,
                position, s.period);
    }
  }

  /// `span` and `entry` are none where the record's span is unknown or another service's.
  FlowStatement log_statement(const TracedLogEvent& e, TemplateId t, std::uint32_t span, std::uint32_t entry) const {
    FlowStatement s;
    s.service = logs_.services[e.service];
    if (entry != CompactSpan::kNone) {
      s.request = traces_.name(traces_.spans[entry].operation);
      s.operation = traces_.name(traces_.spans[span].operation);
    }
    s.component = logs_.loggers[e.logger];
    const std::string& pattern = logs_.templates.templates[t].pattern;
    s.text = s.component.empty() ? pattern : s.component + " " + pattern;
    s.log = true;
    return s;
  }

  void add_logs() {
    std::map<std::pair<TemplateId, std::string_view>, Severity> severity;
    for (const TemplateActivity& a : logs_.activities) {
      if (a.instance.empty()) severity[{a.template_id, a.service}] = a.severity;
    }
    std::map<std::tuple<std::uint32_t, std::uint32_t, TemplateId, std::uint32_t>, std::uint32_t> known;
    for (const TracedLogEvent& e : logs_.events) {
      const auto it = span_of_.find(span_key(e.trace, e.span));
      const bool spanned =
          it != span_of_.end() && traces_.name(traces_.spans[it->second.span].service) == logs_.services[e.service];
      const SpanPlace place = spanned ? it->second : SpanPlace{};
      const std::uint32_t operation = spanned ? traces_.spans[place.entry].operation : CompactSpan::kNone;
      const bool by_line = names_a_line(logs_.loggers[e.logger]);
      const TemplateId t = logs_.templates.template_of_shape[e.shape];
      const auto [found, added] = known.try_emplace({e.service, e.logger, by_line ? 0 : t, operation}, 0);
      if (added) {
        FlowStatement s = log_statement(e, t, place.span, place.entry);
        s.failure = severity[{t, s.service}] >= Severity::kError;
        const std::string text = s.text;
        if (by_line) s.text = s.component;  // its own name, whatever it says
        found->second = statement_id(std::move(s));
        if (by_line) flow_.statements[found->second].text = text;
      }
      const std::uint64_t group =
          spanned ? group_of_span(place.entry) : e.trace * 31 + std::uint64_t{e.service} * 2 + 1;
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
    const auto& events = flow_.events;
    for (std::size_t i = 0; i < events.size(); ++i) {
      const FlowEvent& e = events[i];
      if (e.period == Period::kOther) continue;
      const bool last = i + 1 == events.size() || events[i + 1].request != e.request || events[i + 1].log != e.log;
      const std::uint32_t next = last ? RequestFlow::kEnd : events[i + 1].statement;
      const auto p = static_cast<std::size_t>(e.period);
      RequestFlow::Successors& s = flow_.successors[e.statement];
      ++s.visits[p];
      ++s.next[next][p];
      if (e.period != Period::kWindow) continue;
      const auto [it, added] = s.first_event.try_emplace(next, &e);
      if (!added && e.time < it->second->time) it->second = &e;
    }
  }

  void count_presence() {
    const auto& events = flow_.events;
    for (std::size_t begin = 0; begin < events.size();) {
      std::size_t end = begin;
      while (end < events.size() && events[end].request == events[begin].request) ++end;
      if (events[begin].period != Period::kOther) count_request(begin, end);
      begin = end;
    }
  }

  /// One request: its events [begin, end).
  void count_request(std::size_t begin, std::size_t end) {
    const auto& events = flow_.events;
    const FlowEvent& first = events[begin];
    const FlowStatement& named = flow_.statements[first.statement];
    RequestFlow::Kind& kind = flow_.kinds[{named.service, named.request}];
    const auto p = static_cast<std::size_t>(first.period);
    std::vector<std::uint32_t> present;
    for (std::size_t i = begin; i < end; ++i) {
      present.push_back(events[i].statement);
      RequestFlow::Presence& presence = kind.statements[events[i].statement];
      if (first.period == Period::kBaseline) {
        const bool follows = i > begin && events[i - 1].log == events[i].log;
        if (follows) ++presence.before[events[i - 1].statement];
      } else if (presence.first_window == nullptr || events[i].time < presence.first_window->time) {
        presence.first_window = &events[i];
      }
    }
    std::sort(present.begin(), present.end());
    present.erase(std::unique(present.begin(), present.end()), present.end());
    ++flow_.requests[p];
    ++kind.total[p];
    if (succeeded_.contains(first.request)) ++kind.succeeded[p];
    if (std::any_of(present.begin(), present.end(), [&](std::uint32_t s) { return flow_.is_failure(s); })) {
      ++kind.failing[p];
    }
    for (const std::uint32_t s : present) ++kind.statements[s].requests[p];
    if (first.period == Period::kWindow && kind.window.size() < RequestFlow::kKeptRequests) {
      kind.window.emplace_back(&first, std::move(present));
    }
  }

  const LogDigest& logs_;
  const TraceDigest& traces_;
  RequestFlow flow_;
  std::map<std::tuple<std::string, std::string, std::string>, std::uint32_t> ids_;
  std::map<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, std::uint32_t>, std::uint32_t> spans_known_;
  std::unordered_map<std::uint64_t, SpanPlace> span_of_;  ///< For joining logs to requests.
  std::unordered_set<std::uint64_t> succeeded_;           ///< Requests (groups of events).
};

}  // namespace

const std::string& RequestFlow::text_of(std::uint32_t statement) const {
  static const std::string kNothing;
  return statement == kEnd ? kNothing : statements[statement].text;
}

bool RequestFlow::healed(const Kind& kind) const {
  return static_cast<double>(kind.failing[1]) * static_cast<double>(kind.total[0]) * 2 <
         static_cast<double>(kind.failing[0]) * static_cast<double>(kind.total[1]);
}

RequestFlow follow_requests(const LogDigest& logs, const TraceDigest& traces) { return FlowReader(logs, traces).run(); }

}  // namespace fa
