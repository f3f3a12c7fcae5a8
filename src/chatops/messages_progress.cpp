#include "base/escape.h"
#include "base/text.h"
#include "chatops/messages.h"
#include "chatops/messages_phrases.h"
#include "slack/block_kit.h"
#include "slack/markdown_blocks.h"
#include "slack/rich_text.h"
#include "slack/text_length.h"

namespace fa::chatops {
namespace {

constexpr std::size_t kShownDescription = 600;
constexpr std::size_t kShownReason = 600;
constexpr std::size_t kLongestNote = 4000;
constexpr std::size_t kLongestNoteText = 400;

std::string stage_text(const Progress& progress, Language language) {
  using Stage = Progress::Stage;
  switch (progress.stage) {
    case Stage::kQueued:
      return progress.ahead == 0 ? std::string(say(language, Says::kQueuedNext))
                                 : say(language, Says::kQueuedBehind, format_count(progress.ahead));
    case Stage::kCollecting:
      return progress.total == 0
                 ? std::string(say(language, Says::kCollecting))
                 : say(language, Says::kCollectingCount, format_count(progress.done), format_count(progress.total));
    case Stage::kAnalysing:
      return std::string(say(language, Says::kAnalysing));
    case Stage::kAskingModel:
      return std::string(say(language, Says::kAskingModel));
    case Stage::kWriting:
      return std::string(say(language, Says::kWriting));
    case Stage::kDone:
      return std::string(say(language, Says::kDone));
    case Stage::kFailed:
      return std::string(say(language, Says::kFailed));
  }
  return {};
}

}  // namespace

RenderedMessage progress_message(const FormInput& input, const std::string& user, const Progress& progress,
                                 const Reader& reader) {
  const std::string stage = stage_text(progress, reader.language);
  std::vector<slack::RichPart> parts = {slack::paragraph({slack::bold(stage)})};
  if (progress.stage == Progress::Stage::kFailed && !progress.what_failed.empty()) {
    parts.push_back(slack::paragraph({slack::plain(slack::cut_text(visible(progress.what_failed), kShownReason))}));
  }
  parts.push_back(slack::quote(slack::cut_text(visible(input.description), kShownDescription)));
  if (!user.empty()) {
    slack::TextRun mention = slack::plain(clip(one_line(user), 40));
    mention.user = user;
    parts.push_back(
        slack::paragraph({slack::plain(std::string(say(reader.language, Says::kAskedBy))), std::move(mention)}));
  }
  std::vector<slack::Block> blocks = slack::rich_text(parts);
  blocks.push_back(slack::context({say(reader.language, Says::kWindow, window_text(input.window, reader.time_zone))}));
  return {slack::mrkdwn_escape(stage), slack::blocks_json(blocks)};
}

RenderedMessage note_message(const std::string& text, const std::string& link) {
  const std::string shown = slack::cut_text(visible(trim(text)), kLongestNote);
  std::vector<slack::TextRun> runs = {slack::plain(shown.empty() ? "–" : shown)};
  if (link.starts_with("https://")) {
    slack::TextRun address = slack::plain(link);
    address.link = link;
    runs.push_back(slack::plain(" "));
    runs.push_back(std::move(address));
  }
  return {slack::mrkdwn_escape(slack::cut_text(shown.empty() ? "–" : shown, kLongestNoteText)),
          slack::blocks_json(slack::rich_text({slack::paragraph(std::move(runs))}))};
}

}  // namespace fa::chatops
