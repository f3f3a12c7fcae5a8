#include "draw/raster.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <thread>
#include <utility>
#include <vector>

#include "draw/sample_drawing.h"
#include "support/golden_image.h"

namespace fa::draw {
namespace {

const std::string kTestData = FA_PROJECT_DIR "/src/draw/testdata/";

std::string png_of(const Drawing& drawing, const PngOptions& options = {}) {
  const Result<std::string> png = to_png(drawing, options);
  EXPECT_TRUE(png) << png.error().message;
  return png.value_or("");
}

/// Width and height as the IHDR chunk says them.
std::pair<unsigned, unsigned> size_of(const std::string& png) {
  const auto number = [&](std::size_t at) {
    unsigned value = 0;
    for (std::size_t i = at; i < at + 4; ++i) value = value * 256 + static_cast<unsigned char>(png.at(i));
    return value;
  };
  return {number(16), number(20)};
}

TEST(Png, looks_as_reviewed_in_both_themes) {
  test::expect_image(kTestData + "sample-light.png", png_of(sample_drawing()));
  test::expect_image(kTestData + "sample-dark.png", png_of(sample_drawing(), {.theme = Theme::kDark}));
  test::expect_image(kTestData + "hostile.png", png_of(hostile_drawing()));
}

TEST(Png, has_the_scale_asked_for_and_a_largest_side) {
  EXPECT_EQ(size_of(png_of(sample_drawing(), {.scale = 1})), std::pair(360U, 150U));
  EXPECT_EQ(size_of(png_of(sample_drawing(), {.scale = 2})), std::pair(720U, 300U));
  EXPECT_EQ(size_of(png_of({.width = 40'000, .height = 100})), std::pair(8000U, 20U));
  EXPECT_EQ(size_of(png_of({.width = 1e300, .height = 1})).second, 1U);
}

TEST(Png, of_nothing_is_refused) {
  for (const auto& [width, height] : std::vector<std::pair<double, double>>{{0, 10}, {10, -1}, {NAN, 10}}) {
    const auto png = to_png({.width = width, .height = height});
    ASSERT_FALSE(png);
    EXPECT_EQ(png.error().code, ErrorCode::kInvalidInput);
  }
}

TEST(Png, repeats_its_bytes_on_every_thread) {
  const std::string expected = png_of(sample_drawing(), {.scale = 1});
  std::array<std::string, 4> painted;
  {
    std::vector<std::jthread> threads;
    for (std::string& out : painted) {
      threads.emplace_back([&out] { out = to_png(sample_drawing(), {.scale = 1}).value_or(""); });
    }
  }
  EXPECT_THAT(painted, testing::Each(expected));
}

}  // namespace
}  // namespace fa::draw
