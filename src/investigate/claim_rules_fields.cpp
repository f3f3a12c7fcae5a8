/// Rules on the fields beside a sentence: quotations, numbers and times by id.
#include <fmt/core.h>

#include <algorithm>

#include "base/text.h"
#include "investigate/claim_rules.h"

namespace fa {

std::string ClaimChecker::Impl::fields(const Claim& claim, const SpokenSentence&, const Cited&) {
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
      holds = holds ||
              std::any_of(b->numbers.begin(), b->numbers.end(), [&](const BackedNumber& f) { return number_is(s, f); });
      if (s.unit != UnitClass::kCount || holds) continue;
      s.unit = UnitClass::kRatio;  // "3 times"
      holds = std::any_of(b->numbers.begin(), b->numbers.end(), [&](const BackedNumber& f) { return number_is(s, f); });
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

std::string ClaimChecker::Impl::not_its_time(std::string_view time, const std::string& id) const {
  return say("{} is not a time of {}.", "{} は {} の時刻ではありません。", time, id);
}

}  // namespace fa
