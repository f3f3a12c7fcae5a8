/// What a report learns from earlier incidents and from documents.
#include "investigate/memory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <set>

#include "investigate/tool_test_world.h"
#include "model/report_json.h"
#include "store/document.h"

namespace fa {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr Language kTwoLanguages[] = {Language::kEnglish, Language::kJapanese};
const TimePoint kToday = *parse_rfc3339("2026-03-15T00:00:00Z");

/// A store in a folder of its own.
struct MemoryFile {
  MemoryFile() : file(folder.path() / "memory.db"), store(opened(file)) {}

  static std::unique_ptr<Store> opened(const std::filesystem::path& path) {
    auto opened = Store::open(path);
    if (!opened) throw std::runtime_error(opened.error().message);
    return std::move(*opened);
  }
  void document(const std::string& path, const std::string& text) const {
    const std::vector<Passage> passages = cut_document(text, path);
    ASSERT_TRUE(store->put_document({path, "hash of " + path, passages.size()}, passages));
  }
  [[nodiscard]] std::string hash() const { return store->content_hash().value(); }

  test::TempFolder folder;
  std::filesystem::path file;
  std::unique_ptr<Store> store;
};

/// Orders whose database stops answering, on another day and with other numbers where asked.
std::unique_ptr<test::StudyAndReport> orders_study(int first_order = 0, const std::string& day = "2026-03-14") {
  const test::TempFolder folder;
  const auto moved = [&](std::string text) {
    for (std::size_t at = text.find("2026-03-14"); at != std::string::npos; at = text.find("2026-03-14", at + 1)) {
      text.replace(at, 10, day);
    }
    return text;
  };
  folder.write("incident.json", moved(test::kToolIncident));
  std::string lines;
  for (int i = 0; i < 480; ++i) {
    const std::string t = test::stamp(test::at("07:30:00") + std::chrono::seconds(10 * i));
    lines += t + " INFO order " + std::to_string(first_order + i) + " accepted\n";
    if (i >= 360)
      lines += t + " ERROR connect to db-1:5432 timed out after " + std::to_string(first_order + i) + " ms\n";
  }
  folder.write("orders.log", moved(lines));
  return std::make_unique<test::StudyAndReport>(folder.path());
}

/// Another service with another trouble.
std::unique_ptr<test::StudyAndReport> mail_study() {
  const test::TempFolder folder;
  folder.write("incident.json", test::kToolIncident);
  std::string lines;
  for (int i = 0; i < 480; ++i) {
    const std::string t = test::stamp(test::at("07:30:00") + std::chrono::seconds(10 * i));
    lines += t + " INFO letter " + std::to_string(i) + " sent\n";
    if (i >= 360) lines += t + " ERROR cannot write letter: no space left on device\n";
  }
  folder.write("mailer.log", lines);
  return std::make_unique<test::StudyAndReport>(folder.path());
}

Report with_id(Report report, const std::string& id) {
  report.incident.id = id;
  return report;
}

void keep_incident(Store& store, const test::StudyAndReport& world, const std::string& id) {
  ASSERT_TRUE(store.put_incident(to_past_incident(with_id(world.report, id), world.study, {}, kToday)));
}

Report remembered(const test::StudyAndReport& world, Store& store, const std::string& id = "now",
                  Language language = Language::kEnglish) {
  Report report = with_id(report_of(world.study, language), id);
  remember(report, world.study, store);
  return report;
}

std::vector<std::string> names_of(const std::vector<IncidentFeature>& features) {
  std::vector<std::string> names;
  for (const IncidentFeature& f : features) names.push_back(f.name);
  return names;
}

// ---- Features and ids ----

TEST(IncidentFeatures, are_the_same_every_time_in_both_languages_heaviest_first) {
  const auto& shared = *test::storefront();
  const std::vector<IncidentFeature> features = incident_features(shared.study, shared.report);
  const test::StudyAndReport again(std::string(FA_PROJECT_DIR) + "/examples/storefront/incident");
  const std::vector<IncidentFeature> others[] = {
      incident_features(again.study, again.report),
      incident_features(shared.study, report_of(shared.study, Language::kJapanese))};
  for (const std::vector<IncidentFeature>& other : others) {
    ASSERT_EQ(names_of(features), names_of(other));
    for (std::size_t i = 0; i < features.size(); ++i) EXPECT_EQ(features[i].weight, other[i].weight);
  }
  EXPECT_TRUE(std::is_sorted(features.begin(), features.end(),
                             [](const IncidentFeature& a, const IncidentFeature& b) { return a.weight > b.weight; }));
  std::vector<std::string> names = names_of(features);
  EXPECT_EQ(names.front(), "entity:orders");
  EXPECT_THAT(names, Contains("mechanism:orders:dependency_timeout"));
  EXPECT_LE(names.size(), 60U);
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end()) << "each name once";
}

