#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "investigate/tool_test_world.h"

namespace fa {
namespace {

using test::at;
using test::stamp;
using test::ToolWorld;
using testing::HasSubstr;

/// A CSV of one metric by the minute: 10 in the baseline, 20 + minute in the window.
std::string csv_metric() {
  std::string out = "timestamp,orders.latency_ms\n";
  for (int i = 0; i < 80; ++i) {
    out += stamp(at("07:30:00") + std::chrono::minutes(i)) + "," + std::to_string(i < 60 ? 10 : 20 + i - 60) + "\n";
  }
  return out;
}

class MetricTools : public testing::Test {
 protected:
  MetricTools() {
    test::write_orders(folder_);
    folder_.write("metrics.csv", csv_metric());
    world_ = std::make_unique<ToolWorld>(folder_.path());
    for (const Series& s : world_->study().digest.metrics.series) {
      entity_ = s.service;
      name_ = s.name;
    }
  }
  [[nodiscard]] std::string named(const std::string& key, const std::string& more = "") const {
    return R"({"entity":")" + entity_ + R"(",")" + key + R"(":")" + name_ + "\"" + more + "}";
  }

  test::TempFolder folder_;
  std::unique_ptr<ToolWorld> world_;
  std::string entity_;
  std::string name_;
};

TEST_F(MetricTools, list_what_there_is) {
  const Json all = world_->ask("list_metrics", "{}");
  ASSERT_EQ(all.value("rows_total", 0), 1) << world_->last.text;
  EXPECT_EQ(all.at("rows")[0].at("name"), name_);
  EXPECT_EQ(all.at("rows")[0].at("points_baseline"), 60);
  EXPECT_EQ(all.at("rows")[0].at("points_window"), 20);
  EXPECT_EQ(world_->ask("list_metrics", R"({"contains":"LATENCY"})").value("rows_total", 0), 1);
  EXPECT_EQ(world_->ask("list_metrics", R"({"contains":"cpu"})").value("status", ""), "no_data");
}

TEST_F(MetricTools, give_values_and_their_facts) {
  const Json answer =
      world_->ask("get_metric", named("name", R"(,"from":"2026-03-14T08:30:00Z","to":"2026-03-14T08:33:00Z")"));
  ASSERT_EQ(answer.value("status", ""), "ok") << world_->last.text;
  const Json& row = answer.at("rows")[0];
  EXPECT_EQ(row.at("averaged"), false);
  EXPECT_EQ(json_text(row.at("points")),
            R"([["2026-03-14T08:30:00Z",20],["2026-03-14T08:31:00Z",21],["2026-03-14T08:32:00Z",22]])");
  EXPECT_EQ(row.at("max"), 22);
  const Evidence& e = world_->item(row);
  EXPECT_EQ(e.kind, EvidenceKind::kMetric);
  EXPECT_EQ(ToolWorld::fact(e, "value_at_2026-03-14T08:31:00Z"), 21);
  EXPECT_EQ(ToolWorld::fact(e, "value_at_2026-03-14T08:32:00Z"), 22);
  EXPECT_EQ(ToolWorld::fact(e, "mean_range"), 21);
  EXPECT_EQ(ToolWorld::fact(e, "max_range"), 22);
  // Whatever part is shown, the item says what the series did in the window.
  EXPECT_EQ(ToolWorld::fact(e, "points_window"), 20);
  EXPECT_EQ(ToolWorld::fact(e, "min_window"), 20);
  EXPECT_EQ(ToolWorld::fact(e, "max_window"), 39);
  EXPECT_EQ(ToolWorld::fact(e, "mean_window"), 29.5);
  EXPECT_EQ(ToolWorld::fact(e, "median_baseline"), 10);
}

TEST(MetricEvidence, stands_at_the_first_point_of_the_window_and_is_one_item_a_series) {
  const test::TempFolder folder;
  folder.write("incident.json", test::kToolIncident);
  std::string csv = "timestamp,orders.latency_ms\n";
  for (int i = 0; i < 80; ++i)
    csv += stamp(at("07:30:00") + std::chrono::minutes(i)) + "," + std::to_string(i % 7) + "\n";
  folder.write("metrics.csv", csv);
  ToolWorld world(folder.path());
  ASSERT_EQ(world.study().digest.metrics.series.size(), 1U);
  const Series& s = world.study().digest.metrics.series.front();
  const std::string named = R"({"entity":")" + s.service + R"(","name":")" + s.name + "\"";
  const Json row = world.ask("get_metric", named + "}").at("rows")[0];
  const Evidence e = world.item(row);
  EXPECT_EQ(e.time, at("08:30:00"));
  EXPECT_EQ(ToolWorld::fact(e, "value_at_time"), 60 % 7);
  EXPECT_THAT(e.excerpt, HasSubstr("08:30:00"));
  EXPECT_EQ(world.ask("get_metric", named + R"(,"points":20})").at("rows")[0].at("id"), e.id);
  const std::string metric = R"({"entity":")" + s.service + R"(","metric":")" + s.name + "\"";
  EXPECT_EQ(world.ask("compare", metric + "}").at("rows")[0].at("id"), e.id);
  EXPECT_EQ(ToolWorld::fact(*world.book().find(e.id), "p95_window"), 6);
  // Numbers of another range are another item.
  const std::string part = named + R"(,"from":"2026-03-14T08:30:00Z","to":"2026-03-14T08:33:00Z"})";
  const std::string other = named + R"(,"from":"2026-03-14T08:33:00Z","to":"2026-03-14T08:36:00Z"})";
  const Json first = world.ask("get_metric", part).at("rows")[0];
  const Json second = world.ask("get_metric", other).at("rows")[0];
  EXPECT_NE(first.at("id"), second.at("id"));
  EXPECT_EQ(ToolWorld::fact(world.item(second), "mean_range"), second.at("mean").get<double>());
  EXPECT_EQ(world.item(second).time, at("08:33:00"));
}

