#include "store/similarity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace fa {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

PastIncident with_features(const std::string& id, std::vector<IncidentFeature> features, std::int64_t begins = 0) {
  PastIncident incident;
  incident.id = id;
  incident.window_begin = from_unix_nanos(begins);
  incident.features = std::move(features);
  return incident;
}

std::vector<std::string> ids_of(const std::vector<SimilarIncident>& found) {
  std::vector<std::string> ids;
  for (const SimilarIncident& each : found) ids.push_back(each.incident.id);
  return ids;
}

TEST(Similarity, weights_are_one_a_name_and_none_that_is_no_weight) {
  EXPECT_THAT(
      weights_of({{"a", 1}, {"b", 2}, {"a", 3}, {"a", 2}, {"nan", NAN}, {"less", -1}, {"none", 0}, {"much", INFINITY}}),
      ElementsAre(Pair("a", 3), Pair("b", 2)));
}

TEST(Similarity, is_the_cosine_of_what_was_weighed_by_rarity) {
  // Of two incidents both have `common` and one has `rare`: ln(1 + 2/2) and ln(1 + 2/1).
  const auto found =
      most_similar({{"common", 1}, {"rare", 2}},
                   {with_features("one", {{"common", 1}, {"rare", 2}}), with_features("two", {{"common", 1}})}, 10, 0);
  ASSERT_THAT(ids_of(found), ElementsAre("one", "two"));
  EXPECT_NEAR(found[0].similarity, 1, 1e-12);
  EXPECT_LE(found[0].similarity, 1);
  EXPECT_THAT(found[0].shared, ElementsAre("rare", "common"));
  const double common = std::log(2.0);
  const double rare = 2 * std::log(3.0);
  EXPECT_NEAR(found[1].similarity, common / std::hypot(common, rare), 1e-12);
  EXPECT_THAT(found[1].shared, ElementsAre("common"));
}

TEST(Similarity, what_is_not_like_it_is_left_out) {
  const std::vector<PastIncident> past{with_features("other", {{"b", 1}}), with_features("none", {}),
                                       with_features("half", {{"a", 1}, {"b", 1}})};
  EXPECT_THAT(ids_of(most_similar({{"a", 1}}, past, 10, 0)), ElementsAre("half"));
  EXPECT_THAT(ids_of(most_similar({{"a", 1}}, past, 10, 0.9)), IsEmpty());
  EXPECT_THAT(ids_of(most_similar({{"a", 1}}, past, 0, 0)), IsEmpty());
  EXPECT_THAT(ids_of(most_similar({}, past, 10, 0)), IsEmpty());
  EXPECT_THAT(ids_of(most_similar({{"a", 1}}, {}, 10, 0)), IsEmpty());
}

TEST(Similarity, equal_ones_stand_by_window_then_id) {
  const std::vector<PastIncident> past{with_features("c", {{"a", 1}}, 1), with_features("b", {{"a", 1}}, 1),
                                       with_features("a", {{"a", 1}}, 0), with_features("d", {{"a", 1}}, 2)};
  EXPECT_THAT(ids_of(most_similar({{"a", 1}}, past, 10, 0.5)), ElementsAre("d", "b", "c", "a"));
  EXPECT_THAT(ids_of(most_similar({{"a", 1}}, past, 2, 0.5)), ElementsAre("d", "b"));
}

TEST(Similarity, names_the_heaviest_five_that_are_shared) {
  const std::vector<IncidentFeature> features{{"a", 1}, {"b", 2}, {"c", 3}, {"d", 4}, {"e", 5}, {"f", 6}};
  const auto found = most_similar(features, {with_features("x", features)}, 10, 0);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_THAT(found[0].shared, ElementsAre("f", "e", "d", "c", "b"));
}

}  // namespace
}  // namespace fa
