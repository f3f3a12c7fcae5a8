#include "insight/question.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "base/text.h"
#include "insight/question_time.h"
#include "store/words.h"

namespace fa::insight {
namespace {

using std::chrono::hours;

constexpr int kMostDays = 455;  ///< As long as CloudWatch keeps metrics.
constexpr auto kDefaultWindow = hours(24);
constexpr auto kSlowWindow = hours(14 * 24);

/// Words of what takes days to be seen.
constexpr std::array kSlowWords = std::to_array<std::string_view>({
    "trend",         "growth",  "growing",      "grow ",     "capacity",  "forecast",  "run out",
    "running out",   "fill up", "full",         "when will", "pattern",   "seasonal",  "every day",
    "each day",      "daily",   "weekly",       "rightsiz",  "right-siz", "oversized", "over-provision",
    "overprovision", "傾向",    "推移",         "増え続け",  "容量",      "キャパ",    "枯渇",
    "予測",          "いつ頃",  "いっぱいにな", "埋ま",      "足りな",    "周期",      "曜日",
    "毎日",          "毎朝",    "毎晩",         "毎週",      "時間帯",    "過剰",      "サイジング",
});

TimeRange window_of(const QuestionOptions& options, const TimeWords& words, std::string_view folded, TimePoint now) {
  if (options.window) return *options.window;
  if (options.days) return {now - hours(24 * *options.days), now};
  if (words.window) return *words.window;
  const bool slow = std::any_of(kSlowWords.begin(), kSlowWords.end(),
                                [&](std::string_view word) { return folded.find(word) != std::string_view::npos; });
  return {now - (slow ? kSlowWindow : kDefaultWindow), now};
}

TimeRange previous_of(const TimeRange& window, const std::optional<Nanoseconds>& compared_to) {
  const Nanoseconds back = std::max(compared_to.value_or(window.length()), window.length());
  return {window.begin - back, window.end - back};
}

}  // namespace

Result<Question> read_question(std::string_view text, const QuestionOptions& options, TimePoint now) {
  Question question;
  question.text = sanitize_utf8(utf8_prefix(trim(text), kMostQuestionBytes));
  if (question.text.empty()) return fail(ErrorCode::kInvalidInput, "Ask something: the question is empty.");
  const auto zone = LocalTime::of_zone(options.time_zone);
  if (!zone) return tl::unexpected(zone.error());
  if (options.days && (*options.days < 1 || *options.days > kMostDays)) {
    return fail(ErrorCode::kInvalidInput, fmt::format("{} days: expected 1 to {}, as long as CloudWatch keeps metrics.",
                                                      *options.days, kMostDays));
  }
  if (options.window && options.window->empty()) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("The window must end after it begins: it runs from {} to {}.",
                            format_rfc3339(options.window->begin), format_rfc3339(options.window->end)));
  }
  const std::string folded = to_lower(fold_width(question.text));
  const TimeWords words = find_time_words(folded, now, *zone);
  std::size_t done = 0;
  for (const auto& [begin, end] : words.places) {
    question.folded += folded.substr(done, begin - done) + ' ';
    done = end;
  }
  question.folded += folded.substr(done);
  question.time_zone = zone->name();
  question.window_given = options.window || options.days || words.window;
  question.window = window_of(options, words, folded, now);
  question.previous = previous_of(question.window, words.compared_to);
  return question;
}

}  // namespace fa::insight
