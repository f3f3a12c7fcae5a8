#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "base/hash.h"
#include "base/text.h"
#include "investigate/tool_support.h"
#include "sources/file/replay.h"

namespace fa::tools {
namespace {

constexpr std::size_t kMaxSpansShown = 60;
constexpr std::size_t kMinTraceIdBytes = 4;
constexpr std::size_t kMaxTraceIdBytes = 64;
constexpr std::size_t kMaxOperation = 120;

/// The spans of one trace: they stand together in the digest.
struct TraceSpans {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  [[nodiscard]] bool empty() const { return begin == end; }
};

TraceSpans spans_of_trace(const TraceDigest& digest, std::uint64_t trace) {
  const auto less = [](const CompactSpan& s, std::uint64_t t) { return s.trace < t; };
  const auto begin = std::lower_bound(digest.spans.begin(), digest.spans.end(), trace, less);
  auto end = begin;
  while (end != digest.spans.end() && end->trace == trace) ++end;
  return {static_cast<std::uint32_t>(begin - digest.spans.begin()),
          static_cast<std::uint32_t>(end - digest.spans.begin())};
}

double seconds_of_span(const CompactSpan& s) { return static_cast<double>(s.end - s.start) * 1e-9; }

/// The part of a span in which none of its children runs.
double own_seconds(const TraceDigest& digest, std::uint32_t index) {
  const CompactSpan& s = digest.spans[index];
  std::int64_t covered = 0;
  std::int64_t until = s.start;
  for (const std::uint32_t child : digest.children_of(index)) {  // By start time.
    const std::int64_t begin = std::clamp(digest.spans[child].start, until, s.end);
    const std::int64_t end = std::clamp(digest.spans[child].end, until, s.end);
    if (end <= begin) continue;
    covered += end - begin;
    until = end;
  }
  return static_cast<double>(s.end - s.start - covered) * 1e-9;
}

/// Calls `visit` with every word that may be an id, until it returns true.
template <class Visit>
void for_each_id(std::string_view text, Visit visit) {
  const auto of_an_id = [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' || c == '.';
  };
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i;
    while (end < text.size() && of_an_id(text[end])) ++end;
    if (end - i >= kMinTraceIdBytes && end - i <= kMaxTraceIdBytes && visit(text.substr(i, end - i))) return;
    i = end + 1;
  }
}

/// The id of a trace as the data spell it: the word in the bytes of one of its spans that has the hash.
std::string spelled_trace_id(std::string_view bytes, std::uint64_t trace) {
  std::string id;
  for_each_id(bytes, [&](std::string_view word) {
    for (const std::string& form : {std::string(word), to_lower(word)}) {
      if (id.empty() && stable_hash(form) == trace) id = form;
    }
    return !id.empty();
  });
  return id;
}

std::string trace_id_of(const Call& call, const TraceSpans& trace) {
  constexpr std::size_t kTried = 3;
  const TraceDigest& digest = call.world.study.digest.traces;
  for (std::uint32_t i = trace.begin; i < trace.end && i < trace.begin + kTried; ++i) {
    const CompactSpan& s = digest.spans[i];
    if (s.file >= call.world.study.inputs.files.size() || s.length == 0) continue;
    const auto bytes = read_bytes(call.world.study.inputs.files[s.file], {s.offset, s.length, s.line, 1}, call.context);
    if (!bytes) continue;
    if (std::string id = spelled_trace_id(*bytes, s.trace); !id.empty()) return id;
  }
  return {};
}

TraceSpans trace_by_id(const TraceDigest& digest, std::string_view id) {
  for (const std::string& form : {std::string(id), to_lower(id)}) {
    if (const TraceSpans found = spans_of_trace(digest, stable_hash(form)); !found.empty()) return found;
  }
  return {};
}

/// The trace of a span, or of a log record that names one.
Result<TraceSpans> trace_by_evidence(const Call& call, const std::string& id) {
  const Study& study = call.world.study;
  const Evidence* item = call.world.book.find(id);
  if (item == nullptr) {
    return fail(ErrorCode::kNotFound,
                fmt::format("parameter evidence: no item has the id \"{}\"", sanitize_utf8(utf8_prefix(id, 60))));
  }
  const auto file = file_index(study, item->locator.resource);
  const std::uint64_t offset = item->locator.position.offset;
  if (file) {
    for (const CompactSpan& s : study.digest.traces.spans) {
      if (s.file == *file && s.offset == offset) return spans_of_trace(study.digest.traces, s.trace);
    }
    for (const TracedLogEvent& e : study.digest.logs.events) {
      if (e.file != *file || e.position.offset != offset) continue;
      const TraceSpans found = spans_of_trace(study.digest.traces, e.trace);
      if (!found.empty()) return found;
    }
  }
  // Many applications write the id of the trace into the text.
  TraceSpans named;
  if (item->kind == EvidenceKind::kLog) {
    for_each_id(item->excerpt, [&](std::string_view word) {
      named = trace_by_id(study.digest.traces, word);
      return !named.empty();
    });
  }
  if (!named.empty()) return named;
  return fail(ErrorCode::kNotFound,
              fmt::format("parameter evidence: {} belongs to no recorded trace; give a span (T..) or a log record that "
                          "names its trace, or use entity and which",
                          item->id));
}

/// The trace in the window that stands out by `which`, by the spans of an entity or, without one, by whole requests.
TraceSpans trace_chosen(const TraceDigest& digest, const std::string& entity, std::string_view which) {
  const CompactSpan* best = nullptr;
  const auto key = [&](const CompactSpan& s) {
    return which == "slowest" ? std::tuple(-(s.end - s.start), s.start) : std::tuple(std::int64_t{0}, s.start);
  };
  for (const CompactSpan& s : digest.spans) {
    if (s.period != Period::kWindow || (which == "failed" && !s.error)) continue;
    if (entity.empty() ? s.parent_index != CompactSpan::kNone && which != "failed"
                       : digest.name(s.service) != entity && digest.name(s.peer) != entity) {
      continue;
    }
    if (best == nullptr || key(s) < key(*best)) best = &s;
  }
  return best == nullptr ? TraceSpans{} : spans_of_trace(digest, best->trace);
}

struct TreeRow {
  std::uint32_t span = 0;
  std::size_t depth = 0;
};

/// Parents before their children, children by start time. Iterative: traces may be deep.
std::vector<TreeRow> rows_of_tree(const TraceDigest& digest, const TraceSpans& trace) {
  std::vector<TreeRow> rows;
  std::vector<TreeRow> open;
  for (std::uint32_t i = trace.end; i-- > trace.begin;) {
    if (digest.spans[i].parent_index == CompactSpan::kNone) open.push_back({i, 0});
  }
  while (!open.empty()) {
    const TreeRow row = open.back();
    open.pop_back();
    rows.push_back(row);
    const auto children = digest.children_of(row.span);
    for (auto it = children.rbegin(); it != children.rend(); ++it) open.push_back({*it, row.depth + 1});
  }
  return rows;
}

/// Of a large tree the failed and the longest spans with what leads to them.
void prune_tree(const TraceDigest& digest, std::vector<TreeRow>& rows) {
  if (rows.size() <= kMaxSpansShown) return;
  std::vector<std::uint32_t> order;
  for (const TreeRow& r : rows) order.push_back(r.span);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    const CompactSpan& x = digest.spans[a];
    const CompactSpan& y = digest.spans[b];
    return std::tuple(!x.error, x.start - x.end) < std::tuple(!y.error, y.start - y.end);
  });
  std::map<std::uint32_t, bool> kept;
  for (const std::uint32_t span : order) {
    std::vector<std::uint32_t> path;
    for (std::uint32_t i = span; i != CompactSpan::kNone && !kept.contains(i) && path.size() <= kMaxSpansShown;
         i = digest.spans[i].parent_index) {
      path.push_back(i);
    }
    if (kept.size() + path.size() > kMaxSpansShown) continue;
    for (const std::uint32_t i : path) kept.emplace(i, true);
  }
  std::erase_if(rows, [&](const TreeRow& r) { return !kept.contains(r.span); });
}

