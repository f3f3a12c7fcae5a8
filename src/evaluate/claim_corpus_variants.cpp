/// False sentences made of a true one by one change each: another id, word, number, direction, name or time.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iterator>

#include "base/text.h"
#include "evaluate/claim_corpus_maker.h"

namespace fa::claim_corpus {
namespace {

constexpr double kScales[] = {1, 100, 1e3, 1e6};

/// The quotation with one word changed.
std::string altered(const std::string& quote, std::uint64_t seed) {
  auto words = split(quote, ' ');
  if (words.size() < 2) {
    std::string changed = quote;
    const std::size_t at = quote.size() / 2;
    changed[at] = changed[at] == 'x' ? 'y' : 'x';
    return changed;
  }
  static const std::vector<std::string> kOther{"successfully", "database", "completed", "permanently", "users"};
  std::string out;
  const std::size_t which = seed % words.size();
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!out.empty()) out += ' ';
    out += i == which ? kOther[(seed / 7) % kOther.size()] : std::string(words[i]);
  }
  return out;
}

}  // namespace

void Corpus::variants(const Evidence& e, const Finding* f, const Slots& s, std::string_view wording) {
  const Claim fields = fields_of(e, s, wording);
  add_true(filled(wording, s), fields);
  const std::uint64_t dice = seed(e.id, wording);
  const auto has = [&](std::string_view slot) { return wording.find(slot) != std::string_view::npos; };

  // Another id: of an item about somebody else.
  for (std::size_t k = 0; k < c_.report.evidence.size(); ++k) {
    const Evidence& other = c_.report.evidence[(k + dice) % c_.report.evidence.size()];
    if (other.entity == e.entity || other.entity.empty() || e.entity.empty()) continue;
    const Finding* of = finding_of(other);
    if (of != nullptr && (of->peer == e.entity || of->subject.component == e.entity)) continue;
    Slots wrong = s;
    wrong["id"] = other.id;
    add_false("wrong_id", false, filled(wording, wrong), fields_of(other, wrong, wording));
    add_false("wrong_id", true, filled(wording, wrong), fields);
    break;
  }
  Slots missing = s;
  missing["id"] = e.id.substr(0, 1) + "97";
  add_false("wrong_id", false, filled(wording, missing), fields_of(e, missing, wording));

  if (has("{quote}")) {
    Slots wrong = s;
    wrong["quote"] = altered(s.at("quote"), dice);
    if (e.excerpt.find(wrong["quote"]) == std::string::npos) {
      add_false("altered_quote", false, filled(wording, wrong), fields_of(e, wrong, wording));
      add_false("altered_quote", true, filled(wording, wrong), fields);
    }
  }
  for (const auto& [slot, value] : s) {
    if (!has("{" + slot + "}")) continue;
    const bool number = slot == "now" || slot == "before" || slot == "ratio" || slot == "share" ||
                        slot.find("_window") != std::string::npos || slot.find("_baseline") != std::string::npos ||
                        slot.find("_amount") != std::string::npos;
    if (!number) continue;
    const std::string off = number_off(value, e, f, dice + slot.size());
    if (off.empty()) continue;
    Slots wrong = s;
    wrong[slot] = off;
    add_false("number_off", false, filled(wording, wrong), fields_of(e, wrong, wording));
    add_false("number_off", true, filled(wording, wrong), fields);
  }
  if (has("{before}") && has("{now}") && s.at("before") != s.at("now")) {
    Slots wrong = s;
    std::swap(wrong["before"], wrong["now"]);
    add_false("wrong_direction", true, filled(wording, wrong), fields);
  }
  if (has("{entity}")) {
    const auto names = others(e, f);
    if (!names.empty()) {
      Slots wrong = s;
      wrong["entity"] = names[dice % names.size()];
      add_false("wrong_entity", false, filled(wording, wrong), fields_of(e, wrong, wording));
      add_false("wrong_entity", true, filled(wording, wrong), fields);
    }
    Slots wrong = s;
    wrong["entity"] = invented_name(e.entity, dice);
    add_false("invented_resource", false, filled(wording, wrong), fields_of(e, wrong, wording));
    // The right name, and something that does not exist beside it.
    const std::string more = japanese_ ? invented_name(e.entity, dice + 1) + " を経由しました。"
                                       : " It went through " + invented_name(e.entity, dice + 1) + ".";
    std::string text = filled(wording, s) + more;
    add_false("invented_resource", true, std::move(text), fields);
  }
  if (has("{time}")) {
    const std::int64_t minutes = 4 + static_cast<std::int64_t>(dice % 50);
    const TimePoint wrong_time = e.time + std::chrono::minutes(dice % 2 == 0 ? minutes : -minutes);
    Slots wrong = s;
    wrong["time"] = format_time_of_day(wrong_time);
    wrong["rfc_time"] = format_rfc3339(wrong_time);
    add_false("wrong_time", false, filled(wording, wrong), fields_of(e, wrong, wording));
    add_false("wrong_time", true, filled(wording, wrong), fields);
  }
  if (f != nullptr && has("{entity}")) overstate(e, *f, s, fields);
}

