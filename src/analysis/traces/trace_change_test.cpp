#include "analysis/traces/trace_change.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "analysis/traces/trace_test_spans.h"
#include "analysis/traces/traced_calls.h"

namespace fa {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;
using test::kBaseline;
using test::kClock;
using test::kNoBaseline;
using test::kWindow;
using test::Spans;

constexpr int kRequests = 60;  // per period

/// One request: web (own 10 ms) calls cart (network 2 + 2 ms), which works for 20 ms and asks its database for 5 ms.
struct Request {
  int web_ms = 10;
  int network_ms = 2;
  int cart_ms = 20;
  int db_ms = 5;
  bool calls_cart = true;
  bool cart_fails = false;
  bool db_fails = false;
  std::string words = {};
};

void add_request(Spans& spans, int number, TimePoint at, Request r) {
  const std::string t = "trace-" + std::to_string(number);
  const auto noise = microseconds(number * 37 % 11 * 100);
  const Nanoseconds cart = milliseconds(r.cart_ms + r.db_ms) + noise;
  const Nanoseconds call = cart + milliseconds(2 * r.network_ms);
  const Nanoseconds whole = milliseconds(r.web_ms) + noise + (r.calls_cart ? call : Nanoseconds{0});
  spans.add(t, "root", "", "web", "GET /cart", at, whole).error = r.cart_fails || r.db_fails;
  if (!r.calls_cart) return;
  const TimePoint out = at + milliseconds(r.web_ms / 2);
  SpanRecord& client = spans.add(t, "client", "root", "web", "cart.Get", out, call);
  client.kind = SpanKind::kClient;
  client.error = r.cart_fails || r.db_fails;
  const TimePoint in = out + milliseconds(r.network_ms);
  SpanRecord& server = spans.add(t, "server", "client", "cart", "Get", in, cart);
  server.kind = SpanKind::kServer;
  server.error = r.cart_fails || r.db_fails;
  if (r.cart_fails) server.exception_message = spans.own(r.words);
  SpanRecord& query = spans.add(t, "query", "server", "cart", "SELECT", in + milliseconds(3), milliseconds(r.db_ms));
  query.kind = SpanKind::kClient;
  query.peer = "cart-db";
  query.error = r.db_fails;
  if (r.db_fails) query.exception_message = spans.own(r.words);
}

using Make = std::function<Request(int)>;
Request usual(int) { return {}; }

TraceDigest study(const Make& baseline, const Make& window, const PeriodClock& clock = kClock) {
  Spans spans;
  for (int i = 0; i < kRequests; ++i) {
    if (baseline) add_request(spans, i, kBaseline + seconds(9 * i), baseline(i));
    if (window) add_request(spans, 1000 + i, kWindow + seconds(9 * i), window(i));
  }
  return spans.digest(clock);
}

const Finding* find(const std::vector<Finding>& findings, FindingKind kind, std::string_view service,
                    std::string_view component = "") {
  for (const Finding& f : findings) {
    if (f.kind == kind && f.subject.service == service && f.subject.component == component) return &f;
  }
  return nullptr;
}

TEST(TraceChange, equal_periods_say_nothing) { EXPECT_TRUE(find_trace_changes(study(usual, usual), kClock).empty()); }

TEST(TraceChange, no_spans_say_nothing) {
  EXPECT_TRUE(find_trace_changes(TraceDigester(kClock).finish(), kClock).empty());
  EXPECT_TRUE(trace_calls(TraceDigester(kClock).finish()).empty());
}

TEST(TraceChange, without_a_baseline_or_a_window_nothing_can_have_become_slower) {
  const auto slow = [](int) { return Request{.cart_ms = 900}; };
  EXPECT_TRUE(find_trace_changes(study(nullptr, slow, kNoBaseline), kNoBaseline).empty());
  EXPECT_TRUE(find_trace_changes(study(usual, nullptr), kClock).empty());
}

TEST(TraceChange, the_slow_service_is_named_and_not_its_caller) {
  const auto findings = find_trace_changes(study(usual, [](int) { return Request{.cart_ms = 200}; }), kClock);
  const Finding* cart = find(findings, FindingKind::kOwnTimeRise, "cart");
  ASSERT_NE(cart, nullptr);
  EXPECT_NEAR(cart->baseline, 0.020, 0.002);
  EXPECT_NEAR(cart->window, 0.200, 0.005);
  EXPECT_NEAR(cart->excess, 0.180 * kRequests, 0.2);
  EXPECT_GT(cart->effect, 0.8);
  EXPECT_GT(cart->materiality, 0.5);
  EXPECT_GT(cart->strength, 10);
  EXPECT_FALSE(cart->quotes.empty());
  EXPECT_EQ(find(findings, FindingKind::kOwnTimeRise, "web"), nullptr);
}

TEST(TraceChange, time_between_two_services_is_the_calls) {
  const auto findings = find_trace_changes(study(usual, [](int) { return Request{.network_ms = 80}; }), kClock);
  const Finding* call = find(findings, FindingKind::kCallTimeRise, "cart");
  ASSERT_NE(call, nullptr);
  EXPECT_EQ(call->peer, "web");
  EXPECT_NEAR(call->excess, 0.156 * kRequests, 0.5);
  EXPECT_EQ(find(findings, FindingKind::kOwnTimeRise, "cart"), nullptr);
}

TEST(TraceChange, a_slow_system_without_spans_is_a_component_of_its_caller) {
  const auto findings = find_trace_changes(study(usual, [](int) { return Request{.db_ms = 300}; }), kClock);
  const Finding* call = find(findings, FindingKind::kCallTimeRise, "cart", "cart-db");
  ASSERT_NE(call, nullptr);
  EXPECT_EQ(call->peer, "cart-db");
  EXPECT_EQ(find(findings, FindingKind::kOwnTimeRise, "web"), nullptr);
}

TEST(TraceChange, becoming_faster_is_no_trouble) {
  const Make slow = [](int) { return Request{.network_ms = 50, .cart_ms = 300}; };
  EXPECT_TRUE(find_trace_changes(study(slow, usual), kClock).empty());
}

TEST(TraceChange, peaks_that_the_baseline_held_as_well_are_not_news) {
  const Make heavy = [](int i) { return Request{.cart_ms = i % 10 == 0 ? 3000 : 20}; };
  EXPECT_TRUE(find_trace_changes(study(heavy, heavy), kClock).empty());
}

TEST(TraceChange, the_onset_lies_where_the_trouble_begins) {
  const auto findings =
      find_trace_changes(study(usual, [](int i) { return Request{.cart_ms = i < 30 ? 20 : 400}; }), kClock);
  const Finding* cart = find(findings, FindingKind::kOwnTimeRise, "cart");
  ASSERT_NE(cart, nullptr);
  EXPECT_GE(cart->onset, kWindow + seconds(255));
  EXPECT_LE(cart->onset, kWindow + seconds(280));
}

TEST(TraceChange, errors_start_where_nothing_below_fails) {
  const auto findings = find_trace_changes(
      study(usual,
            [](int i) { return Request{.cart_fails = i % 2 == 0, .words = "java.lang.NullPointerException: item"}; }),
      kClock);
  const Finding* origin = find(findings, FindingKind::kErrorOrigin, "cart");
  ASSERT_NE(origin, nullptr);
  EXPECT_EQ(origin->label, "java.lang.NullPointerException: item");
  EXPECT_EQ(origin->hint, Mechanism::kCodeException);
  EXPECT_DOUBLE_EQ(origin->window, 0.5);
  EXPECT_DOUBLE_EQ(origin->excess, kRequests / 2);
  EXPECT_EQ(origin->onset, kWindow + milliseconds(7));
  EXPECT_NE(find(findings, FindingKind::kErrorPassedOn, "web"), nullptr);
  EXPECT_EQ(find(findings, FindingKind::kErrorOrigin, "web"), nullptr);
}

TEST(TraceChange, timeouts_of_a_called_system_are_told_as_such) {
  const auto findings = find_trace_changes(
      study(usual, [](int) { return Request{.db_fails = true, .words = "read timed out"}; }), kClock);
  const Finding* timeout = find(findings, FindingKind::kCallTimeout, "cart", "cart-db");
  ASSERT_NE(timeout, nullptr);
  EXPECT_EQ(timeout->hint, Mechanism::kDependencyTimeout);
  EXPECT_EQ(timeout->peer, "cart-db");
}

TEST(TraceChange, what_callers_of_a_service_without_spans_wait_for_is_its_own) {
  const std::vector<std::string> speaking{"cart-db"};
  const auto findings = find_trace_changes(study(usual, [](int) { return Request{.db_ms = 300}; }), kClock, speaking);
  EXPECT_EQ(find(findings, FindingKind::kCallTimeRise, "cart", "cart-db"), nullptr);
  const Finding* database = find(findings, FindingKind::kCallTimeRise, "cart-db");
  ASSERT_NE(database, nullptr);
  EXPECT_EQ(database->peer, "cart");
  EXPECT_EQ(database->hint, Mechanism::kSlowProcessing);
}

TEST(TraceChange, calls_that_time_out_say_nothing_of_how_long_the_work_takes) {
  const std::vector<std::string> speaking{"cart-db"};
  const Make cut = [](int) { return Request{.db_ms = 3000, .db_fails = true, .words = "timed out"}; };
  const auto findings = find_trace_changes(study(usual, cut), kClock, speaking);
  EXPECT_EQ(find(findings, FindingKind::kCallTimeRise, "cart-db"), nullptr);
  EXPECT_NE(find(findings, FindingKind::kCallTimeRise, "cart", "cart-db"), nullptr);
  EXPECT_NE(find(findings, FindingKind::kCallTimeout, "cart", "cart-db"), nullptr);
}

TEST(TraceChange, only_a_service_that_is_known_to_be_there_is_accused_of_refusing) {
  const auto accused = [](const std::string& words, const std::vector<std::string>& speaking) {
    const Make refused = [&](int) { return Request{.db_fails = true, .words = words}; };
    const auto findings = find_trace_changes(study(usual, refused), kClock, speaking);
    for (const Finding& f : findings) {
      if (f.peer == "cart-db" && f.window > 0) return f.accused;
    }
    return std::string("?");
  };
  EXPECT_EQ(accused("connection refused", {"cart-db"}), "cart-db");
  EXPECT_EQ(accused("certificate has expired", {"cart-db"}), "cart-db");
  EXPECT_EQ(accused("connection refused", {}), "");
  EXPECT_EQ(accused("read timed out", {"cart-db"}), "");
  EXPECT_EQ(accused("getaddrinfo ENOTFOUND cart-db", {"cart-db"}), "");
}

TEST(TraceChange, a_pool_is_exhausted_where_whoever_gets_a_connection_is_served) {
  const auto mechanism_of = [](bool queries_fail) {
    Spans spans;
    for (int i = 0; i < 2 * kRequests; ++i) {
      const bool window = i >= kRequests;
      const TimePoint at = (window ? kWindow : kBaseline) + seconds(9 * (i % kRequests));
      const std::string t = std::to_string(i);
      spans.add(t, "a", "", "web", "GET", at, milliseconds(100));
      for (const char* operation : {"pool.acquire", "SELECT"}) {
        const bool acquire = operation[0] == 'p';
        SpanRecord& s =
            spans.add(t, operation, "a", "web", operation, at + milliseconds(acquire ? 1 : 20), milliseconds(5));
        s.kind = SpanKind::kClient;
        s.peer = "db";
        s.error = window && i % 2 == 0 && (acquire || queries_fail);
        if (s.error) s.exception_message = "timed out";
      }
    }
    const auto findings = find_trace_changes(spans.digest(), kClock);
    for (const Finding& f : findings) {
      if (f.key == "pool.acquire") return f.hint;
    }
    return Mechanism::kUnknown;
  };
  EXPECT_EQ(mechanism_of(false), Mechanism::kConnectionPoolExhausted);
  EXPECT_EQ(mechanism_of(true), Mechanism::kDependencyTimeout);
}

TEST(TraceChange, errors_show_without_a_baseline) {
  const Make failing = [](int) { return Request{.cart_fails = true, .words = "boom"}; };
  const auto findings = find_trace_changes(study(nullptr, failing, kNoBaseline), kNoBaseline);
  ASSERT_NE(find(findings, FindingKind::kErrorOrigin, "cart"), nullptr);
  EXPECT_FALSE(find(findings, FindingKind::kErrorOrigin, "cart")->baseline_chart.has_value());
}

TEST(TraceChange, errors_as_frequent_as_before_or_rarer_are_no_news) {
  const Make some = [](int i) { return Request{.cart_fails = i % 5 == 0, .words = "boom"}; };
  const Make many = [](int i) { return Request{.cart_fails = i % 2 == 0, .words = "boom"}; };
  EXPECT_TRUE(find_trace_changes(study(some, some), kClock).empty());
  EXPECT_TRUE(find_trace_changes(study(many, some), kClock).empty());
}

TEST(TraceChange, calls_that_no_longer_happen_are_missed) {
  const auto findings =
      find_trace_changes(study(usual, [](int i) { return Request{.calls_cart = i % 4 == 0}; }), kClock);
  const Finding* missing = find(findings, FindingKind::kMissingCalls, "web");
  ASSERT_NE(missing, nullptr);
  EXPECT_EQ(missing->peer, "cart");
  EXPECT_DOUBLE_EQ(missing->baseline, 1);
  EXPECT_DOUBLE_EQ(missing->window, 0.25);
  EXPECT_EQ(missing->onset, kWindow + seconds(9));  // the first request without the call
}

TEST(TraceChange, a_call_never_made_before_is_a_new_dependency_and_more_calls_are_not) {
  const Make none = [](int) { return Request{.calls_cart = false}; };
  const Make some = [](int i) { return Request{.calls_cart = i % 4 == 0}; };
  const auto fresh = find_trace_changes(study(none, usual), kClock);
  ASSERT_NE(find(fresh, FindingKind::kNewDependency, "web"), nullptr);
  EXPECT_EQ(find(fresh, FindingKind::kNewDependency, "web")->peer, "cart");
  const auto more = find_trace_changes(study(some, usual), kClock);
  EXPECT_EQ(find(more, FindingKind::kNewDependency, "web"), nullptr);
  EXPECT_EQ(find(more, FindingKind::kMissingCalls, "web"), nullptr);
}

TEST(TraceChange, a_call_that_takes_no_time_by_itself_is_harmless) {
  // Parent and child begin and end together: the baseline of the call is exactly zero.
  Spans spans;
  for (int i = 0; i < 40; ++i) {
    const TimePoint at = (i < 20 ? kBaseline : kWindow) + seconds(i % 20);
    spans.add(std::to_string(i), "a", "", "web", "GET", at, milliseconds(10));
    spans.add(std::to_string(i), "b", "a", "cart", "Get", at, milliseconds(10));
  }
  EXPECT_TRUE(find_trace_changes(spans.digest(), kClock).empty());
}

TEST(TraceChange, survives_hostile_spans) {
  Spans spans;
  for (int i = 0; i < 80; ++i) {
    const TimePoint at = (i % 2 == 0 ? kBaseline : kWindow) + seconds(i);
    const std::string t = std::to_string(i);
    spans.add(t, "a", "b", "web", "one", at, -seconds(i)).error = i % 3 == 0;
    spans.add(t, "b", "a", "cart", "two", at, seconds(0)).throttled = i % 5 == 0;
    spans.add(t, "c", "lost", "", "", at, seconds(1'000'000)).error = i % 2 == 1;
    for (int depth = 0; depth < 70; ++depth) {
      spans.add(t, "d" + std::to_string(depth), depth == 0 ? "" : "d" + std::to_string(depth - 1),
                depth % 64 == 63 ? "cart" : "web", "deep", at + milliseconds(depth), milliseconds(1000 - depth));
    }
  }
  for (const Finding& f : find_trace_changes(spans.digest(), kClock)) {
    EXPECT_TRUE(std::isfinite(f.strength) && f.strength >= 0) << f.key;
    EXPECT_TRUE(f.effect >= 0 && f.effect <= 1) << f.key << " " << f.effect;
    EXPECT_TRUE(std::isfinite(f.excess) && f.excess >= 0) << f.key;
  }
}

TEST(TraceChange, a_share_of_calls_never_exceeds_one_however_deep_the_requests_are) {
  // 100 nested spans of one service, the last of which calls another: one request, one call.
  Spans spans;
  for (int i = 0; i < 40; ++i) {
    const TimePoint at = (i < 20 ? kBaseline : kWindow) + seconds(i % 20);
    const std::string t = std::to_string(i);
    for (int depth = 0; depth < 100; ++depth) {
      spans.add(t, std::to_string(depth), depth == 0 ? "" : std::to_string(depth - 1), "web", "deep",
                at + milliseconds(depth), milliseconds(1000 - depth));
    }
    if (i < 20) spans.add(t, "call", "99", "cart", "Get", at + milliseconds(200), milliseconds(10));
  }
  const auto findings = find_trace_changes(spans.digest(), kClock);
  const Finding* missing = find(findings, FindingKind::kMissingCalls, "web");
  ASSERT_NE(missing, nullptr);
  EXPECT_DOUBLE_EQ(missing->baseline, 1);
  EXPECT_DOUBLE_EQ(missing->window, 0);
}

TraceSummary summary(TimePoint at, int number, bool fault) {
  TraceSummary s;
  s.time = at;
  s.trace_id = std::to_string(number);
  s.fault = fault;
  if (fault) {
    RootCauseStep web{"web", "web", "", "", false};
    RootCauseStep cart{"cart", "cart", "", "", false};
    RootCauseStep table{"orders-table", "orders-table", "ThrottlingException", "Rate exceeded", true};
    s.fault_root_causes = {{web, cart, table}, {}};
  }
  return s;
}

TEST(TraceChange, summaries_name_the_root_cause_they_state) {
  TraceDigester digester(kClock);
  for (int i = 0; i < 50; ++i) digester.add_summary(summary(kBaseline + seconds(i), i, false));
  for (int i = 0; i < 50; ++i) digester.add_summary(summary(kWindow + seconds(i), 100 + i, i % 2 == 0));
  const auto findings = find_trace_changes(digester.finish(), kClock);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].kind, FindingKind::kErrorOrigin);
  EXPECT_EQ(findings[0].subject.service, "cart");
  EXPECT_EQ(findings[0].subject.component, "orders-table");
  EXPECT_EQ(findings[0].hint, Mechanism::kThrottling);
  EXPECT_EQ(findings[0].onset, kWindow);
}