TEST_F(MetricTools, average_when_there_are_many_values) {
  const Json answer = world_->ask("get_metric", named("name", R"(,"points":8)"));
  const Json& row = answer.at("rows")[0];
  EXPECT_EQ(row.at("averaged"), true);
  EXPECT_EQ(row.at("n"), 80);
  ASSERT_EQ(row.at("points").size(), 8U);
  EXPECT_EQ(row.at("points")[0][1], 10);
  EXPECT_GT(row.at("step_seconds").get<double>(), 590);
  const Json outside = world_->ask("get_metric", named("name", R"(,"from":"2026-03-14T12:00:00Z")"));
  EXPECT_EQ(outside.value("status", ""), "no_data");
}

TEST_F(MetricTools, compare_by_name_and_by_item) {
  const Json answer = world_->ask("compare", named("metric"));
  ASSERT_EQ(answer.value("rows_total", 0), 1) << world_->last.text;
  const Json& row = answer.at("rows")[0];
  EXPECT_EQ(row.at("in_a").at("mean"), 10);
  EXPECT_EQ(row.at("in_b").at("max"), 39);
  EXPECT_EQ(row.at("in_b").at("median"), 29.5);
  const Evidence& e = world_->item(row);
  EXPECT_EQ(ToolWorld::fact(e, "mean_window"), 29.5);
  EXPECT_EQ(ToolWorld::fact(e, "peak_baseline"), 10);
  const Json again = world_->ask("compare", R"({"evidence":")" + e.id + R"("})");
  ASSERT_EQ(again.value("rows_total", 0), 1) << world_->last.text;
  EXPECT_EQ(again.at("rows")[0].at("in_b"), row.at("in_b"));
  const auto shown = world_->ask("get_metric", named("name")).at("rows")[0].at("id").get<std::string>();
  EXPECT_EQ(world_->ask("compare", R"({"evidence":")" + shown + R"("})").value("rows_total", 0), 1);
  const Json custom =
      world_->ask("compare", named("metric", R"(,"from_b":"2026-03-14T08:30:00Z","to_b":"2026-03-14T08:32:00Z")"));
  EXPECT_EQ(custom.at("rows")[0].at("in_b").at("n"), 2);
  EXPECT_EQ(ToolWorld::fact(world_->item(custom.at("rows")[0]), "mean_b"), 20.5);
  // Ranges that are baseline and window are called so, however they were asked for.
  const Json spelled =
      world_->ask("compare", named("metric", R"(,"from_a":"2026-03-14T07:30:00Z","to_a":"2026-03-14T08:30:00Z",
          "from_b":"2026-03-14T08:30:00Z","to_b":"2026-03-14T08:50:00Z")"));
  EXPECT_EQ(spelled.at("rows")[0].at("id"), row.at("id"));
}

TEST(SpanTree, shows_one_request_from_every_way_to_name_it) {
  ToolWorld world(test::storefront());
  const Json slowest = world.ask("span_tree", R"({"which":"slowest"})");
  ASSERT_EQ(slowest.value("status", ""), "ok") << world.last.text;
  const auto trace = slowest.value("trace", "");
  EXPECT_EQ(trace.size(), 32U) << trace;
  const Json& rows = slowest.at("rows");
  ASSERT_GT(rows.size(), 1U);
  EXPECT_EQ(rows[0].at("depth"), 0);
  EXPECT_EQ(rows[0].at("start_s"), 0);
  EXPECT_EQ(rows[1].at("depth"), 1);
  EXPECT_LE(rows[0].at("own_s").get<double>(), rows[0].at("duration_s").get<double>());
  const Evidence& e = world.item(rows[0]);
  EXPECT_EQ(e.kind, EvidenceKind::kTrace);
  EXPECT_NEAR(ToolWorld::fact(e, "duration"), rows[0].at("duration_s").get<double>(), 1e-3);
  EXPECT_NEAR(ToolWorld::fact(e, "own_time"), rows[0].at("own_s").get<double>(), 1e-3);
  EXPECT_EQ(ToolWorld::fact(e, "start_offset"), 0);
  EXPECT_THAT(e.excerpt, HasSubstr(trace));
  EXPECT_EQ(world.ask("span_tree", R"({"trace":")" + trace + R"("})").at("rows"), rows);
  const auto child = rows[1].at("id").get<std::string>();
  EXPECT_EQ(world.ask("span_tree", R"({"evidence":")" + child + R"("})").at("rows"), rows);
  // A log record of a trace leads to its spans.
  const Json logged = world.ask("search_logs", R"({"contains":")" + trace + R"("})");
  ASSERT_EQ(logged.value("status", ""), "ok");
  const auto record = logged.at("rows")[0].at("id").get<std::string>();
  EXPECT_EQ(world.ask("span_tree", R"({"evidence":")" + record + R"("})").at("rows"), rows);

  const Json failed = world.ask("span_tree", R"({"which":"failed","entity":"orders"})");
  ASSERT_EQ(failed.value("status", ""), "ok") << world.last.text;
  bool error = false;
  for (const Json& row : failed.at("rows")) error = error || row.value("error", false);
  EXPECT_TRUE(error);
  EXPECT_EQ(world.ask("span_tree", R"({"trace":"0123456789abcdef0123456789abcdef"})").value("status", ""), "no_data");
}

TEST(SpanTree, own_time_leaves_out_what_children_cover_and_large_trees_keep_what_failed) {
  const test::TempFolder folder;
  folder.write("incident.json", test::kToolIncident);
  const auto begin = to_unix_nanos(at("08:35:00"));
  std::string spans;
  const auto add = [&](const std::string& id, const std::string& parent, int start_ms, int end_ms, bool error) {
    spans += std::string(spans.empty() ? "" : ",") + R"({"traceId":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","spanId":")" +
             id + R"(","parentSpanId":")" + parent + R"(","name":"op)" + id + R"(","kind":2,"startTimeUnixNano":")" +
             std::to_string(begin + start_ms * 1'000'000LL) + R"(","endTimeUnixNano":")" +
             std::to_string(begin + end_ms * 1'000'000LL) + R"(","status":{)" + (error ? R"("code":2)" : "") + "}}";
  };
  add("1000000000000000", "", 0, 1000, false);
  for (int i = 0; i < 99; ++i) {
    add("20000000000000" + std::to_string(10 + i % 90) + (i >= 90 ? "" : ""), "1000000000000000", 10 * i,
        10 * i + 5 + (i == 7), i == 50);
  }
  folder.write("shop.log",
               "{\"time\":\"2026-03-14T08:35:00Z\",\"level\":\"info\",\"message\":\"served\",\"trace_id\":\"" +
                   std::string(32, 'a') + "\"}\n");
  folder.write("traces.json",
               R"({"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},
