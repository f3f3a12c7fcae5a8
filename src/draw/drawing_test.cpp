#include "draw/drawing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "base/text.h"
#include "draw/drawable.h"
#include "draw/sample_drawing.h"

namespace fa::draw {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::size_t count_of(const std::string& text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

std::string svg_of(Shape shape, const SvgOptions& options = {}) {
  return to_svg({.width = 100, .height = 50, .title = "t", .shapes = {std::move(shape)}}, options);
}

TEST(Svg, has_each_kind_of_shape_in_the_inks_of_the_page) {
  const std::string svg = to_svg(sample_drawing(), {.id = "d1"});
  for (const char* part : {
           R"(<svg class="drawing" width="360" height="150" viewBox="0 0 360 150" role="img" aria-labelledby="d1")",
           R"(<title id="d1">storefront -&gt; 在庫サービス</title>)",
           R"x(<rect x="10" y="40" width="120" height="50" rx="8" fill="var(--ink-card)" stroke="var(--ink-good)")x",
           R"(stroke-width="1.5")",
           R"(stroke-dasharray="5 4")",
           R"(text-anchor="middle" font-weight="bold">storefront</text>)",
           ">在庫サービス</text>",
           R"x(<path d="M10 110L350 110L350 130L10 130Z" fill="var(--ink-band)"/>)x",
           R"x(<path d="M10 125L100 112L180 128L350 115" fill="none" stroke="var(--ink-window)" stroke-width="2")x",
           R"x(<circle cx="100" cy="112" r="4" fill="var(--ink-window)"><title>08:30: 12 ms</title></circle>)x",
       }) {
    EXPECT_THAT(svg, HasSubstr(part));
  }
}

TEST(Svg, an_arrow_is_a_line_up_to_its_head) {
  const std::string svg = svg_of(Curve{{{0, 10}, {20, 10}, {40, 10}, {60, 10}}, {Ink::kText, 2}, true});
  EXPECT_THAT(svg, HasSubstr("d=\"M0 10C20 10 40 10 51 10\""));
  EXPECT_THAT(svg, HasSubstr("d=\"M60 10L51 14L51 6Z\""));
}

TEST(Svg, a_file_of_its_own_needs_no_page) {
  const std::string svg = to_svg(sample_drawing(), {.id = "d", .standalone = true});
  EXPECT_THAT(svg, AllOf(HasSubstr("xmlns=\"http://www.w3.org/2000/svg\""), HasSubstr("prefers-color-scheme: dark"),
                         HasSubstr("fill=\"#ffffff\""), Not(HasSubstr("var("))));
}

TEST(Svg, numbers_are_short_and_the_same_everywhere) {
  EXPECT_THAT(svg_of(Text{{1.0 / 3, -0.001}, "x", 12.5}), HasSubstr("<text x=\"0.33\" y=\"0\" font-size=\"12.5\""));
  EXPECT_THAT(svg_of(Text{{-12.05, 7}, "x", 10}), HasSubstr("<text x=\"-12.05\" y=\"7\" font-size=\"10\""));
}

TEST(Svg, hostile_texts_and_coordinates_stay_inert) {
  for (const bool standalone : {false, true}) {
    const std::string svg = to_svg(hostile_drawing(), {.id = "\"><script>", .standalone = standalone});
    EXPECT_EQ(count_of(svg, "</svg>"), 1U);
    EXPECT_EQ(count_of(svg, "<script"), 0U);
    EXPECT_EQ(count_of(svg, "nan"), 0U);
    EXPECT_EQ(count_of(svg, "inf"), 0U);
    EXPECT_EQ(count_of(svg, "\x1b"), 0U);
    EXPECT_EQ(count_of(svg, "\xe2\x80\xae"), 0U);
    EXPECT_EQ(count_of(svg, "\xef\xbf\xbf"), 0U) << "XML forbids U+FFFF";
    EXPECT_EQ(svg.find('\0'), std::string::npos);
    EXPECT_TRUE(is_valid_utf8(svg));
    EXPECT_THAT(svg, Not(HasSubstr("nowhere")));
    EXPECT_LT(svg.size(), 20'000U);
  }
}

TEST(Svg, repeats_its_bytes) { EXPECT_EQ(to_svg(sample_drawing()), to_svg(sample_drawing())); }

TEST(ShownText, keeps_words_and_disarms_the_rest) {
  EXPECT_EQ(shown_text("a\tb\nc  d"), "a b c  d");
  EXPECT_EQ(shown_text("\x1b[1m"), "\xEF\xBF\xBD[1m");
  EXPECT_EQ(shown_text("\xe2\x80\xae"
                       "abc\xff"),
            "\xEF\xBF\xBD"
            "abc\xEF\xBF\xBD");
  EXPECT_EQ(shown_text("在庫"), "在庫");
  const std::string cut = shown_text(std::string(5000, 'x'));
  EXPECT_EQ(cut, std::string(kLongestText, 'x') + "…");
  EXPECT_EQ(shown_text(cut), cut);
}

TEST(TextWidth, wide_characters_take_an_em_and_joining_ones_none) {
  EXPECT_DOUBLE_EQ(text_width("在庫", 10), 20);
  EXPECT_DOUBLE_EQ(text_width("e\xcc\x81", 10), text_width("e", 10));
  EXPECT_GT(text_width("mm", 10), text_width("ii", 10));
  EXPECT_GT(text_width("name", 10, true), text_width("name", 10));
  EXPECT_DOUBLE_EQ(text_width("iiii", 10, false, true), text_width("mmmm", 10, false, true));
  EXPECT_GT(text_width("\xff", 10), 0);
}

TEST(TextToFit, cuts_where_it_must_and_keeps_to_the_width) {
  EXPECT_EQ(text_to_fit("checkout", 200, 12), "checkout");
  EXPECT_EQ(text_to_fit("checkout", 0, 12), "");
  EXPECT_EQ(text_to_fit("在庫サービス", 40, 10), "在庫サ…");
  EXPECT_EQ(text_to_fit("0123456789", 50, 10, CutAt::kMiddle, false, true), "012…789");
  EXPECT_EQ(text_to_fit("ae\xcc\x81z in full length", 27, 10), "ae\xcc\x81…");
  for (const std::string_view text :
       {"AWS/ApplicationELB TargetResponseTime", "在庫サービス(東京)の応答時間", "\x1b\xff\xe2\x80\xae..."}) {
    for (double width = 0; width < 300; width += 7.3) {
      for (const CutAt at : {CutAt::kEnd, CutAt::kMiddle}) {
        const std::string fits = text_to_fit(text, width, 11, at, true);
        EXPECT_LE(text_width(fits, 11, true), width) << text;
        EXPECT_TRUE(is_valid_utf8(fits));
      }
    }
  }
  EXPECT_LE(text_width(text_to_fit(std::string(10'000, 'W'), 100, 12), 12), 100);
}

/// Relative luminance of `#rrggbb` (WCAG 2.1).
double luminance(std::string_view color) {
  double out = 0;
  const double weights[] = {0.2126, 0.7152, 0.0722};
  for (std::size_t i = 0; i < 3; ++i) {
    const double share = std::stoi(std::string(color.substr(1 + 2 * i, 2)), nullptr, 16) / 255.0;
    out += weights[i] * (share <= 0.04045 ? share / 12.92 : std::pow((share + 0.055) / 1.055, 2.4));
  }
  return out;
}

double contrast(Ink a, Ink b, Theme theme) {
  const double x = luminance(ink_color(a, theme)) + 0.05;
  const double y = luminance(ink_color(b, theme)) + 0.05;
  return std::max(x, y) / std::min(x, y);
}

TEST(Inks, stand_out_from_the_paper_in_both_themes) {
  for (const Theme theme : {Theme::kLight, Theme::kDark}) {
    for (int i = 0; i < kInkCount; ++i) {
      const Ink ink = static_cast<Ink>(i);
      if (ink == Ink::kPaper || ink == Ink::kCard || ink == Ink::kGrid || ink == Ink::kBand) continue;
      const bool of_words = ink == Ink::kText || ink == Ink::kMuted || ink == Ink::kOnset || ink == Ink::kChange ||
                            ink == Ink::kBad || ink == Ink::kWarn || ink == Ink::kGood;
      EXPECT_GE(contrast(ink, Ink::kPaper, theme), of_words ? 4.5 : 3.0) << ink_variable(ink);
      if (of_words) {
        EXPECT_GE(contrast(ink, Ink::kCard, theme), 4.5) << ink_variable(ink);
      }
      EXPECT_GE(contrast(Ink::kWindow, Ink::kBand, theme), 3.0);
    }
  }
}

TEST(Inks, have_names_and_values_of_their_own) {
  std::set<std::string_view> variables;
  std::set<std::string_view> colors;
  for (int i = 0; i < kInkCount; ++i) {
    variables.insert(ink_variable(static_cast<Ink>(i)));
    colors.insert(ink_color(static_cast<Ink>(i), Theme::kLight));  // Standalone SVG replaces colours by their value.
    EXPECT_THAT(ink_style_sheet(), HasSubstr(std::string(ink_color(static_cast<Ink>(i), Theme::kDark))));
  }
  EXPECT_EQ(variables.size(), static_cast<std::size_t>(kInkCount));
  EXPECT_EQ(colors.size(), static_cast<std::size_t>(kInkCount));
}

}  // namespace
}  // namespace fa::draw
