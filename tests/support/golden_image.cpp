#include "support/golden_image.h"

#include <cairo.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string_view>

namespace fa::test {
namespace {

constexpr double kMeanDifference = 1.0;  // Of 255, over all pixels and colours.
constexpr int kMuchDifferent = 100;      // Of 255, in one colour of a pixel.
constexpr double kMuchShare = 0.002;     // Of all pixels.

struct SurfaceDeleter {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};
using Surface = std::unique_ptr<cairo_surface_t, SurfaceDeleter>;

cairo_status_t next_bytes(void* from, unsigned char* out, unsigned size) {
  auto& rest = *static_cast<std::string_view*>(from);
  if (rest.size() < size) return CAIRO_STATUS_READ_ERROR;
  std::memcpy(out, rest.data(), size);
  rest.remove_prefix(size);
  return CAIRO_STATUS_SUCCESS;
}

Surface decode(std::string_view png) { return Surface(cairo_image_surface_create_from_png_stream(next_bytes, &png)); }

struct Difference {
  double mean = 0;
  double much_share = 0;
};

Difference difference(cairo_surface_t* a, cairo_surface_t* b) {
  const int width = cairo_image_surface_get_width(a);
  const int height = cairo_image_surface_get_height(a);
  std::uint64_t sum = 0;
  std::uint64_t much = 0;
  for (int y = 0; y < height; ++y) {
    const unsigned char* row_a =
        cairo_image_surface_get_data(a) + std::ptrdiff_t{y} * cairo_image_surface_get_stride(a);
    const unsigned char* row_b =
        cairo_image_surface_get_data(b) + std::ptrdiff_t{y} * cairo_image_surface_get_stride(b);
    for (int x = 0; x < width; ++x) {
      int largest = 0;
      for (int color = 0; color < 3; ++color) {
        const int apart = std::abs(row_a[4 * x + color] - row_b[4 * x + color]);
        sum += static_cast<std::uint64_t>(apart);
        largest = std::max(largest, apart);
      }
      much += largest > kMuchDifferent ? 1 : 0;
    }
  }
  const double pixels = static_cast<double>(width) * height;
  return {static_cast<double>(sum) / (3 * pixels), static_cast<double>(much) / pixels};
}

}  // namespace

void expect_image(const std::string& path, const std::string& png) {
  if (std::getenv("UPDATE_GOLDEN") != nullptr) {  // NOLINT(concurrency-mt-unsafe)
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path, std::ios::binary) << png;
    return;
  }
  std::ifstream in(path, std::ios::binary);
  ASSERT_TRUE(in) << path << " is missing; UPDATE_GOLDEN=1 writes it";
  const std::string expected((std::istreambuf_iterator<char>(in)), {});
  if (png == expected) return;

  const std::string seen = testing::TempDir() + "differs-" + std::filesystem::path(path).filename().string();
  std::ofstream(seen, std::ios::binary) << png;
  const Surface wanted = decode(expected);
  const Surface got = decode(png);
  ASSERT_EQ(cairo_surface_status(wanted.get()), CAIRO_STATUS_SUCCESS) << path;
  ASSERT_EQ(cairo_surface_status(got.get()), CAIRO_STATUS_SUCCESS) << seen;
  ASSERT_EQ(cairo_image_surface_get_width(got.get()), cairo_image_surface_get_width(wanted.get())) << seen;
  ASSERT_EQ(cairo_image_surface_get_height(got.get()), cairo_image_surface_get_height(wanted.get())) << seen;
  const Difference d = difference(wanted.get(), got.get());
  EXPECT_LE(d.mean, kMeanDifference) << seen << " differs from " << path;
  EXPECT_LE(d.much_share, kMuchShare) << seen << " differs from " << path;
}

}  // namespace fa::test
