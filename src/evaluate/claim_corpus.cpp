#include "evaluate/claim_corpus.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/hash.h"
#include "base/text.h"

namespace fa {
namespace {

using Slots = std::map<std::string, std::string>;

/// One way to say something of evidence of some kind.
struct Wording {
  std::string_view english;
  std::string_view japanese;
};

std::string filled(std::string_view wording, const Slots& slots) {
  std::string out;
  for (std::size_t i = 0; i < wording.size();) {
    const std::size_t close = wording[i] == '{' ? wording.find('}', i) : std::string_view::npos;
    if (close == std::string_view::npos) {
      out += wording[i++];
      continue;
    }
    const auto it = slots.find(std::string(wording.substr(i + 1, close - i - 1)));
    out += it == slots.end() ? std::string(wording.substr(i, close - i + 1)) : it->second;
    i = close + 1;
  }
  return out;
}

double fact(const Evidence& e, std::string_view name) {
  for (const Fact& f : e.facts) {
    if (f.name == name) return f.value;
  }
  return std::nan("");
}

std::string plain_number(double v) { return format_number(std::round(v * 1e4) / 1e4); }

/// A value in words people use, with its unit.
std::string amount(double v, std::string_view unit, bool japanese) {
  if (unit == "s") {
    if (std::abs(v) >= 1) return format_number(v) + (japanese ? " 秒" : " seconds");
    if (std::abs(v) >= 1e-3) return format_number(v * 1e3) + (japanese ? " ミリ秒" : " ms");
    return format_number(v * 1e6) + " µs";
  }
  if (unit == "share") return format_number(v * 100) + "%";
  if (unit == "%" || unit == "Percent") return format_number(v) + "%";
  return plain_number(v);
}

/// A run of whole words of the excerpt that reads as a quotation: letters mostly, one line, no quotation marks.
std::string quotable(std::string_view excerpt) {
  std::string_view line = excerpt.substr(0, excerpt.find('\n'));
  // JSON records: a value of letters inside.
  if (line.starts_with('{') || line.starts_with('[')) {
    for (std::size_t at = line.find("\":\""); at != std::string_view::npos; at = line.find("\":\"", at + 3)) {
      const std::size_t end = line.find('"', at + 3);
      if (end == std::string_view::npos) break;
      const std::string_view value = line.substr(at + 3, end - at - 3);
      if (value.size() >= 8 && value.find('\\') == std::string_view::npos) return std::string(utf8_prefix(value, 60));
    }
    return {};
  }
  std::string out;
  for (const std::string_view word : split(line, ' ')) {
    if (word.empty() || word.find('"') != std::string_view::npos || word.find('`') != std::string_view::npos) break;
    if (out.size() + word.size() > 70) break;
    if (!out.empty()) out += ' ';
    out += word;
  }
  return out.size() >= 6 && is_valid_utf8(out) ? out : std::string();
}

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

class Corpus {
 public:
  explicit Corpus(const ClaimContext& c) : c_(c), japanese_(c.report.language == Language::kJapanese) {}

  std::vector<LabelledClaim> run() {
    for (const Evidence& e : c_.report.evidence) about(e);
    causal();
    absences();
    return std::move(out_);
  }

 private:
  [[nodiscard]] std::uint64_t seed(std::string_view a, std::string_view b) const {
    return stable_hash(std::string(a) + "\n" + std::string(b) + "\n" + c_.report.incident.id +
                       format_rfc3339(c_.report.incident.window.begin));
  }

  [[nodiscard]] const Finding* finding_of(const Evidence& e) const {
    for (const Finding& f : c_.study.findings.all) {
      if (f.evidence == e.kind && f.subject.service == e.entity && f.key == e.key && f.facts.size() == e.facts.size() &&
          (f.facts.empty() || f.facts.front().value == e.facts.front().value)) {
        return &f;
      }
    }
    return nullptr;
  }

