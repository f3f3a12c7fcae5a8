#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "investigate/reread.h"
#include "investigate/tool_templates.h"
#include "investigate/tool_test_world.h"

namespace fa {
namespace {

using test::at;
using test::stamp;
using test::ToolWorld;
using testing::HasSubstr;

TEST(SearchLogs, filters_and_counts) {
  const test::TempFolder folder;
  test::write_orders(folder);
  folder.write("db.log", "2026-03-14T08:32:00Z WARN checkpoint took 9 s\n2026-03-14T07:00:00Z INFO started early\n");
  ToolWorld world(folder.path());
  struct Case {
    const char* input;
    int total;
    int in_window;
    int in_baseline;
  };
  const Case kCases[] = {
      {R"({"contains":"TIMED OUT"})", 120, 120, 0},
      {R"({"contains":"accepted"})", 120, 120, 360},
      {R"({"regex":"order \\d+0 acc"})", 12, 12, 35},
      {R"({"regex":"^connect.*ms$"})", 120, 120, 0},
      {R"({"contains":"accepted","regex":"timed"})", 0, 0, 0},
      {R"({"severity":"warn"})", 121, 121, 0},
      {R"({"severity":"warn","entity":"db"})", 1, 1, 0},
      {R"({"entity":"db"})", 1, 1, 0},
      {R"({"entity":"db","from":"2026-03-14T06:00:00Z"})", 2, 1, 0},
      {R"({"entity":"db","to":"2026-03-14T07:30:00Z"})", 1, 1, 0},
      {R"({"contains":"accepted","from":"2026-03-14T08:00:00Z","to":"2026-03-14T08:01:00Z"})", 6, 120, 360},
      {R"({"contains":"accepted","from":"2026-03-14T10:00:00Z"})", 0, 120, 360},
      {R"({"contains":"no such words"})", 0, 0, 0},
  };
  for (const Case& c : kCases) {
    const Json answer = world.ask("search_logs", c.input);
    EXPECT_EQ(answer.value("status", ""), c.total > 0 ? "ok" : "no_data") << c.input << world.last.text;
    EXPECT_EQ(answer.value("rows_total", -1), c.total) << c.input;
    EXPECT_EQ(answer.value("in_window", -1), c.in_window) << c.input;
    EXPECT_EQ(answer.value("in_baseline", -1), c.in_baseline) << c.input;
    EXPECT_EQ(answer.value("truncated", false), c.total > 10) << c.input;
  }
}

TEST(SearchLogs, shows_the_oldest_rows_as_evidence) {
  const test::TempFolder folder;
  test::write_orders(folder);
  ToolWorld world(folder.path());
  const Json answer = world.ask("search_logs", R"({"contains":"timed out","limit":3})");
  ASSERT_EQ(answer.at("rows").size(), 3U);
  const Json& row = answer.at("rows")[0];
  EXPECT_EQ(row.at("time"), "2026-03-14T08:30:00Z");
  EXPECT_EQ(row.at("entity"), "orders");
  EXPECT_EQ(row.at("severity"), "error");
  EXPECT_EQ(row.at("text"), "connect to db-1:5432 timed out after 360 ms");
  EXPECT_EQ(answer.at("rows")[2].at("time"), "2026-03-14T08:30:20Z");
  const Evidence& e = world.item(row);
  EXPECT_EQ(e.kind, EvidenceKind::kLog);
  EXPECT_EQ(e.entity, "orders");
  EXPECT_EQ(e.time, at("08:30:00"));
  EXPECT_EQ(e.locator.resource, "orders.log");
  EXPECT_EQ(e.locator.source, "file");
  EXPECT_THAT(e.reproduce, HasSubstr("orders.log"));
  EXPECT_FALSE(world.book().added(e.id)) << "the report cites the first one already: it keeps its id";
  EXPECT_TRUE(world.book().added(world.item(answer.at("rows")[1]).id));
}

TEST(SearchLogs, counts_can_be_cited_where_they_are_about_what_was_counted) {
  const test::TempFolder folder;
  test::write_orders(folder);
  folder.write("db.log", "2026-03-14T08:32:00Z ERROR order rejected\n");
  ToolWorld world(folder.path());
  // Words may match more than one template: no record has the number, the answer has.
  const Json words = world.ask("search_logs", R"({"contains":"order","entity":"orders","limit":2})");
  const Evidence total = *world.book().find(words.at("total_id").get<std::string>());
  EXPECT_EQ(ToolWorld::fact(total, "count_window"), 120);
  EXPECT_EQ(ToolWorld::fact(total, "count_baseline"), 360);
  EXPECT_EQ(total.facts.size(), 2U);
  EXPECT_EQ(total.entity, "orders");
  EXPECT_TRUE(total.key.starts_with("tool:search_logs:")) << total.key;
  EXPECT_EQ(total.excerpt, words.at("rows")[0].at("text").get<std::string>());
  for (const Json& row : words.at("rows")) {
    EXPECT_NE(row.at("id"), total.id);
    if (world.book().added(world.item(row).id)) {
      EXPECT_TRUE(world.item(row).facts.empty());
    }
  }
  EXPECT_EQ(world.ask("search_logs", R"({"contains":"order","entity":"orders","limit":2})"), words);
  // Of several services it is nobody's number.
  const Json several = world.ask("search_logs", R"j({"regex":"order (\\d+ accepted|rejected)","limit":2})j");
  EXPECT_EQ(world.book().find(several.at("total_id").get<std::string>())->entity, "");
  // A range of its own has a number of its own.
  const Json part = world.ask("search_logs", R"({"contains":"accepted","from":"2026-03-14T08:00:00Z",
      "to":"2026-03-14T08:01:00Z"})");
  EXPECT_EQ(ToolWorld::fact(*world.book().find(part.at("total_id").get<std::string>()), "count_range"), 6);

