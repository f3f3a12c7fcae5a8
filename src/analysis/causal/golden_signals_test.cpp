#include "analysis/causal/golden_signals.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "analysis/metrics/metric_test_series.h"

namespace fa {
namespace {

using test::digest_of;
using test::kClock;
using test::kStart;
using test::kWindow;
using test::level;
using test::minutes;
using test::series_of;
using Values = std::function<double(int)>;

TopologyEdge edge(std::string caller, std::string callee) {
  TopologyEdge e;
  e.caller = std::move(caller);
  e.callee = std::move(callee);
  return e;
}

const std::vector<TopologyEdge> kShop{edge("web", "cart"), edge("cart", "orders-db")};

MetricSeries latency(std::string service, const Values& before, const Values& now) {
  return minutes(series_of(std::move(service), "latency", "ms", "Average"), before, now);
}
MetricSeries traffic(std::string service, double count = 1000) {
  return minutes(series_of(std::move(service), "request_count", "", "Sum"), level(count, count / 50),
                 level(count, count / 50));
}
MetricSeries availability(std::string service, const Values& before, const Values& now) {
  return minutes(series_of(std::move(service), "availability", "%", "Average"), before, now);
}

std::vector<Finding> study(std::vector<MetricSeries> all, const std::set<std::string>& traced = {}) {
  return find_golden_signals(digest_of(std::move(all)), kShop, kClock, traced);
}

const Finding* find(const std::vector<Finding>& findings, FindingKind kind, std::string_view service) {
  for (const Finding& f : findings) {
    if (f.kind == kind && f.subject.service == service) return &f;
  }
  return nullptr;
}

TEST(GoldenSignals, the_harm_of_a_callee_is_not_its_callers_own) {
  std::vector<MetricSeries> all;
  for (const char* s : {"web", "cart", "orders-db"}) all.push_back(traffic(s));
  all.push_back(latency("web", level(50, 2), level(450, 2)));
  all.push_back(latency("cart", level(30, 2), level(430, 2)));
  all.push_back(latency("orders-db", level(5, 0.5), level(405, 2)));
  const auto findings = study(all);
  const Finding* db = find(findings, FindingKind::kLatencyRise, "orders-db");
  const Finding* cart = find(findings, FindingKind::kLatencyRise, "cart");
  const Finding* web = find(findings, FindingKind::kLatencyRise, "web");
  ASSERT_TRUE(db != nullptr && cart != nullptr && web != nullptr);
  // 0.4 s for each of 1,000 requests in each of 60 minutes.
  EXPECT_NEAR(db->excess, 0.4 * 1000 * 60, 500);
  EXPECT_LT(cart->excess, db->excess / 50);
  EXPECT_LT(web->excess, db->excess / 50);
  EXPECT_NEAR(web->baseline, 50, 1);
  EXPECT_NEAR(web->window, 450, 3);
}

TEST(GoldenSignals, failures_are_read_over_the_call_graph_too) {
  std::vector<MetricSeries> all;
  for (const char* s : {"web", "cart"}) all.push_back(traffic(s));
  all.push_back(availability("web", level(99.9, 0.05), level(90, 0.5)));
  all.push_back(availability("cart", level(99.9, 0.05), level(90, 0.5)));
  const auto findings = study(all);
  const Finding* cart = find(findings, FindingKind::kErrorRise, "cart");
  ASSERT_NE(cart, nullptr);
  EXPECT_NEAR(cart->excess, 0.099 * 1000 * 60, 100);
  const Finding* web = find(findings, FindingKind::kErrorRise, "web");
  ASSERT_NE(web, nullptr);
  EXPECT_LT(web->excess, cart->excess / 10);
}

TEST(GoldenSignals, says_nothing_where_nothing_got_worse) {
  const Values heavy = [](int i) { return i % 15 == 7 || i % 15 == 8 ? 900.0 : 20 + test::noise(i); };
  struct Case {
    const char* name;
    MetricSeries series;
  };
  const Case cases[] = {
      {"equal periods", latency("cart", level(20, 5), level(20, 5))},
      {"noise", latency("cart", level(20, 5), level(21, 5))},
      {"faster", latency("cart", level(200, 5), level(20, 5))},
      {"peaks that the baseline held as well", latency("cart", heavy, heavy)},
      {"no baseline: the decision to call it was its callers'", latency("cart", nullptr, level(900, 5))},
      {"no window", latency("cart", level(20, 5), nullptr)},
      {"fewer failures", availability("cart", level(80, 1), level(99.9, 0.05))},
      {"failures as before", availability("cart", level(97, 1), level(97, 1))},
      {"no service", latency("", level(20, 5), level(900, 5))},
  };
  for (const Case& c : cases) {
    for (const Finding& f : study({traffic("cart"), c.series})) ADD_FAILURE() << c.name << ": " << f.label;
  }
}

TEST(GoldenSignals, leaves_traced_services_to_their_spans) {
  const auto slow = latency("cart", level(20, 2), level(900, 2));
  EXPECT_FALSE(study({slow}).empty());
  EXPECT_TRUE(study({slow}, {"cart"}).empty());
}

TEST(GoldenSignals, series_of_single_instances_are_not_the_service) {
  MetricSeries slow = latency("cart", level(20, 2), level(900, 2));
  slow.instance = "cart-1";
  EXPECT_TRUE(study({slow}).empty());
}

TEST(GoldenSignals, failures_of_the_server_go_before_those_of_its_callers) {
  const auto errors = [](const char* name, double now, const char* unit = "") {
    return minutes(series_of("web", name, unit, unit[0] == 0 ? "Sum" : "Average"), level(0), level(now));
  };
  auto findings =
      study({traffic("web"), errors("HTTPCode_Target_4XX_Count", 900), errors("HTTPCode_Target_5XX_Count", 100)});
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].label, "HTTPCode_Target_5XX_Count[Sum]");
  EXPECT_NEAR(findings[0].excess, 60 * 100, 1);
  findings = study({traffic("web"), errors("5xxErrorRate", 20, "Percent")});
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_NEAR(findings[0].excess, 60 * 1000 * 0.2, 60 * 20) << "a rate fails that share of the requests";
}