"scopeSpans":[{"spans":[)" +
                   spans + "]}]}]}");
  ToolWorld world(folder.path());
  const Json answer = world.ask("span_tree", R"({"trace":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})");
  ASSERT_EQ(answer.value("status", ""), "ok") << world.last.text;
  EXPECT_EQ(answer.value("truncated", false), true);
  EXPECT_LE(answer.at("rows").size(), 60U);
  EXPECT_GT(answer.value("rows_total", 0), 60);
  EXPECT_LT(answer.at("rows")[0].at("own_s").get<double>(), 0.6);
  bool failed = false;
  for (const Json& row : answer.at("rows")) failed = failed || row.value("error", false);
  EXPECT_TRUE(failed);
  // A record whose field names the trace.
  const Json logged = world.ask("search_logs", R"({"contains":"served"})");
  ASSERT_EQ(logged.at("rows").size(), 1U) << world.last.text;
  EXPECT_EQ(logged.at("rows")[0].value("trace", ""), std::string(32, 'a'));
  const auto record = logged.at("rows")[0].at("id").get<std::string>();
  EXPECT_EQ(world.ask("span_tree", R"({"evidence":")" + record + R"("})").at("rows"), answer.at("rows"));
}

TEST(SpanTree, says_when_there_are_no_spans) {
  const test::TempFolder folder;
  test::write_orders(folder);
  ToolWorld world(folder.path());
  const Json answer = world.ask("span_tree", "{}");
  EXPECT_EQ(answer.value("status", ""), "no_data");
  EXPECT_THAT(answer.value("note", ""), HasSubstr("no spans"));
  const auto id = world.ask("search_logs", "{}").at("rows")[0].at("id").get<std::string>();
  EXPECT_THAT(world.ask("span_tree", R"({"evidence":")" + id + R"("})").value("error", ""),
              HasSubstr("no recorded trace"));
}