  const Evidence* finding = nullptr;
  for (const Evidence& e : world.report().evidence) {
    if (e.kind == EvidenceKind::kLog && e.excerpt.find("timed out") != std::string::npos) finding = &e;
  }
  ASSERT_NE(finding, nullptr);
  const Json exact = world.ask("search_logs", R"({"template":")" + finding->id + R"(","limit":2})");
  EXPECT_FALSE(exact.contains("total_id")) << "a template's number is each record's";
  EXPECT_EQ(exact.at("rows")[0].at("id"), finding->id);
  EXPECT_EQ(ToolWorld::fact(world.item(exact.at("rows")[1]), "count_window"), 120);
  const Json narrower = world.ask("search_logs", R"({"template":")" + finding->id + R"(","contains":"361"})");
  EXPECT_TRUE(narrower.contains("total_id"));
}

TEST(SearchLogs, a_record_has_one_id_whoever_finds_it) {
  const test::TempFolder folder;
  test::write_orders(folder);
  ToolWorld world(folder.path());
  const Json first = world.ask("search_logs", R"({"contains":"timed out after 400"})");
  const auto id = first.at("rows")[0].at("id").get<std::string>();
  EXPECT_TRUE(world.book().added(id));
  EXPECT_EQ(world.ask("search_logs", R"({"regex":"after 400 ms$"})").at("rows")[0].at("id"), id);
  EXPECT_EQ(world.ask("search_logs", R"({"severity":"error","from":"2026-03-14T08:36:40Z"})").at("rows")[0].at("id"),
            id);
  const Json around = world.ask("rows_around", R"({"id":")" + id + R"(","before":1,"after":0})");
  EXPECT_EQ(around.at("rows").back().at("id"), id);
}

TEST(SearchLogs, cuts_long_texts_at_a_character) {
  const test::TempFolder folder;
  folder.write("incident.json", test::kToolIncident);
  std::string text = "a";
  while (text.size() < 900) text += "障";
  folder.write("long.log", "2026-03-14T08:31:00Z ERROR " + text + "\n2026-03-14T08:31:01Z ERROR short\n");
  ToolWorld world(folder.path());
  const Json answer = world.ask("search_logs", "{}");
  ASSERT_EQ(answer.at("rows").size(), 2U);
  const auto shown = answer.at("rows")[0].at("text").get<std::string>();
  EXPECT_EQ(shown, text.substr(0, 598));
  EXPECT_EQ(answer.at("rows")[0].value("text_cut", false), true);
  EXPECT_FALSE(answer.at("rows")[1].contains("text_cut"));
}

TEST(SearchLogs, undated_records_count_to_the_window) {
  const test::TempFolder folder;
  folder.write("incident.json", test::kToolIncident);
  folder.write("orders.log", test::order_lines());
  folder.write("undated.log", "plain words without a time\nmore plain words\n");
  ToolWorld world(folder.path());
  const Json answer = world.ask("search_logs", R"({"contains":"plain words"})");
  EXPECT_EQ(answer.value("rows_total", 0), 2);
  EXPECT_TRUE(answer.at("rows")[0].at("time").is_null());
  EXPECT_EQ(
      world.ask("search_logs", R"({"contains":"plain words","from":"2026-03-14T08:30:00Z"})").value("rows_total", -1),
      0);
}

TEST(SearchLogs, reads_a_hundred_thousand_lines) {
  const test::TempFolder folder;
  folder.write("incident.json", test::kToolIncident);
  std::string log;
  for (int i = 0; i < 100'000; ++i) {
    log += stamp(at("07:30:00") + std::chrono::milliseconds(48 * i)) + " INFO request " + std::to_string(i) +
           (i % 1000 == 999 ? " failed: connection reset\n" : " done\n");
  }
  folder.write("big.log", log);
  folder.write("big.log.gz", test::gzip(log));
  ToolWorld world(folder.path());
  const Json answer = world.ask("search_logs", R"({"contains":"connection reset","from":"2026-03-14T07:30:00Z"})");
  EXPECT_EQ(answer.value("rows_total", 0), 200);
  EXPECT_EQ(answer.value("in_window", 0) + answer.value("in_baseline", 0), 200);
  ASSERT_EQ(answer.at("rows").size(), 10U);
  EXPECT_EQ(answer.at("rows")[0].at("text"), "request 999 failed: connection reset");
  EXPECT_EQ(answer.at("rows")[1].at("text"), "request 999 failed: connection reset");  // The other file's.
  EXPECT_EQ(answer.at("rows")[2].at("text"), "request 1999 failed: connection reset");
}

TEST(SearchLogs, a_file_that_is_gone_is_said_to_be_unread) {
  const test::TempFolder folder;
  test::write_orders(folder);
  const auto gone = folder.write("gone.log", "2026-03-14T08:31:00Z ERROR gone later\n");
  ToolWorld world(folder.path());
  std::filesystem::remove(gone);
  const Json answer = world.ask("search_logs", R"({"contains":"gone later"})");
  EXPECT_EQ(answer.value("status", ""), "no_data");
  EXPECT_THAT(answer.value("note", ""), HasSubstr("gone.log"));
}

TEST(SearchLogs, follows_templates_of_the_digest_and_of_items) {
  const test::TempFolder folder;
  test::write_orders(folder);
  ToolWorld world(folder.path());
  const Evidence* finding = nullptr;
  for (const Evidence& e : world.report().evidence) {
    if (e.kind == EvidenceKind::kLog && e.excerpt.find("timed out") != std::string::npos) finding = &e;
  }
  ASSERT_NE(finding, nullptr);
  const Json by_item = world.ask("search_logs", R"({"template":")" + finding->id + R"("})");
  EXPECT_EQ(by_item.value("rows_total", 0), 120);
  const Json first_row = by_item.at("rows")[0];
  // A row of a tool names its template, too.
  EXPECT_EQ(world.ask("search_logs", R"({"template":")" + first_row.at("id").get<std::string>() + R"("})")
                .value("rows_total", 0),
            120);
  for (const LogTemplate& t : world.study().digest.logs.templates.templates) {
    EXPECT_EQ(world.ask("search_logs", R"({"template":")" + t.id + R"(","from":"2026-03-14T00:00:00Z"})")
                  .value("rows_total", std::uint64_t{0}),
              t.count)
        << t.pattern;
  }
}

/// Templates are matched by their words; the digest counts by shapes. Over real logs both must agree nearly always.
void expect_template_counts(const ToolWorld& world, double least_agreement) {
  const LogDigest& digest = world.study().digest.logs;
  struct Sink final : TelemetrySink {
    const std::vector<tools::TemplateMatcher>* matchers = nullptr;
    std::vector<std::uint64_t> counts;
    void on_logs(std::span<const LogRecord> records) override {
      for (const LogRecord& r : records) {
        for (std::size_t i = 0; i < matchers->size(); ++i) {
          if ((*matchers)[i].matches(r.message)) counts[i] += r.occurrences;
        }
      }
    }
  };
  std::vector<tools::TemplateMatcher> matchers;
  for (TemplateId id = 0; id < digest.templates.templates.size(); ++id) matchers.emplace_back(digest.templates, id);
  std::vector<std::uint64_t> counts(matchers.size());
  reread(
      world.study(), {},
      [&](std::uint32_t) {
        auto sink = std::make_unique<Sink>();
        sink->matchers = &matchers;
        sink->counts.resize(matchers.size());
        return sink;
      },
      [&](std::uint32_t, TelemetrySink& sink) {
        for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += static_cast<Sink&>(sink).counts[i];
      },
      {});
  std::uint64_t equal = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    equal += counts[i] == digest.templates.templates[i].count ? 1U : 0U;
    if (counts[i] != digest.templates.templates[i].count) {
      std::printf("%lu instead of %lu: %s\n", static_cast<unsigned long>(counts[i]),
                  static_cast<unsigned long>(digest.templates.templates[i].count),
                  digest.templates.templates[i].pattern.c_str());
    }
  }
  ASSERT_GT(counts.size(), 0U);
  EXPECT_GE(static_cast<double>(equal) / static_cast<double>(counts.size()), least_agreement);
}

