#include "investigate/claim_check.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <optional>

#include "base/text.h"
#include "base/utf8.h"
#include "investigate/claim_absence.h"
#include "investigate/claim_backing.h"
#include "investigate/claim_text.h"
#include "investigate/claim_words.h"
#include "investigate/quote.h"

namespace fa {
namespace {

constexpr std::size_t kMostClaimBytes = 1500;

/// Whether a number in a sentence is what a fact says.
bool number_is(const SpokenNumber& n, const BackedNumber& f) {
  if (n.role != SpokenNumber::Role::kAny && f.role != SpokenNumber::Role::kAny && n.role != f.role) return false;
  if (f.change && !n.change) return false;
  const double value = std::abs(f.value);
  switch (n.unit) {
    case UnitClass::kTime:
    case UnitClass::kPercent:
    case UnitClass::kRatio:
      if (f.unit != n.unit) return false;
      break;
    case UnitClass::kCount:
      // A number in a record has no unit we know; it stands for a count where no period is claimed for it.
      if (f.unit != UnitClass::kCount && !(f.unit == UnitClass::kOther && f.unit_text == n.unit_text) &&
          !(f.unit == UnitClass::kNone && n.role == SpokenNumber::Role::kAny)) {
        return false;
      }
      break;
    case UnitClass::kNone:
      if (f.unit == UnitClass::kRatio) return false;
      break;
    case UnitClass::kOther:
      if (f.unit == UnitClass::kTime || f.unit == UnitClass::kPercent || f.unit == UnitClass::kRatio) return false;
      break;
  }
  constexpr double kPrinted = 0.0006;  // four significant digits, as FA2 itself prints
  const double tolerance = std::max(n.tolerance, kPrinted * value);
  if (n.at_least && value >= n.value && value <= 1.25 * n.value) return true;
  if (n.at_most && value <= n.value && value >= 0.8 * n.value) return true;
  if (std::abs(n.value - value) <= tolerance) return true;
  if (n.unit != UnitClass::kOther) return false;
  for (const double scale : {1e3, 1e6, 1e9, 1024.0, 1048576.0, 1073741824.0}) {
    if (std::abs(n.value * scale - value) <= std::max(n.tolerance * scale, kPrinted * value)) return true;
  }
  return false;
}

bool time_is(const SpokenTime& spoken, TimePoint t) {
  if (t == kNoTime) return false;
  using namespace std::chrono;
  const auto day = floor<days>(t);
  const year_month_day date(day);
  const auto matches_day = [&](sys_days d) {
    const year_month_day ymd(d);
    if (spoken.year && *spoken.year != static_cast<int>(ymd.year())) return false;
    if (spoken.month && static_cast<unsigned>(*spoken.month) != static_cast<unsigned>(ymd.month())) return false;
    return !spoken.day || static_cast<unsigned>(*spoken.day) == static_cast<unsigned>(ymd.day());
  };
  if (!matches_day(day)) return false;
  const double of_day = static_cast<double>((t - day).count()) * 1e-9;
  const double said = 3600.0 * spoken.hour + 60.0 * spoken.minute + spoken.second.value_or(0);
  const double difference = of_day - said;
  if (!spoken.second) return difference >= -30 && difference < 60;  // cut, or rounded to the minute
  const double step = std::pow(10.0, -spoken.second_decimals);
  return difference > -0.51 * step && difference < 1.001 * step;
}

/// Calendar words are capitalised and name nothing.
bool is_calendar_word(std::string_view lower) {
  static const std::set<std::string_view> kWords{"january",  "february", "march",    "april",     "may",
                                                 "june",     "july",     "august",   "september", "october",
                                                 "november", "december", "monday",   "tuesday",   "wednesday",
                                                 "thursday", "friday",   "saturday", "sunday"};
  return kWords.contains(lower);
}

}  // namespace

class ClaimChecker::Impl {
 public:
  explicit Impl(const ClaimContext& context)
      : c_(context), japanese_(context.report.language == Language::kJapanese), backings_(context), names_(context) {}