std::vector<std::string> Corpus::others(const Evidence& e, const Finding* f) const {
  std::vector<std::string> names;
  for (const std::string& s : c_.study.digest.services) {
    if (s == e.entity || s.size() < 3) continue;
    if (f != nullptr && (s == f->peer || s == f->subject.component)) continue;
    if (e.excerpt.find(s) != std::string::npos || e.claim.find(s) != std::string::npos) continue;
    names.push_back(s);
  }
  return names;
}

std::string Corpus::invented_name(const std::string& entity, std::uint64_t s) const {
  static const std::vector<std::string> kEnglish{"billing-cache-3", "the Kafka broker", "the inventory database",
                                                 "edge_proxy_07",   "RedisCluster",     "the loyalty service"};
  static const std::vector<std::string> kJapanese{"billing-cache-3", "カフカブローカー", "在庫データベース",
                                                  "edge_proxy_07",   "RedisCluster",     "会員サービス"};
  const auto& names = japanese_ ? kJapanese : kEnglish;
  if (s % 7 == 6) return entity + "-replica-9";
  return names[s % 7 % names.size()];
}

std::string Corpus::number_off(const std::string& spoken, const Evidence& e, const Finding* f,
                               std::uint64_t dice) const {
  std::size_t end = 0;
  while (end < spoken.size() &&
         (is_digit(spoken[end]) || spoken[end] == '.' || spoken[end] == ',' || (end == 0 && spoken[end] == '-'))) {
    ++end;
  }
  std::string digits = spoken.substr(0, end);
  digits.erase(std::remove(digits.begin(), digits.end(), ','), digits.end());
  if (digits.empty()) return {};
  const double value = std::strtod(digits.c_str(), nullptr);
  const auto near = [&](double wrong) {
    // Near to anything the item shows, in any unit that it might be read in, or derived from it.
    std::vector<double> values;
    for (const Fact& x : e.facts) values.push_back(x.value);
    if (f != nullptr) values.insert(values.end(), {f->baseline, f->window});
    const std::size_t n = values.size();
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t k = 0; k < n; ++k) {
        if (values[k] != 0) values.push_back(values[i] / values[k]);
        values.push_back(values[i] - values[k]);
        if (values[k] != 0) values.push_back(1 - values[i] / values[k]);
      }
    }
    return std::any_of(values.begin(), values.end(), [&](double v) {
      return std::any_of(std::begin(kScales), std::end(kScales), [&](double scale) {
        return std::abs(std::abs(v) * scale - wrong) <= 0.08 * std::max(wrong, 1e-9) + (wrong < 10 ? 0.6 : 0);
      });
    });
  };
  static constexpr double kFactors[] = {1.37, 0.61, 2.3, 10, 0.1, 3.7, 17, 41, 0.37, 133};
  for (std::size_t k = 0; k < std::size(kFactors); ++k) {
    double wrong =
        value * kFactors[(k + dice) % std::size(kFactors)] + (value == 0 ? 13.0 + static_cast<double>(k) : 0);
    const bool whole = digits.find('.') == std::string::npos;
    if (whole) wrong = std::round(wrong);
    if (wrong == value || near(wrong)) continue;
    return format_number(wrong) + spoken.substr(end);
  }
  return {};
}

void Corpus::overstate(const Evidence& e, const Finding& f, const Slots& s, const Claim& fields) {
  Claim only;
  only.evidence = fields.evidence;
  switch (f.kind) {
    case FindingKind::kErrorOrigin:
    case FindingKind::kErrorPassedOn:
    case FindingKind::kAccessErrors: {
      const bool whole =
          fact(e, "errors_window") == fact(e, "spans_window") || fact(e, "failed_window") == fact(e, "requests_window");
      if (whole) break;
      add_false("overstated", true,
                filled(japanese_ ? "{entity} へのリクエストはすべて失敗しました [{id}]。"
                                 : "Every request to {entity} failed [{id}].",
                       s),
                only);
      break;
    }
    case FindingKind::kMetricRise:
    case FindingKind::kLatencyRise:
      add_false(
          "wrong_direction", true,
          filled(japanese_ ? "{entity} の `{label}` が低下しました [{id}]。" : "`{label}` of {entity} fell [{id}].", s),
          only);
      break;
    case FindingKind::kLogSurge:
      if (fact(e, "count_baseline") > 0) {
        add_false("overstated", true,
                  filled(japanese_ ? "{entity} のこのログは基準期間には一度もありませんでした [{id}]。"
                                   : "This log message of {entity} was never seen in the baseline [{id}].",
                         s),
                  only);
      }
      break;
    case FindingKind::kOwnTimeRise:
      add_false("wrong_direction", true,
                filled(japanese_ ? "{entity} の処理は速くなりました [{id}]。" : "{entity} became faster [{id}].", s),
                only);
      break;
    default:
      break;
  }
}

}  // namespace fa::claim_corpus