TEST(TemplateMatching, agrees_with_the_digest_on_the_example) {
  expect_template_counts(ToolWorld(test::storefront()), 1.0);
}

TEST(TemplateMatching, agrees_with_the_digest_on_recorded_incidents) {
  const std::filesystem::path shared = std::string(FA_PROJECT_DIR) + "/../shared/data/incidents";
  if (!std::filesystem::exists(shared)) GTEST_SKIP() << "no recorded incidents at " << shared;
  expect_template_counts(ToolWorld(shared / "nezha-tt" / "nezha-tt-001"), 0.97);
}

TEST(RowsAround, shows_the_neighbours_in_the_same_file) {
  const test::TempFolder folder;
  test::write_orders(folder);
  folder.write("other.log", "2026-03-14T08:30:05Z INFO elsewhere\n");
  ToolWorld world(folder.path());
  const Json found = world.ask("search_logs", R"({"contains":"after 365 ms"})");
  const auto id = found.at("rows")[0].at("id").get<std::string>();
  const Json answer = world.ask("rows_around", R"({"id":")" + id + R"(","before":2,"after":3})");
  ASSERT_EQ(answer.value("status", ""), "ok") << world.last.text;
  const Json& rows = answer.at("rows");
  ASSERT_EQ(rows.size(), 6U);
  const std::pair<const char*, const char*> kExpected[] = {
      {"before", "connect to db-1:5432 timed out after 364 ms"}, {"before", "order 365 accepted"},
      {"here", "connect to db-1:5432 timed out after 365 ms"},   {"after", "order 366 accepted"},
      {"after", "connect to db-1:5432 timed out after 366 ms"},  {"after", "order 367 accepted"}};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(rows[i].at("place"), kExpected[i].first);
    EXPECT_EQ(rows[i].at("text"), kExpected[i].second);
    EXPECT_EQ(world.item(rows[i]).locator.resource, "orders.log");
  }
  EXPECT_EQ(answer.value("file", ""), "orders.log");
  EXPECT_EQ(answer.value("truncated", false), true);

  // At the file's ends there is less, and nothing is left out.
  const auto last =
      world.ask("search_logs", R"({"contains":"after 479 ms"})").at("rows")[0].at("id").get<std::string>();
  const Json end = world.ask("rows_around", R"({"id":")" + last + R"(","before":0,"after":20})");
  EXPECT_EQ(end.at("rows").size(), 1U);
}

