#include "chatops/messages_inquiry.h"

#include <algorithm>
#include <charconv>
#include <iterator>

#include "base/escape.h"
#include "base/text.h"
#include "chatops/messages_parts.h"
#include "chatops/messages_phrases.h"
#include "chatops/messages_values.h"
#include "report/words.h"
#include "slack/markdown_blocks.h"
#include "slack/text_length.h"

namespace fa::chatops {
namespace {

constexpr std::size_t kLongestAnswerHeadline = 500;
constexpr std::size_t kAnswerHeaderRoom = 150;

Says severity_words(FindingSeverity severity) {
  switch (severity) {
    case FindingSeverity::kCritical:
      return Says::kCriticalOnly;
    case FindingSeverity::kHigh:
      return Says::kHighAndWorse;
    case FindingSeverity::kMedium:
      return Says::kMediumAndWorse;
    case FindingSeverity::kLow:
      return Says::kLowAndWorse;
    case FindingSeverity::kInformational:
      break;
  }
  return Says::kAnySeverity;
}

slack::Block severity_input(FindingSeverity chosen, Language language) {
  slack::ChoiceInput input{
      std::string(kSeverityBlock), std::string(kInputAction), std::string(say(language, Says::kSeverityLabel)), {}, 0};
  for (const FindingSeverity severity : kFindingSeverities) {
    if (severity == chosen) input.initial = input.choices.size();
    input.choices.push_back(
        {std::string(finding_severity_name(severity)), std::string(say(language, severity_words(severity)))});
  }
  return slack::choice_input(input);
}

/// Languages by their own names, which everybody who needs one can read.
slack::Block language_input(Language chosen, Language language) {
  return slack::choice_input({std::string(kLanguageBlock),
                              std::string(kInputAction),
                              std::string(say(language, Says::kLanguageLabel)),
                              {{std::string(language_name(Language::kEnglish)), "English"},
                               {std::string(language_name(Language::kJapanese)), "日本語"}},
                              chosen == Language::kJapanese ? 1U : 0U});
}

std::string asked_for(const Inquiry& inquiry, Language language) {
  if (inquiry.kind == InquiryKind::kInsight) return inquiry.question;
  return say(language, Says::kFindingsAsked, say(language, severity_words(inquiry.least)));
}

}  // namespace

std::string inquiry_view(const Inquiry& inquiry, AskWhere where, const std::string& metadata, const Reader& reader) {
  const auto words = [&](Says phrase) { return std::string(say(reader.language, phrase)); };
  const bool insight = inquiry.kind == InquiryKind::kInsight;
  const std::string action(kInputAction);
  std::vector<slack::Block> blocks;
  if (insight) {
    blocks.push_back(slack::text_input({std::string(kQuestionBlock), action, words(Says::kQuestionLabel),
                                        words(Says::kInsightExample), inquiry.question, false}));
  } else {
    blocks.push_back(severity_input(inquiry.least, reader.language));
  }
  blocks.push_back(slack::number_input({std::string(kDaysBlock), action, words(Says::kDaysLabel),
                                        words(insight ? Says::kInsightDaysHint : Says::kDaysHint), 1, kMostInquiryDays,
                                        inquiry.days}));
  if (!insight) blocks.push_back(language_input(inquiry.language.value_or(reader.language), reader.language));
  if (where == AskWhere::kYes) {
    blocks.push_back(slack::conversation_input(
        {std::string(kChannelBlock), action, words(Says::kChannelLabel), words(Says::kChannelHint)}));
  }
  return slack::modal_json(
      {std::string(insight ? kInsightView : kFindingsView), words(insight ? Says::kInsightTitle : Says::kFindingsTitle),
       words(Says::kSend), words(Says::kCancel), metadata},
      blocks);
}

InquiryReading read_inquiry(InquiryKind kind, const slack::FormValues& values, const Reader& reader) {
  InquiryReading reading;
  Inquiry& inquiry = reading.inquiry;
  inquiry.kind = kind;
  reading.channel = typed_value(values, kChannelBlock);
  if (kind == InquiryKind::kInsight) {
    const auto problem = read_long_text(values, kQuestionBlock, Says::kNoQuestion, reader.language, inquiry.question);
    if (problem) reading.problems.push_back(*problem);
  } else {
    const auto severity = finding_severity_from_name(typed_value(values, kSeverityBlock));
    inquiry.least = severity.value_or(inquiry.least);
    inquiry.language = language_from_name(typed_value(values, kLanguageBlock));
  }
  const std::string days = typed_value(values, kDaysBlock);
  const auto [end, error] = std::from_chars(days.data(), days.data() + days.size(), inquiry.days);
  const bool whole = error == std::errc() && end == days.data() + days.size();
  if (!whole || inquiry.days < 1 || inquiry.days > kMostInquiryDays) {
    reading.problems.push_back(
        {std::string(kDaysBlock), say(reader.language, Says::kNoDays, format_count(kMostInquiryDays))});
  }
  return reading;
}

RenderedMessage inquiry_progress_message(const Inquiry& inquiry, const TimeRange& window, const std::string& user,
                                         const Progress& progress, const Reader& reader) {
  return progress_message({asked_for(inquiry, reader.language), window}, user, progress, reader);
}

RenderedMessage retry_message(const std::string& what_failed, const std::string& state, const Reader& reader) {
  constexpr std::size_t kLongestRetryText = 300;
  const std::string shown = visible(trim(what_failed));
  const std::vector<slack::Block> blocks = {
      slack::section(shown), slack::buttons({{std::string(kRetryAction),
                                              std::string(say(reader.language, Says::kRetryButton)), state, true}})};
  return {slack::mrkdwn_escape(slack::cut_text(shown.empty() ? "–" : shown, kLongestRetryText)),
          slack::blocks_json(blocks)};
}

std::vector<RenderedMessage> inquiry_answer_messages(const std::string& headline, const std::string& markdown,
                                                     Language language, std::size_t most) {
  const std::string line = clip(one_line(headline), kLongestAnswerHeadline);
  const std::string title = line.empty() ? "–" : line;
  std::vector<slack::Block> head = {slack::header(title)};
  if (slack::text_length(title) > kAnswerHeaderRoom) {
    for (slack::Block& block : slack::rich_text({title_part(title)})) head.push_back(std::move(block));
  }
  std::vector<std::vector<slack::Block>> groups = {std::move(head)};
  for (std::vector<slack::Block>& group : slack::markdown_groups(markdown)) groups.push_back(std::move(group));
  const std::vector<slack::Block> tail = {slack::context({std::string(say(language, Says::kFilesBelow))})};
  return messages_of(std::move(groups), tail, title, language, most);
}

}  // namespace fa::chatops
