#include "investigate/topology.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "investigate/architecture.h"
#include "investigate/redact_report.h"

namespace fa {
namespace {

using testing::ElementsAre;

constexpr TimePoint kStart = from_unix_nanos(1'700'000'000'000'000'000);
constexpr TimePoint kMiddle = kStart + std::chrono::minutes(20);
constexpr PeriodClock kClock({kMiddle, kMiddle + std::chrono::minutes(10)}, {kStart, kMiddle});

TopologyEdge edge(std::string caller, std::string callee, std::string origin) {
  TopologyEdge e;
  e.caller = std::move(caller);
  e.callee = std::move(callee);
  e.origin = std::move(origin);
  return e;
}

/// A load balancer, two services, a database; the spans and the proxy's log are given as what is left of them.
Digest small_shop() {
  Digest d(kClock);
  d.topology = {edge("alb", "web", "alb"), edge("web", "cart", "trace"), edge("web", "postgresql/orders", "trace")};
  d.services = {"alb", "cart", "postgresql/orders", "web"};
  TracedCall call{"web", "cart", {}};
  call.periods[static_cast<std::size_t>(Period::kWindow)] = {50, 10, 0.5, 2.0};
  call.periods[static_cast<std::size_t>(Period::kBaseline)] = {200, 0, 0.05, 0.1};
  d.calls = {call, TracedCall{"web", "postgresql/orders", {}}};
  d.nodes = {{"cart", "client"}, {"cart", "AWS::ECS::Container"}};
  AccessRecord record;
  record.time = kMiddle + std::chrono::minutes(1);
  record.entity = "alb";
  record.target_group = "web";
  record.status = 502;
  record.total_seconds = 0.5;
  record.occurrences = 30;
  d.access.add(0, std::vector<AccessRecord>{record});
  return d;
}

struct Given {
  std::vector<Finding> findings = {};
  std::map<std::size_t, std::string> cited = {};
  std::vector<Hypothesis> hypotheses = {};
  std::string architecture = {};
};

TopologyView view_of(const Digest& digest, const Given& given = {}) {
  return topology_of({digest, given.findings, given.cited, given.hypotheses, given.architecture});
}

std::string told(const TopologyView& view) {
  std::string out;
  for (const TopologyNodeView& n : view.nodes) {
    out += n.name + " " + std::string(node_kind_name(n.kind)) + (n.observed ? "\n" : " (not observed)\n");
  }
  for (const TopologyEdgeView& e : view.edges) {
    out += e.caller + " > " + e.callee + " " + std::string(edge_origin_name(e.origin)) +
           (e.protocol.empty() ? "" : " " + e.protocol) + "\n";
  }
  return out;
}

TEST(Topology, says_what_was_seen_and_of_which_kind) {
  EXPECT_EQ(told(view_of(small_shop())),
            "alb load_balancer\ncart service\npostgresql/orders database\nweb unknown\n"
            "alb > web proxy_log\nweb > cart trace\nweb > postgresql/orders trace\n");
}

TEST(Topology, counts_calls_of_window_and_baseline) {
  const TopologyView view = view_of(small_shop());
  const TopologyEdgeView& proxied = view.edges[0];
  ASSERT_TRUE(proxied.window);
  EXPECT_EQ(proxied.window->requests, 30U);
  EXPECT_EQ(proxied.window->errors, 30U);
  EXPECT_FALSE(proxied.baseline);
  const TopologyEdgeView& traced = view.edges[1];
  EXPECT_EQ(traced.window, (CallFigures{50, 10, 5.0, 0.5, 2.0, std::nullopt}));
  EXPECT_EQ(traced.baseline, (CallFigures{200, 0, 10.0, 0.05, 0.1, std::nullopt}));
  EXPECT_DOUBLE_EQ(traced.window->error_share(), 0.2);
}

TEST(Topology, keeps_what_a_graph_states_without_a_time_apart) {
  Digest d(kClock);
  d.topology = {edge("a", "b", "xray")};
  d.topology[0].requests = 12;
  d.topology[0].errors = 3;
  d.topology[0].mean_seconds = 0.25;
  const TopologyView view = view_of(d);
  EXPECT_FALSE(view.edges[0].window);
  EXPECT_EQ(view.edges[0].undated, (CallFigures{12, 3, std::nullopt, std::nullopt, std::nullopt, 0.25}));
  EXPECT_TRUE(view.edges[0].observed());
}

TEST(Topology, conclusions_and_statements_are_not_observations) {
  Digest d = small_shop();
  d.topology.insert(d.topology.begin(), edge("cart", "mystery", "log"));
  d.topology.insert(d.topology.begin(), edge("E2ABC", "alb", "alb"));  // No request in any log says so.
  const TopologyView view = view_of(d, {.architecture = "Web -> billing (external): HTTPS\nweb -> cart: gRPC"});
  EXPECT_EQ(told(view),
            "E2ABC load_balancer (not observed)\nalb load_balancer\nbilling external (not observed)\ncart service\n"
            "mystery unknown (not observed)\npostgresql/orders database\nweb unknown\n"
            "E2ABC > alb assumed\nalb > web proxy_log\ncart > mystery log_text\nweb > billing description HTTPS\n"
            "web > cart trace gRPC\nweb > postgresql/orders trace\n");
}

TEST(Topology, ties_evidence_to_nodes_and_calls) {
  Given given;
  given.findings.resize(3);
  given.findings[0].subject.service = "web";
  given.findings[0].peer = "cart";
  given.findings[1].subject.service = "web";
  given.findings[1].peer = "alb";  // A proxy's finding: its subject stands behind it.
  given.findings[2].subject.service = "cart";
  given.cited = {{0, "T10"}, {1, "L1"}, {2, "T2"}};
  const TopologyView view = view_of(small_shop(), given);
  EXPECT_THAT(view.find("web")->evidence, ElementsAre("L1", "T10"));
  EXPECT_THAT(view.find("cart")->evidence, ElementsAre("T2"));
  EXPECT_THAT(view.edges[0].evidence, ElementsAre("L1"));
  EXPECT_THAT(view.edges[1].evidence, ElementsAre("T10"));
}

TEST(Topology, the_suspect_is_there_even_if_nobody_calls_it) {
  Given given;
  given.hypotheses.resize(2);
  given.hypotheses[0].rank = 1;
  given.hypotheses[0].subject.service = "worker";
  given.hypotheses[1].rank = 2;
  given.hypotheses[1].subject.service = "other";
  EXPECT_NE(view_of(small_shop(), given).find("worker"), nullptr);
  EXPECT_EQ(view_of(small_shop(), given).find("other"), nullptr);
  EXPECT_TRUE(view_of(Digest(kClock), given).nodes.empty()) << "without any call there is nothing to draw";
}

TEST(Topology, holds_a_bounded_number_of_calls) {
  Digest d(kClock);
  for (int i = 0; i < 3000; ++i) d.topology.push_back(edge("caller" + std::to_string(10'000 + i), "callee", "xray"));
  Given given;
  given.hypotheses.resize(1);
  given.hypotheses[0].rank = 1;
  given.hypotheses[0].subject.service = "caller12999";
  const TopologyView view = view_of(d, given);
  EXPECT_EQ(view.edges.size(), kMaxReportEdges);
  EXPECT_EQ(view.left_out, 1000U);
  EXPECT_EQ(view.edges.back().caller, "caller12999");
}

TEST(Topology, kinds_by_name) {
  const std::vector<std::pair<std::string, NodeKind>> cases = {
      {"postgresql/orders", NodeKind::kDatabase},
      {"redis-cart", NodeKind::kCache},
      {"orders_DB", NodeKind::kDatabase},
      {"dbus", NodeKind::kUnknown},
      {"petInfo_AWS::DynamoDB::Table", NodeKind::kDatabase},
      {"petsearch_AWS::ECS::Fargate", NodeKind::kService},
      {"AWS::Nothing::Known", NodeKind::kUnknown},
      {"sqs.eu-west-1.amazonaws.com", NodeKind::kQueue},
      {"checkout", NodeKind::kUnknown},
      {"", NodeKind::kUnknown},
      {"\xff::AWS::", NodeKind::kUnknown},
  };
  for (const auto& [name, kind] : cases) EXPECT_EQ(kind_of_name(name), kind) << name;
}

TEST(Architecture, lines_with_arrows_are_calls) {
  const auto words = [](std::string_view text) {
    std::string out;
    for (const DescribedCall& c : described_calls(text)) {
      out += c.caller.name + "[" + std::string(node_kind_name(c.caller.kind)) + "]>" + c.callee.name + "[" +
             std::string(node_kind_name(c.callee.kind)) + "]" + c.protocol + ";";
    }
    return out;
  };
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"web -> cart: gRPC", "web[unknown]>cart[unknown]gRPC;"},
      {"- web (Load Balancer) → cart → `db` (database): SQL\r\n",
       "web[load_balancer]>cart[unknown];cart[unknown]>db[database]SQL;"},
      {"2. web -> db:5432", "web[unknown]>db:5432[unknown];"},
      {"web -> cart (second of two)", "web[unknown]>cart (second of two)[unknown];"},
      {"The web server calls the cart.\n\nweb->cart\nweb -> cart: again", "web[unknown]>cart[unknown];"},
      {"注文 -> 在庫DB (database): SQL", "注文[unknown]>在庫DB[database]SQL;"},
      {"-> cart\nweb ->\n -> \nweb -> web\n(database) -> x", ""},
      {std::string(300, 'a') + " -> b", ""},
      {"a\xff -> b", "a\xEF\xBF\xBD[unknown]>b[unknown];"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(words(text), expected) << text;
  std::string many;
  for (int i = 0; i < 5000; ++i) many += "a -> b" + std::to_string(i) + "\n";
  EXPECT_EQ(described_calls(many).size(), 1000U);
}

TEST(RedactTopology, a_password_in_a_name_goes_everywhere_that_name_stands) {
  Report report;
  const std::string address = "postgresql://app:Tr0ub4dor-and-3@db.internal/orders";
  report.topology.nodes = {{"orders", NodeKind::kService, true, {}}, {address, NodeKind::kDatabase, true, {}}};
  report.topology.edges = {{.caller = "orders", .callee = address}};
  report.hypotheses.resize(1);
  report.hypotheses[0].subject = {"orders", "", address};
  report.impact.affected = {"orders", address};
  const Report shown = redact_report(report);
  const std::string& name = shown.topology.nodes[1].name;
  EXPECT_THAT(name, testing::Not(testing::HasSubstr("Tr0ub4dor")));
  EXPECT_EQ(shown.topology.edges[0].callee, name);
  EXPECT_EQ(shown.hypotheses[0].subject.component, name);
  EXPECT_EQ(shown.impact.affected[1], name);
  EXPECT_EQ(shown.topology.nodes[0].name, "orders");
}

}  // namespace
}  // namespace fa
