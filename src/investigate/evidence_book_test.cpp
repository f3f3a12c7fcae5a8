#include "investigate/evidence_book.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fa {
namespace {

Evidence item(EvidenceKind kind, const std::string& resource, std::uint64_t offset, const std::string& key,
              const std::string& id = "") {
  Evidence e;
  e.id = id;
  e.kind = kind;
  e.locator.resource = resource;
  e.locator.position = {offset, 10, 1, 1};
  e.key = key;
  return e;
}

TEST(EvidenceBook, gives_new_items_the_next_id_of_their_kind) {
  EvidenceBook book({item(EvidenceKind::kLog, "a", 0, "k", "L1"), item(EvidenceKind::kLog, "a", 10, "k", "L7"),
                     item(EvidenceKind::kMetric, "m", 0, "k", "M2")});
  EXPECT_EQ(book.add(item(EvidenceKind::kLog, "a", 20, "k")), "L8");
  EXPECT_EQ(book.add(item(EvidenceKind::kMetric, "m", 20, "other")), "M3");
  EXPECT_EQ(book.add(item(EvidenceKind::kTrace, "t", 0, "k")), "T1");
  EXPECT_EQ(book.add(item(EvidenceKind::kChange, "c", 0, "k")), "C1");
  EXPECT_EQ(book.add(item(EvidenceKind::kTopology, "t", 0, "k")), "G1");
  ASSERT_NE(book.find("L8"), nullptr);
  EXPECT_EQ(book.find("L8")->locator.position.offset, 20U);
  EXPECT_EQ(book.find("L9"), nullptr);
  EXPECT_EQ(book.all().size(), 8U);
}

TEST(EvidenceBook, knows_a_record_again_by_kind_and_place_whoever_found_it) {
  EvidenceBook book({item(EvidenceKind::kLog, "a", 0, "k", "L1"), item(EvidenceKind::kChange, "c", 5, "c/5", "C1")});
  EXPECT_EQ(book.add(item(EvidenceKind::kLog, "a", 0, "k")), "L1");
  EXPECT_EQ(book.add(item(EvidenceKind::kLog, "a", 0, "tool:search_logs")), "L1");
  EXPECT_EQ(book.add(item(EvidenceKind::kChange, "c", 5, "tool:changes")), "C1");
  EXPECT_EQ(book.find("C1")->key, "c/5") << "a known item stays as it is";
  EXPECT_EQ(book.add(item(EvidenceKind::kLog, "b", 0, "k")), "L2");
  EXPECT_EQ(book.add(item(EvidenceKind::kLog, "b", 0, "other")), "L2");
  EXPECT_EQ(book.add(item(EvidenceKind::kTrace, "a", 0, "k")), "T1");
  Evidence longer = item(EvidenceKind::kLog, "a", 0, "k");
  longer.locator.position.length = 11;
  EXPECT_EQ(book.add(longer), "L3");
  EXPECT_FALSE(book.added("C1"));
}

TEST(EvidenceBook, several_items_on_one_record_are_told_apart_by_key_then_by_entity) {
  Evidence first = item(EvidenceKind::kLog, "a", 0, "k1", "L1");
  Evidence second = item(EvidenceKind::kLog, "a", 0, "k2", "L2");
  second.entity = "orders";
  EvidenceBook book({first, second});
  EXPECT_EQ(book.add(item(EvidenceKind::kLog, "a", 0, "k2")), "L2");
  EXPECT_EQ(book.add(item(EvidenceKind::kLog, "a", 0, "tool")), "L1");
  second.key = "tool";
  EXPECT_EQ(book.add(second), "L2");
  second.entity = "other";
  EXPECT_EQ(book.add(second), "L1");
}

TEST(EvidenceBook, keeps_the_numbers_it_has_and_adds_those_it_lacks) {
  Evidence known = item(EvidenceKind::kTrace, "t", 0, "op", "T1");
  known.time = TimePoint(std::chrono::seconds(10));
  known.facts = {{"count_window", 7, "spans"}};
  EvidenceBook book({known});
  Evidence again = known;
  again.key = "tool:span_tree";
  again.facts = {{"count_window", 8, "spans"}, {"duration", 2, "s"}, {"value_at_time", 1, ""}};
  EXPECT_EQ(book.add(again), "T1");
  ASSERT_EQ(book.find("T1")->facts.size(), 3U);
  EXPECT_EQ(book.find("T1")->facts[0].value, 7);
  EXPECT_EQ(book.find("T1")->facts[1].name, "duration");
  // A value at its time is none at another.
  EvidenceBook other({known});
  again.time += std::chrono::seconds(1);
  EXPECT_EQ(other.add(again), "T1");
  EXPECT_EQ(other.find("T1")->facts.size(), 2U);
}

TEST(EvidenceBook, numbers_are_known_again_only_where_they_are_about_the_same_and_agree) {
  using Sameness = EvidenceBook::Sameness;
  Evidence known = item(EvidenceKind::kLog, "a", 0, "template", "L1");
  known.entity = "orders";
  known.facts = {{"count_window", 120, "lines"}, {"count_baseline", 0, "lines"}};
  struct Case {
    const char* what;
    const char* entity;
    std::vector<Fact> facts;
    const char* id;
  };
  const Case kCases[] = {
      {"the same numbers", "orders", {{"count_window", 120, "lines"}}, "L1"},
      {"and more of them", "orders", {{"count_window", 120, "lines"}, {"count_range", 3, "lines"}}, "L1"},
      {"another number", "orders", {{"count_window", 121, "lines"}, {"count_baseline", 0, "lines"}}, "L2"},
      {"another unit", "orders", {{"count_window", 120, "spans"}}, "L2"},
      {"another entity", "", {{"count_window", 120, "lines"}}, "L2"},
      {"nothing in common", "orders", {{"requests_window", 120, "requests"}}, "L2"},
      {"no numbers", "orders", {}, "L2"},
  };
  for (const Case& c : kCases) {
    EvidenceBook book({known});
    Evidence e = item(EvidenceKind::kLog, "a", 0, "tool:total");
    e.entity = c.entity;
    e.facts = c.facts;
    EXPECT_EQ(book.add(e, Sameness::kNumbers), c.id) << c.what;
    EXPECT_EQ(book.add(e, Sameness::kNumbers), c.id) << c.what << ", again";
  }
}

TEST(EvidenceBook, metrics_are_the_same_by_entity_and_series_not_by_bytes) {
  Evidence known = item(EvidenceKind::kMetric, "m", 0, "cpu[Average]", "M1");
  known.entity = "db";
  EvidenceBook book({known});
  Evidence e = known;
  e.key = "tool:get_metric";
  e.locator.position.offset = 500;
  EXPECT_EQ(book.add(e, EvidenceBook::Sameness::kRecord, "cpu[Average]"), "M1");
  EXPECT_EQ(book.add(e, EvidenceBook::Sameness::kRecord, "cpu[Maximum]"), "M2");
  e.entity = "d";
  EXPECT_EQ(book.add(e, EvidenceBook::Sameness::kRecord, "bcpu[Average]"), "M3") << "names do not run together";
}

TEST(EvidenceBook, tells_what_tools_added) {
  EvidenceBook book({item(EvidenceKind::kLog, "a", 0, "k", "L1"), item(EvidenceKind::kLog, "a", 5, "k", "odd")});
  book.add(item(EvidenceKind::kLog, "a", 20, "k"));
  book.add(item(EvidenceKind::kLog, "a", 0, "tool"));
  EXPECT_FALSE(book.added("L1"));
  EXPECT_FALSE(book.added("odd"));
  EXPECT_TRUE(book.added("L2"));
  EXPECT_FALSE(book.added("L3"));
}

}  // namespace
}  // namespace fa
