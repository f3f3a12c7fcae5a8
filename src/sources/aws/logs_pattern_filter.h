#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fa::logs {

/// What Logs Insights writes in a pattern where messages differ.
inline constexpr std::string_view kVariable = "<*>";

/// What finds the lines of a pattern: a regular expression for Logs Insights, and the same as something that can be
/// compared here. Log text is hostile: nothing of it reaches a query unescaped.
class PatternFilter {
 public:
  /// Without the slashes around it. Every character that means something in a regular expression or in the query
  /// language is escaped, or stands as `.` where quoting it is not surely understood (quotes, backslash, #, controls).
  [[nodiscard]] const std::string& regex() const { return regex_; }
  /// Literal characters: the more, the more is said of a line.
  [[nodiscard]] std::size_t literals() const { return literals_; }

  /// True when every line of the other is one of this filter's too.
  [[nodiscard]] bool covers(const PatternFilter& other) const;
  /// True when a line may be one of both.
  [[nodiscard]] bool may_overlap(const PatternFilter& other) const;

 private:
  friend std::optional<PatternFilter> pattern_filter(std::string_view pattern);

  std::string regex_;
  /// The pattern with kAny for "any characters" and kOne for "any one character"; blanks are single spaces.
  std::string glob_;
  std::size_t literals_ = 0;
};

/// Of a pattern in its normal form (logs_patterns.h). nullopt when it says too little of its lines: fewer than four
/// letters and digits outside its variables.
std::optional<PatternFilter> pattern_filter(std::string_view pattern);

}  // namespace fa::logs
