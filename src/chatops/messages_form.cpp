#include <charconv>
#include <chrono>
#include <optional>

#include "base/text.h"
#include "chatops/messages.h"
#include "chatops/messages_phrases.h"
#include "chatops/messages_time.h"
#include "chatops/messages_values.h"
#include "report/words.h"
#include "slack/block_kit.h"
#include "slack/markdown_blocks.h"
#include "slack/text_length.h"

namespace fa::chatops {
namespace {

constexpr std::size_t kLongestNotification = 300;
// What a window without length becomes: long enough to hold a few points of a metric.
constexpr Nanoseconds kShortestPrefill = std::chrono::minutes(15);

/// Whole minutes, as pickers have them; never empty where there is an end.
TimeRange in_whole_minutes(const TimeRange& window) {
  const auto too_late = TimePoint::max() - std::chrono::minutes(2);
  TimeRange out;
  if (window.begin != kNoTime && window.begin < too_late) {
    out.begin = std::chrono::floor<std::chrono::minutes>(window.begin);
  }
  if (window.end != kNoTime && window.end < too_late) {
    out.end = std::chrono::ceil<std::chrono::minutes>(window.end);
  }
  if (out.begin != kNoTime && out.end != kNoTime && out.end <= out.begin) out.begin = out.end - kShortestPrefill;
  return out;
}

std::optional<TimePoint> if_known(TimePoint t) { return t == kNoTime ? std::nullopt : std::optional(t); }

std::vector<slack::Block> form_inputs(const FormInput& input, Language language) {
  const auto words = [&](Says phrase) { return std::string(say(language, phrase)); };
  const std::string action(kInputAction);
  const TimeRange window = in_whole_minutes(input.window);
  return {slack::text_input({std::string(kDescriptionBlock), action, words(Says::kDescriptionLabel),
                             words(Says::kDescriptionExample), input.description, false}),
          slack::time_input({std::string(kStartBlock), action, words(Says::kStartLabel), words(Says::kStartHint),
                             if_known(window.begin)}),
          slack::time_input(
              {std::string(kEndBlock), action, words(Says::kEndLabel), words(Says::kEndHint), if_known(window.end)})};
}

/// Unix seconds as a datetimepicker gives them, within what a TimePoint can hold.
std::optional<TimePoint> read_time(std::string_view text) {
  constexpr std::int64_t kLatest = 9'000'000'000;
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || end != text.data() + text.size() || seconds < 0 || seconds > kLatest) return std::nullopt;
  return TimePoint{std::chrono::seconds{seconds}};
}

}  // namespace

RenderedMessage form_message(const FormInput& input, const std::string& note, const std::string& state,
                             const Reader& reader) {
  std::vector<slack::Block> blocks;
  if (!trim(note).empty()) blocks.push_back(slack::section(note));
  for (slack::Block& block : form_inputs(input, reader.language)) blocks.push_back(std::move(block));
  blocks.push_back(
      slack::buttons({{std::string(kAnalyseAction), std::string(say(reader.language, Says::kAnalyse)), state, true}}));
  const std::string shown = trim(note).empty() ? std::string(say(reader.language, Says::kFormText)) : note;
  return {slack::mrkdwn_escape(slack::cut_text(visible(shown), kLongestNotification)), slack::blocks_json(blocks)};
}

std::string form_view(const FormInput& input, const std::string& metadata, const Reader& reader) {
  const auto words = [&](Says phrase) { return std::string(say(reader.language, phrase)); };
  return slack::modal_json(
      {std::string(kFormView), words(Says::kFormTitle), words(Says::kAnalyse), words(Says::kCancel), metadata},
      form_inputs(input, reader.language));
}

FormReading read_form(const slack::FormValues& values, TimePoint now, const Reader& reader, Nanoseconds longest) {
  FormReading reading;
  const auto complain = [&](std::string_view block, std::string_view text) {
    reading.problems.push_back({std::string(block), std::string(text)});
  };
  const auto words = [&](Says phrase, const auto&... args) { return say(reader.language, phrase, args...); };

  const auto problem =
      read_long_text(values, kDescriptionBlock, Says::kNoDescription, reader.language, reading.input.description);
  if (problem) reading.problems.push_back(*problem);

  const auto begin = read_time(raw_value(values, kStartBlock));
  const auto end = read_time(raw_value(values, kEndBlock));
  if (begin) reading.input.window.begin = *begin;
  if (end) reading.input.window.end = std::min(*end, now);
  if (!begin) complain(kStartBlock, words(Says::kNoStart));
  if (!end) complain(kEndBlock, words(Says::kNoEnd));
  if (begin && *begin >= now) {
    complain(kStartBlock, words(Says::kStartInFuture, local_time_and_zone(now, reader.time_zone)));
  } else if (begin && end && *end <= *begin) {
    complain(kEndBlock, words(Says::kEndNotAfterStart, local_time_and_zone(*begin, reader.time_zone)));
  } else if (begin && end && reading.input.window.length() > longest) {
    complain(kEndBlock, words(Says::kWindowTooLong, duration_text(reader.language, reading.input.window.length()),
                              duration_text(reader.language, longest)));
  }
  return reading;
}

Decision read_decision(const slack::FormValues& values) {
  return {typed_value(values, kCauseBlock), typed_value(values, kFixBlock)};
}

std::string read_question(const slack::FormValues& values) { return typed_value(values, kQuestionBlock); }

}  // namespace fa::chatops