  std::string check(const Claim& claim, std::string_view implied) {
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

  [[nodiscard]] bool is_inert(const Claim& claim) const {
    return readable(claim.text).empty() && inert(claim, read_sentence(claim.text, {})).empty();
  }

  std::string check_advice(const Claim& claim) {
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

 private:
  template <class... Args>
  [[nodiscard]] std::string say(std::string_view english, std::string_view japanese, const Args&... args) const {
    return fmt::format(fmt::runtime(japanese_ ? japanese : english), args...);
  }
  [[nodiscard]] std::string in_quotes(std::string_view words) const {
    std::string text(utf8_prefix(words, 80));
    if (text.size() < words.size()) text += "…";
    return japanese_ ? "「" + text + "」" : "“" + text + "”";
  }

  [[nodiscard]] std::string readable(std::string_view text) const {
    if (trim(text).empty()) return say("It says nothing.", "文がありません。");
    if (text.size() > kMostClaimBytes) {
      return say("It is too long to be one sentence.", "一文として長すぎます。");
    }
    if (!is_valid_utf8(text)) return say("It is no valid text.", "文字コードが正しくありません。");
    return {};
  }

  /// Sentences of the report are in the report's language; quotations and names may be in any.
  [[nodiscard]] std::string language(const SpokenSentence& said) const {
    const bool japanese = has_japanese(said.plain);
    if (!japanese_) return japanese ? "It is not in English." : std::string();
    std::size_t english = 0;
    for (const Token& t : said.tokens) {
      if (t.kind == TokenKind::kWord && t.text.size() > 3) ++english;
    }
    if (!japanese || english > 3) return "日本語で書かれていません。";
    return {};
  }

  /// A sentence is words: no markup, links or mentions, which somebody's log line may have asked for.
  [[nodiscard]] std::string inert(const Claim& claim, const SpokenSentence& said) const {
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
    return acts ? say("It holds markup, a link or a mention.",
                      "マークアップ、リンク、またはメンションが含まれています。")
                : std::string();
  }

  // --- fields beside the text ---------------------------------------------------------------------------------------

  std::string fields(const Claim& claim, const SpokenSentence&, const std::vector<const Backing*>&) {
    for (const Claim::Quote& q : claim.quotes) {
      const Backing* b = backings_.find(q.id);
      if (b == nullptr) return say("There is no evidence {}.", "根拠 {} は存在しません。", q.id);
      if (q.text.empty() || !stands(q.text, *b)) return not_verbatim(q.text, q.id);
    }
    for (const Claim::Number& n : claim.numbers) {
      const Backing* b = backings_.find(n.id);
      if (b == nullptr) return say("There is no evidence {}.", "根拠 {} は存在しません。", n.id);
      const SpokenSentence spelled = read_sentence(fmt::format("{:.{}f} {}", n.value, n.decimals, n.unit), {});
      bool holds = false;
      for (SpokenNumber s : spelled.numbers) {
        s.role = SpokenNumber::Role::kAny;
        if (n.unit.empty()) s.unit = UnitClass::kNone;
        if (s.unit == UnitClass::kOther) s.unit = UnitClass::kNone;
        holds = holds || std::any_of(b->numbers.begin(), b->numbers.end(),
                                     [&](const BackedNumber& f) { return number_is(s, f); });
        if (s.unit != UnitClass::kCount || holds) continue;
        s.unit = UnitClass::kRatio;  // "3 times"
        holds =
            std::any_of(b->numbers.begin(), b->numbers.end(), [&](const BackedNumber& f) { return number_is(s, f); });
      }
      if (!holds) {
        return say("The number {} {} is not what {} shows.", "数値 {} {} は {} の内容と一致しません。",
                   format_number(n.value), n.unit, n.id);
      }
    }
    for (const Claim::Time& t : claim.times) {
      const Backing* b = backings_.find(t.id);
      if (b == nullptr) return say("There is no evidence {}.", "根拠 {} は存在しません。", t.id);
      const auto time = parse_rfc3339(t.text);
      const SpokenSentence spelled = read_sentence(t.text, {});
      const bool holds =
          time && !spelled.times.empty() &&
          std::any_of(b->times.begin(), b->times.end(), [&](TimePoint x) { return time_is(spelled.times.front(), x); });
      if (!holds) return not_its_time(t.text, t.id);
    }
    return {};
  }

  [[nodiscard]] std::string not_verbatim(std::string_view words, const std::string& id) const {
    return say("{} does not stand in {} word for word.", "{} は {} の原文にありません。", in_quotes(words), id);
  }
  [[nodiscard]] std::string not_its_time(std::string_view time, const std::string& id) const {
    return say("{} is not a time of {}.", "{} は {} の時刻ではありません。", time, id);
  }

  bool stands(std::string_view words, const Backing& b) {
    words = trim(words);
    for (const std::string_view dots : {"…", "..."}) {
      if (words.ends_with(dots)) words.remove_suffix(dots.size());
    }
    words = trim(words);
    if (words.empty()) return false;
    if (b.words.find(words) != std::string::npos) return true;
    return stands_in(words, backings_.bytes(b));
  }

  // --- words in the text --------------------------------------------------------------------------------------------

  std::string quotes(const Claim& claim, const SpokenSentence& said, const std::vector<const Backing*>& backing) {
    for (const Token& t : said.tokens) {
      if (t.kind != TokenKind::kQuote) continue;
      const bool known =
          std::any_of(backing.begin(), backing.end(), [&](const Backing* b) { return stands(t.text, *b); });
      const bool described = c_.report.incident.description.find(t.text) != std::string::npos;
      if (!known && !described) {
        return not_verbatim(t.text, claim.evidence.empty() ? say("the evidence", "根拠") : claim.evidence.front());
      }
    }
    return {};
  }

  bool backed(std::string_view word, const std::vector<const Backing*>& backing) {
    const std::string lower = to_lower(word);
    return std::any_of(backing.begin(), backing.end(), [&](const Backing* b) {
      return b->lower.find(lower) != std::string::npos ||
             to_lower(backings_.bytes(*b)).find(lower) != std::string::npos;
    });
  }

  [[nodiscard]] std::string invented(std::string_view word) const {
    return say("{} does not appear in what it cites.", "{} は示された根拠の中にありません。", in_quotes(word));
  }

  /// Names that the data does not hold.
  std::string identifiers(const Claim& claim, const SpokenSentence& said, const std::vector<const Backing*>& backing) {
    const auto known = [&](std::string_view word) {
      return backed(word, backing) || icontains(c_.report.incident.description, word) ||
             (claim.absence && icontains(claim.absence->entity, word)) ||
             (c_.report.incident.alarm &&
              (icontains(c_.report.incident.alarm->metric, word) || icontains(c_.report.incident.alarm->entity, word)));
    };
    const Token* previous = nullptr;
    for (const Token& t : said.tokens) {
      const Token* before = previous;
      previous = &t;
      if (t.kind == TokenKind::kIdentifier) {
        if (is_slashed_words(t.text) || is_common_abbreviation(t.text)) continue;
        if (!known(t.text)) return invented(t.raw);
      } else if (t.kind == TokenKind::kWord) {
        if (t.text.find('-') != std::string::npos && !is_common_compound(t.text) && !known(t.text)) {
          return invented(t.raw);
        }
        const bool capital = t.raw.front() >= 'A' && t.raw.front() <= 'Z';
        const bool proper = capital && !t.first && !is_common_abbreviation(t.raw) && !is_calendar_word(t.text);
        if ((proper || is_product_name(t.text)) && !known(t.text)) return invented(t.raw);
        const std::string singular = t.text.ends_with('s') ? t.text.substr(0, t.text.size() - 1) : t.text;
        if ((is_resource_noun(t.text) || is_resource_noun(singular)) && before != nullptr &&
            before->kind == TokenKind::kWord && !is_generic_adjective(before->text) && !before->text.ends_with("ing") &&
            !before->text.ends_with("ed") && !known(before->text)) {
          return invented(before->raw + " " + t.raw);
        }
      } else if (t.kind == TokenKind::kJapanese) {
        if (auto why = japanese_names(t.text, known); !why.empty()) return why;
      }
    }
    return {};
  }

  /// `client/server`, `and/or`: words, not a path.
  static bool is_slashed_words(std::string_view word) {
    if (word.find('/') == std::string_view::npos || word.front() == '/') return false;
    for (const std::string_view part : split(word, '/')) {
      if (part.empty() || part.size() > 12) return false;
      for (const char c : part) {
        if (c < 'a' || c > 'z') return false;
      }
      if (is_product_name(part)) return false;
    }
    return true;
  }

  template <class Known>
  std::string japanese_names(std::string_view text, const Known& known) const {
    std::string kanji;
    std::string katakana;
    std::string before_katakana;
    const auto finish = [&]() -> std::string {
      if (katakana.empty()) return {};
      const std::string word = katakana;
      katakana.clear();
      if (word.size() >= 9 && !made_of_common_words(word) && !known(word)) return invented(word);
      static const std::set<std::string_view> kNouns{"サービス", "サーバ",     "サーバー", "データベース", "キュー",
                                                     "クラスタ", "クラスター", "テーブル", "キャッシュ",   "コンテナ"};
      static const std::set<std::string_view> kGeneric{
          "対象", "当該", "各", "他", "同",   "下流", "上流", "依存", "外部", "内部", "複数", "全",   "該当", "影響",
          "関連", "両",   "個", "別", "同一", "先",   "元",   "件",   "後続", "前段", "後段", "基盤", "周辺", "主要"};
      if (kNouns.contains(word) && before_katakana.size() >= 6) {
        const std::string_view two = std::string_view(before_katakana).substr(before_katakana.size() - 6);
        if (!kGeneric.contains(two) && !kGeneric.contains(two.substr(3)) && !known(before_katakana)) {
          return invented(before_katakana + word);
        }
      }
      return {};
    };
    for (std::size_t i = 0; i < text.size();) {
      const Utf8Char c = decode_utf8(text.substr(i));
      const bool kata = (c.code >= 0x30A1 && c.code <= 0x30FA) || c.code == 0x30FC;
      const bool han = c.code >= 0x3400 && c.code <= 0x9FFF;
      if (kata) {
        if (katakana.empty()) before_katakana = kanji;
        katakana += text.substr(i, c.size);
      } else {
        if (auto why = finish(); !why.empty()) return why;
      }
      if (han) {
        kanji += text.substr(i, c.size);
      } else {
        kanji.clear();
      }
      i += c.size;
    }
    return finish();
  }

  static bool made_of_common_words(std::string_view word) {
    if (word.empty() || is_common_katakana(word)) return true;
    for (std::size_t n = word.size(); n >= 6; n -= 3) {
      if (is_common_katakana(word.substr(0, n)) && made_of_common_words(word.substr(n))) return true;
      if (n < 9) break;
    }
    return false;
  }

  // --- who it is about ----------------------------------------------------------------------------------------------

  std::string entities(const Claim& claim, const SpokenSentence& said, const std::vector<const Backing*>& backing,
                       const std::vector<const Backing*>& all, std::string_view implied) {
    std::set<std::string> named;
    for (const Token& t : said.tokens) {
      if (t.kind != TokenKind::kEntity) continue;
      named.insert(t.text);
      const bool supported = std::any_of(backing.begin(), backing.end(),
                                         [&](const Backing* b) {
                                           return names_.same(*b, t.text) || b->words.find(t.text) != std::string::npos;
                                         }) ||
                             (claim.absence && claim.absence->entity == t.text);
      if (!supported) {
        return say("Nothing it cites is about {}.", "示された根拠は {} に関するものではありません。",
                   in_quotes(t.text));
      }
    }
    for (const Backing* b : all) {
      if (b->entity.empty() || b->kind == EvidenceKind::kChange) continue;
      const bool about = named.empty() ? names_.same(*b, std::string(implied))
                                       : std::any_of(named.begin(), named.end(),
                                                     [&](const std::string& n) { return names_.same(*b, n); });
      if (!about) {
        return say("{} is about {}, which the sentence does not name.",
                   "{} は {} に関する根拠ですが、文中に名前がありません。", b->id, in_quotes(b->entity));
      }
    }
    return {};
  }

  // --- numbers and times --------------------------------------------------------------------------------------------

  std::string numbers(const SpokenSentence& said, const MeaningWords& meaning,
                      const std::vector<const Backing*>& backing) {
    std::vector<BackedNumber> further;
    const TimeRange& window = c_.report.incident.window;
    const TimeRange& baseline = c_.report.incident.baseline;
    const auto seconds = [](const TimeRange& r) { return static_cast<double>(r.length().count()) * 1e-9; };
    if (meaning.window)
      further.push_back({seconds(window), UnitClass::kTime, "", SpokenNumber::Role::kAny, false, kNoTime});
    if (meaning.baseline)
      further.push_back({seconds(baseline), UnitClass::kTime, "", SpokenNumber::Role::kAny, false, kNoTime});
    std::vector<const SpokenNumber*> open;
    std::vector<const SpokenNumber*> held;
    for (const SpokenNumber& n : said.numbers) {
      // The value of one point goes with that point's time, where a time is named.
      const auto in_time = [&](const BackedNumber& f) {
        return f.at == kNoTime || said.times.empty() ||
               std::any_of(said.times.begin(), said.times.end(), [&](const SpokenTime& t) { return time_is(t, f.at); });
      };
      bool holds = std::any_of(backing.begin(), backing.end(), [&](const Backing* b) {
        return std::any_of(b->numbers.begin(), b->numbers.end(),
                           [&](const BackedNumber& f) { return number_is(n, f) && in_time(f); });
      });
      holds =
          holds || std::any_of(further.begin(), further.end(), [&](const BackedNumber& f) { return number_is(n, f); });
      if (!holds && (n.unit_text == "services" || n.unit_text == "サービス" || n.unit_text == "個")) {
        const auto count = [&](std::size_t size) {
          return std::abs(n.value - static_cast<double>(size)) <= n.tolerance;
        };
        std::set<std::string> named;
        for (const Token& t : said.tokens) {
          if (t.kind == TokenKind::kEntity) named.insert(t.text);
        }
        holds = count(c_.report.impact.affected.size()) || (named.size() > 1 && count(named.size()));
      }
      (holds ? held : open).push_back(&n);
    }
    // Sums, shares, ratios and differences of numbers that stand in the same sentence and hold.
    for (const SpokenNumber* n : open) {
      if (follows(*n, held) || apart_in_time(*n, backing)) continue;
      return say("The number {} does not stand in what it cites.", "数値 {} は示された根拠にありません。",
                 format_number(n->value) + (n->unit == UnitClass::kTime ? " s" : ""));
    }
    numbers_held_ = held.size();
    return {};
  }

  /// Whether the number can be computed from two others of the sentence.
  static bool follows(const SpokenNumber& n, const std::vector<const SpokenNumber*>& held) {
    const auto is = [&](double value) {
      if (n.at_least && value >= n.value && value <= 1.25 * n.value) return true;
      if (n.at_most && value <= n.value && value >= 0.8 * n.value) return true;
      return std::abs(value - n.value) <= std::max(n.tolerance, 0.0006 * std::abs(value));
    };
    for (const SpokenNumber* a : held) {
      for (const SpokenNumber* b : held) {
        if (a == b || a->unit != b->unit) continue;
        const bool percent = n.unit == UnitClass::kPercent;
        if (percent && b->value != 0 && (is(100 * a->value / b->value) || is(100 * (a->value - b->value) / b->value))) {
          return true;
        }
        if (n.unit == UnitClass::kRatio && b->value != 0 && is(a->value / b->value)) return true;
        const bool same = n.unit == a->unit || n.unit == UnitClass::kNone;
        if (same && (is(a->value - b->value) || is(a->value + b->value))) return true;
      }
    }
    return false;
  }

  /// "Two minutes before": the time between two of the cited items, or to the first sign of trouble.
  [[nodiscard]] bool apart_in_time(const SpokenNumber& n, const std::vector<const Backing*>& backing) const {
    if (n.unit != UnitClass::kTime) return false;
    std::vector<TimePoint> points;
    for (const Backing* b : backing) {
      if (b->began != kNoTime) points.push_back(b->began);
    }
    if (c_.report.incident.onset) points.push_back(*c_.report.incident.onset);
    for (const TimePoint a : points) {
      for (const TimePoint b : points) {
        if (b <= a) continue;
        const double seconds = static_cast<double>((b - a).count()) * 1e-9;
        if (seconds >= 1 && std::abs(seconds - n.value) <= n.tolerance) return true;
      }
    }
    return false;
  }

  std::string times(const SpokenSentence& said, const std::vector<const Backing*>& backing) {
    std::vector<TimePoint> further;
    const IncidentInfo& incident = c_.report.incident;
    const auto speaks_of = [&](std::initializer_list<std::string_view> words) {
      return std::any_of(words.begin(), words.end(),
                         [&](std::string_view w) { return said.plain.find(w) != std::string::npos; });
    };
    if (speaks_of({"window", "対象期間", "調査期間"}))
      further.insert(further.end(), {incident.window.begin, incident.window.end});
    if (speaks_of({"baseline", "基準期間", "比較期間"}))
      further.insert(further.end(), {incident.baseline.begin, incident.baseline.end});
    if (incident.onset && speaks_of({"first sign", "onset", "trouble", "incident", "兆候", "障害", "異常"})) {
      further.push_back(*incident.onset);
    }
    if (incident.alarm && incident.alarm->time && speaks_of({"alarm", "アラーム"}))
      further.push_back(*incident.alarm->time);
    for (const SpokenTime& t : said.times) {
      const auto is = [&](TimePoint x) { return time_is(t, x); };
      const bool holds =
          std::any_of(backing.begin(), backing.end(),
                      [&](const Backing* b) { return std::any_of(b->times.begin(), b->times.end(), is); }) ||
          std::any_of(further.begin(), further.end(), is);
      if (!holds) {
        return say("{} is no time of what it cites.", "{} は示された根拠の時刻ではありません。", t.text);
      }
    }
    return {};
  }

  // --- what is said of it -------------------------------------------------------------------------------------------

  std::string kinds_and_topics(const Claim& claim, const SpokenSentence& said,
                               const std::vector<const Backing*>& backing) {
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
        const bool name =
            t.kind == TokenKind::kQuote || t.kind == TokenKind::kIdentifier || t.kind == TokenKind::kEntity;
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
        return say("It speaks of {}, of which nothing it cites does.",
                   "{}に触れていますが、示された根拠にはありません。", topic_name(t, c_.report.language));
      }
    }
    return {};
  }