Result<Answer> span_tree(const Call& call) {
  const Study& study = call.world.study;
  const TraceDigest& digest = study.digest.traces;
  const std::string* trace_id = call.arguments.text("trace");
  const std::string* evidence = call.arguments.text("evidence");
  if (trace_id != nullptr && evidence != nullptr) {
    return fail(ErrorCode::kInvalidInput, "give trace or evidence, not both");
  }
  const auto entity = entity_of(call);
  if (!entity) return tl::unexpected(entity.error());
  const std::string* which = call.arguments.text("which");
  Result<TraceSpans> trace =
      trace_id != nullptr   ? Result<TraceSpans>(trace_by_id(digest, *trace_id))
      : evidence != nullptr ? trace_by_evidence(call, *evidence)
                            : Result<TraceSpans>(trace_chosen(digest, *entity, which == nullptr ? "slowest" : *which));
  if (!trace) return tl::unexpected(trace.error());
  Answer answer(call);
  if (trace_id == nullptr && evidence == nullptr) answer.range = study.digest.periods.window();
  if (trace->empty()) {
    if (digest.spans.empty()) {
      answer.notes.emplace_back(digest.summaries.empty() ? "the inputs hold no spans"
                                                         : "the inputs hold summaries of traces only, no spans");
    } else if (digest.dropped_spans > 0) {
      answer.notes.push_back(fmt::format("{} spans were beyond what is kept", digest.dropped_spans));
    }
    return answer;
  }
  std::vector<TreeRow> tree = rows_of_tree(digest, *trace);
  answer.total = tree.size();
  prune_tree(digest, tree);
  const std::string id = trace_id_of(call, *trace);
  std::int64_t start = digest.spans[trace->begin].start;
  for (std::uint32_t i = trace->begin; i < trace->end; ++i) start = std::min(start, digest.spans[i].start);
  answer.extra.text("trace", id).time("start", from_unix_nanos(start));

  std::vector<EvidenceRow> rows;
  for (const TreeRow& r : tree) {
    const CompactSpan& s = digest.spans[r.span];
    const double duration = seconds_of_span(s);
    const double own = own_seconds(digest, r.span);
    const double offset = static_cast<double>(s.start - start) * 1e-9;
    EvidenceRow row;
    row.evidence = evidence_at(call.world, EvidenceKind::kTrace, s.file, {s.offset, s.length, s.line, 1},
                               from_unix_nanos(s.start), digest.name(s.service), "tool:span_tree");
    row.evidence.facts = {{"duration", duration, "s"}, {"own_time", own, "s"}, {"start_offset", offset, "s"}};
    if (s.http_status > 0) row.evidence.facts.push_back({"http_status", static_cast<double>(s.http_status), ""});
    row.members.count("depth", r.depth).text("service", digest.name(s.service));
    row.members.text("operation", whole_words_prefix(digest.name(s.operation), kMaxOperation));
    row.members.text_unless_empty("peer", utf8_prefix(digest.name(s.peer), kMaxOperation));
    row.members.number("start_s", offset).number("duration_s", duration).number("own_s", own);
    if (s.error) row.members.flag("error", true);
    if (s.throttled) row.members.flag("throttled", true);
    if (s.http_status > 0) row.members.count("http_status", s.http_status);
    row.members.text_unless_empty("exception", whole_words_prefix(digest.name(s.exception), kMaxOperation));
    rows.push_back(std::move(row));
  }
  show_rows(call, rows, answer);
  answer.truncated = answer.truncated || answer.total > answer.rows.size();
  return answer;
}

}  // namespace

Tool span_tree_tool() {
  return {"span_tree",
          {{.name = "trace", .max_bytes = 100},
           {.name = "evidence", .max_bytes = 60},
           {.name = "entity", .max_bytes = 300},
           {.name = "which", .type = ParameterType::kChoice, .choices = {"slowest", "failed", "first"}}},
          &span_tree};
}

}  // namespace fa::tools
