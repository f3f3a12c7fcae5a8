#include "analysis/traces/trace_digest.h"

#include <tbb/parallel_sort.h>

#include <algorithm>
#include <numeric>
#include <set>
#include <tuple>
#include <utility>

#include "base/hash.h"
#include "base/workload_name.h"

namespace fa {
namespace {

std::string exception_text(const SpanRecord& r) {
  std::string text(r.exception_type);
  if (!r.exception_message.empty()) {
    if (!text.empty()) text += ": ";
    text += r.exception_message.substr(0, 512);
  }
  return text;
}

auto order_key(const CompactSpan& s) { return std::tuple(s.trace, s.start, s.id, s.end, s.file, s.offset); }

void link_parents(TraceDigest& digest) {
  std::vector<std::pair<std::uint64_t, std::uint32_t>> ids;
  for (std::size_t begin = 0; begin < digest.spans.size();) {
    std::size_t end = begin;
    ids.clear();
    for (; end < digest.spans.size() && digest.spans[end].trace == digest.spans[begin].trace; ++end) {
      ids.emplace_back(digest.spans[end].id, static_cast<std::uint32_t>(end));
    }
    std::sort(ids.begin(), ids.end());
    for (std::size_t i = begin; i < end; ++i) {
      CompactSpan& span = digest.spans[i];
      if (span.parent == 0 || span.parent == span.id) continue;
      const auto it = std::lower_bound(ids.begin(), ids.end(), std::pair<std::uint64_t, std::uint32_t>(span.parent, 0));
      if (it != ids.end() && it->first == span.parent) {
        span.parent_index = it->second;
      } else {
        ++digest.orphan_spans;
      }
    }
    begin = end;
  }
}

void list_children(TraceDigest& digest) {
  const std::size_t n = digest.spans.size();
  digest.child_begin.assign(n + 1, 0);
  for (const CompactSpan& s : digest.spans) {
    if (s.parent_index != CompactSpan::kNone) ++digest.child_begin[s.parent_index + 1];
  }
  std::partial_sum(digest.child_begin.begin(), digest.child_begin.end(), digest.child_begin.begin());
  digest.children.resize(digest.child_begin[n]);
  std::vector<std::uint32_t> next(digest.child_begin.begin(), digest.child_begin.end());
  for (std::uint32_t i = 0; i < n; ++i) {  // spans are in start order within a trace, so children are as well
    const std::uint32_t parent = digest.spans[i].parent_index;
    if (parent != CompactSpan::kNone) digest.children[next[parent]++] = i;
  }
}

}  // namespace

std::uint32_t TraceDigester::intern(std::string_view name) {
  if (const auto known = index_.find(name); known != index_.end()) return known->second;
  const auto number = static_cast<std::uint32_t>(names_.size());
  index_.emplace(name, number);
  names_.emplace_back(name);
  return number;
}

std::uint32_t TraceDigester::intern(std::string_view name, std::uint32_t& last) {
  if (last >= names_.size() || names_[last] != name) last = intern(name);
  return last;
}

void TraceDigester::add(std::uint32_t file, std::span<const SpanRecord> records) {
  for (const SpanRecord& r : records) {
    if (spans_.size() >= kMaxSpans) {
      ++dropped_;
      continue;
    }
    CompactSpan s;
    s.trace = stable_hash(r.trace_id);
    s.id = stable_hash(r.span_id);
    s.parent = r.parent_span_id.empty() ? 0 : stable_hash(r.parent_span_id);
    s.start = to_unix_nanos(r.start);
    s.end = std::max(s.start, to_unix_nanos(r.end));
    s.offset = r.position.offset;
    s.length = static_cast<std::uint32_t>(r.position.length);
    s.line = static_cast<std::uint32_t>(r.position.line);
    s.file = file;
    s.service = intern(r.service, last_.service);
    s.instance = intern(r.instance, last_.instance);
    s.operation = intern(r.operation, last_.operation);
    s.peer = intern(r.peer, last_.peer);
    if (!r.peer_host.empty()) note_host(s.peer, intern(r.peer_host, last_host_));
    s.exception = intern(r.error ? exception_text(r) : std::string(), last_.exception);
    s.http_status = static_cast<std::uint16_t>(std::clamp(r.http_status, 0, 999));
    s.kind = r.kind;
    s.period = periods_.period(r.start);
    s.error = r.error;
    s.throttled = r.throttled;
    spans_.push_back(s);
  }
}

void TraceDigester::note_host(std::uint32_t peer, std::uint32_t host) {
  const std::pair call(peer, host);
  if (noted_ == call) return;
  noted_ = call;
  const auto [known, is_new] = hosts_.try_emplace(peer, host);
  if (!is_new && known->second != host) known->second = CompactSpan::kNone;
}

void TraceDigester::merge(TraceDigester&& other) {
  if (spans_.empty() && names_.empty()) {  // The first: its spans need no other place.
    spans_ = std::move(other.spans_);
    names_ = std::move(other.names_);
    index_ = std::move(other.index_);
    hosts_ = std::move(other.hosts_);
    dropped_ += std::exchange(other.dropped_, 0);
    std::move(other.summaries_.begin(), other.summaries_.end(), std::back_inserter(summaries_));
    return;
  }
  std::vector<std::uint32_t> map(other.names_.size());
  for (std::size_t i = 0; i < map.size(); ++i) map[i] = intern(other.names_[i]);
  for (const auto& [peer, host] : other.hosts_) {
    note_host(map[peer], host == CompactSpan::kNone ? host : map[host]);
  }
  for (CompactSpan s : other.spans_) {
    if (spans_.size() >= kMaxSpans) {
      ++dropped_;
      continue;
    }
    s.service = map[s.service];
    s.instance = map[s.instance];
    s.operation = map[s.operation];
    s.peer = map[s.peer];
    s.exception = map[s.exception];
    spans_.push_back(s);
  }
  dropped_ += other.dropped_;
  std::move(other.summaries_.begin(), other.summaries_.end(), std::back_inserter(summaries_));
  other.spans_.clear();
}

void TraceDigester::name_peers_after(std::span<const std::string> services) {
  std::vector<bool> is_peer(names_.size());
  std::vector<bool> is_service(names_.size());
  for (const CompactSpan& s : spans_) is_peer[s.peer] = is_service[s.service] = true;
  std::set<std::string, std::less<>> known(services.begin(), services.end());
  for (std::uint32_t i = 0; i < is_service.size(); ++i) {
    if (is_service[i]) known.insert(names_[i]);
  }
  std::vector<std::uint32_t> service_of(names_.size());
  std::iota(service_of.begin(), service_of.end(), 0U);
  for (std::uint32_t peer = 0; peer < is_peer.size(); ++peer) {
    if (!is_peer[peer] || known.contains(names_[peer])) continue;
    const auto host = hosts_.find(peer);
    if (host != hosts_.end() && host->second == CompactSpan::kNone) continue;
    const std::string workload(workload_of_host(names_[host == hosts_.end() ? peer : host->second]));
    if (known.contains(workload)) service_of[peer] = intern(workload);
  }
  for (CompactSpan& s : spans_) s.peer = service_of[s.peer];
}

TraceDigest TraceDigester::finish() {
  TraceDigest digest;
  intern("");
  std::vector<std::uint32_t> order(names_.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return names_[a] < names_[b]; });
  std::vector<std::uint32_t> rank(order.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) {
    rank[order[i]] = i;
    digest.names.push_back(names_[order[i]]);
  }
  digest.spans = std::move(spans_);
  for (CompactSpan& s : digest.spans) {
    s.service = rank[s.service];
    s.instance = rank[s.instance];
    s.operation = rank[s.operation];
    s.peer = rank[s.peer];
    s.exception = rank[s.exception];
  }
  // No two spans have one key: any way of sorting gives the same.
  tbb::parallel_sort(digest.spans.begin(), digest.spans.end(),
                     [](const CompactSpan& a, const CompactSpan& b) { return order_key(a) < order_key(b); });
  const auto same = [](const CompactSpan& a, const CompactSpan& b) {
    return a.trace == b.trace && a.id == b.id && a.start == b.start && a.end == b.end && a.service == b.service;
  };
  const auto last = std::unique(digest.spans.begin(), digest.spans.end(), same);
  digest.duplicate_spans = static_cast<std::uint64_t>(digest.spans.end() - last);
  digest.spans.erase(last, digest.spans.end());
  digest.dropped_spans = dropped_;
  link_parents(digest);
  list_children(digest);
  digest.summaries = std::move(summaries_);
  std::stable_sort(digest.summaries.begin(), digest.summaries.end(), [](const TraceSummary& a, const TraceSummary& b) {
    return std::tie(a.time, a.trace_id) < std::tie(b.time, b.trace_id);
  });
  // One trace may stand in the answers to several questions (all failing ones, a sample of all): it is one request.
  const auto same_trace = [](const TraceSummary& a, const TraceSummary& b) {
    return !a.trace_id.empty() && a.time == b.time && a.trace_id == b.trace_id;
  };
  digest.summaries.erase(std::unique(digest.summaries.begin(), digest.summaries.end(), same_trace),
                         digest.summaries.end());
  return digest;
}

}  // namespace fa