  std::string meanings(const Claim& claim, const SpokenSentence& said, const MeaningWords& m,
                       const std::vector<const Backing*>& backing) {
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

  std::string absence(const Claim& claim, const SpokenSentence& said, const MeaningWords& m) {
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
    const bool names_it = std::any_of(said.tokens.begin(), said.tokens.end(), [&](const Token& t) {
      return t.kind == TokenKind::kEntity && t.text == a.entity;
    });
    if (!a.entity.empty() && !names_it) {
      return say("The sentence does not name {}.", "文中に {} の名前がありません。", in_quotes(a.entity));
    }
    for (const Topic t : topics_in(said.plain)) {
      const bool fits = t == Topic::kError || t == Topic::kException ||
                        (t == Topic::kTraffic && a.what == "requests") ||
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

  /// Something in the sentence must have been compared with data. What only repeats the words of a record, without
  /// saying that they are its words, proves nothing: records may say anything.
  std::string anchored(const Claim& claim, const SpokenSentence& said, const MeaningWords& m,
                       const std::vector<const Backing*>& backing) const {
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

  // --- how things hang together -------------------------------------------------------------------------------------

  /// "A calls B" where only B calls A.
  [[nodiscard]] std::string calls(const SpokenSentence& said) const {
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
      const bool japanese_subject =
          (between.starts_with("が") || between.starts_with("は")) && after.starts_with("を呼");
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

  std::string causes(const Claim& claim, const SpokenSentence& said, std::string_view implied) {
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

  /// Whether one thing can have brought about the other: not later, and along calls.
  std::string possible(const std::string& cause, const std::string& effect, std::string_view implied) {
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

  /// "A before B", "A after B" with an id on either side.
  std::string order_in_time(const std::string& line, const std::vector<std::pair<std::size_t, std::string>>& ids) {
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

  const ClaimContext& c_;
  bool japanese_;
  std::size_t numbers_held_ = 0;  ///< Of the sentence checked last.
  Backings backings_;
  StudyNames names_;
};

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