  /// Services that the evidence says nothing about.
  [[nodiscard]] std::vector<std::string> others(const Evidence& e, const Finding* f) const {
    std::vector<std::string> names;
    for (const std::string& s : c_.study.digest.services) {
      if (s == e.entity || s.size() < 3) continue;
      if (f != nullptr && (s == f->peer || s == f->subject.component)) continue;
      if (e.excerpt.find(s) != std::string::npos || e.claim.find(s) != std::string::npos) continue;
      names.push_back(s);
    }
    return names;
  }

  [[nodiscard]] std::string invented_name(const std::string& entity, std::uint64_t s) const {
    static const std::vector<std::string> kEnglish{"billing-cache-3", "the Kafka broker", "the inventory database",
                                                   "edge_proxy_07",   "RedisCluster",     "the loyalty service"};
    static const std::vector<std::string> kJapanese{"billing-cache-3", "カフカブローカー", "在庫データベース",
                                                    "edge_proxy_07",   "RedisCluster",     "会員サービス"};
    const auto& names = japanese_ ? kJapanese : kEnglish;
    if (s % 7 == 6) return entity + "-replica-9";
    return names[s % 7 % names.size()];
  }

  void add_true(std::string text, const Claim& fields, std::string_view implied = {}) {
    LabelledClaim l;
    l.claim = fields;
    l.claim.text = std::move(text);
    l.implied = std::string(implied);
    out_.push_back(std::move(l));
  }
  void add_false(std::string kind, bool free_text, std::string text, const Claim& fields) {
    LabelledClaim l;
    l.claim = fields;
    l.claim.text = std::move(text);
    l.holds = false;
    l.kind = std::move(kind);
    l.free_text = free_text;
    out_.push_back(std::move(l));
  }

  /// Fields that go with slots: quotation, numbers, time.
  Claim fields_of(const Evidence& e, const Slots& s, std::string_view wording) const {
    Claim c;
    c.evidence = {s.at("id")};
    if (wording.find("{quote}") != std::string_view::npos) c.quotes.push_back({s.at("id"), s.at("quote")});
    if (wording.find("{time}") != std::string_view::npos) c.times.push_back({s.at("id"), s.at("rfc_time")});
    for (const char* name : {"count_window", "errors_window", "failed_window"}) {
      const std::string slot = std::string("{") + name + "}";
      if (wording.find(slot) == std::string_view::npos) continue;
      c.numbers.push_back({s.at("id"), std::strtod(s.at(name).c_str(), nullptr), 0, ""});
    }
    (void)e;
    return c;
  }

  void about(const Evidence& e) {
    const Finding* f = finding_of(e);
    Slots s{{"id", e.id}, {"entity", e.entity}};
    const std::string quote = quotable(e.excerpt);
    s["quote"] = quote;
    if (e.time != kNoTime) {
      s["rfc_time"] = format_rfc3339(e.time);
      s["time"] = format_time_of_day(e.time);
    }
    std::vector<std::string> numbers;
    for (const Fact& x : e.facts) {
      s[x.name] = plain_number(x.value);
      s[x.name + "_amount"] = amount(x.value, x.unit, japanese_);
      numbers.push_back(x.name);
    }
    if (f != nullptr) {
      s["label"] = f->label;
      s["peer"] = f->peer;
      s["component"] = f->subject.component;
      s["before"] = amount(f->baseline, f->unit, japanese_);
      s["now"] = amount(f->window, f->unit, japanese_);
    }
    for (const Wording& w : wordings(e, f, s)) variants(e, f, s, japanese_ ? w.japanese : w.english);
  }

