#include "analysis/logs/parameter_shift.h"

#include <gtest/gtest.h>

#include <deque>

namespace fa {
namespace {

using Kind = ParameterShift::Kind;

/// Owns the texts of a slot under test.
struct Slot {
  std::deque<std::string> texts;
  SlotValues values;
  std::int64_t clock = 0;
  void add(std::vector<SlotValues::Value>& side, std::string text, int times = 1) {
    texts.push_back(std::move(text));
    for (int i = 0; i < times; ++i) side.push_back({texts.back(), from_unix_nanos(++clock)});
  }
};

TEST(ParameterShift, durations_that_grew_are_told_in_seconds) {
  Slot slot;
  for (int i = 0; i < 60; ++i) {
    slot.add(slot.values.baseline, std::to_string(20 + i % 7) + "ms");
    slot.add(slot.values.window, std::to_string(900 + i % 70) + "ms");
  }
  const auto shift = find_shift(slot.values);
  ASSERT_TRUE(shift);
  EXPECT_EQ(shift->kind, Kind::kDuration);
  EXPECT_NEAR(shift->baseline, 0.023, 0.001);
  EXPECT_GT(shift->window, 0.9);
  EXPECT_GT(shift->strength, 15);
  EXPECT_TRUE(shift->value.empty());
}

TEST(ParameterShift, the_unit_may_stand_behind_the_number) {
  Slot slot;
  slot.values.word_after = "seconds";
  for (int i = 0; i < 40; ++i) {
    slot.add(slot.values.baseline, std::to_string(i * 7 % 40));
    slot.add(slot.values.window, std::to_string(i * 7 % 40 + 100));
  }
  EXPECT_EQ(find_shift(slot.values)->kind, Kind::kDuration);
  slot.values.word_after = "bytes";
  EXPECT_EQ(find_shift(slot.values)->kind, Kind::kNumber);
}

TEST(ParameterShift, status_codes_shift_by_share) {
  Slot slot;
  slot.values.word_before = "status";
  slot.add(slot.values.baseline, "200", 95);
  slot.add(slot.values.baseline, "503", 5);
  slot.add(slot.values.window, "200", 40);
  slot.add(slot.values.window, "503", 60);
  const auto shift = find_shift(slot.values);
  ASSERT_TRUE(shift);
  EXPECT_EQ(shift->kind, Kind::kStatusCode);
  EXPECT_EQ(shift->value, "503");
  EXPECT_DOUBLE_EQ(shift->baseline, 0.05);
  EXPECT_DOUBLE_EQ(shift->window, 0.6);
}

TEST(ParameterShift, hosts_addresses_and_names_shift_by_share) {
  for (const auto& [value, kind] : {std::pair{"10.0.0.9:5432", Kind::kAddress},
                                    {"db-2.internal:5432", Kind::kHost},
                                    {"checkout", Kind::kIdentifier},
                                    {"5c:50:15:4c:18:13", Kind::kAddress}}) {
    Slot slot;
    for (int i = 0; i < 50; ++i) slot.add(slot.values.baseline, "other" + std::to_string(i % 5));
    for (int i = 0; i < 10; ++i) slot.add(slot.values.window, "other" + std::to_string(i % 5));
    slot.add(slot.values.window, value, 40);
    const auto shift = find_shift(slot.values);
    ASSERT_TRUE(shift) << value;
    EXPECT_EQ(shift->value, value);
    EXPECT_EQ(shift->kind, kind) << value;
  }
}

TEST(ParameterShift, what_follows_the_clock_does_not_shift) {
  Slot dates;
  Slot counters;
  for (int i = 0; i < 100; ++i) {
    dates.add(i < 50 ? dates.values.baseline : dates.values.window, i < 50 ? "2023-01-29" : "2023-01-30");
    counters.add(i < 50 ? counters.values.baseline : counters.values.window, std::to_string(1000 + 3 * i));
  }
  EXPECT_FALSE(find_shift(dates.values));
  EXPECT_FALSE(find_shift(counters.values));
}

TEST(ParameterShift, unchanged_or_scarce_values_do_not_shift) {
  Slot same;
  for (int i = 0; i < 100; ++i) {
    same.add(same.values.baseline, std::to_string(i * 37 % 100));
    same.add(same.values.window, std::to_string(i * 53 % 100));
  }
  EXPECT_FALSE(find_shift(same.values));
  Slot unique;
  for (int i = 0; i < 100; ++i) {
    unique.add(unique.values.baseline, "req-a" + std::to_string(i));
    unique.add(unique.values.window, "req-b" + std::to_string(i));
  }
  EXPECT_FALSE(find_shift(unique.values));
  Slot scarce;
  scarce.add(scarce.values.baseline, "1", 3);
  scarce.add(scarce.values.window, "900", 3);
  EXPECT_FALSE(find_shift(scarce.values));
  EXPECT_FALSE(find_shift(SlotValues{}));
}

}  // namespace
}  // namespace fa
