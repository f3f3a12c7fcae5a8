#include "analysis/traces/span_time.h"

#include <gtest/gtest.h>

#include <cmath>

#include "analysis/traces/trace_test_spans.h"

namespace fa {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::kClock;
using test::kWindow;
using test::Spans;

constexpr auto kW = static_cast<std::size_t>(Period::kWindow);

/// Seconds of a service's own in the window, over all operations.
double own(const TraceDigest& d, const SpanTime& time, std::string_view service) {
  double sum = 0;
  for (const auto& [key, cell] : time.own) sum += d.name(key.service) == service ? cell.seconds[kW].sum() : 0;
  return sum;
}

double call(const TraceDigest& d, const SpanTime& time, std::string_view caller, std::string_view callee) {
  double sum = 0;
  for (const auto& [key, cell] : time.calls) {
    if (d.name(key.caller) == caller && d.name(key.callee) == callee) sum += cell.seconds[kW].sum();
  }
  return sum;
}

struct Child {
  int start_ms;
  int length_ms;
  const char* service;
};

/// A span of `web` of 100 ms with these children.
TraceDigest with_children(std::initializer_list<Child> children) {
  Spans spans;
  spans.add("t", "root", "", "web", "GET", kWindow, milliseconds(100));
  int n = 0;
  for (const Child& c : children) {
    spans.add("t", "child" + std::to_string(n++), "root", c.service, "work", kWindow + milliseconds(c.start_ms),
              milliseconds(c.length_ms));
  }
  return spans.digest();
}

TEST(SpanTime, every_moment_belongs_to_one_part) {
  struct Case {
    const char* name;
    std::initializer_list<Child> children;
    double web;   // ms of web's own
    double call;  // ms between web and cart
  };
  const Case cases[] = {
      {"no child: all its own", {}, 100, 0},
      {"time around a remote child is the call's", {{10, 60, "cart"}}, 0, 40},
      {"a child that covers all leaves nothing", {{0, 100, "cart"}}, 0, 0},
      {"around a local child the time is its own", {{10, 60, "web"}}, 100, 0},  // 40 here and 60 in the child
      {"a gap between two remote children is theirs", {{10, 30, "cart"}, {60, 30, "cart"}}, 0, 40},
      {"children that run at once are counted once", {{0, 90, "cart"}, {10, 50, "cart"}}, 0, 10},
      {"a child that began before its parent is cut", {{-50, 100, "cart"}}, 0, 50},
      {"a child that outlives its parent is cut", {{50, 500, "cart"}}, 0, 50},
      {"a child wholly outside says nothing bad", {{500, 10, "cart"}}, 0, 100},
      {"a child of no length", {{40, 0, "cart"}}, 0, 100},
  };
  for (const Case& c : cases) {
    const TraceDigest d = with_children(c.children);
    const SpanTime time = measure_span_time(d, kClock);
    EXPECT_NEAR(own(d, time, "web") * 1e3, c.web, 1e-6) << c.name;
    EXPECT_NEAR(call(d, time, "web", "cart") * 1e3, c.call, 1e-6) << c.name;
  }
}

TEST(SpanTime, a_gap_between_calls_to_two_services_is_shared_half_and_half) {
  const TraceDigest d = with_children({{10, 30, "cart"}, {60, 30, "stock"}});  // 10 before, 20 between, 10 after
  const SpanTime time = measure_span_time(d, kClock);
  EXPECT_NEAR(call(d, time, "web", "cart"), 0.020, 1e-9);
  EXPECT_NEAR(call(d, time, "web", "stock"), 0.020, 1e-9);
  EXPECT_NEAR(own(d, time, "web"), 0, 1e-9);
}

TEST(SpanTime, the_callees_own_time_is_not_the_call) {
  const TraceDigest d = with_children({{10, 60, "cart"}});
  EXPECT_NEAR(own(d, measure_span_time(d, kClock), "cart"), 0.060, 1e-9);
}

TEST(SpanTime, a_client_span_around_a_remote_child_is_part_of_the_call) {
  Spans spans;
  spans.add("t", "root", "", "web", "GET", kWindow, milliseconds(100));
  spans.add("t", "client", "root", "web", "cart.Get", kWindow + milliseconds(20), milliseconds(60)).kind =
      SpanKind::kClient;
  spans.add("t", "server", "client", "cart", "Get", kWindow + milliseconds(30), milliseconds(40));
  const TraceDigest d = spans.digest();
  const SpanTime time = measure_span_time(d, kClock);
  EXPECT_NEAR(own(d, time, "web"), 0.040, 1e-9);
  EXPECT_NEAR(call(d, time, "web", "cart"), 0.020, 1e-9);
  EXPECT_NEAR(own(d, time, "cart"), 0.040, 1e-9);
}

TEST(SpanTime, a_client_span_without_a_child_is_a_call_to_its_peer) {
  Spans spans;
  spans.add("t", "root", "", "cart", "Get", kWindow, milliseconds(100));
  SpanRecord& query = spans.add("t", "query", "root", "cart", "SELECT", kWindow + milliseconds(10), milliseconds(80));
  query.kind = SpanKind::kClient;
  query.peer = "orders-db";
  const TraceDigest d = spans.digest();
  const SpanTime time = measure_span_time(d, kClock);
  EXPECT_NEAR(call(d, time, "cart", "orders-db"), 0.080, 1e-9);
  EXPECT_NEAR(own(d, time, "cart"), 0.020, 1e-9);
}

TEST(SpanTime, only_calls_have_a_callee_and_never_oneself) {
  struct Case {
    SpanKind kind;
    const char* peer;
    bool callee;
  };
  for (const Case& c : {Case{SpanKind::kClient, "db", true}, Case{SpanKind::kProducer, "queue", true},
                        Case{SpanKind::kServer, "db", false}, Case{SpanKind::kInternal, "db", false},
                        Case{SpanKind::kClient, "", false}, Case{SpanKind::kClient, "web", false}}) {
    Spans spans;
    SpanRecord& r = spans.add("t", "a", "", "web", "op", kWindow, milliseconds(1));
    r.kind = c.kind;
    r.peer = c.peer;
    const TraceDigest d = spans.digest();
    EXPECT_EQ(leaf_callee(d, d.spans[0]) != CompactSpan::kNone, c.callee) << c.peer;
  }
}

TEST(SpanTime, nothing_is_negative_or_lost_under_hostile_times) {
  Spans spans;
  spans.add("t", "root", "", "web", "GET", kWindow, -seconds(3));
  spans.add("t", "a", "root", "cart", "Get", kWindow - seconds(9), seconds(30));
  spans.add("t", "b", "root", "cart", "Get", kWindow + seconds(9), -seconds(30));
  spans.add("circle", "x", "y", "web", "one", kWindow, milliseconds(10));
  spans.add("circle", "y", "x", "cart", "two", kWindow, milliseconds(20));
  const TraceDigest d = spans.digest();
  const SpanTime time = measure_span_time(d, kClock);
  const auto check = [](const SpanTime::Cell& cell) {
    for (std::size_t p = 0; p < kPeriodCount; ++p) {
      EXPECT_GE(cell.slowest_seconds[p], 0);
      EXPECT_TRUE(std::isfinite(cell.seconds[p].sum()));
    }
  };
  for (const auto& [key, cell] : time.own) check(cell);
  for (const auto& [key, cell] : time.calls) check(cell);
}

TEST(EntrySpans, are_the_topmost_spans_of_a_service) {
  Spans spans;
  spans.add("t", "a", "", "web", "GET", kWindow, milliseconds(100));
  spans.add("t", "b", "a", "web", "render", kWindow + milliseconds(1), milliseconds(90));
  spans.add("t", "c", "b", "cart", "Get", kWindow + milliseconds(2), milliseconds(50));
  spans.add("t", "d", "c", "web", "callback", kWindow + milliseconds(3), milliseconds(10));
  spans.add("t", "e", "gone", "cart", "orphan", kWindow + milliseconds(4), milliseconds(10));
  const TraceDigest d = spans.digest();
  const std::vector<std::uint32_t> entry = entry_spans(d);
  const auto entry_of = [&](std::string_view operation) {
    return d.name(d.spans[entry[static_cast<std::size_t>(test::find_span(d, operation) - d.spans.data())]].operation);
  };
  EXPECT_EQ(entry_of("GET"), "GET");
  EXPECT_EQ(entry_of("render"), "GET");
  EXPECT_EQ(entry_of("Get"), "Get");
  EXPECT_EQ(entry_of("callback"), "callback");  // entered anew through cart
  EXPECT_EQ(entry_of("orphan"), "orphan");
}

TEST(EntrySpans, deep_nesting_and_circles_still_end_at_an_entry) {
  Spans spans;
  for (int i = 0; i < 300; ++i) {
    spans.add("deep", std::to_string(i), i == 0 ? "" : std::to_string(i - 1), "web", "level " + std::to_string(i),
              kWindow + milliseconds(i), milliseconds(1000 - 2 * i));
  }
  for (int i = 0; i < 3; ++i) {
    spans.add("circle", std::to_string(i), std::to_string((i + 1) % 3), "web", "turn", kWindow, milliseconds(1));
  }
  const TraceDigest d = spans.digest();
  const std::vector<std::uint32_t> entry = entry_spans(d);
  for (std::uint32_t i = 0; i < entry.size(); ++i) {
    EXPECT_EQ(entry[entry[i]], entry[i]) << "the entry of an entry is itself";
    const std::string& operation = d.name(d.spans[i].operation);
    EXPECT_EQ(d.name(d.spans[entry[i]].operation), operation == "turn" ? "turn" : "level 0");
  }
}

}  // namespace
}  // namespace fa
