#include "chatops/messages_parts.h"

#include <algorithm>

#include "base/escape.h"
#include "base/text.h"
#include "chatops/messages_phrases.h"
#include "chatops/messages_time.h"
#include "report/words.h"
#include "slack/markdown_blocks.h"
#include "slack/text_length.h"

namespace fa::chatops {
namespace {

constexpr std::size_t kSentenceColumns = 500;
constexpr std::size_t kNameColumns = 100;
constexpr std::size_t kIdColumns = 12;
constexpr std::size_t kExcerptLines = 2;
constexpr std::size_t kExcerptColumns = 160;  // Four lines of a phone.
constexpr std::size_t kReasonColumns = 200;
constexpr std::size_t kLongestCommand = 1000;
constexpr std::size_t kLongestNotificationText = 300;

slack::TextRun italic(std::string text) {
  slack::TextRun run = slack::plain(std::move(text));
  run.italic = true;
  return run;
}

std::string excerpt_of(const Evidence& evidence) {
  std::string out;
  for (const std::string& line : telling_lines(evidence.excerpt, kExcerptLines)) {
    out += (out.empty() ? "" : "\n") + clip(line, kExcerptColumns);
  }
  return out;
}

/// `pages` with the tail in the last one, where room is made by leaving out what stands before it.
void put_tail(std::vector<std::vector<slack::Block>>& pages, const std::vector<slack::Block>& tail, bool cut,
              Language language) {
  std::vector<slack::Block>& last = pages.back();
  const auto with_tail = [&] {
    std::vector<slack::Block> page = last;
    if (cut) page.push_back(slack::context({std::string(say(language, Says::kCutHere))}));
    page.insert(page.end(), tail.begin(), tail.end());
    return page;
  };
  std::vector<slack::Block> page = with_tail();
  while (!slack::fits_message(page) && !last.empty()) {
    last.pop_back();
    cut = true;
    page = with_tail();
  }
  last = std::move(page);
}

}  // namespace

std::string sentence(std::string_view text) { return clip(one_line(text), kSentenceColumns); }
std::string short_name(std::string_view text) { return clip(one_line(text), kNameColumns); }
std::string short_id(std::string_view id) { return clip(one_line(id), kIdColumns); }

std::string cited(Language language, const std::vector<std::string>& ids) {
  constexpr std::size_t kMost = 8;
  if (ids.empty()) return {};
  std::vector<std::string> shown;
  for (std::size_t i = 0; i < std::min(ids.size(), kMost); ++i) shown.push_back(short_id(ids[i]));
  if (ids.size() > kMost) shown.emplace_back("…");
  return " [" + join(language, shown) + "]";
}

slack::RichPart title_part(std::string_view title) { return slack::paragraph({slack::bold(std::string(title))}); }

slack::RichPart more_part(Language language, std::size_t more) {
  return slack::paragraph({italic(say(language, Says::kMore, format_count(more)))});
}

void add_evidence(const Evidence& evidence, std::string_view lead, TimePoint reference, const Reader& reader,
                  Language language, Parts& parts) {
  slack::RichPart line =
      slack::item({italic(std::string(lead)), slack::plain(std::string(check_mark(evidence.check)) + " "),
                   slack::bold(short_id(evidence.id))});
  std::string text = " ";
  if (evidence.time != kNoTime) text += local_time_near(evidence.time, reference, reader.time_zone) + " ";
  line.runs.push_back(slack::plain(text + sentence(evidence.claim)));
  if (evidence.check == CheckStatus::kFailed) {
    const std::string reason = evidence.check_reason.empty() ? std::string(say(language, evidence.check))
                                                             : clip(one_line(evidence.check_reason), kReasonColumns);
    line.runs.push_back(italic(in_brackets(language, reason)));
  }
  parts.push_back(std::move(line));
  const std::string excerpt = excerpt_of(evidence);
  if (!excerpt.empty()) parts.push_back(slack::preformatted(excerpt));
}

Parts narrative_parts(const NarrativeSection& section, Wording wording, Language language, std::size_t most) {
  Parts parts = {title_part(section.title)};
  std::size_t shown = 0;
  std::size_t left_out = 0;
  for (const NarrativeLine& line : section.lines) {
    const bool heading = line.kind == NarrativeLine::Kind::kHeading;
    if (shown >= most) {
      left_out += heading ? 0 : 1;
      continue;
    }
    const std::string said = sentence(line.text) + cited(language, line.evidence);
    if (heading) {
      slack::TextRun text = slack::bold(said);
      text.italic = true;
      parts.push_back(slack::paragraph({std::move(text)}));
      continue;
    }
    ++shown;
    slack::RichPart part = slack::item({});
    if (line.kind == NarrativeLine::Kind::kVerified) part.runs.push_back(slack::plain("✓ "));
    const bool struck = line.kind == NarrativeLine::Kind::kUnverified;
    if (struck) part.runs.push_back(slack::plain("✗ "));
    for (slack::TextRun& run :
         wording == Wording::kMarkdown ? slack::markdown_runs(said) : std::vector<slack::TextRun>{slack::plain(said)}) {
      run.strike = run.strike || struck;
      part.runs.push_back(std::move(run));
    }
    if (!line.remark.empty()) part.runs.push_back(italic(" – " + clip(line.remark, kReasonColumns)));
    parts.push_back(std::move(part));
  }
  if (left_out > 0) parts.push_back(more_part(language, left_out));
  return parts;
}

Parts command_parts(const std::vector<const Evidence*>& shown, Language language, std::size_t most) {
  Parts parts;
  std::size_t left_out = 0;
  for (const Evidence* evidence : shown) {
    if (trim(evidence->reproduce).empty()) continue;
    const std::string command = visible(evidence->reproduce);
    // Half a command is worse than none.
    if (most == 0 || slack::text_length(command) > kLongestCommand) {
      ++left_out;
      continue;
    }
    --most;
    parts.push_back(slack::paragraph({slack::bold(short_id(evidence->id))}));
    parts.push_back(slack::preformatted(command));
  }
  if (left_out > 0)
    parts.push_back(slack::paragraph({italic(say(language, Says::kMoreCommands, format_count(left_out)))}));
  if (!parts.empty()) parts.insert(parts.begin(), title_part(say(language, Phrase::kReproduce)));
  return parts;
}

std::vector<RenderedMessage> messages_of(std::vector<std::vector<slack::Block>> groups,
                                         const std::vector<slack::Block>& tail, const std::string& headline,
                                         Language language, std::size_t most) {
  most = std::max<std::size_t>(most, 1);
  // The tail is a group like the others as long as there is room for another message.
  groups.push_back(tail);
  auto pages = slack::message_pages(groups);
  if (pages.size() > most) {
    groups.pop_back();
    pages = slack::message_pages(groups);
    const bool cut = pages.size() > most;
    if (cut) pages.resize(most);
    put_tail(pages, tail, cut, language);
  }
  std::vector<RenderedMessage> messages;
  for (std::size_t i = 0; i < pages.size(); ++i) {
    std::string text = slack::cut_text(visible(headline), kLongestNotificationText);
    if (pages.size() > 1) text += in_brackets(language, say(language, Says::kPart, i + 1, pages.size()));
    messages.push_back({slack::mrkdwn_escape(text), slack::blocks_json(pages[i])});
  }
  return messages;
}

}  // namespace fa::chatops