TEST(RowsAround, works_for_access_and_change_records_and_refuses_others) {
  ToolWorld world(test::storefront());
  const Json access = world.ask("access_breakdown", R"({"by":"status","only_failed":true})");
  const auto request = access.at("rows")[0].at("id").get<std::string>();
  const Json near_request = world.ask("rows_around", R"({"id":")" + request + R"("})");
  ASSERT_EQ(near_request.value("status", ""), "ok") << world.last.text;
  EXPECT_EQ(near_request.at("rows").size(), 11U);
  EXPECT_THAT(near_request.at("rows")[0].at("text").get<std::string>(), HasSubstr("app/storefront/"));
  const auto change = world.ask("changes", "{}").at("rows")[0].at("id").get<std::string>();
  const Json near_change = world.ask("rows_around", R"({"id":")" + change + R"("})");
  ASSERT_EQ(near_change.value("status", ""), "ok") << world.last.text;
  EXPECT_THAT(near_change.at("rows")[0].at("text").get<std::string>(), HasSubstr("config_change"));
  const auto span = world.ask("span_tree", "{}").at("rows")[0].at("id").get<std::string>();
  EXPECT_THAT(world.ask("rows_around", R"({"id":")" + span + R"("})").value("error", ""), HasSubstr("span_tree"));
}