TEST(TraceChange, causes_that_summaries_stated_as_often_before_are_no_news) {
  TraceDigester digester(kClock);
  for (int i = 0; i < 50; ++i) digester.add_summary(summary(kBaseline + seconds(i), i, i % 2 == 0));
  for (int i = 0; i < 50; ++i) digester.add_summary(summary(kWindow + seconds(i), 100 + i, i % 2 == 0));
  EXPECT_TRUE(find_trace_changes(digester.finish(), kClock).empty());
}

TEST(TraceTopology, counts_calls_seen_from_either_side) {
  const TraceDigest d = study(nullptr, [](int i) { return Request{.db_fails = i == 0, .words = "boom"}; });
  const auto calls = trace_calls(d);
  const auto edges = trace_topology(calls);
  ASSERT_EQ(edges.size(), 2U);
  EXPECT_EQ(edges[0].caller + " " + edges[0].callee, "cart cart-db");
  EXPECT_EQ(edges[0].requests, static_cast<std::uint64_t>(kRequests));
  EXPECT_EQ(edges[0].errors, 1U);
  EXPECT_EQ(edges[1].caller + " " + edges[1].callee, "web cart");
  EXPECT_EQ(edges[1].requests, static_cast<std::uint64_t>(kRequests));
  std::uint64_t counted = 0;
  for (const CallCounts& period : calls[0].periods) counted += period.requests;
  EXPECT_EQ(counted, edges[0].requests);
}