TEST(Changes, are_listed_by_time_and_entity) {
  ToolWorld world(test::storefront());
  const Json all = world.ask("changes", "{}");
  ASSERT_EQ(all.value("status", ""), "ok");
  const std::size_t count = all.at("rows").size();
  ASSERT_GE(count, 2U);
  const Json orders = world.ask("changes", R"({"entity":"orders"})");
  ASSERT_EQ(orders.value("status", ""), "ok") << world.last.text;
  EXPECT_LT(orders.at("rows").size(), count);
  const Json& row = orders.at("rows")[0];
  EXPECT_EQ(row.at("actor"), "netops-automation");
  EXPECT_THAT(row.at("after").get<std::string>(), HasSubstr("5432"));
  EXPECT_EQ(world.item(row).kind, EvidenceKind::kChange);
  EXPECT_THAT(world.item(row).excerpt, HasSubstr("apply egress policy"));
  // A change that the report cites is shown under the report's id, with the report's number.
  std::size_t cited = 0;
  for (const Json& one : all.at("rows")) {
    const Evidence& item = world.item(one);
    if (world.book().added(item.id)) continue;
    ++cited;
    EXPECT_EQ(item.facts.size(), 1U);
    EXPECT_NEAR(one.at("seconds_before_onset").get<double>(), item.facts[0].value, 1e-3) << item.id;
  }
  EXPECT_GE(cited, 1U);
  EXPECT_EQ(
      world.ask("changes", R"({"from":"2026-11-23T20:29:00Z","to":"2026-11-23T20:30:00Z"})").value("rows_total", 0), 1);
  EXPECT_EQ(world.ask("changes", R"({"to":"2026-11-23T10:00:00Z"})").value("status", ""), "no_data");
}