TEST(IncidentFeatures, hold_no_suspect_where_there_is_no_incident) {
  const auto world = orders_study();
  Report healthy = world->report;
  healthy.verdict = Verdict::kNoIncident;
  for (const std::string& name : names_of(incident_features(world->study, healthy))) {
    EXPECT_THAT(name, AllOf(Not(testing::StartsWith("entity:")), Not(testing::StartsWith("mechanism:"))));
  }
}

TEST(IncidentId, follows_from_what_was_read) {
  const auto world = orders_study();
  Report first = with_id(world->report, "");
  Report second = with_id(orders_study()->report, "");
  give_id(first);
  give_id(second);
  EXPECT_THAT(first.incident.id, testing::MatchesRegex("inc-[0-9a-f]{10}"));
  EXPECT_EQ(first.incident.id, second.incident.id);

  Report japanese = with_id(report_of(world->study, Language::kJapanese), "");
  give_id(japanese);
  EXPECT_EQ(japanese.incident.id, first.incident.id);

  Report named = with_id(world->report, "INC-7");
  give_id(named);
  EXPECT_EQ(named.incident.id, "INC-7");

  Report described = with_id(world->report, "");
  described.incident.description = "orders are slow";
  Report later = with_id(world->report, "");
  later.incident.window.end += std::chrono::seconds(1);
  Report larger = with_id(world->report, "");
  ASSERT_THAT(larger.coverage, Not(IsEmpty()));
  larger.coverage[0].bytes += 1;
  for (Report* other : {&described, &later, &larger}) {
    give_id(*other);
    EXPECT_NE(other->incident.id, first.incident.id);
  }
}

// ---- Remembering ----

TEST(Remember, finds_the_incident_that_was_like_this_one) {
  const MemoryFile memory;
  const auto march = orders_study();
  const auto april = orders_study(5000, "2026-04-20");
  keep_incident(*memory.store, *march, "INC-1");
  keep_incident(*memory.store, *test::storefront(), "INC-2");
  ASSERT_TRUE(
      memory.store->decide("INC-1", PastIncident::Outcome::kConfirmed, "the index was dropped", "index added", kToday));
  for (const Language language : kTwoLanguages) {
    const Report report = remembered(*april, *memory.store, "now", language);
    ASSERT_THAT(report.similar, SizeIs(1));
    const SimilarView& seen = report.similar[0];
    EXPECT_EQ(seen.id, "P1");
    EXPECT_EQ(seen.incident, "INC-1");
    EXPECT_EQ(seen.time, test::at("08:30:00"));
    EXPECT_THAT(seen.headline, HasSubstr("orders"));
    EXPECT_EQ(seen.headline.find("likeliest") != std::string::npos, report.language == Language::kEnglish)
        << "in the language of the report that shows it";
    EXPECT_EQ(seen.cause, "the index was dropped");
    EXPECT_EQ(seen.fix, "index added");
    EXPECT_GT(seen.similarity, 0.7);
    EXPECT_LE(seen.similarity, 1.0);
    EXPECT_THAT(seen.shared, Contains("entity:" + april->report.hypotheses.at(0).subject.service));
    EXPECT_THAT(report.gaps, SizeIs(april->report.gaps.size()));
  }
}

