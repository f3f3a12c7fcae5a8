/// What a sentence says of things: that they change, are new, are not there, or brought about others.
#include "investigate/claim_words.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <memory>
#include <mutex>
#include <utility>

#include "investigate/claim_words_pattern.h"

namespace fa {
namespace {

const RE2& words(std::string_view text) {
  // One entry per call site's literal; a literal's address is its identity.
  struct Entry {
    const char* key;
    std::unique_ptr<RE2> compiled;
  };
  static std::mutex mutex;
  static std::vector<Entry> entries;
  const std::lock_guard lock(mutex);
  for (const Entry& e : entries) {
    if (e.key == text.data()) return *e.compiled;
  }
  entries.push_back({text.data(), claim_words::pattern(text)});
  return *entries.back().compiled;
}

constexpr std::string_view kRises =
    R"(\b(rises?|rose|risen|rising|increas\w*|grew|grows?|grown|surg\w*|spik\w*|jump\w*|climb\w*|higher|slower|longer|soar\w*|doubled|tripled|exceed\w*|went up)\b|上昇|増加|増え|急増|高く|高騰|遅く|長く|悪化|増大|倍増|延び|伸び|跳ね上)";
constexpr std::string_view kFalls =
    R"(\b(falls?|fell|fallen|drop\w*|decreas\w*|declin\w*|lower|fewer|faster|shorter|shrank|shrunk|halved|plung\w*|went down|dwindl\w*)\b|低下|減少|減り|減った|減っ|下が|速く|短く|改善|急減|半減|落ち込)";
constexpr std::string_view kNotRisen =
    R"(\b(did not|does not|has not|have not|didn't|hasn't|neither|not|no) (rise|risen|increase|increased|grow|grown|higher|slower|longer|get slower|get longer)\b|(遅く|長く|高く|多く)(は)?(なって)?(は)?(い)?(ありません|ません|ない|なかった)|(増えて|増加して|上昇して|悪化して)(は)?(いません|いない|おらず))";
constexpr std::string_view kNoLonger =
    R"(\bno longer\b|\bnot any ?more\b|\bstopped (writing|calling|appearing|logging|being)|\b(vanish|disappear)\w*|\bceased?\b|なくなり|なくなった|なくなって|途絶え|消え)";
constexpr std::string_view kNew =
    R"(\b(never (seen |occurred |appeared |logged |written )?(in the baseline|before)|never in the baseline|not once (in the baseline|before)|new|newly|first time|for the first time|did not (occur|appear|exist) (in the baseline|before)|not (seen|present|logged) (in the baseline|before))\b|初めて|新しい|新たに|新規|(基準|比較)期間には(一度も|全く|まったく)?.{0,18}(ない|ありません|なかった|いません)|(基準|比較)期間では.{0,24}(ない|ありません|なかった|いません))";
constexpr std::string_view kUniversal =
    R"(\b(all|every|always|each|entire(ly)?|completely)\b|すべて|全て|全部|全ての|常に|毎回|必ず|完全に)";
constexpr std::string_view kNegates =
    R"(\b(no|not|never|none|nothing|nobody|nowhere|neither|nor|without|cannot|can't|absent|absence|lacks?|lacking|free of|\w+n't)\b|ない|なかった|なし|ません|無い|無し|なく|せず|れず|欠如|皆無)";
constexpr std::string_view kOnlyInJapanese =
    R"(しか[^、。]{0,60}?(ていません|ていない|ておらず|ていなかった|ません|なかった|ない)|かもしれません|かもしれない|に違いない|に違いありません|にほかなりません|だけでなく|のみならず|なくては|なければ|含まれない時間|含まれていない時間|(見合わ|間に合わ|足り)ない|ではなく|判断できません|わかりません|分かりません|特定できません)";
constexpr std::string_view kHealthy =
    R"(\b(healthy|normal|normally|unaffected|stable|unchanged|as usual)\b|正常|健全|影響を受けて(い)?な|影響はな|影響はあり|問題な|問題はな|問題はあり|安定|変化な|変化はな|変化はあり|異常な(し|く)|異常はな|異常はあり)";
constexpr std::string_view kBaselineWords =
    R"(\b(baseline|before|previously|earlier|formerly|normally)\b|基準期間|比較期間|以前|従来|平常|普段)";
constexpr std::string_view kWindowWords = R"(\b(window|during the incident|now)\b|対象期間|調査期間|障害中|現在)";

constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kAbsentThings{{
    {"errors", R"(\b(errors?|failures?|failed|fails?|exceptions?|faults?|5xx)\b|エラー|失敗|例外|障害)"},
    {"logs", R"(\b(logs?|log lines?|log records?|messages?|logged|logging)\b|ログ|メッセージ)"},
    {"traces", R"(\b(traces?|spans?|tracing)\b|トレース|スパン)"},
    {"metrics", R"(\b(metrics?|data ?points?)\b|メトリクス|指標|データ点)"},
    {"changes", R"(\b(changes?|changed|deployments?|deploys?|deployed|releases?|rollouts?)\b|変更|デプロイ|リリース)"},
    {"requests", R"(\b(requests?|traffic|calls?)\b|リクエスト|トラフィック|呼び出し)"},
    {"anomalies",
     R"(\b(anomal\w+|abnormal\w*|unusual|symptoms?|healthy|normal|normally|unaffected|impact|problems?|issues?|deviations?|stable|unchanged|fine)\b|異常|正常|問題|影響|症状|安定|変化|健全)"},
}};

/// Forward: cause, word, effect. Longer words first where one holds another.
constexpr std::string_view kCauseFirst =
    R"(\b(caus(?:es|ed|ing)?|led to|leads? to|leading to|triggers?|triggered|triggering|results? in|resulted in|resulting in|brought about|brings about|provoked?|is (?:the )?(?:root )?cause of|was (?:the )?(?:root )?cause of|is responsible for|was responsible for|explains?|explained|therefore|as a result|consequently|so that)\b|が原因で|を原因として|によって|により|のために|のため|ために|を引き起こ|が引き起こ|の結果|した結果|を招|に起因して|が発端で|をきっかけに)";
/// Backward: effect, word, cause.
constexpr std::string_view kEffectFirst =
    R"(\b(because of|because|due to|owing to|caused by|was caused by|were caused by|is caused by|are caused by|triggered by|explained by|stems? from|stemmed from|results? from|resulted from|result(?:s|ed)? of|as a result of|thanks to|attributable to|attributed to|since)\b|の原因は|は、?原因が)";

}  // namespace

MeaningWords meaning_of(std::string_view plain) {
  MeaningWords m;
  m.no_longer = claim_words::found(words(kNoLonger), plain);
  std::string rest(plain);
  // "no longer" is no "longer".
  for (const std::string_view idiom : {"no longer", "fell into", "fall into", "falls into", "fell within",
                                       "fall within", "falls within", "longer than"}) {
    for (std::size_t at = rest.find(idiom); at != std::string::npos; at = rest.find(idiom))
      rest.erase(at, idiom.size());
  }
  m.not_risen = claim_words::found(words(kNotRisen), rest);
  if (m.not_risen) RE2::GlobalReplace(&rest, words(kNotRisen), " ");
  m.rises = claim_words::found(words(kRises), rest);
  m.falls = claim_words::found(words(kFalls), rest);
  m.is_new = claim_words::found(words(kNew), plain);
  m.universal = claim_words::found(words(kUniversal), plain);
  // "Only" and "maybe" are spelled with a negation in Japanese.
  std::string affirmed(plain);
  RE2::GlobalReplace(&affirmed, words(kOnlyInJapanese), "だけ");
  RE2::GlobalReplace(&affirmed, words(kNotRisen), " ");
  m.negates = claim_words::found(words(kNegates), affirmed);
  m.healthy = claim_words::found(words(kHealthy), plain);
  m.baseline = claim_words::found(words(kBaselineWords), plain);
  m.window = claim_words::found(words(kWindowWords), plain);
  return m;
}

std::set<std::string> absent_things(std::string_view plain) {
  std::set<std::string> things;
  for (const auto& [name, text] : kAbsentThings) {
    if (claim_words::found(words(text), plain)) things.insert(std::string(name));
  }
  return things;
}

std::vector<Causal> causal_words(std::string_view text) {
  std::vector<Causal> all;
  const auto collect = [&](std::string_view source, bool cause_first) {
    const RE2& p = words(source);
    const re2::StringPiece whole(text.data(), text.size());
    std::size_t at = 0;
    re2::StringPiece match;
    while (at <= text.size() && p.Match(whole, at, text.size(), RE2::UNANCHORED, &match, 1) && !match.empty()) {
      const auto begin = static_cast<std::size_t>(match.data() - text.data());
      all.push_back({begin, begin + match.size(), cause_first});
      at = begin + match.size();
    }
  };
  collect(kEffectFirst, false);
  const std::vector<Causal> backward = all;
  collect(kCauseFirst, true);
  // "caused by" holds "caused": the backward reading wins where both match.
  std::vector<Causal> kept;
  for (const Causal& c : all) {
    const bool inside = c.cause_first && std::any_of(backward.begin(), backward.end(), [&](const Causal& b) {
                          return c.begin < b.end && b.begin < c.end;
                        });
    if (!inside) kept.push_back(c);
  }
  std::sort(kept.begin(), kept.end(), [](const Causal& a, const Causal& b) { return a.begin < b.begin; });
  std::vector<Causal> apart;
  for (const Causal& c : kept) {
    if (apart.empty() || c.begin >= apart.back().end) apart.push_back(c);
  }
  return apart;
}

}  // namespace fa