TEST(TraceTopology, says_how_long_callers_waited_in_each_period) {
  Spans spans;
  for (int i = 1; i <= 20; ++i) {
    const std::string trace = "t" + std::to_string(i);
    const TimePoint start = (i <= 10 ? kBaseline : kWindow) + seconds(i);
    // The caller waited longer than the callee worked: the way there and back is part of the call.
    spans.add(trace, "a", "", "web", "GET /", start, seconds(9)).kind = SpanKind::kServer;
    spans.add(trace, "b", "a", "web", "call", start, std::chrono::milliseconds(100 * i)).kind = SpanKind::kClient;
    spans.add(trace, "c", "b", "cart", "GET /cart", start, std::chrono::milliseconds(50)).error = i > 15;
  }
  const auto calls = trace_calls(spans.digest());
  ASSERT_EQ(calls.size(), 1U);
  const CallCounts& before = calls[0].periods[static_cast<std::size_t>(Period::kBaseline)];
  const CallCounts& now = calls[0].periods[static_cast<std::size_t>(Period::kWindow)];
  EXPECT_EQ(before.requests, 10U);
  EXPECT_EQ(before.errors, 0U);
  EXPECT_NEAR(before.p50_seconds, 0.55, 1e-9);
  EXPECT_EQ(now.errors, 5U);
  EXPECT_NEAR(now.p95_seconds, 1.955, 1e-9);
}

}  // namespace
}  // namespace fa