TEST(Remember, does_not_find_rejected_ones_nor_itself_nor_strangers) {
  const MemoryFile memory;
  const auto world = orders_study();
  keep_incident(*memory.store, *world, "INC-1");
  EXPECT_THAT(remembered(*world, *memory.store, "INC-1").similar, IsEmpty()) << "itself";
  EXPECT_THAT(remembered(*world, *memory.store, "INC-2").similar, SizeIs(1));
  EXPECT_THAT(remembered(*mail_study(), *memory.store).similar, IsEmpty()) << "a stranger";
  ASSERT_TRUE(memory.store->decide("INC-1", PastIncident::Outcome::kRejected, "", "", kToday));
  EXPECT_THAT(remembered(*world, *memory.store, "INC-2").similar, IsEmpty()) << "rejected";
}

TEST(Remember, shows_three_at_the_most) {
  const MemoryFile memory;
  const auto world = orders_study();
  for (int i = 0; i < 6; ++i) keep_incident(*memory.store, *world, "INC-" + std::to_string(i));
  const Report report = remembered(*world, *memory.store);
  ASSERT_THAT(report.similar, SizeIs(3));
  EXPECT_EQ(report.similar[0].id, "P1");
  EXPECT_EQ(report.similar[2].id, "P3");
}

TEST(Remember, finds_passages_by_words_of_both_languages) {
  const MemoryFile memory;
  memory.document("en.md", "# Egress\nRevert the egress policy when orders-db connections end.\n");
  memory.document("ja.md", "# 障害対応\nエグレスの障害ではポリシーを元に戻す。\n");
  memory.document("menu.md", "# Lunch\nNoodles, Fridays.\n");
  const auto paths = [&](const std::string& description) {
    Report report = report_of(test::storefront()->study, Language::kEnglish);
    report.incident.description = description;
    remember(report, test::storefront()->study, *memory.store);
    std::vector<std::string> found;
    for (const PassageView& p : report.passages) {
      EXPECT_EQ(p.id, "K" + std::to_string(found.size() + 1));
      EXPECT_GT(p.line, 0U);
      EXPECT_NE(p.text, "");
      found.push_back(p.document);
    }
    return found;
  };
  EXPECT_THAT(paths(""), ElementsAre("en.md")) << "by the words of the evidence";
  EXPECT_THAT(paths("注文の障害"), AllOf(Contains("ja.md"), Contains("en.md"), Not(Contains("menu.md"))));
  EXPECT_THAT(paths("noodles"), Contains("menu.md"));
}

TEST(Remember, searches_for_tools) {
  const MemoryFile memory;
  memory.document("ja.md", "# 障害対応\nプールを再起動する。\n");
  memory.document("en.md", "# Pool\nRestart the pool.\n");
  const KnowledgeSearch search = knowledge_search(*memory.store);
  ASSERT_THAT(search("障害", 5), SizeIs(1));
  EXPECT_EQ(search("障害", 5)[0].document, "ja.md");
  EXPECT_EQ(search("障害", 5)[0].heading, "障害対応");
  EXPECT_THAT(search("障害", 5)[0].text, HasSubstr("プールを再起動する。"));
  EXPECT_EQ(search("restart", 5).at(0).document, "en.md");
  EXPECT_THAT(search("restart 障害", 1), SizeIs(1));
  EXPECT_THAT(search("banana", 5), IsEmpty());
}

/// A store of which one question or another fails.
class MockStore : public Store {
 public:
  MOCK_METHOD(Result<void>, put_document, (const DocumentInfo&, const std::vector<Passage>&), (override));
  MOCK_METHOD(Result<bool>, remove_document, (const std::string&), (override));
  MOCK_METHOD(Result<std::vector<DocumentInfo>>, documents, (), (override));
  MOCK_METHOD(Result<std::vector<Passage>>, search_passages, (std::string_view, std::size_t), (override));
  MOCK_METHOD(Result<void>, put_incident, (const PastIncident&), (override));
  MOCK_METHOD(Result<PastIncident>, incident, (const std::string&), (override));
  MOCK_METHOD(Result<std::vector<PastIncident>>, incidents, (), (override));
  MOCK_METHOD(Result<void>, decide,
              (const std::string&, PastIncident::Outcome, const std::string&, const std::string&, TimePoint),
              (override));
  MOCK_METHOD(Result<std::vector<SimilarIncident>>, similar,
              (const std::vector<IncidentFeature>&, const std::string&, std::size_t, double), (override));
  MOCK_METHOD(Result<void>, add_turn, (const std::string&, const ConversationTurn&), (override));
  MOCK_METHOD(Result<std::vector<ConversationTurn>>, turns, (const std::string&), (override));
  MOCK_METHOD(Result<void>, reserve_spending, (const std::string&, double, double), (override));
  MOCK_METHOD(Result<void>, settle_spending, (const std::string&, double, double), (override));
  MOCK_METHOD(Result<double>, spent, (const std::string&), (override));
  MOCK_METHOD(Result<std::string>, content_hash, (const std::string&), (override));
};

