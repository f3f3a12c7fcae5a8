#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace fa {

/// What a piece of terminal text means; the page turns it into colours, or into nothing.
enum class Ink { kPlain, kStrong, kFaint, kTitle, kId, kGood, kWarn, kBad };

/// A terminal page under construction: wraps, indents and paints. Texts given to it must be visible().
class TextPage {
 public:
  TextPage(std::size_t width, bool color);

  [[nodiscard]] std::size_t width() const { return width_; }

  /// The text as it is when colours are off, else within ANSI codes that end with it.
  [[nodiscard]] std::string paint(std::string_view text, Ink ink) const;

  void blank();
  /// A line that is already laid out (and painted).
  void raw(std::string_view line);
  /// `── Title ─────` over the page's width, with a blank line before and after.
  void section(std::string_view title);
  void paragraph(std::size_t indent, std::string_view text, Ink ink = Ink::kPlain);
  /// A paragraph whose first line begins with `lead`; the others are aligned with the text behind it. `lead_width`
  /// columns are kept for it (more if it is wider).
  void hanging(std::size_t indent, std::string_view lead, Ink lead_ink, std::size_t lead_width, std::string_view text,
               Ink ink = Ink::kPlain);
  /// `left ...... right` on one line where both fit, else on two.
  void spread(std::size_t indent, std::string_view left, Ink left_ink, std::string_view right, Ink right_ink);

  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  std::size_t width_;
  bool color_;
  std::string out_;
};

}  // namespace fa