  std::vector<Wording> wordings(const Evidence& e, const Finding* f, Slots& s) const {
    std::vector<Wording> w;
    const bool quote = !s.at("quote").empty();
    const bool timed = s.contains("time");
    if (f == nullptr) return w;
    const bool named = !e.entity.empty();
    switch (f->kind) {
      case FindingKind::kLogNew:
        if (named && quote && fact(e, "count_baseline") == 0) {
          w.push_back(
              {"{entity} logged “{quote}” {count_window} times, never in the baseline [{id}].",
               "{entity} は「{quote}」を {count_window} 回ログに出力し、基準期間には一度もありませんでした [{id}]。"});
        }
        [[fallthrough]];
      case FindingKind::kLogSurge:
      case FindingKind::kException:
        if (named && quote) {
          w.push_back(
              {"The log of {entity} holds “{quote}” [{id}].", "{entity} のログに「{quote}」があります [{id}]。"});
          w.push_back(
              {"{entity} wrote it {count_window} times in the window and {count_baseline} times in the baseline: "
               "“{quote}” [{id}].",
               "{entity} は対象期間に {count_window} 回、基準期間に {count_baseline} 回「{quote}」を出力しました "
               "[{id}]。"});
          if (timed) {
            w.push_back({"At {time} UTC {entity} logged “{quote}” [{id}].",
                         "{time} (UTC) に {entity} が「{quote}」とログに出力しました [{id}]。"});
          }
          if (f->kind == FindingKind::kLogSurge) {
            w.push_back({"“{quote}” of {entity} went up from {count_baseline} to {count_window} lines [{id}].",
                         "{entity} の「{quote}」が {count_baseline} 行から {count_window} 行に増加しました [{id}]。"});
          }
        }
        break;
      case FindingKind::kMetricRise:
      case FindingKind::kLatencyRise:
      case FindingKind::kTrafficRise:
      case FindingKind::kResourceSaturation:
        if (named) {
          w.push_back({"`{label}` of {entity} climbed from {before} to {now} [{id}].",
                       "{entity} の `{label}` が {before} から {now} に上昇しました [{id}]。"});
          if (timed && s.contains("value_at_time")) {
            w.push_back({"At {time} UTC `{label}` of {entity} stood at {value_at_time_amount} [{id}].",
                         "{time} (UTC) の {entity} の `{label}` は {value_at_time_amount} でした [{id}]。"});
          }
          if (f->baseline > 0 && f->window / f->baseline >= 2) {
            s["ratio"] = format_number(std::round(10 * f->window / f->baseline) / 10);
            w.push_back({"`{label}` of {entity} was about {ratio} times as high as before [{id}].",
                         "{entity} の `{label}` は以前の約 {ratio} 倍になりました [{id}]。"});
          }
        }
        break;
      case FindingKind::kMetricFall:
      case FindingKind::kTrafficFall:
        if (named) {
          w.push_back({"`{label}` of {entity} dropped from {before} to {now} [{id}].",
                       "{entity} の `{label}` が {before} から {now} に低下しました [{id}]。"});
        }
        break;
      case FindingKind::kErrorRise:
        if (named) {
          w.push_back({"`{label}` of {entity} moved from {before} to {now}, which means failures [{id}].",
                       "{entity} の `{label}` が {before} から {now} に変わり、失敗が発生しています [{id}]。"});
        }
        break;
      case FindingKind::kErrorOrigin:
      case FindingKind::kErrorPassedOn:
      case FindingKind::kCallTimeout:
        if (named && s.contains("errors_window") && s.contains("spans_window")) {
          w.push_back(
              {"{errors_window} of {spans_window} spans of {entity} failed; in the baseline it was {errors_baseline} "
               "of {spans_baseline} [{id}].",
               "{entity} のスパン {spans_window} 件中 {errors_window} 件が失敗し、基準期間では {spans_baseline} 件中 "
               "{errors_baseline} 件でした [{id}]。"});
          const double share = 100 * fact(e, "errors_window") / fact(e, "spans_window");
          s["share"] = format_number(share);
          w.push_back({"{share}% of these spans of {entity} ended in errors [{id}].",
                       "{entity} のこれらのスパンの {share}% がエラーで終わりました [{id}]。"});
        }
        break;
      case FindingKind::kOwnTimeRise:
        if (named) {
          w.push_back({"{entity} took {now} for “{label}” itself, {before} before [{id}].",
                       "{entity} 自身の「{label}」の処理時間は {now} で、以前は {before} でした [{id}]。"});
          w.push_back({"The processing time of {entity} rose from {before} to {now} [{id}].",
                       "{entity} の処理時間は {before} から {now} に増加しました [{id}]。"});
        }
        break;
      case FindingKind::kCallTimeRise:
        if (named) {
          w.push_back({"Calls to {entity} were delayed on the network: {now}, against {before} in the baseline [{id}].",
                       "{entity} への呼び出しでネットワークの遅延が {now} あり、基準期間は {before} でした [{id}]。"});
        }
        break;
      case FindingKind::kAccessErrors:
        if (named) {
          w.push_back(
              {"{failed_window} of {requests_window} requests to {entity} failed, {failed_baseline} of "
               "{requests_baseline} in the baseline [{id}].",
               "{entity} へのリクエスト {requests_window} 件中 {failed_window} 件が失敗し、基準期間は "
               "{requests_baseline} 件中 {failed_baseline} 件でした [{id}]。"});
        }
        break;
      case FindingKind::kAccessLatency:
        if (named) {
          w.push_back({"Requests to {entity} slowed down on average, up from {before}; now they take {now} [{id}].",
                       "{entity} へのリクエストの平均所要時間は {before} から {now} に増えました [{id}]。"});
        }
        break;
      case FindingKind::kMissingCalls:
      case FindingKind::kNewDependency:
        if (named && s.contains("calling_window")) {
          w.push_back({"{entity} calls {peer} in {calling_window} of {requests_window} requests [{id}].",
                       "{entity} は {requests_window} 件の処理のうち {calling_window} 件で {peer} を呼び出しています "
                       "[{id}]。"});
        }
        break;
      case FindingKind::kStepMissing:
      case FindingKind::kFlowBreak:
        if (named && s.contains("requests_window") && s.contains("happened_window")) {
          w.push_back(
              {"In {entity} a usual step happens in only {happened_window} of {requests_window} requests [{id}].",
               "{entity} では、通常の処理が {requests_window} 件中 {happened_window} 件でしか行われていません "
               "[{id}]。"});
        } else if (named && s.contains("followed_window")) {
          w.push_back(
              {"In {entity} the usual next step follows {followed_window} of {visits_window} times [{id}].",
               "{entity} では、通常の次の処理が {visits_window} 回中 {followed_window} 回しか続いていません [{id}]。"});
        }
        break;
      case FindingKind::kChange:
        if (!f->label.empty()) {
          w.push_back({"The change “{label}” was made at {time} UTC [{id}].",
                       "変更「{label}」が {time} (UTC) に行われました [{id}]。"});
          if (!f->peer.empty() && f->window >= 1) {
            w.push_back(
                {"“{peer}” ran “{label}” {seconds_before_onset_amount} before the first sign of trouble [{id}].",
                 "「{peer}」が最初の兆候の {seconds_before_onset_amount} 前に「{label}」を実行しました [{id}]。"});
          }
        }
        break;
      default:
        break;
    }
    return w;
  }