TEST(Remember, what_cannot_be_read_is_a_gap) {
  const auto world = orders_study();
  const auto damaged = [] { return fail(ErrorCode::kUnreadable, "memory.db is damaged."); };
  struct Case {
    bool hash;
    bool similar;
    bool passages;
    const char* source;
  };
  const Case kCases[] = {
      {false, true, true, "memory"}, {true, false, true, "memory"}, {true, true, false, "documents"}};
  for (const Language language : kTwoLanguages) {
    for (const Case& c : kCases) {
      testing::NiceMock<MockStore> store;
      ON_CALL(store, content_hash).WillByDefault([&]() -> Result<std::string> {
        if (!c.hash) return damaged();
        return std::string("h");
      });
      ON_CALL(store, similar).WillByDefault([&]() -> Result<std::vector<SimilarIncident>> {
        if (!c.similar) return damaged();
        return std::vector<SimilarIncident>{};
      });
      ON_CALL(store, search_passages).WillByDefault([&]() -> Result<std::vector<Passage>> {
        if (!c.passages) return damaged();
        return std::vector<Passage>{};
      });
      const Report report = remembered(*world, store, "now", language);
      ASSERT_THAT(report.gaps, SizeIs(world->report.gaps.size() + 1));
      EXPECT_EQ(report.gaps.back().source, c.source);
      EXPECT_THAT(report.gaps.back().error, HasSubstr("memory.db is damaged."));
      EXPECT_THAT(report.gaps.back().impact,
                  HasSubstr(language == Language::kJapanese ? "参照されていません" : "were not looked at"));
      EXPECT_EQ(report.headline, report_of(world->study, language).headline);
    }
  }
  // For tools there are then no passages.
  testing::NiceMock<MockStore> store;
  ON_CALL(store, search_passages).WillByDefault([&]() -> Result<std::vector<Passage>> { return damaged(); });
  EXPECT_THAT(knowledge_search(store)("orders", 3), IsEmpty());
}

TEST(Remember, the_hash_of_what_it_holds_stands_in_the_report) {
  const MemoryFile memory;
  const auto world = orders_study();
  std::set<std::string> versions;
  const auto version = [&] {
    const Report report = remembered(*world, *memory.store);
    EXPECT_EQ(report.memory_version, memory.hash());
    EXPECT_THAT(report_to_json(report), HasSubstr("\"memory\": \"" + report.memory_version + "\""));
    versions.insert(report.memory_version);
  };
  version();
  memory.document("a.md", "# A\nalpha\n");
  version();
  keep_incident(*memory.store, *world, "INC-1");
  version();
  ASSERT_TRUE(memory.store->decide("INC-1", PastIncident::Outcome::kConfirmed, "a", "b", kToday));
  version();
  EXPECT_THAT(versions, SizeIs(4));
  // Kept again as it is, and asked about: nothing new to learn from.
  keep_incident(*memory.store, *world, "INC-1");
  ASSERT_TRUE(memory.store->add_turn("INC-1", {"why?", "because"}));
  version();
  EXPECT_THAT(versions, SizeIs(4));
}

TEST(Remember, changes_nothing_else_of_the_report) {
  const MemoryFile memory;
  keep_incident(*memory.store, *test::storefront(), "INC-1");
  memory.document("en.md", "# Egress\nRevert the egress policy of orders.\n");
  for (const Language language : kTwoLanguages) {
    const Report plain = with_id(report_of(test::storefront()->study, language), "now");
    EXPECT_THAT(report_to_json(plain), HasSubstr("\"memory\": null"));
    Report report = remembered(*test::storefront(), *memory.store, "now", language);
    EXPECT_EQ(report_to_json(report), report_to_json(remembered(*test::storefront(), *memory.store, "now", language)));
    EXPECT_THAT(report.similar, SizeIs(1));
    EXPECT_THAT(report.passages, SizeIs(1));
    report.similar.clear();
    report.passages.clear();
    report.memory_version.clear();
    EXPECT_EQ(report_to_json(report), report_to_json(plain));
  }
}

