/// Rules on what a sentence says of its evidence: its kind and topics, change and comparison, denial and absence.
#include <algorithm>
#include <set>

#include "base/text.h"
#include "investigate/claim_absence.h"
#include "investigate/claim_rules.h"

namespace fa {

std::string ClaimChecker::Impl::kinds_and_topics(const Claim& claim, const SpokenSentence& said, const Cited& backing) {
  if (claim.absence) return {};
  const auto cites = [&](EvidenceKind kind) {
    return std::any_of(backing.begin(), backing.end(),
                       [&](const Backing* b) { return b->evidence == nullptr || b->kind == kind; });
  };
  const std::set<std::string> things = absent_things(said.plain);
  const auto is_about = [&](std::string_view thing) { return things.contains(std::string(thing)); };
  if (is_about("logs") && !cites(EvidenceKind::kLog)) {
    return say("It speaks of logs and cites none.", "ログに触れていますが、ログの根拠がありません。");
  }
  if (is_about("traces") && !cites(EvidenceKind::kTrace)) {
    return say("It speaks of traces and cites none.", "トレースに触れていますが、トレースの根拠がありません。");
  }
  if (is_about("metrics") && !cites(EvidenceKind::kMetric)) {
    return say("It speaks of metrics and cites none.", "メトリクスに触れていますが、メトリクスの根拠がありません。");
  }
  for (const Backing* b : backing) {
    if (b->kind != EvidenceKind::kChange || b->evidence == nullptr) continue;
    bool speaks = is_about("changes") || topics_in(said.plain).contains(Topic::kSettings);
    for (const Token& t : said.tokens) {
      const bool name = t.kind == TokenKind::kQuote || t.kind == TokenKind::kIdentifier || t.kind == TokenKind::kEntity;
      speaks = speaks || (name && b->words.find(t.text) != std::string::npos);
    }
    static const std::set<std::string_view> kVerbs{"updated", "update", "modified", "deleted", "created", "removed",
                                                   "edited",  "rolled", "replaced", "revoked", "applied", "denied"};
    for (const Token& t : said.tokens) speaks = speaks || kVerbs.contains(t.text);
    for (const std::string_view w : {"更新", "変更", "削除", "作成", "適用", "操作", "実行"}) {
      speaks = speaks || said.plain.find(w) != std::string::npos;
    }
    if (!speaks) {
      return say("{} is a change, of which the sentence does not speak.",
                 "{} は変更ですが、文中で変更に触れていません。", b->id);
    }
  }
  std::set<Topic> backed_topics;
  for (const Backing* b : backing) backed_topics.insert(b->topics.begin(), b->topics.end());
  const auto has = [&](Topic t) { return backed_topics.contains(t); };
  for (const Topic t : topics_in(said.plain)) {
    bool holds = has(t);
    switch (t) {
      case Topic::kError:
        holds = holds || has(Topic::kTimeout) || has(Topic::kException) || has(Topic::kCrash) ||
                has(Topic::kPermission) || has(Topic::kThrottling);
        break;
      case Topic::kLatency:
        holds = holds || has(Topic::kTimeout);
        break;
      case Topic::kNetwork:
        holds = holds || has(Topic::kTimeout);
        break;
      case Topic::kDeployment:
      case Topic::kSettings:
        holds = holds || std::any_of(backing.begin(), backing.end(),
                                     [](const Backing* b) { return b->kind == EvidenceKind::kChange; });
        break;
      default:
        break;
    }
    // A record may say it in a part that is not quoted: its severity, a field.
    holds = holds || std::any_of(backing.begin(), backing.end(), [&](const Backing* b) {
              const bool record = b->kind == EvidenceKind::kLog || b->kind == EvidenceKind::kChange;
              return record && topics_in(utf8_prefix(backings_.bytes(*b), 8192)).contains(t);
            });
    if (!holds) {
      return say("It speaks of {}, of which nothing it cites does.", "{}に触れていますが、示された根拠にはありません。",
                 topic_name(t, c_.report.language));
    }
  }
  return {};
}

std::string ClaimChecker::Impl::meanings(const Claim& claim, const SpokenSentence& said, const MeaningWords& m,
                                         const Cited& backing) {
  const auto any = [&](auto predicate) { return std::any_of(backing.begin(), backing.end(), predicate); };
  // A document says what it says; beside evidence it frees nothing.
  const bool documents =
      std::all_of(backing.begin(), backing.end(), [](const Backing* b) { return b->evidence == nullptr; });
  const auto free = [&](const Backing* b) { return documents && b->evidence == nullptr; };
  const bool errors = topics_in(said.plain).contains(Topic::kError);
  if (m.rises && !any([&](const Backing* b) { return free(b) || b->up || (errors && b->harm); })) {
    return say("Nothing it cites rose.", "示された根拠では増加・悪化していません。");
  }
  if (m.falls && !any([&](const Backing* b) { return free(b) || b->down; })) {
    return say("Nothing it cites fell.", "示された根拠では減少・低下していません。");
  }
  if (m.not_risen && !any([&](const Backing* b) { return free(b) || !b->up; })) {
    return say("What it cites did rise.", "示された根拠は増加・悪化しています。");
  }
  if (m.is_new && !any([&](const Backing* b) { return free(b) || b->is_new; })) {
    return say("What it cites is not new.", "示された根拠は新しく現れたものではありません。");
  }
  if (m.no_longer && !any([&](const Backing* b) { return free(b) || b->gone || b->harm || b->is_new || b->down; })) {
    return say("What it cites did not stop.", "示された根拠は途絶えていません。");
  }
  if (m.universal && !any([&](const Backing* b) { return free(b) || b->whole; })) {
    return say("What it cites does not hold for all.", "示された根拠はすべてに当てはまるものではありません。");
  }
  if (claim.absence || (!m.negates && !m.healthy)) return {};
  // The new and the vanished are negations that numbers prove.
  if (!m.healthy && (m.is_new || m.no_longer)) return {};
  if (documents) return {};
  if (m.healthy || !absent_things(said.plain).empty()) {
    return say("It says that something is not there: only a checked absence can say that.",
               "「ない」という主張は、確認済みの不在としてのみ述べられます。");
  }
  // The words of the record say no themselves ("no contacts", "cannot connect", "refused").
  if (any([&](const Backing* b) { return b->denies; })) return {};
  // Counted: "17 of 32 did not".
  if (numbers_held_ >= 2 && any([&](const Backing* b) { return b->down; })) return {};
  return say("It denies something that nothing it cites denies.", "示された根拠にない否定をしています。");
}

std::string ClaimChecker::Impl::absence(const Claim& claim, const SpokenSentence& said, const MeaningWords& m) {
  const Claim::Absence& a = *claim.absence;
  if (!m.negates && !m.healthy) {
    return say("It states an absence that the sentence does not speak of.", "文中にない不在が主張されています。");
  }
  if (m.baseline) return say("Absence is known for the window only.", "不在を確認できるのは対象期間のみです。");
  if (m.rises || m.falls || m.is_new || m.no_longer) {
    return say("It mixes an absence with other statements.", "不在と他の主張が混ざっています。");
  }
  std::set<std::string> things = absent_things(said.plain);
  if (a.what == "errors") {
    if (c_.study.digest.logs.services.empty() == false) things.erase("logs");
    if (!c_.study.digest.traces.spans.empty()) things.erase("traces");
    things.erase("requests");
  }
  if (a.what == "anomalies") things.erase("metrics");
  if (things.size() != 1 || *things.begin() != a.what) {
    return say("The sentence does not say that {} are absent.", "文は「{}」の不在を述べていません。", a.what);
  }
  for (const Token& t : said.tokens) {
    if (t.kind == TokenKind::kEntity && t.text != a.entity) {
      return say("The absence is not about {}.", "不在の対象は {} ではありません。", in_quotes(t.text));
    }
  }
  const bool names_it = std::any_of(said.tokens.begin(), said.tokens.end(),
                                    [&](const Token& t) { return t.kind == TokenKind::kEntity && t.text == a.entity; });
  if (!a.entity.empty() && !names_it) {
    return say("The sentence does not name {}.", "文中に {} の名前がありません。", in_quotes(a.entity));
  }
  for (const Topic t : topics_in(said.plain)) {
    const bool fits = t == Topic::kError || t == Topic::kException || (t == Topic::kTraffic && a.what == "requests") ||
                      ((t == Topic::kDeployment || t == Topic::kSettings) && a.what == "changes");
    if (!fits) {
      return say("Absence is not known by topic ({}).", "不在は話題別には確認できません ({})。",
                 topic_name(t, c_.report.language));
    }
  }
  switch (check_absence(a.what, a.entity, c_.study)) {
    case AbsenceVerdict::kHolds:
      return {};
    case AbsenceVerdict::kPresent:
      return say("There are {} in what was read.", "読み取ったデータに「{}」があります。", a.what);
    case AbsenceVerdict::kNotRead:
      return say("That source was not read fully for the window, so its silence says nothing ({}).",
                 "対象期間について情報源が完全には読まれていないため、ないとは言えません ({})。", a.what);
    case AbsenceVerdict::kUnknownThing:
      return say("{} is nothing whose absence can be checked.", "「{}」の不在は確認できません。", a.what);
  }
  return {};
}

std::string ClaimChecker::Impl::anchored(const Claim& claim, const SpokenSentence& said, const MeaningWords& m,
                                         const Cited& backing) const {
  if (claim.absence || numbers_held_ > 0 || !said.times.empty() || !claim.cause.empty()) return {};
  if (m.rises || m.falls || m.is_new || m.no_longer || m.universal) return {};
  std::set<std::string> named;
  bool further = false;
  for (const Token& t : said.tokens) {
    if (t.kind == TokenKind::kEntity) named.insert(t.text);
    further = further || t.kind == TokenKind::kIdentifier;
  }
  const bool names = !named.empty();
  // Two names that stand in what it cites, in one sentence.
  if (named.size() >= 2 || (names && further)) return {};
  std::set<Topic> found;
  for (const Backing* b : backing) {
    if (b->evidence == nullptr) return {};  // a document: its words are what is compared
    found.insert(b->found_topics.begin(), b->found_topics.end());
  }
  for (const Token& t : said.tokens) {
    if (t.kind == TokenKind::kQuote) return {};
    if (t.kind == TokenKind::kEvidence) continue;
  }
  if (!causal_words(said.plain).empty()) return {};
  for (const Topic t : topics_in(said.plain)) {
    if (names && found.contains(t)) return {};
  }
  const bool change =
      std::any_of(backing.begin(), backing.end(), [](const Backing* b) { return b->kind == EvidenceKind::kChange; });
  if (change) return {};
  return say("Nothing in it can be checked: name a number, a time, a quotation or what changed.",
             "確認できる内容がありません。数値、時刻、引用、または変化を示してください。");
}

}  // namespace fa