  void variants(const Evidence& e, const Finding* f, const Slots& s, std::string_view wording) {
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

  /// A number that none of the facts is near to, written the same way.
  [[nodiscard]] std::string number_off(const std::string& spoken, const Evidence& e, const Finding* f,
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
  static constexpr double kScales[] = {1, 100, 1e3, 1e6};

  /// More than the evidence shows.
  void overstate(const Evidence& e, const Finding& f, const Slots& s, const Claim& fields) {
    Claim only;
    only.evidence = fields.evidence;
    switch (f.kind) {
      case FindingKind::kErrorOrigin:
      case FindingKind::kErrorPassedOn:
      case FindingKind::kAccessErrors: {
        const bool whole = fact(e, "errors_window") == fact(e, "spans_window") ||
                           fact(e, "failed_window") == fact(e, "requests_window");
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
            filled(japanese_ ? "{entity} の `{label}` が低下しました [{id}]。" : "`{label}` of {entity} fell [{id}].",
                   s),
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

  // --- what brought what about -------------------------------------------------------------------------------------

  void causal() {
    std::set<std::pair<std::string, std::string>> edges;
    for (const TopologyEdge& e : c_.study.digest.topology) edges.emplace(e.caller, e.callee);
    // Along calls: who is reached from whom.
    const auto reaches = [&](const std::string& from, const std::string& to) {
      std::set<std::string> seen{from};
      for (bool grew = true; grew;) {
        grew = false;
        for (const auto& [caller, callee] : edges) {
          if (seen.contains(caller) && seen.insert(callee).second) grew = true;
        }
      }
      return from != to && seen.contains(to);
    };
    std::size_t made = 0;
    for (const Evidence& cause : c_.report.evidence) {
      for (const Evidence& effect : c_.report.evidence) {
        if (cause.id == effect.id || made >= 8 || cause.time == kNoTime || effect.time == kNoTime) continue;
        const bool change = cause.kind == EvidenceKind::kChange && effect.kind != EvidenceKind::kChange;
        const bool below = edges.contains({effect.entity, cause.entity}) && !reaches(cause.entity, effect.entity);
        if (effect.kind == EvidenceKind::kChange || (!change && !below)) continue;
        if (cause.time > effect.time || effect.entity.empty()) continue;
        const Finding* cf = finding_of(cause);
        const Finding* ef = finding_of(effect);
        // Onsets are what order in time is judged by; take pairs in which everything agrees.
        if (cf == nullptr || ef == nullptr || cf->onset == kNoTime || ef->onset == kNoTime || cf->onset > ef->onset)
          continue;
        const auto load = [](const Finding* f) {  // which way load travels is not known by the calls alone
          return f->kind == FindingKind::kTrafficRise || f->kind == FindingKind::kTrafficFall;
        };
        if (load(cf) || load(ef)) continue;
        ++made;
        Slots s{{"a", change ? (japanese_ ? "変更「" + cf->label + "」" : "the change “" + cf->label + "”")
                             : (japanese_ ? cause.entity + " の異常" : "the trouble of " + cause.entity)},
                {"b", effect.entity},
                {"ia", cause.id},
                {"ib", effect.id}};
        Claim fields;
        fields.evidence = {cause.id, effect.id};
        fields.cause = cause.id;
        fields.effect = effect.id;
        Claim reversed = fields;
        std::swap(reversed.cause, reversed.effect);
        struct Pair {
          std::string_view right;
          std::string_view wrong;
        };
        static constexpr Pair kEnglish[] = {
            {"Because of {a} ({ia}), {b} was hit ({ib}).", "Because {b} was hit ({ib}), there was {a} ({ia})."},
            {"What happened at {b} ({ib}) was caused by {a} ({ia}).",
             "What happened at {b} ({ib}) caused {a} ({ia})."}};
        static constexpr Pair kJapanese[] = {
            {"{a} ({ia}) により、{b} に影響が出ました ({ib})。", "{b} の異常 ({ib}) により、{a} が起きました ({ia})。"},
            {"{a} ({ia}) が原因で {b} に症状が出ています ({ib})。",
             "{b} の症状 ({ib}) が原因で {a} が生じました ({ia})。"}};
        for (const Pair& p : japanese_ ? kJapanese : kEnglish) {
          add_true(filled(p.right, s), fields);
          // Reversed only where the data can show that it is: a change is no effect, a caller's trouble does not travel
          // down, what came minutes later is no cause.
          add_false("reversed_cause", false, filled(p.wrong, s), reversed);
          add_false("reversed_cause", true, filled(p.wrong, s), fields);
        }
      }
    }
  }

  // --- what is not there ---------------------------------------------------------------------------------------------

  void absences() {
    const Digest& d = c_.study.digest;
    const auto window = static_cast<std::size_t>(Period::kWindow);
    // Who wrote in the window, and who wrote errors.
    std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> wrote;
    for (const TemplateActivity& a : d.logs.activities) {
      if (!a.instance.empty()) continue;
      wrote[a.service].first += a.counts[window];
      if (a.severity >= Severity::kError) wrote[a.service].second += a.counts[window];
    }
    for (const ExceptionActivity& x : d.logs.exceptions) wrote[x.service].second += x.counts[window];
    std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> spans;
    for (const CompactSpan& s : d.traces.spans) {
      if (s.period != Period::kWindow) continue;
      auto& [all, bad] = spans[d.traces.name(s.service)];
      ++all;
      bad += s.error ? 1U : 0U;
    }
    const bool clean = c_.study.collected.gaps.empty() && d.gaps.empty() &&
                       std::all_of(d.coverage.begin(), d.coverage.end(), [](const CoverageItem& c) {
                         return c.skipped == 0 && c.truncated == 0 && c.records > 0;
                       });
    std::size_t kept = 0;
    for (const std::string& service : d.services) {
      if (kept >= 6) break;
      const auto& [lines, bad_lines] = wrote[service];
      const auto& [all_spans, bad_spans] = spans[service];
      const bool named = std::any_of(c_.study.findings.all.begin(), c_.study.findings.all.end(), [&](const Finding& f) {
        return f.subject.service == service || f.peer == service || f.subject.component == service;
      });
      Claim fields;
      fields.absence = Claim::Absence{"errors", service};
      const std::string text = japanese_ ? service + " には対象期間中のエラーはありません。"
                                         : "There are no errors of " + service + " in the window.";
      if (lines + all_spans > 0 && bad_lines + bad_spans == 0 && !named && clean) {
        add_true(text, fields);
        ++kept;
      } else if (bad_lines + bad_spans > 0) {
        add_false("absence_not_observed", false, text, fields);
        Claim free;  // beside fields that say something true
        if (!c_.report.evidence.empty()) free.evidence = {c_.report.evidence.front().id};
        add_false("absence_not_observed", true, text, free);
        ++kept;
      } else if (lines + all_spans == 0 && !service.empty()) {
        add_false("absence_not_observed", false, text, fields);  // nothing of it was seen: silence is no health
        ++kept;
      }
    }
    // Sources that were not there at all: the reference concluded from an empty trace result that calls failed.
    const auto silent = [&](const char* what, std::string_view english, std::string_view japanese) {
      Claim fields;
      fields.absence = Claim::Absence{what, ""};
      add_false("absence_not_observed", false, std::string(japanese_ ? japanese : english), fields);
      Claim free;
      if (!c_.report.evidence.empty()) free.evidence = {c_.report.evidence.front().id};
      add_false("absence_not_observed", true, std::string(japanese_ ? japanese : english), free);
    };
    if (d.traces.spans.empty() && d.traces.summaries.empty()) {
      silent("traces", "No traces were recorded in the window.", "対象期間中のトレースはありません。");
    }
    if (d.changes.empty()) {
      silent("changes", "Nobody made a change: there were no deployments.", "対象期間中にデプロイはありませんでした。");
    }
    if (d.logs.records[window] == 0) {
      silent("logs", "No logs were written in the window.", "対象期間中のログはありません。");
    }
    // "Healthy" of a service with findings.
    for (const Evidence& e : c_.report.evidence) {
      if (e.entity.empty() || e.kind == EvidenceKind::kChange) continue;
      Claim fields;
      fields.absence = Claim::Absence{"anomalies", e.entity};
      const std::string text = japanese_ ? e.entity + " は正常です。" : e.entity + " was healthy.";
      add_false("absence_not_observed", false, text, fields);
      Claim free;
      free.evidence = {e.id};
      add_false(
          "absence_not_observed", true,
          japanese_ ? e.entity + " は正常でした [" + e.id + "]。" : e.entity + " behaved normally [" + e.id + "].",
          free);
      break;
    }
  }

  const ClaimContext& c_;
  bool japanese_;
  std::vector<LabelledClaim> out_;
};

}  // namespace

std::vector<LabelledClaim> make_claims(const ClaimContext& context) { return Corpus(context).run(); }

}  // namespace fa
