#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "insight/local_time.h"

namespace fa::insight {

/// What is given beside the question; it wins over the question's own words.
struct QuestionOptions {
  std::optional<TimeRange> window = {};
  std::optional<int> days = {};   ///< The last so many days, 1 to 455.
  std::string time_zone = "UTC";  ///< IANA name: whose yesterday is meant.
};

/// A question, understood as far as time goes.
struct Question {
  std::string text;    ///< As asked, valid UTF-8.
  std::string folded;  ///< Lower case, usual widths, without what it says of time.
  std::string time_zone = "UTC";
  TimeRange window;           ///< Never empty.
  TimeRange previous;         ///< As long: right before, or the time the question compares with.
  bool window_given = false;  ///< By options or words; else it is the default.
};

/// Longest question read; longer ones are cut.
inline constexpr std::size_t kMostQuestionBytes = 4'000;

/// Settles what a question is about in time. Without a word about it: the last day before `now`, the last 14 where it
/// asks for growth, capacity or daily and weekly rhythms, which a day cannot show. `now` is the newest data: the
/// clock's for a live account, the end of the data for recorded ones. kInvalidInput for an empty question, an unknown
/// zone, a window that ends before it begins, days out of range. Pure.
[[nodiscard]] Result<Question> read_question(std::string_view text, const QuestionOptions& options, TimePoint now);

}  // namespace fa::insight
