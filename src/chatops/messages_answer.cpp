#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "base/escape.h"
#include "base/text.h"
#include "chatops/messages.h"
#include "chatops/messages_parts.h"
#include "chatops/messages_phrases.h"
#include "chatops/messages_time.h"
#include "report/words.h"
#include "slack/text_length.h"

namespace fa::chatops {
namespace {

constexpr std::size_t kAnswerMessages = 3;
constexpr std::size_t kAnswerLines = 40;
constexpr std::size_t kAnswerEvidence = 12;
constexpr std::size_t kAnswerCommands = 5;
constexpr std::size_t kShownQuestion = 600;

/// What the model says, and of everything else only what it cites.
Report with_cited_only(const Report& report) {
  Report out;
  out.language = report.language;
  out.incident.window = report.incident.window;
  out.narrative = report.narrative;
  if (!out.narrative) return out;
  const std::set<std::string> ids = cited_ids(*out.narrative);
  const auto take = [&](const auto& from, auto& to) {
    std::copy_if(from.begin(), from.end(), std::back_inserter(to), [&](const auto& x) { return ids.contains(x.id); });
  };
  take(report.evidence, out.evidence);
  take(report.similar, out.similar);
  take(report.passages, out.passages);
  return out;
}

}  // namespace

std::vector<RenderedMessage> answer_messages(const Report& report, const std::string& question, const Reader& reader) {
  const Language language = report.language;
  const Report answer = with_cited_only(report);
  std::vector<std::vector<slack::Block>> groups;
  const auto group = [&](const Parts& parts) { groups.push_back(slack::rich_text(parts)); };

  group({title_part(say(language, Says::kQuestion)), slack::quote(slack::cut_text(visible(question), kShownQuestion))});
  const auto sections = narrative_sections(answer);
  if (sections.empty()) group({slack::paragraph({slack::plain(std::string(say(language, Says::kNoAnswer)))})});
  for (const NarrativeSection& section : sections)
    group(narrative_parts(section, Wording::kMarkdown, language, kAnswerLines));

  std::vector<const Evidence*> shown;
  if (!answer.evidence.empty()) {
    Parts parts = {title_part(say(language, Phrase::kEvidence))};
    for (const Evidence& item : answer.evidence) {
      if (shown.size() == kAnswerEvidence) break;
      shown.push_back(&item);
      add_evidence(item, "", answer.incident.window.begin, reader, language, parts);
    }
    if (shown.size() < answer.evidence.size())
      parts.push_back(more_part(language, answer.evidence.size() - shown.size()));
    group(parts);
  }
  group(command_parts(shown, language, kAnswerCommands));

  const std::string zone = zone_shown(reader.time_zone);
  const std::vector<slack::Block> tail = {slack::context(
      {std::string(say(language, Says::kHypothesesOnly)),
       zone == "UTC" ? std::string(say(language, Phrase::kTimesInUtc)) : say(language, Says::kTimesLocal, zone)})};
  const std::string headline = fmt::format("{}: {}", say(language, Says::kQuestion), one_line(question));
  return messages_of(std::move(groups), tail, headline, language, kAnswerMessages);
}

}  // namespace fa::chatops
