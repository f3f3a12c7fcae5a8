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
  EXPECT_EQ(book.add(item(EvidenceKind::kMetric, "m", 20, "k")), "M3");
  EXPECT_EQ(book.add(item(EvidenceKind::kTrace, "t", 0, "k")), "T1");
  EXPECT_EQ(book.add(item(EvidenceKind::kChange, "c", 0, "k")), "C1");
  EXPECT_EQ(book.add(item(EvidenceKind::kTopology, "t", 0, "k")), "G1");
  ASSERT_NE(book.find("L8"), nullptr);
  EXPECT_EQ(book.find("L8")->locator.position.offset, 20U);
  EXPECT_EQ(book.find("L9"), nullptr);
  EXPECT_EQ(book.all().size(), 8U);
}

TEST(EvidenceBook, knows_an_item_again_by_kind_place_and_key) {
  EvidenceBook book({item(EvidenceKind::kLog, "a", 0, "k", "L1")});
  EXPECT_EQ(book.add(item(EvidenceKind::kLog, "a", 0, "k")), "L1");
  const std::string first = book.add(item(EvidenceKind::kLog, "a", 0, "other key"));
  EXPECT_EQ(first, "L2");
  EXPECT_EQ(book.add(item(EvidenceKind::kLog, "a", 0, "other key")), "L2");
  EXPECT_EQ(book.add(item(EvidenceKind::kLog, "b", 0, "k")), "L3");
  EXPECT_EQ(book.add(item(EvidenceKind::kTrace, "a", 0, "k")), "T1");
  // Names do not run into each other.
  EXPECT_NE(book.add(item(EvidenceKind::kLog, "ab", 0, "c")), book.add(item(EvidenceKind::kLog, "a", 0, "bc")));
}

TEST(EvidenceBook, tells_what_tools_added) {
  EvidenceBook book({item(EvidenceKind::kLog, "a", 0, "k", "L1"), item(EvidenceKind::kLog, "a", 5, "k", "odd")});
  book.add(item(EvidenceKind::kLog, "a", 20, "k"));
  EXPECT_FALSE(book.added("L1"));
  EXPECT_FALSE(book.added("odd"));
  EXPECT_TRUE(book.added("L2"));
  EXPECT_FALSE(book.added("L3"));
}

}  // namespace
}  // namespace fa