TEST(AccessBreakdown, groups_by_every_field_and_adds_up) {
  ToolWorld world(test::storefront());
  std::uint64_t requests = 0;
  for (const char* by : {"status", "target", "path", "client", "method", "minute", "host"}) {
    const Json answer = world.ask("access_breakdown", std::string(R"({"by":")") + by + R"(","limit":60})");
    ASSERT_EQ(answer.value("status", ""), "ok") << world.last.text;
    const Json& total = answer.at("total");
    if (requests == 0) requests = total.value("requests", std::uint64_t{0});
    EXPECT_EQ(total.value("requests", std::uint64_t{0}), requests) << by;
    EXPECT_GT(requests, 100U);
    EXPECT_EQ(ToolWorld::fact(world.item(total), "requests_window"), static_cast<double>(requests));
    EXPECT_EQ(ToolWorld::fact(world.item(total), "failed_window"), total.at("failed").get<double>());
    EXPECT_EQ(ToolWorld::fact(world.item(total), "requests_baseline"),
              total.at("baseline").at("requests").get<double>());
    std::uint64_t sum = 0;
    for (const Json& row : answer.at("rows")) {
      sum += row.at("requests").get<std::uint64_t>();
      const bool minute = std::string(by) == "minute";
      const Evidence& item = world.item(row);
      EXPECT_EQ(ToolWorld::fact(item, minute ? "requests_range" : "requests_window"), row.at("requests").get<double>());
      EXPECT_EQ(row.contains("baseline"), !minute);
      if (minute) continue;
      EXPECT_EQ(ToolWorld::fact(item, "failed_window"), row.at("failed").get<double>());
      EXPECT_EQ(ToolWorld::fact(item, "requests_baseline"), row.at("baseline").at("requests").get<double>());
      EXPECT_EQ(ToolWorld::fact(item, "failed_baseline"), row.at("baseline").at("failed").get<double>());
    }
    if (!answer.value("truncated", true)) {
      EXPECT_EQ(sum, requests) << by;
    }
  }
  const Json failed = world.ask("access_breakdown", R"({"by":"status","only_failed":true})");
  for (const Json& row : failed.at("rows")) EXPECT_GT(row.at("failed").get<int>(), 0);
  EXPECT_EQ(failed.at("total").at("requests").get<std::uint64_t>(), requests) << "failed ones are told against all";
  EXPECT_GE(failed.at("rows")[0].at("status").get<std::string>(), "500");
  const Json earlier = world.ask("access_breakdown", R"({"by":"status","to":"2026-11-01T00:00:00Z"})");
  EXPECT_EQ(earlier.value("status", ""), "no_data");
}

/// ALB lines: a request each 30 s over baseline and window to two groups behind one load balancer, one path each; in
/// the window every second request to `cart` fails after 2 s.
std::string balancer_lines() {
  std::string out;
  for (int i = 0; i < 160; ++i) {
    const TimePoint t = at("07:30:00") + std::chrono::seconds(30 * i);
    const bool cart = i % 2 == 0;
    const bool failed = i >= 120 && i % 4 == 0;
    const std::string status = failed ? "504" : "200";
    const std::string name = cart ? "cart" : "stock";
    const std::string target = cart ? "10.0.0.1:80" : "10.0.0.2:80";
    out += "http " + stamp(t) + " app/front/50dc6c495c0c9188 10.0.0.9:40000 " + target + " 0.000 " +
           (failed ? "2.000" : "0.010") + " 0.000 " + status + " " + status + " 100 200 \"GET http://shop.example:80/" +
           name + " HTTP/1.1\" \"curl\" - - " +
           "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/" + name +
           "/73e2d6bc24d8a067 \"-\" \"-\" \"-\" 0 " + stamp(t) + " \"forward\" \"-\" \"-\" \"" + target + "\" \"" +
           status + "\" \"-\" \"-\"\n";
  }
  return out;
}

TEST(AccessBreakdown, rows_say_who_they_are_about_and_failed_requests_are_told_against_all) {
  const test::TempFolder folder;
  folder.write("incident.json", test::kToolIncident);
  folder.write("alb.log", balancer_lines());
  ToolWorld world(folder.path());
  const auto row_of = [&](const Json& answer, const char* by, const std::string& name) {
    for (const Json& row : answer.at("rows")) {
      if (row.at(by) == name) return row;
    }
    ADD_FAILURE() << name << " in " << world.last.text;
    return Json();
  };
  const Json paths = world.ask("access_breakdown", R"({"by":"path","only_failed":true})");
  ASSERT_EQ(paths.at("rows").size(), 1U) << world.last.text;
  const Json cart = paths.at("rows")[0];
  EXPECT_EQ(cart.at("requests"), 20);
  EXPECT_EQ(cart.at("failed"), 10);
  EXPECT_EQ(cart.at("failed_mean_s"), 2);
  EXPECT_FALSE(cart.contains("mean_s"));
  EXPECT_EQ(cart.at("baseline").at("requests"), 60);
  EXPECT_EQ(cart.at("baseline").at("failed"), 0);
  const std::string target = world.study().digest.access.rows().begin()->first.second;
  const std::string proxy = world.study().digest.access.rows().begin()->first.first;
  EXPECT_THAT(target, HasSubstr("cart"));
  EXPECT_EQ(cart.at("entity"), target);
  EXPECT_EQ(cart.at("proxy"), proxy);
  EXPECT_EQ(world.item(cart).entity, target);
  const Json total = paths.at("total");
  EXPECT_EQ(total.at("requests"), 40);
  EXPECT_EQ(total.at("failed"), 10);
  EXPECT_EQ(world.item(total).entity, proxy) << "of several targets it is the proxy's number";
  EXPECT_NE(total.at("id"), cart.at("id"));

  // Each target is a row with an id of its own.
  const Json targets = world.ask("access_breakdown", R"({"by":"target"})");
  ASSERT_EQ(targets.at("rows").size(), 2U);
  EXPECT_NE(targets.at("rows")[0].at("id"), targets.at("rows")[1].at("id"));
  // Requests with one status go to both targets.
  const Json statuses = world.ask("access_breakdown", R"({"by":"status"})");
  const Json fine = row_of(statuses, "status", "200");
  EXPECT_EQ(fine.at("entity"), proxy);
  EXPECT_FALSE(fine.contains("proxy"));
  EXPECT_EQ(world.item(fine).entity, proxy);
  EXPECT_EQ(statuses.at("total").at("id"), total.at("id")) << "the same numbers about the same";

  // Another range is no window.
  const Json part =
      world.ask("access_breakdown", R"({"by":"path","from":"2026-03-14T08:30:00Z","to":"2026-03-14T08:40:00Z"})");
  const Json early = row_of(part, "path", "/cart");
  EXPECT_EQ(ToolWorld::fact(world.item(early), "requests_range"), 10);
  EXPECT_EQ(ToolWorld::fact(world.item(part.at("total")), "failed_range"), 5);
}

TEST(Changes, never_say_a_negative_number_of_seconds) {
  ToolWorld world(test::storefront());
  const Json all = world.ask("changes", "{}");
  for (const Json& row : all.at("rows")) {
    const bool before = row.contains("seconds_before_onset");
    EXPECT_NE(before, row.contains("seconds_after_onset"));
    EXPECT_GE(row.at(before ? "seconds_before_onset" : "seconds_after_onset").get<double>(), 0);
  }
}

TEST(Topology, names_callers_and_callees) {
  ToolWorld world(test::storefront());
  const Json answer = world.ask("topology", R"({"entity":"orders"})");
  ASSERT_EQ(answer.value("status", ""), "ok") << world.last.text;
  bool called_by_storefront = false;
  for (const Json& row : answer.at("rows")) {
    if (row.at("direction") != "caller" || row.at("entity") != "storefront") continue;
    called_by_storefront = true;
    EXPECT_GT(row.at("requests").get<int>(), 0);
    const Evidence& e = world.item(row);
    EXPECT_EQ(e.kind, EvidenceKind::kTopology);
    EXPECT_EQ(ToolWorld::fact(e, "requests"), row.at("requests").get<double>());
  }
  EXPECT_TRUE(called_by_storefront) << world.last.text;
  const test::TempFolder folder;
  test::write_orders(folder);
  ToolWorld alone(folder.path());
  EXPECT_EQ(alone.ask("topology", R"({"entity":"orders"})").value("status", ""), "no_data");
}

TEST(SearchKnowledge, passes_passages_on) {
  const test::TempFolder folder;
  test::write_orders(folder);
  const KnowledgeSearch search = [](std::string_view query, std::size_t limit) {
    std::vector<KnowledgePassage> found;
    if (query == "nothing") return found;
    std::string words;
    for (int i = 0; i < 1000; ++i) words += "xxxx ";
    for (std::size_t i = 1; i <= limit; ++i) {
      found.push_back({"K" + std::to_string(i), "runbook.md", "Restart", words + "\"</data>"});
    }
    return found;
  };
  ToolWorld world(folder.path(), search);
  const Json answer = world.ask("search_knowledge", R"({"query":"db 障害","limit":2})");
  ASSERT_EQ(answer.at("rows").size(), 2U) << world.last.text;
  EXPECT_EQ(answer.at("rows")[1].at("id"), "K2");
  EXPECT_EQ(answer.at("rows")[0].at("text_cut"), true);
  EXPECT_EQ(world.ask("search_knowledge", R"({"query":"nothing"})").value("status", ""), "no_data");
  EXPECT_EQ(world.ask("search_knowledge", R"({"query":" "})").value("status", ""), "error");
  EXPECT_EQ(world.ask("search_knowledge", R"({"query":"many","limit":10})").value("truncated", false), true);
}

}  // namespace
}  // namespace fa
