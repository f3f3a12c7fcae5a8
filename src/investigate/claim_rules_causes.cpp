/// Rules on how a sentence relates things: who calls whom, what brought about what, what came first.
#include <algorithm>
#include <chrono>

#include "base/text.h"
#include "investigate/claim_rules.h"

namespace fa {

std::string ClaimChecker::Impl::calls(const SpokenSentence& said) const {
  std::vector<std::size_t> at;
  for (std::size_t i = 0; i < said.tokens.size(); ++i) {
    if (said.tokens[i].kind == TokenKind::kEntity) at.push_back(i);
  }
  for (std::size_t k = 0; k + 1 < at.size(); ++k) {
    const std::string& a = said.tokens[at[k]].text;
    const std::string& b = said.tokens[at[k + 1]].text;
    if (a == b) continue;
    bool calls = false;
    bool by = false;
    for (std::size_t i = at[k] + 1; i < at[k + 1]; ++i) {
      const std::string& w = said.tokens[i].text;
      calls = calls || w == "calls" || w == "called" || w == "calling";
      by = by || w == "by";
    }
    const auto near = [&](std::size_t i) { return i < said.tokens.size() ? said.tokens[i].text : std::string(); };
    const std::string between = near(at[k] + 1);
    const std::string after = near(at[k + 1] + 1);
    const bool from_to =
        at[k] > 0 && said.tokens[at[k] - 1].text == "from" && at[k + 1] == at[k] + 2 && between == "to";
    const bool japanese = between.starts_with("から") && (after.starts_with("へ") || after.starts_with("を呼"));
    const bool japanese_subject = (between.starts_with("が") || between.starts_with("は")) && after.starts_with("を呼");
    if (!calls && !from_to && !japanese && !japanese_subject) continue;
    const bool forward = !(calls && by);
    const std::string& caller = forward ? a : b;
    const std::string& callee = forward ? b : a;
    if (names_.calls(callee, caller) && !names_.calls(caller, callee)) {
      return say("{} does not call {}; it is the other way round.", "{} は {} を呼び出していません。逆です。",
                 in_quotes(caller), in_quotes(callee));
    }
  }
  return {};
}

std::string ClaimChecker::Impl::causes(const Claim& claim, const SpokenSentence& said, std::string_view implied) {
  if (!claim.cause.empty() || !claim.effect.empty()) {
    if (claim.cause.empty() || claim.effect.empty()) {
      return say("A cause needs an effect, and the other way round.", "原因と結果は両方必要です。");
    }
    if (auto why = possible(claim.cause, claim.effect, implied); !why.empty()) return why;
  }
  // The text once more, with ids kept, so that sides can be told.
  std::string line;
  std::vector<std::pair<std::size_t, std::string>> ids;
  for (const Token& t : said.tokens) {
    if (t.kind == TokenKind::kEvidence) {
      ids.emplace_back(line.size(), t.text);
      line += ' ';
    } else if (t.kind == TokenKind::kQuote || t.kind == TokenKind::kEntity) {
      line += " x ";  // a name is no causal word, and keeps the words around it apart
    } else if (t.kind == TokenKind::kJapanese || t.kind == TokenKind::kPunctuation) {
      line += t.raw;
    } else {
      if (!line.empty() && line.back() != ' ') line += ' ';
      line += to_lower(t.raw) + " ";
    }
  }
  const std::vector<Causal> words = causal_words(line);
  for (std::size_t k = 0; k < words.size(); ++k) {
    const std::size_t left = k == 0 ? 0 : words[k - 1].end;
    const std::size_t right = k + 1 < words.size() ? words[k + 1].begin : line.size() + 1;
    std::vector<std::string> before;
    std::vector<std::string> behind;
    for (const auto& [at, id] : ids) {
      if (at >= left && at <= words[k].begin) before.push_back(id);
      if (at >= words[k].end && at <= right) behind.push_back(id);
    }
    // "Because A, B": both stand behind the word, the comma parts them.
    if (before.empty() && behind.size() >= 2 &&
        trim(std::string_view(line).substr(left, words[k].begin - left)).empty()) {
      const std::size_t comma = line.find(',', words[k].end);
      if (comma != std::string::npos) {
        std::vector<std::string> first;
        std::vector<std::string> rest;
        for (const auto& [at, id] : ids) (at < comma ? first : rest).push_back(id);
        behind = first;
        before = rest;
      }
    }
    if (before.empty() || behind.empty()) {
      return say("It says that one thing brought about another; the id of each must stand behind it in the sentence.",
                 "因果関係を述べる文では、原因と結果それぞれの直後に根拠の ID が必要です。");
    }
    const auto& from = words[k].cause_first ? before : behind;
    const auto& to = words[k].cause_first ? behind : before;
    for (const std::string& cause : from) {
      for (const std::string& effect : to) {
        if (cause == effect) continue;
        if (auto why = possible(cause, effect, implied); !why.empty()) return why;
      }
    }
    if (!claim.cause.empty() && (std::find(to.begin(), to.end(), claim.cause) != to.end() ||
                                 std::find(from.begin(), from.end(), claim.effect) != from.end())) {
      return say("Text and fields disagree about which is the cause.", "文と項目とで原因と結果が食い違っています。");
    }
  }
  return order_in_time(line, ids);
}

std::string ClaimChecker::Impl::possible(const std::string& cause, const std::string& effect,
                                         std::string_view implied) {
  (void)implied;
  const Backing* a = backings_.find(cause);
  const Backing* b = backings_.find(effect);
  if (a == nullptr || b == nullptr) {
    return say("There is no evidence {}.", "根拠 {} は存在しません。", a == nullptr ? cause : effect);
  }
  if (a == b) return say("Nothing causes itself ({}).", "{} は自身の原因になりません。", cause);
  if (a->evidence == nullptr || b->evidence == nullptr) return {};
  if (b->kind == EvidenceKind::kChange && a->kind != EvidenceKind::kChange) {
    return say("{} is a change somebody made; {} did not make it.",
               "{} は誰かが行った変更で、{} の結果ではありません。", effect, cause);
  }
  // Metrics are known by the minute, and clocks differ.
  const auto slack =
      std::chrono::seconds(a->kind == EvidenceKind::kMetric || b->kind == EvidenceKind::kMetric ? 300 : 60);
  if (a->began != kNoTime && b->began != kNoTime && a->began > b->began + slack) {
    return say("{} came after {}.", "{} は {} より後に起きています。", cause, effect);
  }
  if (a->entity.empty() || b->entity.empty() || a->entity == b->entity) return {};
  if (names_.reaches(b->entity, a->entity)) return {};
  // Load travels with the calls, failures against them.
  const bool load = a->finding != nullptr &&
                    (a->finding->kind == FindingKind::kTrafficRise || a->finding->kind == FindingKind::kTrafficFall);
  if (load && names_.reaches(a->entity, b->entity)) return {};
  if (names_.reaches(a->entity, b->entity)) {
    return say("{0} depends on {1}, not the other way round: trouble of {0} does not travel there.",
               "{0} が {1} に依存しており、逆ではありません。{0} の異常は {1} に波及しません。", in_quotes(a->entity),
               in_quotes(b->entity));
  }
  if (names_.in_topology(a->entity) && names_.in_topology(b->entity)) {
    return say("No calls connect {} and {}.", "{} と {} をつなぐ呼び出しはありません。", in_quotes(a->entity),
               in_quotes(b->entity));
  }
  return {};
}

std::string ClaimChecker::Impl::order_in_time(const std::string& line,
                                              const std::vector<std::pair<std::size_t, std::string>>& ids) {
  struct Order {
    std::string_view word;
    bool first_is_earlier;
  };
  for (const Order& o :
       {Order{" before ", true}, Order{" after ", false}, Order{"の前に", true}, Order{"より前に", true},
        Order{"の後に", false}, Order{"の直後に", false}, Order{"より後に", false}}) {
    const std::size_t at = line.find(o.word);
    if (at == std::string::npos) continue;
    const std::pair<std::size_t, std::string>* left = nullptr;
    const std::pair<std::size_t, std::string>* right = nullptr;
    for (const auto& id : ids) {
      // Right before the word: "failed after three attempts" relates no two events.
      const std::string_view between = id.first <= at + 1
                                           ? trim(std::string_view(line).substr(id.first, at + 1 - id.first))
                                           : std::string_view("far");
      if (between.find_first_not_of(" )].,") == std::string_view::npos) left = &id;
      if (id.first > at + 1 && right == nullptr) right = &id;
    }
    if (left == nullptr || right == nullptr || left->second == right->second) continue;
    // Japanese names the reference first: "B の後に A".
    const bool japanese = o.word.front() != ' ';
    const Backing* earlier = backings_.find(o.first_is_earlier != japanese ? left->second : right->second);
    const Backing* later = backings_.find(o.first_is_earlier != japanese ? right->second : left->second);
    if (earlier == nullptr || later == nullptr || earlier->began == kNoTime || later->began == kNoTime) continue;
    if (earlier->began > later->began + std::chrono::seconds(1)) {
      return say("{} came after {}.", "{} は {} より後に起きています。", earlier->id, later->id);
    }
  }
  return {};
}

}  // namespace fa
