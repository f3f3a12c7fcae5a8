#include "investigate/collect.h"

#include <algorithm>
#include <memory>
#include <tuple>

#include "analysis/causal/rank.h"
#include "analysis/logs/attribution.h"
#include "analysis/traces/traced_calls.h"
#include "base/workload_name.h"
#include "sources/file/metric_query_book.h"
#include "sources/file/ordered_reading.h"

namespace fa {
namespace {

/// What one file, or a part of it, leaves behind.
struct FileDigest final : TelemetrySink {
  FileDigest(std::uint32_t index, const PeriodClock& periods)
      : file(index), logs(periods), traces(periods), access(periods) {}

  void on_logs(std::span<const LogRecord> records) override { logs.add(file, records); }
  void on_spans(std::span<const SpanRecord> records) override { traces.add(file, records); }
  void on_access(std::span<const AccessRecord> records) override { access.add(file, records); }
  void on_metric(MetricSeries&& series) override { metrics.add(file, std::move(series)); }
  void on_change(ChangeEvent&& event) override { changes.push_back({file, std::move(event)}); }
  void on_node(TopologyNode&& node) override { nodes.push_back(std::move(node)); }
  void on_edge(TopologyEdge&& edge) override { edges.push_back(std::move(edge)); }
  void on_trace_summary(TraceSummary&& summary) override {
    summary.file = file;
    traces.add_summary(std::move(summary));
  }

