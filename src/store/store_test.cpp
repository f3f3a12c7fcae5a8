#include "store/store.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <fstream>
#include <iterator>
#include <thread>

#include "store/document.h"
#include "store/test_folder.h"

namespace fa {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
namespace fs = std::filesystem;

class StoreFile : public TestFolder {
 protected:
  [[nodiscard]] fs::path file() const { return folder_ / "fa2.db"; }
  std::unique_ptr<Store> opened() {
    auto store = Store::open(file());
    EXPECT_TRUE(store.has_value()) << (store ? "" : store.error().message);
    return store ? std::move(*store) : nullptr;
  }
  /// Runs SQL of another program's on the file.
  void sql(const char* text) {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(file().c_str(), &database), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(database, text, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(database);
    sqlite3_close(database);
  }
};

void add_document(Store& store, const std::string& path, std::string_view text) {
  const auto passages = cut_document(text, path);
  ASSERT_TRUE(store.put_document({path, "hash of " + path, 0}, passages));
}

std::vector<std::string> found(Store& store, std::string_view query, std::size_t limit = 10) {
  std::vector<std::string> names;
  const auto passages = store.search_passages(query, limit);
  EXPECT_TRUE(passages.has_value()) << (passages ? "" : passages.error().message);
  if (passages) {
    for (const Passage& passage : *passages) names.push_back(passage.document);
  }
  return names;
}

PastIncident past(const std::string& id, std::vector<IncidentFeature> features, std::int64_t begin = 1000) {
  PastIncident incident;
  incident.id = id;
  incident.kept_at = from_unix_nanos(7);
  incident.description = "slow orders";
  incident.window_begin = from_unix_nanos(begin);
  incident.window_end = from_unix_nanos(begin + 500);
  incident.headline = "orders waited for db";
  incident.subject = "db";
  incident.mechanism = "lock_contention";
  incident.request = R"({"path":"x"})";
  incident.report = R"({"headline":"y"})";
  incident.features = std::move(features);
  return incident;
}

TEST_F(StoreFile, is_made_for_its_owner_only) {
  auto store = opened();
  struct stat info {};
  for (const char* name : {"fa2.db", "fa2.db-wal", "fa2.db-shm"}) {
    ASSERT_EQ(::stat((folder_ / name).c_str(), &info), 0) << name;
    EXPECT_EQ(info.st_mode & 0777U, 0600U) << name;
  }
}

TEST_F(StoreFile, keeps_what_it_was_given) {
  {
    auto store = opened();
    add_document(*store, "runbook.md", "# DB\nrestart the pool");
    ASSERT_TRUE(store->put_incident(past("I1", {{"entity:db", 2}})));
  }
  auto store = opened();
  const auto documents = store->documents().value();
  ASSERT_EQ(documents.size(), 1U);
  EXPECT_EQ(documents[0].path, "runbook.md");
  EXPECT_EQ(documents[0].sha256, "hash of runbook.md");
  EXPECT_EQ(documents[0].passages, 1U);
  const PastIncident incident = store->incident("I1").value();
  EXPECT_EQ(incident.report, R"({"headline":"y"})");
  EXPECT_EQ(incident.window_end, from_unix_nanos(1500));
  EXPECT_EQ(incident.decided_at, kNoTime);
  ASSERT_EQ(incident.features.size(), 1U);
  EXPECT_EQ(incident.features[0].weight, 2);
  EXPECT_EQ(store->incident("I9").error().code, ErrorCode::kNotFound);
}

TEST_F(StoreFile, finds_passages_by_words) {
  auto store = opened();
  add_document(*store, "a.md", "# 障害対応\n重大な障害が発生したときはＤＢ接続を確認する");
  add_document(*store, "b.md", "The OrderService loses its connection pool; restart db_proxy.");
  add_document(*store, "c.md", "Lunch menu: noodles. データベースの話はない");
  EXPECT_THAT(found(*store, "障害"), ElementsAre("a.md"));
  EXPECT_THAT(found(*store, "DB接続"), ElementsAre("a.md", "b.md"));  // `db` is part of db_proxy
  EXPECT_THAT(found(*store, "害"), ElementsAre("a.md"));
  EXPECT_THAT(found(*store, "ﾃﾞｰﾀﾍﾞｰｽ"), ElementsAre("c.md"));
  EXPECT_THAT(found(*store, "order"), ElementsAre("b.md"));
  EXPECT_THAT(found(*store, "ORDERSERVICE"), ElementsAre("b.md"));
  EXPECT_THAT(found(*store, "ord"), IsEmpty()) << "English words are found whole";
  EXPECT_THAT(found(*store, "what do I do when the connection pool is gone?"), ElementsAre("b.md"));
  EXPECT_THAT(found(*store, "", 10), IsEmpty());
  EXPECT_THAT(found(*store, "!? -- \"", 10), IsEmpty());
  EXPECT_THAT(found(*store, "障害 noodles connection", 2).size(), 2U);
}

TEST_F(StoreFile, takes_no_query_as_syntax) {
  auto store = opened();
  add_document(*store, "a.md", "alpha beta NOT near");
  for (const char* query : {"\"alpha", "alpha AND (", "NEAR(alpha beta)", "words:alpha", "alpha*", "^alpha",
                            "alpha' OR 1=1 --", "{alpha} + -beta", "alpha NOT beta"}) {
    EXPECT_THAT(found(*store, query), ElementsAre("a.md")) << query;
  }
  EXPECT_THAT(found(*store, std::string_view("alpha\0\xFF", 7)), ElementsAre("a.md"));
}

TEST_F(StoreFile, ranks_rare_words_first_and_ties_by_name) {
  auto store = opened();
  add_document(*store, "z.md", "timeout timeout common");
  add_document(*store, "y.md", "deadlock common words");
  add_document(*store, "x.md", "timeout again common");
  add_document(*store, "w.md", "timeout again common");
  add_document(*store, "v.md", "something else here");
  add_document(*store, "u.md", "something other there");
  add_document(*store, "t.md", "nothing of the kind");
  const auto names = found(*store, "timeout deadlock");
  ASSERT_EQ(names.size(), 4U);
  EXPECT_EQ(names[0], "y.md");
  EXPECT_LT(std::find(names.begin(), names.end(), "w.md"), std::find(names.begin(), names.end(), "x.md"));
  const auto passages = store->search_passages("timeout deadlock", 10).value();
  EXPECT_GT(passages[0].score, passages[1].score);
}

TEST_F(StoreFile, replaces_and_removes_documents) {
  auto store = opened();
  add_document(*store, "a.md", "alpha");
  add_document(*store, "a.md", "beta");
  EXPECT_THAT(found(*store, "alpha"), IsEmpty());
  EXPECT_THAT(found(*store, "beta"), ElementsAre("a.md"));
  EXPECT_TRUE(store->remove_document("a.md").value());
  EXPECT_FALSE(store->remove_document("a.md").value());
  EXPECT_THAT(found(*store, "beta"), IsEmpty());
}

TEST_F(StoreFile, keeps_decisions_when_an_incident_is_kept_again) {
  auto store = opened();
  ASSERT_TRUE(store->put_incident(past("I1", {})));
  ASSERT_TRUE(store->decide("I1", PastIncident::Outcome::kConfirmed, "lock", "index added", from_unix_nanos(42)));
  PastIncident again = past("I1", {});
  again.headline = "new headline";
  ASSERT_TRUE(store->put_incident(again));
  const PastIncident kept = store->incident("I1").value();
  EXPECT_EQ(kept.headline, "new headline");
  EXPECT_EQ(kept.outcome, PastIncident::Outcome::kConfirmed);
  EXPECT_EQ(kept.cause, "lock");
  EXPECT_EQ(kept.fix, "index added");
  EXPECT_EQ(kept.decided_at, from_unix_nanos(42));
  EXPECT_EQ(store->decide("I2", PastIncident::Outcome::kRejected, "", "", kNoTime).error().code, ErrorCode::kNotFound);
}

TEST_F(StoreFile, lists_incidents_newest_window_first) {
  auto store = opened();
  ASSERT_TRUE(store->put_incident(past("A", {}, 100)));
  ASSERT_TRUE(store->put_incident(past("C", {}, 300)));
  ASSERT_TRUE(store->put_incident(past("B", {}, 300)));
  std::vector<std::string> ids;
  const std::vector<PastIncident> all = store->incidents().value();
  for (const PastIncident& incident : all) {
    ids.push_back(incident.id);
    EXPECT_THAT(incident.report, IsEmpty());
  }
  EXPECT_THAT(ids, ElementsAre("B", "C", "A"));
}

TEST_F(StoreFile, finds_similar_incidents) {
  auto store = opened();
  const IncidentFeature common{"mechanism:errors", 1};
  ASSERT_TRUE(store->put_incident(past("same", {common, {"template:pool", 2}, {"entity:db", 2}})));
  ASSERT_TRUE(store->put_incident(past("near", {common, {"entity:db", 2}, {"template:other", 2}})));
  ASSERT_TRUE(store->put_incident(past("far", {common, {"template:dns", 3}})));
  ASSERT_TRUE(store->put_incident(past("rejected", {common, {"template:pool", 2}, {"entity:db", 2}})));
  ASSERT_TRUE(store->decide("rejected", PastIncident::Outcome::kRejected, "", "", kNoTime));
  const std::vector<IncidentFeature> seen{common, {"template:pool", 2}, {"entity:db", 2}};
  const auto alike = store->similar(seen, "", 10, 0.2).value();
  ASSERT_EQ(alike.size(), 2U);
  EXPECT_EQ(alike[0].incident.id, "same");
  EXPECT_NEAR(alike[0].similarity, 1, 1e-9);
  EXPECT_THAT(alike[0].shared, ElementsAre("template:pool", "entity:db", "mechanism:errors"));
  EXPECT_EQ(alike[1].incident.id, "near");
  EXPECT_LT(alike[1].similarity, alike[0].similarity);
  EXPECT_EQ(store->similar(seen, "same", 10, 0.2).value()[0].incident.id, "near");
  EXPECT_EQ(store->similar(seen, "", 1, 0).value().size(), 1U);
  EXPECT_THAT(store->similar({}, "", 10, 0).value(), IsEmpty());
  EXPECT_THAT(store->similar({{"x", NAN}, {"y", -1}}, "", 10, 0).value(), IsEmpty());
}

TEST_F(StoreFile, keeps_conversations_in_order) {
  auto store = opened();
  ASSERT_TRUE(store->put_incident(past("I1", {})));
  ASSERT_TRUE(store->add_turn("I1", {"why?", "because"}));
  ASSERT_TRUE(store->add_turn("I1", {"and then?", "it ended"}));
  const auto turns = store->turns("I1").value();
  ASSERT_EQ(turns.size(), 2U);
  EXPECT_EQ(turns[1].question, "and then?");
  EXPECT_EQ(store->add_turn("I2", {"?", "!"}).error().code, ErrorCode::kNotFound);
  EXPECT_THAT(store->turns("I2").value(), IsEmpty());
}

TEST_F(StoreFile, hashes_what_can_change_a_report_and_nothing_else) {
  auto store = opened();
  add_document(*store, "a.md", "alpha");
  add_document(*store, "b.md", "beta");
  ASSERT_TRUE(store->put_incident(past("I1", {{"entity:db", 2}})));
  ASSERT_TRUE(store->put_incident(past("I2", {})));
  const std::string first = store->content_hash().value();
  EXPECT_EQ(first.size(), 64U);

  ASSERT_TRUE(store->reserve_spending("2026-11", 1, 10));
  ASSERT_TRUE(store->add_turn("I1", {"?", "!"}));
  PastIncident later = past("I1", {{"entity:db", 2}});
  later.kept_at = from_unix_nanos(99);
  ASSERT_TRUE(store->put_incident(later));
  EXPECT_EQ(store->content_hash().value(), first);

  auto other = Store::open(folder_ / "other.db").value();
  ASSERT_TRUE(other->put_incident(past("I2", {})));
  ASSERT_TRUE(other->put_incident(past("I1", {{"entity:db", 2}})));
  add_document(*other, "b.md", "beta");
  add_document(*other, "a.md", "alpha");
  EXPECT_EQ(other->content_hash().value(), first) << "the order they came in does not matter";

  ASSERT_TRUE(store->decide("I2", PastIncident::Outcome::kConfirmed, "lock", "", kNoTime));
  const std::string decided = store->content_hash().value();
  EXPECT_NE(decided, first);
  add_document(*store, "a.md", "gamma");
  EXPECT_NE(store->content_hash().value(), decided);
}

TEST_F(StoreFile, never_overspends) {
  auto store = opened();
  EXPECT_EQ(store->spent("2026-11").value(), 0);
  ASSERT_TRUE(store->reserve_spending("2026-11", 0.6, 1));
  const auto refused = store->reserve_spending("2026-11", 0.5, 1);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kLimit);
  EXPECT_DOUBLE_EQ(store->spent("2026-11").value(), 0.6);
  ASSERT_TRUE(store->settle_spending("2026-11", 0.6, 0.1));
  ASSERT_TRUE(store->reserve_spending("2026-11", 0.9, 1)) << "up to the limit exactly";
  EXPECT_DOUBLE_EQ(store->spent("2026-11").value(), 1);
  EXPECT_TRUE(store->reserve_spending("2026-12", 1, 1));
  EXPECT_EQ(store->reserve_spending("2026-12", -1, 1).error().code, ErrorCode::kInvalidInput);
  EXPECT_EQ(store->reserve_spending("2026-12", NAN, 1).error().code, ErrorCode::kInvalidInput);
}

TEST_F(StoreFile, holds_the_limit_between_threads_with_stores_of_their_own) {
  opened();
  std::atomic<int> granted = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([this, &granted] {
      auto store = Store::open(file());
      ASSERT_TRUE(store) << store.error().message;
      for (int n = 0; n < 20; ++n) {
        const auto reserved = (*store)->reserve_spending("2026-11", 0.1, 2.5);
        if (reserved) {
          ++granted;
        } else {
          EXPECT_EQ(reserved.error().code, ErrorCode::kLimit) << reserved.error().message;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(granted.load(), 25);
  EXPECT_DOUBLE_EQ(opened()->spent("2026-11").value(), 2.5);
}

TEST_F(StoreFile, may_be_made_by_many_at_once) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([this, i] {
      auto store = Store::open(file());
      ASSERT_TRUE(store) << store.error().message;
      EXPECT_TRUE((*store)->put_incident(past(fmt::format("I{}", i), {})));
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(opened()->incidents().value().size(), 4U);
}

TEST_F(StoreFile, shows_one_store_what_another_wrote) {
  auto one = opened();
  auto two = opened();
  add_document(*one, "a.md", "alpha");
  EXPECT_THAT(found(*two, "alpha"), ElementsAre("a.md"));
}

TEST_F(StoreFile, refuses_files_that_are_none_of_ours) {
  const auto refused = [&](std::string_view why) {
    const auto store = Store::open(file());
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().code, ErrorCode::kUnreadable);
    EXPECT_THAT(store.error().message, HasSubstr(why));
    EXPECT_THAT(store.error().message, HasSubstr(file().string()));
  };
  std::ofstream(file()) << std::string(5000, 'x');
  refused("not a store of fa2");
  fs::remove(file());
  sql("CREATE TABLE t (x); PRAGMA user_version = 1;");
  refused("another program");
  fs::remove(file());
  opened();
  sql("PRAGMA user_version = 99;");
  refused("newer fa2");
}

TEST_F(StoreFile, says_that_a_file_is_damaged) {
  {
    auto store = opened();
    for (int i = 0; i < 50; ++i)
      add_document(*store, fmt::format("{}.md", i), std::string(1000, 'a' + static_cast<char>(i % 26)));
  }
  const auto size = fs::file_size(file());
  std::fstream out(file(), std::ios::in | std::ios::out | std::ios::binary);
  out.seekp(4096);
  out << std::string(size - 4096, '\x5A');
  out.close();
  auto store = Store::open(file());
  const auto documents = store ? (*store)->documents() : tl::unexpected<Error>(store.error());
  ASSERT_FALSE(documents);
  EXPECT_EQ(documents.error().code, ErrorCode::kUnreadable);
  EXPECT_THAT(documents.error().message, HasSubstr("damaged"));
}

TEST_F(StoreFile, says_that_a_place_cannot_be_written) {
  for (const fs::path& path : {fs::path("/proc/fa2/fa2.db"), folder_}) {
    const auto store = Store::open(path);
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().code, ErrorCode::kUnreadable);
    EXPECT_THAT(store.error().message, HasSubstr(path.string()));
  }
}

}  // namespace
}  // namespace fa
