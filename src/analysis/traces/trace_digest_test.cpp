#include "analysis/traces/trace_digest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "analysis/traces/trace_test_spans.h"

namespace fa {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::find_span;
using test::kClock;
using test::kStart;
using test::kWindow;
using test::Spans;

/// All that a digest says, as text.
std::string print(const TraceDigest& d) {
  std::string out;
  for (const CompactSpan& s : d.spans) {
    out += d.name(s.service) + "|" + d.name(s.instance) + "|" + d.name(s.operation) + "|" + d.name(s.peer) + "|" +
           d.name(s.exception) + "|" + std::to_string(s.start) + "+" + std::to_string(s.end - s.start) + "|" +
           std::to_string(s.file) + ":" + std::to_string(s.offset) + "|" + std::to_string(s.parent_index) +
           (s.error ? "!" : "") + "\n";
  }
  for (const std::string& name : d.names) out += name + ",";
  for (const std::uint32_t c : d.children) out += " " + std::to_string(c);
  for (const TraceSummary& s : d.summaries) out += "\n" + s.trace_id;
  return out + "\n" + std::to_string(d.duplicate_spans) + " " + std::to_string(d.orphan_spans);
}

Spans shop(int traces) {
  Spans spans;
  for (int i = 0; i < traces; ++i) {
    const std::string t = "trace-" + std::to_string(i);
    const TimePoint at = kStart + seconds(7 * i);
    spans.add(t, "root", "", "web", "GET /cart", at, milliseconds(50));
    spans.add(t, "call", "root", "web", "cart.Get", at + milliseconds(5), milliseconds(40)).kind = SpanKind::kClient;
    SpanRecord& leaf = spans.add(t, "leaf", "call", "cart", "Get", at + milliseconds(8), milliseconds(30));
    leaf.error = i % 4 == 0;
    leaf.exception_type = "TimeoutError";
    leaf.exception_message = "read timed out";
  }
  return spans;
}

TEST(TraceDigest, joins_spans_to_their_parents_and_names) {
  const TraceDigest d = shop(1).digest();
  ASSERT_EQ(d.spans.size(), 3U);
  EXPECT_EQ(d.name(0), "");
  EXPECT_TRUE(std::is_sorted(d.names.begin(), d.names.end()));
  const CompactSpan* leaf = find_span(d, "Get");
  ASSERT_NE(leaf, nullptr);
  ASSERT_NE(leaf->parent_index, CompactSpan::kNone);
  EXPECT_EQ(d.name(d.spans[leaf->parent_index].operation), "cart.Get");
  EXPECT_EQ(d.name(leaf->exception), "TimeoutError: read timed out");
  EXPECT_EQ(find_span(d, "GET /cart")->parent_index, CompactSpan::kNone);
  EXPECT_EQ(d.children_of(0).size(), 1U);
  EXPECT_EQ(d.orphan_spans, 0U);
}

TEST(TraceDigest, sorts_instants_into_periods) {
  Spans spans;
  spans.add("a", "1", "", "s", "baseline", kStart, milliseconds(1));
  spans.add("b", "1", "", "s", "window", kWindow, milliseconds(1));
  spans.add("c", "1", "", "s", "later", kWindow + seconds(600), milliseconds(1));
  const TraceDigest d = spans.digest();
  EXPECT_EQ(find_span(d, "baseline")->period, Period::kBaseline);
  EXPECT_EQ(find_span(d, "window")->period, Period::kWindow);
  EXPECT_EQ(find_span(d, "later")->period, Period::kOther);
}

TEST(TraceDigest, no_order_and_no_split_of_the_input_changes_it) {
  const Spans spans = shop(40);
  const std::string expected = print(spans.digest());
  std::mt19937 random(5);
  for (int round = 0; round < 5; ++round) {
    std::vector<SpanRecord> records = spans.records();
    std::shuffle(records.begin(), records.end(), random);
    std::vector<TraceDigester> parts(3, TraceDigester(kClock));
    for (const SpanRecord& r : records) parts[random() % 3].add(0, {&r, 1});
    TraceDigester all(kClock);
    for (const std::size_t i : {2U, 0U, 1U}) all.merge(std::move(parts[i]));
    EXPECT_EQ(print(all.finish()), expected) << "round " << round;
  }
}

TEST(TraceDigest, peers_are_named_after_the_services_at_their_hosts) {
  const auto peer_of = [](std::initializer_list<std::string_view> hosts, const std::vector<std::string>& services) {
    Spans spans;
    int n = 0;
    for (const std::string_view host : hosts) {
      SpanRecord& s = spans.add("t", std::to_string(++n), "", "web", "SELECT", kWindow, milliseconds(1));
      s.peer = "mysql/shop";
      s.peer_host = host;
    }
    TraceDigester first(kClock);
    first.add(0, spans.records());
    TraceDigester all(kClock);
    all.add(0, {});
    all.merge(std::move(first));
    all.name_peers_after(services);
    const TraceDigest digest = all.finish();
    return digest.name(digest.spans.front().peer);
  };
  EXPECT_EQ(peer_of({"shop-db.internal", "shop-db.internal"}, {"shop-db"}), "shop-db");
  EXPECT_EQ(peer_of({"shop-db.internal"}, {"cart", "other-db"}), "mysql/shop");
  EXPECT_EQ(peer_of({"shop-db.internal", "other-db.internal"}, {"other-db", "shop-db"}), "mysql/shop");
  EXPECT_EQ(peer_of({"shop-db.example.com"}, {"shop-db"}), "mysql/shop");
  EXPECT_EQ(peer_of({"web.internal"}, {}), "web") << "services that emit spans are known";
}

TEST(TraceDigest, counts_a_span_delivered_twice_once) {
  Spans spans;
  for (int copy = 0; copy < 3; ++copy) {
    spans.add("t", "root", "", "web", "GET", kWindow, milliseconds(20));
    spans.add("t", "child", "root", "cart", "Get", kWindow + milliseconds(2), milliseconds(10));
  }
  const TraceDigest d = spans.digest();
  EXPECT_EQ(d.spans.size(), 2U);
  EXPECT_EQ(d.duplicate_spans, 4U);
  EXPECT_EQ(d.children_of(0).size(), 1U);
}

TEST(TraceDigest, equal_span_ids_of_different_traces_stay_apart) {
  Spans spans;
  spans.add("t1", "a", "", "web", "GET", kWindow, milliseconds(20));
  spans.add("t2", "a", "", "web", "GET", kWindow, milliseconds(20));
  spans.add("t2", "b", "a", "cart", "Get", kWindow, milliseconds(10));
  const TraceDigest d = spans.digest();
  EXPECT_EQ(d.spans.size(), 3U);
  const CompactSpan* b = find_span(d, "Get");
  EXPECT_EQ(d.spans[b->parent_index].trace, b->trace);
}

TEST(TraceDigest, orphans_are_kept_and_counted) {
  Spans spans;
  spans.add("t", "child", "never recorded", "cart", "Get", kWindow, milliseconds(10));
  const TraceDigest d = spans.digest();
  EXPECT_EQ(d.orphan_spans, 1U);
  ASSERT_EQ(d.spans.size(), 1U);
  EXPECT_EQ(d.spans[0].parent_index, CompactSpan::kNone);
}

TEST(TraceDigest, survives_parents_that_form_circles) {
  Spans spans;
  spans.add("self", "a", "a", "web", "self", kWindow, milliseconds(1));
  spans.add("pair", "a", "b", "web", "one", kWindow, milliseconds(1));
  spans.add("pair", "b", "a", "web", "two", kWindow, milliseconds(1));
  const TraceDigest d = spans.digest();
  EXPECT_EQ(d.spans.size(), 3U);
  EXPECT_EQ(find_span(d, "self")->parent_index, CompactSpan::kNone);
  EXPECT_NE(find_span(d, "one")->parent_index, CompactSpan::kNone);
}

TEST(TraceDigest, a_span_never_ends_before_it_starts) {
  Spans spans;
  spans.add("t", "a", "", "web", "back", kWindow, -seconds(5));
  spans.add("t", "b", "", "web", "zero", kWindow, seconds(0));
  spans.add("t", "c", "", "web", "open", kWindow, seconds(0)).end = kNoTime;
  SpanRecord& odd = spans.add("t", "d", "", "web", "status", kWindow, seconds(1));
  odd.http_status = -7;
  for (const CompactSpan& s : spans.digest().spans) EXPECT_GE(s.end, s.start);
  EXPECT_EQ(find_span(spans.digest(), "status")->http_status, 0);
}

TEST(TraceDigest, long_exception_texts_are_cut_and_successes_have_none) {
  Spans spans;
  SpanRecord& bad = spans.add("t", "a", "", "web", "bad", kWindow, seconds(1));
  bad.error = true;
  bad.exception_message = spans.own(std::string(100'000, 'x'));
  spans.add("t", "b", "", "web", "good", kWindow, seconds(1)).exception_message = "cancelled later";
  const TraceDigest d = spans.digest();
  EXPECT_LE(d.name(find_span(d, "bad")->exception).size(), 512U);
  EXPECT_EQ(d.name(find_span(d, "good")->exception), "");
}

TEST(TraceDigest, summaries_are_sorted_by_time_and_id) {
  TraceDigester digester(kClock);
  for (const auto& [offset, id] : {std::pair(9, "c"), std::pair(1, "b"), std::pair(1, "a")}) {
    TraceSummary s;
    s.time = kWindow + seconds(offset);
    s.trace_id = id;
    digester.add_summary(std::move(s));
  }
  const TraceDigest d = digester.finish();
  ASSERT_EQ(d.summaries.size(), 3U);
  EXPECT_EQ(d.summaries[0].trace_id + d.summaries[1].trace_id + d.summaries[2].trace_id, "abc");
}

TEST(TraceDigest, a_trace_summarised_in_several_answers_counts_once) {
  TraceDigester digester(kClock);
  for (const char* id : {"a", "b", "a", "", ""}) {
    TraceSummary s;
    s.time = kWindow;
    s.trace_id = id;
    digester.add_summary(std::move(s));
  }
  EXPECT_EQ(digester.finish().summaries.size(), 4U) << "without an id nothing tells two requests to be one";
}

TEST(TraceDigest, nothing_in_nothing_out) {
  const TraceDigest d = TraceDigester(kClock).finish();
  EXPECT_TRUE(d.spans.empty());
  EXPECT_EQ(d.names, std::vector<std::string>{""});
}

}  // namespace
}  // namespace fa