// ---- How to investigate again ----

InvestigateRequest full_request() {
  InvestigateRequest request;
  request.paths = {"/data/\"a\"", "/data/障害", "-"};
  request.window = TimeRange{test::at("08:30:00"), test::at("08:50:00.000000001")};
  request.baseline = TimeRange{test::at("07:30:00"), test::at("08:30:00")};
  request.description = "注文が遅い\n\"slow\"";
  request.alarm = Alarm{"app/x", "HTTPCode_Target_5XX_Count", "Sum", std::nullopt};
  request.language = Language::kJapanese;
  return request;
}

TEST(PastRequest, comes_back_as_it_was) {
  const auto world = orders_study();
  for (const InvestigateRequest& request : {full_request(), InvestigateRequest{{"/x"}, {}, {}, "", {}, "", {}, 0}}) {
    const PastIncident past = to_past_incident(with_id(world->report, "INC-1"), world->study, request, kToday);
    EXPECT_EQ(past.id, "INC-1");
    EXPECT_EQ(past.kept_at, kToday);
    EXPECT_EQ(past.window_begin, world->report.incident.window.begin);
    EXPECT_EQ(past.window_end, world->report.incident.window.end);
    EXPECT_EQ(past.headline, world->report.headline);
    EXPECT_EQ(past.subject, world->report.hypotheses.at(0).subject.service);
    EXPECT_EQ(past.mechanism, mechanism_name(world->report.hypotheses.at(0).mechanism));
    EXPECT_EQ(past.report, report_to_json(with_id(world->report, "INC-1")));
    EXPECT_EQ(names_of(past.features), names_of(incident_features(world->study, world->report)));
    const auto again = request_from_json(past.request);
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(again->paths, request.paths);
    EXPECT_EQ(again->description, request.description);
    EXPECT_EQ(again->language, request.language);
    ASSERT_EQ(again->window.has_value(), request.window.has_value());
    ASSERT_EQ(again->baseline.has_value(), request.baseline.has_value());
    ASSERT_EQ(again->alarm.has_value(), request.alarm.has_value());
    if (!request.window) continue;
    EXPECT_EQ(again->window->begin, request.window->begin);
    EXPECT_EQ(again->window->end, request.window->end);
    EXPECT_EQ(again->baseline->begin, request.baseline->begin);
    EXPECT_EQ(again->alarm->entity, "app/x");
    EXPECT_EQ(again->alarm->metric, "HTTPCode_Target_5XX_Count");
    EXPECT_EQ(again->alarm->statistic, "Sum");
  }
}

TEST(PastRequest, damage_is_an_error_or_left_out_never_a_crash) {
  for (const char* damaged : {"", "{", "null", "[]", "\"paths\"", "{}", R"({"paths":"x"})", R"({"paths":null})",
                              "{\"paths\":[\"\xff\"]", R"({"Paths":[]})"}) {
    const auto request = request_from_json(damaged);
    ASSERT_FALSE(request) << damaged;
    EXPECT_EQ(request.error().code, ErrorCode::kUnreadable);
  }
  const auto odd = request_from_json(R"({"paths":["/x",7,null],"window":{"from":"yesterday","to":3},"baseline":[],
                                         "description":{},"language":9,"alarm":"x"})");
  ASSERT_TRUE(odd);
  EXPECT_THAT(odd->paths, ElementsAre("/x"));
  EXPECT_FALSE(odd->window);
  EXPECT_FALSE(odd->baseline);
  EXPECT_FALSE(odd->alarm);
  EXPECT_EQ(odd->description, "");
  EXPECT_EQ(odd->language, Language::kEnglish);
  // Cut anywhere it is no request.
  const auto world = orders_study();
  const std::string whole = to_past_incident(world->report, world->study, full_request(), kToday).request;
  for (std::size_t size = 0; size < whole.size(); ++size) EXPECT_FALSE(request_from_json(whole.substr(0, size)));
}

}  // namespace
}  // namespace fa
