#include "investigate/claim_check.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "investigate/claim_rules.h"

namespace fa {
namespace {

constexpr std::size_t kMostClaimBytes = 1500;

}  // namespace

std::string ClaimChecker::Impl::check(const Claim& claim, std::string_view implied) {
  if (auto why = readable(claim.text); !why.empty()) return why;
  const SpokenSentence said = read_sentence(claim.text, names_.all());
  if (auto why = language(said); !why.empty()) return why;
  if (auto why = inert(claim, said); !why.empty()) return why;
  const std::vector<std::string> ids = cited(claim);
  std::vector<const Backing*> all;
  std::vector<const Backing*> backing;
  for (const std::string& id : ids) {
    const Backing* b = backings_.find(id);
    if (b == nullptr) return say("There is no evidence {}.", "根拠 {} は存在しません。", id);
    all.push_back(b);
    // What the reader sees cited in the sentence is what must bear it out.
    if (std::any_of(said.tokens.begin(), said.tokens.end(),
                    [&](const Token& t) { return t.kind == TokenKind::kEvidence && t.text == id; })) {
      backing.push_back(b);
    }
  }
  if (backing.empty()) backing = all;
  const MeaningWords meaning = meaning_of(said.plain);
  if (claim.absence) {
    if (auto why = absence(claim, said, meaning); !why.empty()) return why;
  } else if (backing.empty()) {
    return say("It cites no evidence.", "根拠が示されていません。");
  }
  for (const auto& rule : {&Impl::fields, &Impl::quotes, &Impl::identifiers}) {
    if (auto why = (this->*rule)(claim, said, backing); !why.empty()) return why;
  }
  if (auto why = entities(claim, said, backing, all, implied); !why.empty()) return why;
  if (auto why = numbers(said, meaning, backing); !why.empty()) return why;
  if (auto why = times(said, backing); !why.empty()) return why;
  if (auto why = kinds_and_topics(claim, said, backing); !why.empty()) return why;
  if (auto why = meanings(claim, said, meaning, backing); !why.empty()) return why;
  if (auto why = calls(said); !why.empty()) return why;
  if (auto why = causes(claim, said, implied); !why.empty()) return why;
  return anchored(claim, said, meaning, backing);
}

bool ClaimChecker::Impl::is_inert(const Claim& claim) const {
  return readable(claim.text).empty() && inert(claim, read_sentence(claim.text, {})).empty();
}

std::string ClaimChecker::Impl::check_advice(const Claim& claim) {
  if (auto why = readable(claim.text); !why.empty()) return why;
  const SpokenSentence said = read_sentence(claim.text, names_.all());
  if (auto why = language(said); !why.empty()) return why;
  if (auto why = inert(claim, said); !why.empty()) return why;
  std::vector<const Backing*> backing;
  for (const std::string& id : cited(claim)) {
    const Backing* b = backings_.find(id);
    if (b == nullptr) return say("There is no evidence {}.", "根拠 {} は存在しません。", id);
    backing.push_back(b);
  }
  // Whatever the study knows may be named in advice.
  for (const Evidence& e : c_.book.all()) backing.push_back(backings_.find(e.id));
  for (const auto& [id, text] : c_.passages) backing.push_back(backings_.find(id));
  if (auto why = quotes(claim, said, backing); !why.empty()) return why;
  if (auto why = times(said, backing); !why.empty()) return why;
  return identifiers(claim, said, backing);
}

std::string ClaimChecker::Impl::in_quotes(std::string_view words) const {
  std::string text(utf8_prefix(words, 80));
  if (text.size() < words.size()) text += "…";
  return japanese_ ? "「" + text + "」" : "“" + text + "”";
}

std::string ClaimChecker::Impl::readable(std::string_view text) const {
  if (trim(text).empty()) return say("It says nothing.", "文がありません。");
  if (text.size() > kMostClaimBytes) {
    return say("It is too long to be one sentence.", "一文として長すぎます。");
  }
  if (!is_valid_utf8(text)) return say("It is no valid text.", "文字コードが正しくありません。");
  return {};
}

std::string ClaimChecker::Impl::language(const SpokenSentence& said) const {
  const bool japanese = has_japanese(said.plain);
  if (!japanese_) return japanese ? "It is not in English." : std::string();
  std::size_t english = 0;
  for (const Token& t : said.tokens) {
    if (t.kind == TokenKind::kWord && t.text.size() > 3) ++english;
  }
  if (!japanese || english > 3) return "日本語で書かれていません。";
  return {};
}

std::string ClaimChecker::Impl::inert(const Claim& claim, const SpokenSentence& said) const {
  bool acts = claim.text.find("](") != std::string::npos;
  for (std::size_t i = 0; i < said.tokens.size(); ++i) {
    const Token& t = said.tokens[i];
    if (t.kind == TokenKind::kIdentifier) {
      acts = acts || t.raw.find("://") != std::string::npos || to_lower(t.raw).starts_with("javascript:");
    }
    if (t.kind != TokenKind::kPunctuation || i + 1 >= said.tokens.size()) continue;
    const Token& next = said.tokens[i + 1];
    const bool tag = t.text == "<" && (next.kind == TokenKind::kWord || next.kind == TokenKind::kIdentifier ||
                                       next.text == "!" || next.text == "@" || next.text == "#" || next.text == "/");
    acts = acts || tag || (t.text == "@" && next.kind == TokenKind::kWord);
  }
  return acts ? say("It holds markup, a link or a mention.", "マークアップ、リンク、またはメンションが含まれています。")
              : std::string();
}

ClaimChecker::ClaimChecker(const ClaimContext& context) : impl_(std::make_unique<Impl>(context)) {}
ClaimChecker::~ClaimChecker() = default;

std::string ClaimChecker::check(const Claim& claim, std::string_view implied_entity) {
  return impl_->check(claim, implied_entity);
}
std::string ClaimChecker::check_advice(const Claim& claim) { return impl_->check_advice(claim); }

bool ClaimChecker::is_inert(const Claim& claim) const { return impl_->is_inert(claim); }

std::vector<std::string> ClaimChecker::cited(const Claim& claim) {
  std::set<std::string> ids(claim.evidence.begin(), claim.evidence.end());
  for (const Claim::Quote& q : claim.quotes) ids.insert(q.id);
  for (const Claim::Number& n : claim.numbers) ids.insert(n.id);
  for (const Claim::Time& t : claim.times) ids.insert(t.id);
  for (const std::string& id : {claim.cause, claim.effect}) {
    if (!id.empty()) ids.insert(id);
  }
  for (const Token& t : read_sentence(claim.text, {}).tokens) {
    if (t.kind == TokenKind::kEvidence) ids.insert(t.text);
  }
  return {ids.begin(), ids.end()};
}

}  // namespace fa