  std::uint32_t file;
  LogDigester logs;
  TraceDigester traces;
  MetricDigester metrics;
  AccessDigest access;
  std::vector<RecordedChange> changes;
  std::vector<TopologyNode> nodes;
  std::vector<TopologyEdge> edges;
};

void merge_edges(std::vector<TopologyEdge>& edges) {
  std::sort(edges.begin(), edges.end(), [](const TopologyEdge& a, const TopologyEdge& b) {
    return std::tie(a.caller, a.callee, a.origin) < std::tie(b.caller, b.callee, b.origin);
  });
  std::vector<TopologyEdge> merged;
  for (TopologyEdge& e : edges) {
    if (!merged.empty() && merged.back().caller == e.caller && merged.back().callee == e.callee) {
      merged.back().requests += e.requests;
      merged.back().errors += e.errors;
    } else if (e.caller != e.callee) {
      merged.push_back(std::move(e));
    }
  }
  edges = std::move(merged);
}

std::vector<std::string> all_services(const Digest& digest) {
  std::set<std::string> names;
  for (const std::string& s : digest.logs.services) names.insert(s);
  for (const TemplateActivity& a : digest.logs.activities) names.insert(a.service);
  for (const Series& s : digest.metrics.series) names.insert(s.service);
  std::vector<bool> has_spans(digest.traces.names.size());
  for (const CompactSpan& s : digest.traces.spans) has_spans[s.service] = true;
  for (std::uint32_t i = 0; i < has_spans.size(); ++i) {
    if (has_spans[i]) names.insert(digest.traces.name(i));
  }
  for (const TopologyNode& n : digest.nodes) names.insert(n.name);
  for (const TopologyEdge& e : digest.topology) {
    names.insert(e.caller);
    names.insert(e.callee);
  }
  for (const auto& [key, row] : digest.access.rows()) names.insert(key.second.empty() ? key.first : key.second);
  for (const RecordedChange& c : digest.changes) names.insert(c.event.service);
  for (const TraceSummary& t : digest.traces.summaries) {
    names.insert(t.entry_service);
    for (const auto* causes : {&t.fault_root_causes, &t.error_root_causes, &t.response_time_root_causes}) {
      for (const auto& steps : *causes) {
        for (const RootCauseStep& step : steps) names.insert(step.service);
      }
    }
  }
  names.erase("");
  return {names.begin(), names.end()};
}

/// A proxy's log names whom it asked, and what it then answers is theirs. A content delivery network does not name its
/// origins in its metrics; the load balancers of the account are what stands behind it as a rule.
void add_proxy_edges(Digest& digest) {
  std::set<std::pair<std::string, std::string>> calls;
  for (const auto& [key, row] : digest.access.rows()) calls.insert(key);
  std::set<std::string> networks;
  std::set<std::string> balancers;
  for (const Series& s : digest.metrics.series) {
    if (s.metric_namespace == "AWS/CloudFront") networks.insert(s.service);
    if (s.metric_namespace == "AWS/ApplicationELB") balancers.insert(s.service);
  }
  for (const std::string& network : networks) {
    for (const std::string& balancer : balancers) calls.insert({network, balancer});
  }
  for (const auto& [caller, callee] : calls) {
    if (caller.empty() || callee.empty()) continue;
    TopologyEdge e;
    e.caller = caller;
    e.callee = callee;
    e.origin = kProxyOrigin;
    digest.topology.push_back(std::move(e));
  }
}

/// Clients measure whom they call: OpenTelemetry's `http.client.*`, `rpc.client.*` and `db.client.*` by
/// `server.address`, and service graphs drawn from spans by `client` and `server`.
void add_edges_from_metrics(Digest& digest, const std::vector<std::string>& speaking) {
  std::set<std::pair<std::string, std::string>> calls;
  for (const Series& s : digest.metrics.series) {
    const bool client = s.name.find(".client.") != std::string::npos;
    const bool graph = s.name.find("service_graph_request") != std::string::npos;
    if (!client && !graph) continue;
    std::string caller = client ? s.service : std::string();
    std::string callee;
    for (const auto& [name, value] : s.dimensions) {
      if (client && name == "server.address") callee = workload_of_host(value);
      if (graph && name == "client") caller = value;
      if (graph && name == "server") callee = value;
    }
    if (!caller.empty() && std::binary_search(speaking.begin(), speaking.end(), callee)) calls.emplace(caller, callee);
  }
  for (const TopologyEdge& e : digest.topology) calls.erase({e.caller, e.callee});  // better known already
  for (const auto& [caller, callee] : calls) {
    TopologyEdge e;
    e.caller = caller;
    e.callee = callee;
    e.origin = "metric";
    digest.topology.push_back(std::move(e));
  }
}

/// A failing service usually names whom it called: used where nothing better tells who calls whom.
void add_edges_from_logs(Digest& digest) {
  const auto by_proxy = [](const TopologyEdge& e) { return e.origin == kProxyOrigin; };
  if (!std::all_of(digest.topology.begin(), digest.topology.end(), by_proxy)) return;
  for (const TemplateActivity& a : digest.logs.activities) {
    if (!a.instance.empty() || a.service.empty()) continue;
    std::vector<std::string> others;
    for (const std::string& s : digest.services) {
      if (s != a.service && s.size() >= 3) others.push_back(s);
    }
    for (const LogSample& sample : a.window_samples) {
      std::string named = service_named_in(sample.text, others);
      if (named.empty()) continue;
      TopologyEdge e;
      e.caller = a.service;
      e.callee = std::move(named);
      e.origin = "log";
      digest.topology.push_back(std::move(e));
      break;
    }
  }
  merge_edges(digest.topology);
}

}  // namespace

std::vector<std::string> speaking_services(const LogDigest& logs, const MetricDigest& metrics) {
  std::set<std::string> names(logs.services.begin(), logs.services.end());
  for (const Series& s : metrics.series) names.insert(s.service);
  names.erase("");
  return {names.begin(), names.end()};
}

Digest collect(const InputSet& inputs, const PeriodClock& periods, const CollectOptions& options,
               const Context& context) {
  const MetricQueryBook queries = find_metric_queries(inputs, context);
  Digest digest(periods);
  digest.gaps = inputs.gaps;
  digest.gaps.insert(digest.gaps.end(), queries.gaps.begin(), queries.gaps.end());
  LogDigester logs(periods);
  TraceDigester traces(periods);
  MetricDigester metrics;
  OrderedReading reading;
  reading.threads = options.threads;
  reading.options = [&](const InputFile& file) {
    ReaderOptions reader;
    reader.reference_time = options.reference_time;
    reader.metric_queries = queries.for_file(file.name);
    return reader;
  };
  reading.make_sink = [&](std::size_t file) {
    return std::make_unique<FileDigest>(static_cast<std::uint32_t>(file), periods);
  };
  reading.take = [&](std::size_t, TelemetrySink& sink) {
    auto& part = static_cast<FileDigest&>(sink);
    logs.merge(std::move(part.logs));
    traces.merge(std::move(part.traces));
    metrics.merge(std::move(part.metrics));
    digest.access.merge(part.access);
    std::move(part.changes.begin(), part.changes.end(), std::back_inserter(digest.changes));
    std::move(part.nodes.begin(), part.nodes.end(), std::back_inserter(digest.nodes));
    std::move(part.edges.begin(), part.edges.end(), std::back_inserter(digest.topology));
  };
  reading.on_file_done = [&](std::size_t done) {
    if (options.progress != nullptr) options.progress->on_files("collecting", done, inputs.files.size());
  };
  for (FileOutcome& outcome : read_in_order(inputs, reading, context)) {
    digest.coverage.push_back(std::move(outcome.coverage));
    std::move(outcome.gaps.begin(), outcome.gaps.end(), std::back_inserter(digest.gaps));
  }
  digest.logs = logs.finish();
  attribute_to_named(digest.logs);
  digest.metrics = metrics.finish();
  const std::vector<std::string> speaking = speaking_services(digest.logs, digest.metrics);
  traces.name_peers_after(speaking);
  digest.traces = traces.finish();
  std::stable_sort(digest.changes.begin(), digest.changes.end(), [](const RecordedChange& a, const RecordedChange& b) {
    return std::tie(a.event.time, a.file, a.event.position.offset) <
           std::tie(b.event.time, b.file, b.event.position.offset);
  });
  std::sort(digest.nodes.begin(), digest.nodes.end(), [](const TopologyNode& a, const TopologyNode& b) {
    return std::tie(a.name, a.kind) < std::tie(b.name, b.kind);
  });
  digest.calls = trace_calls(digest.traces);
  for (TopologyEdge& e : trace_topology(digest.calls)) digest.topology.push_back(std::move(e));
  add_edges_from_metrics(digest, speaking);
  add_proxy_edges(digest);
  merge_edges(digest.topology);
  digest.services = all_services(digest);
  add_edges_from_logs(digest);
  return digest;
}

}  // namespace fa
