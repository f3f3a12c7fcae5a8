#include <array>
#include <cstdint>

#include "base/text.h"
#include "base/utf8.h"
#include "draw/drawable.h"
#include "draw/drawing.h"

namespace fa::draw {
namespace {

/// Hundredths of an em of U+0020 to U+007E: the wider of DejaVu Sans (the widest of the common sans-serif fonts) and
/// Noto Sans CJK JP.
constexpr std::array<std::uint8_t, 95> kRegular = {
    32, 41, 48, 84, 64, 95, 78, 28, 39,  39, 50, 84, 32, 37, 32, 40, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 34, 34, 84, 84, 84, 54, 100, 69, 69, 70, 77, 64, 58, 78, 76, 30, 54, 66, 56, 87, 75, 79,
    64, 79, 70, 64, 62, 74, 69, 99, 69,  62, 69, 39, 40, 39, 84, 56, 61, 62, 64, 55, 64, 62, 36, 64,
    64, 28, 28, 58, 29, 98, 64, 62, 64,  64, 42, 53, 40, 64, 60, 82, 60, 60, 53, 64, 34, 64, 84};
constexpr std::array<std::uint8_t, 95> kBold = {
    35, 46, 58, 84, 70, 101, 88, 33,  46,  46, 53, 84, 38, 42, 38, 39, 70, 70, 70, 70, 70, 70,  70, 70,
    70, 70, 40, 40, 84, 84,  84, 58,  101, 78, 77, 74, 83, 69, 69, 83, 84, 38, 57, 78, 64, 100, 84, 85,
    74, 85, 77, 72, 69, 82,  78, 111, 78,  73, 73, 46, 39, 46, 84, 57, 63, 68, 72, 60, 72, 68,  44, 72,
    72, 35, 35, 67, 35, 105, 72, 69,  72,  72, 50, 60, 48, 72, 66, 93, 65, 66, 59, 72, 37, 72,  84};

constexpr double kMonoWidth = 0.61;   // Courier New, Menlo and DejaVu Sans Mono are the widest.
constexpr double kLatinWidth = 0.85;  // Accented letters; capitals are the wider ones.
constexpr double kOtherWidth = 1.0;   // Greek, Cyrillic, dashes, arrows: few in our labels.
constexpr double kBoldFactor = 1.12;  // Of what has no table.

/// In ems.
double width_of(const Utf8Char& c, std::string_view bytes, bool bold, bool mono) {
  if (!c.valid) return kOtherWidth;
  if (c.code >= 0x20 && c.code < 0x7F) {
    if (mono) return kMonoWidth;
    return (bold ? kBold : kRegular).at(c.code - 0x20) / 100.0;
  }
  switch (display_width(bytes)) {
    case 0:
      return is_hazard(c.code) ? kOtherWidth : 0;  // Shown as U+FFFD.
    case 2:
      return 1;
    default:
      break;
  }
  if (mono) return kOtherWidth;
  return (c.code < 0x250 ? kLatinWidth : kOtherWidth) * (bold ? kBoldFactor : 1);
}

/// Calls `use(begin, end, ems)` for each character until it says false.
template <class Use>
void each_character(std::string_view text, bool bold, bool mono, const Use& use) {
  for (std::size_t i = 0; i < text.size();) {
    const Utf8Char c = decode_utf8(text.substr(i));
    if (!use(i, i + c.size, width_of(c, text.substr(i, c.size), bold, mono))) return;
    i += c.size;
  }
}

}  // namespace

double text_width(std::string_view text, double size, bool bold, bool mono) {
  double ems = 0;
  each_character(text, bold, mono, [&](std::size_t, std::size_t, double width) {
    ems += width;
    return true;
  });
  return ems * size;
}

std::string text_to_fit(std::string_view text, double width, double size, CutAt at, bool bold, bool mono) {
  std::string shown = shown_text(text);
  if (text_width(shown, size, bold, mono) <= width) return shown;
  const double room = width - text_width("…", size, bold, mono);
  if (!(room > 0)) return room == 0 ? "…" : "";
  const double room_before = at == CutAt::kEnd ? room : room / 2;
  double used = 0;
  std::size_t end = 0;  // Of what is kept before the cut.
  each_character(shown, bold, mono, [&](std::size_t, std::size_t after, double ems) {
    if (used + ems * size > room_before) return false;
    used += ems * size;
    end = after;
    return true;
  });
  std::size_t begin = shown.size();  // Of what is kept behind the cut.
  if (at == CutAt::kMiddle) {
    // From the first character whose rest fits; not from one that joins the character before it.
    double rest = text_width(shown, size, bold, mono);
    each_character(shown, bold, mono, [&](std::size_t from, std::size_t, double ems) {
      if (used + rest <= room && ems > 0) {
        begin = from;
        return false;
      }
      rest -= ems * size;
      return true;
    });
  }
  return shown.substr(0, end) + "…" + shown.substr(begin);
}

}  // namespace fa::draw
