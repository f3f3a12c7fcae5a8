#include "analysis/changes/change_study.h"

#include <gtest/gtest.h>

#include <array>

namespace fa {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const TimePoint kOnset = from_unix_nanos(1'700'000'000'000'000'000);
const std::array<std::string, 4> kServices{"cart", "cart-cache", "orders", ""};

RecordedChange change(Nanoseconds before_onset, std::string resource = "cart", std::string kind = "deployment") {
  RecordedChange c;
  c.event.time = kOnset - before_onset;
  c.event.kind = std::move(kind);
  c.event.actor = "role/deployer";
  c.event.action = "UpdateService";
  c.event.resource = std::move(resource);
  return c;
}

std::vector<Finding> find(std::vector<RecordedChange> changes, TimePoint onset = kOnset) {
  return find_changes(changes, onset, kServices);
}

TEST(ServiceNamedIn, finds_the_longest_whole_word) {
  struct Case {
    const char* resource;
    const char* expected;
  };
  for (const Case& c :
       {Case{"arn:aws:ecs:eu-west-1:123:service/shop/orders", "orders"}, Case{"deployment/CART", "cart"},
        Case{"shop/cart-cache-7d9f", "cart-cache"}, Case{"cart and orders", "orders"}, Case{"scartlet", ""},
        Case{"cartridge cart", "cart"}, Case{"carts", ""}, Case{"", ""}, Case{"something else", ""}}) {
    EXPECT_EQ(service_named_in(c.resource, kServices), c.expected) << c.resource;
  }
  EXPECT_EQ(service_named_in("cart", {}), "");
}

TEST(ChangeStudy, tells_who_changed_what_and_when) {
  const auto findings = find({change(minutes(15))});
  ASSERT_EQ(findings.size(), 1U);
  const Finding& f = findings[0];
  EXPECT_EQ(f.kind, FindingKind::kChange);
  EXPECT_EQ(f.subject.service, "cart");
  EXPECT_EQ(f.subject.component, "cart");
  EXPECT_EQ(f.peer, "role/deployer");
  EXPECT_EQ(f.label, "UpdateService");
  EXPECT_EQ(f.hint, Mechanism::kDeployment);
  EXPECT_DOUBLE_EQ(f.effect, 0.5);  // half after a quarter of an hour
  EXPECT_DOUBLE_EQ(f.facts.at(0).value, 900);
}

TEST(ChangeStudy, says_what_such_a_change_can_break) {
  const std::pair<const char*, Mechanism> cases[] = {{"deployment", Mechanism::kDeployment},
                                                     {"config_change", Mechanism::kConfigChange},
                                                     {"scaling", Mechanism::kConfigChange},
                                                     {"network", Mechanism::kNetworkPartition},
                                                     {"permission", Mechanism::kAuthentication}};
  for (const auto& [kind, hint] : cases) EXPECT_EQ(find({change(minutes(1), "cart", kind)})[0].hint, hint) << kind;
}

TEST(ChangeStudy, what_can_break_nothing_weighs_less) {
  const double real = find({change(minutes(1), "cart", "config_change")})[0].effect;
  const double harmless = find({change(minutes(1), "cart", "other")})[0].effect;
  EXPECT_LT(harmless, real / 2);
}

TEST(ChangeStudy, only_what_came_before_can_be_the_cause) {
  struct Case {
    Nanoseconds before_onset;
    bool reported;
  };
  for (const Case& c :
       {Case{seconds(0), true}, Case{seconds(1), true}, Case{hours(24), true}, Case{hours(24) + seconds(1), false},
        Case{-minutes(2), true}, Case{-minutes(2) - seconds(1), false}, Case{-hours(3), false}}) {
    EXPECT_EQ(find({change(c.before_onset)}).size(), c.reported ? 1U : 0U) << c.before_onset.count();
  }
}

TEST(ChangeStudy, without_times_nothing_is_said) {
  EXPECT_TRUE(find({change(minutes(1))}, kNoTime).empty());
  RecordedChange undated = change(minutes(1));
  undated.event.time = kNoTime;
  EXPECT_TRUE(find({undated}).empty());
  EXPECT_TRUE(find({}).empty());
}

TEST(ChangeStudy, closer_in_time_weighs_more_and_a_refused_change_less) {
  const auto near = find({change(minutes(1))});
  const auto far = find({change(hours(5))});
  RecordedChange refused = change(minutes(1));
  refused.event.error = "AccessDenied";
  EXPECT_GT(near[0].effect, far[0].effect);
  EXPECT_GT(far[0].effect, 0);
  EXPECT_LT(find({refused})[0].effect, near[0].effect);
  EXPECT_LE(find({change(-minutes(1))})[0].effect, 1);
}

TEST(ChangeStudy, the_service_stated_wins_over_those_that_names_suggest) {
  RecordedChange c = change(minutes(1), "shop/cart");
  c.event.service = "orders";
  EXPECT_EQ(find({c})[0].subject.service, "orders");
  c.event.service = "not a known one";
  EXPECT_EQ(find({c})[0].subject.service, "cart");
  c.event.resource = "parameter/x";
  c.event.after = R"({"service":"orders"})";
  EXPECT_EQ(find({c})[0].subject.service, "orders");
  c.event.after = "{}";
  EXPECT_EQ(find({c})[0].subject.service, "");
}

TEST(ChangeStudy, order_of_reading_does_not_matter) {
  std::vector<RecordedChange> all;
  for (int i = 0; i < 6; ++i) {
    RecordedChange c = change(minutes(i / 2));
    c.file = static_cast<std::uint32_t>(i % 3);
    c.event.position.offset = static_cast<std::uint64_t>(i) * 10;
    all.push_back(c);
  }
  const auto forward = find(all);
  const auto backward = find({all.rbegin(), all.rend()});
  ASSERT_EQ(forward.size(), backward.size());
  for (std::size_t i = 0; i < forward.size(); ++i) EXPECT_EQ(forward[i].key, backward[i].key);
  for (std::size_t i = 1; i < forward.size(); ++i) EXPECT_LE(forward[i - 1].onset, forward[i].onset);
}

}  // namespace
}  // namespace fa
