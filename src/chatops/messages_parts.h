#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "chatops/messages.h"
#include "report/narrative_lines.h"
#include "slack/block_kit.h"
#include "slack/rich_text.h"

/// What reports and answers are put together from. All texts are one line, visible and clipped.
namespace fa::chatops {

using Parts = std::vector<slack::RichPart>;

[[nodiscard]] std::string sentence(std::string_view text);
[[nodiscard]] std::string short_name(std::string_view text);
[[nodiscard]] std::string short_id(std::string_view id);
/// ` [L1, T1]`; empty without ids.
[[nodiscard]] std::string cited(Language language, const std::vector<std::string>& ids);

[[nodiscard]] slack::RichPart title_part(std::string_view title);
/// `12 more in the report files`, in italics.
[[nodiscard]] slack::RichPart more_part(Language language, std::size_t more);

/// An item of evidence: mark of its check, id, time, claim, a few lines of its excerpt, why the check failed. `lead`
/// stands before it (`Against: `).
void add_evidence(const Evidence& evidence, std::string_view lead, TimePoint reference, const Reader& reader,
                  Language language, Parts& parts);

/// How sentences are written: as they are, or with Markdown in them, as models write.
enum class Wording { kPlain, kMarkdown };
/// A section of the model's, or past incidents; at most `most` lines, what is left out is counted.
[[nodiscard]] Parts narrative_parts(const NarrativeSection& section, Wording wording, Language language,
                                    std::size_t most);

/// The commands of the evidence, the first `most`; longer ones than a phone can show are counted with the others.
[[nodiscard]] Parts command_parts(const std::vector<const Evidence*>& shown, Language language, std::size_t most);

/// Messages of the groups: texts for notifications begin with `headline`. More than `most` are cut, and the last one
/// says so; `tail` (small print, buttons) always ends the last one.
[[nodiscard]] std::vector<RenderedMessage> messages_of(std::vector<std::vector<slack::Block>> groups,
                                                       const std::vector<slack::Block>& tail,
                                                       const std::string& headline, Language language,
                                                       std::size_t most);

}  // namespace fa::chatops