TEST(GoldenSignals, counted_errors_of_a_counter_with_resets) {
  const auto counter = [](const char* name, double before, double now) {
    MetricSeries s = series_of("cart", name);
    s.temporality = MetricTemporality::kCumulative;
    double total = 0;
    for (int i = 0; i < 120; ++i) {
      if (i == 30 || i == 90) total = 0;
      total += 60 * ((i < 60 ? before : now) + 0.1 * test::noise(i));
      s.times.push_back(kStart + std::chrono::minutes(i));
      s.values.push_back(total);
    }
    return s;
  };
  const auto failing = study({counter("http_requests_total", 50, 50), counter("http_errors_total", 1, 20)});
  ASSERT_NE(find(failing, FindingKind::kErrorRise, "cart"), nullptr);
  EXPECT_NE(find(failing, FindingKind::kErrorRise, "cart")->excess, 0);
  EXPECT_TRUE(study({counter("http_requests_total", 50, 50), counter("http_errors_total", 1, 1)}).empty());
}

TEST(GoldenSignals, a_single_baseline_point_needs_a_far_leap) {
  const auto study_of = [](double now) {
    MetricSeries s = series_of("cart", "latency", "ms");
    s.times = {kStart, kWindow, kWindow + std::chrono::minutes(9)};
    s.values = {20, now, now};
    return study({s});
  };
  EXPECT_TRUE(study_of(24).empty());
  EXPECT_FALSE(study_of(5000).empty());
}

TEST(GoldenSignals, callers_that_call_each_other_in_a_circle_are_handled) {
  const std::vector<TopologyEdge> circle{edge("cart", "stock"), edge("stock", "cart"), edge("cart", "cart")};
  const auto findings = find_golden_signals(
      digest_of({latency("cart", level(20, 2), level(900, 2)), latency("stock", level(20, 2), level(300, 2))}), circle,
      kClock, {});
  const Finding* cart = find(findings, FindingKind::kLatencyRise, "cart");
  ASSERT_NE(cart, nullptr);
  EXPECT_GT(cart->excess, 0);
}

TEST(GoldenSignals, a_nearly_total_outage_in_percent_is_not_read_as_a_ratio) {
  const auto findings = study({traffic("cart"), availability("cart", level(99.9, 0.05), level(0.5))});
  MetricSeries bare = minutes(series_of("cart", "availability"), level(99.9, 0.05), level(0.5));
  const auto without_unit = study({traffic("cart"), bare});
  ASSERT_EQ(findings.size(), 1U);
  ASSERT_EQ(without_unit.size(), 1U);
  EXPECT_NEAR(without_unit[0].excess, findings[0].excess, 1);
}

TEST(GoldenSignals, extreme_numbers_give_finite_answers) {
  const double huge = std::numeric_limits<double>::max();
  for (const double before : {0.0, 1.0, -huge, huge}) {
    for (const double now : {0.0, 1.0, -huge, huge}) {
      for (const Finding& f :
           study({latency("cart", level(before), level(now)), availability("cart", level(before), level(now))})) {
        EXPECT_TRUE(std::isfinite(f.strength) && f.effect >= 0 && f.effect <= 1) << before << " to " << now;
      }
    }
  }
}

TEST(AlarmSignal, is_what_the_metric_of_the_entity_measures) {
  const MetricDigest digest = digest_of(
      {minutes(series_of("cart", "checkout", "ms"), level(1), level(1)), availability("web", level(99), level(99))});
  struct Case {
    const char* entity;
    const char* metric;
    AlarmSignal expected;
  };
  for (const Case& c :
       {Case{"cart", "checkout", AlarmSignal::kLatency}, Case{"web", "availability", AlarmSignal::kErrors},
        Case{"nobody", "p99_latency", AlarmSignal::kLatency},
        Case{"nobody", "HTTPCode_5XX_Count", AlarmSignal::kErrors}, Case{"nobody", "checkout", AlarmSignal::kUnknown},
        Case{"", "", AlarmSignal::kUnknown}, Case{"cart", "CPUUtilization", AlarmSignal::kUnknown}}) {
    Alarm alarm;
    alarm.entity = c.entity;
    alarm.metric = c.metric;
    EXPECT_EQ(alarm_signal(alarm, digest), c.expected) << c.entity << " " << c.metric;
  }
}

}  // namespace
}  // namespace fa