TEST(CompareTemplate, counts_both_ranges) {
  const test::TempFolder folder;
  test::write_orders(folder);
  folder.write("billing.log", "2026-03-14T08:40:00Z INFO order 99999 accepted\n");
  ToolWorld world(folder.path());
  const auto id = world.ask("search_logs", R"({"contains":"accepted","entity":"orders"})")
                      .at("rows")[0]
                      .at("id")
                      .get<std::string>();
  const Json usual = world.ask("compare", R"({"template":")" + id + R"("})");
  ASSERT_EQ(usual.value("status", ""), "ok") << world.last.text;
  ASSERT_EQ(usual.at("rows").size(), 2U);
  const Json& orders = usual.at("rows")[0];
  EXPECT_EQ(orders.at("entity"), "orders");
  EXPECT_EQ(orders.at("in_a").at("count"), 360);
  EXPECT_EQ(orders.at("in_a").at("per_minute"), 6);
  EXPECT_EQ(orders.at("in_b").at("count"), 120);
  EXPECT_EQ(ToolWorld::fact(world.item(orders), "count_baseline"), 360);
  EXPECT_EQ(ToolWorld::fact(world.item(orders), "per_minute_window"), 6);
  EXPECT_EQ(usual.at("rows")[1].at("entity"), "billing");
  // An item is about its entity.
  EXPECT_EQ(world.ask("compare", R"({"evidence":")" + id + R"("})").at("rows").size(), 1U);
  // Other ranges are counted by reading again.
  const Json others = world.ask("compare", R"({"template":")" + id +
                                               R"(","entity":"orders","from_a":"2026-03-14T08:00:00Z",
      "to_a":"2026-03-14T08:02:00Z","from_b":"2026-03-14T08:40:00Z","to_b":"2026-03-14T08:41:00Z"})");
  ASSERT_EQ(others.at("rows").size(), 1U) << world.last.text;
  EXPECT_EQ(others.at("rows")[0].at("in_a").at("count"), 12);
  EXPECT_EQ(others.at("rows")[0].at("in_b").at("count"), 6);
  EXPECT_EQ(ToolWorld::fact(world.item(others.at("rows")[0]), "count_a"), 12);
  const Json nothing = world.ask("compare", R"({"template":")" + id +
                                                R"(","from_a":"2026-03-15T08:00:00Z","to_a":"2026-03-15T08:02:00Z",
      "from_b":"2026-03-15T08:40:00Z","to_b":"2026-03-15T08:41:00Z"})");
  EXPECT_EQ(nothing.value("status", ""), "no_data");
}

TEST(Reread, stops_in_time_and_gives_sinks_back_in_order) {
  const test::TempFolder folder;
  folder.write("incident.json", test::kToolIncident);
  for (int i = 0; i < 30; ++i) folder.write("f" + std::to_string(100 + i) + ".log", test::order_lines());
  ToolWorld world(folder.path());
  std::vector<std::uint32_t> order;
  const auto make = [](std::uint32_t) { return std::make_unique<TelemetrySink>(); };
  const auto take = [&](std::uint32_t file, TelemetrySink&) { order.push_back(file); };
  const RereadAccount all = reread(world.study(), {}, make, take, {});
  EXPECT_EQ(all.files, 30U);
  EXPECT_FALSE(all.stopped);
  ASSERT_EQ(order.size(), 30U);
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
  // No file has records then.
  RereadScope scope;
  scope.ranges = {{at("12:00:00"), at("13:00:00")}};
  EXPECT_EQ(reread(world.study(), scope, make, take, {}).files, 0U);
  scope.ranges.push_back({at("08:49:50"), at("08:49:51")});
  EXPECT_EQ(reread(world.study(), scope, make, take, {}).files, 30U);
  RereadScope access;
  access.records = RereadScope::Records::kAccess;
  EXPECT_EQ(reread(world.study(), access, make, take, {}).files, 0U) << "text logs hold no requests of proxies";
  Context late;
  late.deadline = std::chrono::steady_clock::now() - std::chrono::seconds(1);
  EXPECT_TRUE(reread(world.study(), {}, make, take, late).stopped);
}

}  // namespace
}  // namespace fa
