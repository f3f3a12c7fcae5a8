#include "investigate/claim_backing.h"

#include <algorithm>
#include <cmath>
#include <deque>

#include "analysis/text/failure_words.h"
#include "base/text.h"
#include "investigate/phrases.h"
#include "sources/file/replay.h"

namespace fa {
namespace {

/// Bytes of one item that are looked through for words; a document with a whole metric in it can be large.
constexpr std::size_t kMostBackingBytes = std::size_t{1} << 20;

BackedNumber backed_number(double value, std::string_view unit, SpokenNumber::Role role) {
  BackedNumber n{value, UnitClass::kOther, std::string(unit), role, false, kNoTime};
  const auto time = [&](double seconds) {
    n.unit = UnitClass::kTime;
    n.value *= seconds;
  };
  if (unit == "s" || unit == "Seconds" || unit == "seconds") {
    time(1);
  } else if (unit == "ms" || unit == "Milliseconds" || unit == "milliseconds") {
    time(1e-3);
  } else if (unit == "us" || unit == "Microseconds") {
    time(1e-6);
  } else if (unit == "ns") {
    time(1e-9);
  } else if (unit == "share") {
    n.unit = UnitClass::kPercent;
    n.value *= 100;
  } else if (unit == "%" || unit == "Percent") {
    n.unit = UnitClass::kPercent;
  } else if (unit.empty() || unit == "1" || unit == "lines" || unit == "requests" || unit == "errors" ||
             unit == "spans" || unit == "Count" || unit == "points" || unit == "rows") {
    n.unit = UnitClass::kCount;
  }
  return n;
}

SpokenNumber::Role role_of(std::string_view fact) {
  if (fact.ends_with("_baseline")) return SpokenNumber::Role::kBaseline;
  if (fact.ends_with("_window") || fact == "value_at_time") return SpokenNumber::Role::kWindow;
  return SpokenNumber::Role::kAny;
}

double fact_value(const std::vector<Fact>& facts, std::string_view name, double otherwise) {
  for (const Fact& f : facts) {
    if (f.name == name) return f.value;
  }
  return otherwise;
}

/// What fails and of how many, in the same period.
constexpr std::pair<std::string_view, std::string_view> kShares[] = {
    {"errors", "spans"},      {"failed", "requests"}, {"calling", "requests"},
    {"happened", "requests"}, {"followed", "visits"}, {"unanswered", "requests"}};

/// Ratios, shares and differences that follow from the facts.
void add_derived(const std::vector<Fact>& facts, Backing& b) {
  const double none = std::nan("");
  for (const Fact& w : facts) {
    std::string other;
    if (w.name.ends_with("_window")) other = w.name.substr(0, w.name.size() - 7) + "_baseline";
    if (w.name == "level_window" || w.name == "value_at_time") other = "median_baseline";
    const double before = other.empty() ? none : fact_value(facts, other, none);
    if (std::isnan(before)) continue;
    if (before != 0) {
      b.numbers.push_back({w.value / before, UnitClass::kRatio, "", SpokenNumber::Role::kAny, false, kNoTime});
      if (w.value != 0)
        b.numbers.push_back({before / w.value, UnitClass::kRatio, "", SpokenNumber::Role::kAny, false, kNoTime});
      b.numbers.push_back(
          {100 * (w.value - before) / before, UnitClass::kPercent, "", SpokenNumber::Role::kAny, true, kNoTime});
    }
    b.numbers.push_back(backed_number(w.value - before, w.unit, SpokenNumber::Role::kAny));
    b.numbers.back().change = true;
  }
  for (const auto& [part, whole] : kShares) {
    for (const std::string_view period : {"_window", "_baseline"}) {
      const double n = fact_value(facts, std::string(part) + std::string(period), none);
      const double all = fact_value(facts, std::string(whole) + std::string(period), none);
      if (std::isnan(n) || std::isnan(all) || all <= 0) continue;
      b.numbers.push_back({100 * n / all, UnitClass::kPercent, "", role_of(period), false, kNoTime});
      if (part == "calling" || part == "happened" || part == "followed") {  // in how many it did not
        b.numbers.push_back({100 * (all - n) / all, UnitClass::kPercent, "", role_of(period), false, kNoTime});
        b.numbers.push_back(backed_number(all - n, "", role_of(period)));
      }
      if (period == "_window" && n == all) b.whole = true;
    }
  }
}

/// Which way it went, by the engine's kind and by the numbers.
void add_direction(const std::vector<Fact>& facts, const Finding* f, Backing& b) {
  const double none = std::nan("");
  for (const Fact& w : facts) {
    std::string other;
    if (w.name.ends_with("_window") && !w.name.starts_with("points") && !w.name.starts_with("requests") &&
        !w.name.starts_with("spans") && !w.name.starts_with("visits")) {
      other = w.name.substr(0, w.name.size() - 7) + "_baseline";
    }
    if (w.name == "level_window") other = "median_baseline";
    const double before = other.empty() ? none : fact_value(facts, other, none);
    if (std::isnan(before)) continue;
    const bool slow_count = w.name == "count_window" && f != nullptr && f->unit == "s";  // how many were timed
    if (slow_count) continue;
    if (w.value > before) b.up = true;
    if (w.value < before) b.down = true;
    if (before == 0 && w.value > 0) b.is_new = true;
    if (before > 0 && w.value == 0) b.gone = true;
  }
  if (f == nullptr) return;
  switch (f->kind) {
    case FindingKind::kResourceSaturation:
    case FindingKind::kErrorRise:
    case FindingKind::kErrorOrigin:
    case FindingKind::kErrorPassedOn:
    case FindingKind::kCallTimeout:
    case FindingKind::kException:
    case FindingKind::kAccessErrors:
    case FindingKind::kLatencyRise:
    case FindingKind::kOwnTimeRise:
    case FindingKind::kCallTimeRise:
    case FindingKind::kAccessLatency:
      b.harm = true;
      b.up = b.up || f->window > f->baseline;
      b.down = b.down || f->window < f->baseline;
      break;
    case FindingKind::kMetricRise:
    case FindingKind::kTrafficRise:
    case FindingKind::kLogSurge:
      b.up = true;
      break;
    case FindingKind::kLogNew:
    case FindingKind::kNewDependency:
      b.up = true;
      b.is_new = true;
      break;
    case FindingKind::kMetricFall:
    case FindingKind::kTrafficFall:
    case FindingKind::kLogFall:
    case FindingKind::kFlowBreak:
    case FindingKind::kStepMissing:
    case FindingKind::kMissingCalls:
      b.down = true;
      break;
    case FindingKind::kMetricStopped:
    case FindingKind::kLogVanished:
      b.down = true;
      b.gone = true;
      break;
    default:
      break;
  }
}

/// The numbers that stand in a record, wherever: `total=8`, `--dport 5432`, `after 3002ms`. Parts of times, dates, ids
/// and addresses are none.
std::vector<BackedNumber> numbers_in_record(std::string_view text) {
  std::vector<BackedNumber> out;
  const auto is_word = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  for (std::size_t i = 0; i < text.size() && out.size() < 400;) {
    if (!is_digit(text[i])) {
      ++i;
      continue;
    }
    std::size_t end = i;
    while (end < text.size() && (is_digit(text[end]) || ((text[end] == '.' || text[end] == ',') &&
                                                         end + 1 < text.size() && is_digit(text[end + 1])))) {
      ++end;
    }
    const char before = i > 0 ? text[i - 1] : ' ';
    const char behind = end < text.size() ? text[end] : ' ';
    const auto digit_at = [&](std::size_t k) { return k < text.size() && is_digit(text[k]); };
    const bool part = is_word(before) || before == '-' || (before == ':' && i > 1 && digit_at(i - 2)) ||
                      before == '.' || (behind == ':' && digit_at(end + 1)) || (behind == '-' && digit_at(end + 1)) ||
                      end - i > 15;
    std::size_t word_end = end;
    while (word_end < text.size() && is_word(text[word_end])) ++word_end;
    const bool dashed = before == '-' && i > 1 && text[i - 2] == ' ';  // -5, but not 2026-03
    if ((!part || dashed) && word_end - end < 12) {
      std::string spelled(text.substr(i, word_end - i));
      if (word_end == end && end + 1 < text.size() && text[end] == ' ' && is_word(text[end + 1])) {
        std::size_t unit_end = end + 1;
        while (unit_end < text.size() && is_word(text[unit_end])) ++unit_end;
        spelled += " " + std::string(text.substr(end + 1, unit_end - end - 1));
      }
      for (const SpokenNumber& n : read_sentence(spelled, {}).numbers) {
        const bool counted = n.unit == UnitClass::kCount || n.unit == UnitClass::kOther;
        out.push_back({n.value, counted ? UnitClass::kNone : n.unit, "", SpokenNumber::Role::kAny, false, kNoTime});
      }
    }
    i = std::max(word_end, end);
  }
  return out;
}

/// Words by which a record itself denies something.
bool denies(std::string_view lower) {
  for (const std::string_view word :
       {"no ",         "not ",        "cannot",    "can't",  "n't ",   "never", "without",
        "missing",     "refused",     "denied",    "unable", "failed", "null",  "empty",
        "unreachable", "unavailable", "not found", "ません", "ない",   "なし",  "できな"}) {
    if (lower.find(word) != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace

namespace {

/// The points of the series that a metric item is about: any of them may be named, with its time.
void add_points(const Study& study, const Evidence& e, Backing& b) {
  constexpr std::size_t kMostPoints = 2000;
  const TimeRange& window = study.digest.periods.window();
  const double usual = fact_value(e.facts, "median_baseline", std::nan(""));
  constexpr double kMoved = 0.1;  // less is no rise or fall worth the name
  for (const Series& s : study.digest.metrics.series) {
    if (s.service != e.entity) continue;
    const std::string label = s.label();
    if (e.key != label && e.key.find(label) == std::string::npos) continue;
    std::size_t n = 0;
    for (std::size_t i = 0; i < s.times.size() && n < kMostPoints; ++i) {
      if (!window.contains(s.times[i])) continue;
      ++n;
      if (b.finding == nullptr) {  // else the engine has judged the whole series
        const double from = std::isnan(usual) ? (i > 0 ? s.values[i - 1] : s.values[i]) : usual;
        b.up = b.up || s.values[i] > from + kMoved * std::abs(from);
        b.down = b.down || s.values[i] < from - kMoved * std::abs(from);
      }
      b.times.push_back(s.times[i]);
      b.numbers.push_back(backed_number(s.values[i], s.unit, SpokenNumber::Role::kWindow));
      b.numbers.back().at = s.times[i];
    }
  }
}

}  // namespace

Backings::Backings(const ClaimContext& context) : c_(context) {}

const Backing* Backings::find(const std::string& id) {
  if (const auto it = made_.find(id); it != made_.end()) return it->second.get();
  std::unique_ptr<Backing> made;
  if (const Evidence* e = c_.book.find(id); e != nullptr) {
    made = std::make_unique<Backing>(make(*e));
  } else if (const auto passage = c_.passages.find(id); passage != c_.passages.end()) {
    made = std::make_unique<Backing>(make(id, passage->second));
  }
  return made_.emplace(id, std::move(made)).first->second.get();
}

const std::string& Backings::bytes(const Backing& backing) {
  const auto [it, fresh] = bytes_.try_emplace(backing.id);
  if (!fresh || backing.evidence == nullptr) return it->second;
  const Locator& locator = backing.evidence->locator;
  for (const InputFile& file : c_.study.inputs.files) {
    if (file.name != locator.resource || locator.position.length == 0) continue;
    BytePosition position = locator.position;
    position.length = std::min<std::uint64_t>(position.length, kMostBackingBytes);
    if (auto read = read_bytes(file, position)) it->second = std::move(*read);
    break;
  }
  return it->second;
}

Backing Backings::make(const std::string& id, const std::string& passage) const {
  Backing b;
  b.id = id;
  b.words = passage;
  b.lower = to_lower(passage);
  b.topics = topics_in(passage);
  for (SpokenNumber n : read_sentence(passage, {}).numbers) {
    b.numbers.push_back({n.value, n.unit, n.unit_text, SpokenNumber::Role::kAny, false, kNoTime});
  }
  b.denies = denies(b.lower);
  return b;
}

Backing Backings::make(const Evidence& e) const {
  Backing b;
  b.id = e.id;
  b.evidence = &e;
  b.kind = e.kind;
  b.entity = e.entity;
  for (const Finding& f : c_.study.findings.all) {
    if (f.evidence != e.kind || f.subject.service != e.entity || f.key != e.key || f.facts.size() > e.facts.size()) {
      continue;
    }
    const bool same = std::equal(f.facts.begin(), f.facts.end(), e.facts.begin(), [](const Fact& x, const Fact& y) {
      return x.name == y.name && std::abs(x.value - y.value) <= 1e-5 * std::max(std::abs(x.value), 1e-9);
    });
    if (same) {
      b.finding = &f;
      break;
    }
  }
  b.words = e.excerpt + "\n" + e.claim + "\n" + e.key + "\n" + e.entity;
  if (!e.entity.empty()) b.names.insert(e.entity);
  for (const Fact& fact : e.facts) {
    b.numbers.push_back(backed_number(fact.value, fact.unit, role_of(fact.name)));
    if (fact.name == "value_at_time") b.numbers.back().at = e.time;
  }
  add_derived(e.facts, b);
  if (const Finding* f = b.finding; f != nullptr) {
    for (const std::string* name : {&f->subject.instance, &f->subject.component, &f->peer}) {
      if (!name->empty()) b.names.insert(*name);
      b.words += "\n" + *name;
    }
    b.words += "\n" + f->label + "\n" + f->location.from + "\n" + f->location.to;
    // What the evidence says in either language backs a sentence in either.
    for (const Language language : {Language::kEnglish, Language::kJapanese}) {
      b.words += "\n" + InvestigationPhrases(language).claim(*f);
    }
    b.numbers.push_back(backed_number(f->baseline, f->unit, SpokenNumber::Role::kBaseline));
    b.numbers.push_back(backed_number(f->window, f->unit, SpokenNumber::Role::kWindow));
    if (f->baseline != 0 && f->unit != "s before onset") {
      b.numbers.push_back({f->window / f->baseline, UnitClass::kRatio, "", SpokenNumber::Role::kAny, false, kNoTime});
      b.numbers.push_back({100 * (f->window - f->baseline) / f->baseline, UnitClass::kPercent, "",
                           SpokenNumber::Role::kAny, true, kNoTime});
    }
    // What is missing to 100 % of an availability failed.
    if (f->kind == FindingKind::kErrorRise && (f->unit == "%" || f->unit == "Percent")) {
      b.numbers.push_back(backed_number(100 - f->window, "%", SpokenNumber::Role::kWindow));
      b.numbers.push_back(backed_number(100 - f->baseline, "%", SpokenNumber::Role::kBaseline));
    }
    b.topics = topics_of(*f);
    b.found_topics = b.topics;
    b.times.push_back(f->onset);
    for (const FindingQuote& q : f->quotes) b.times.push_back(q.time);
    b.began = f->onset;
  }
  if (b.finding == nullptr) {
    // Rows of tools: what was counted says what they are about.
    for (const Fact& fact : e.facts) {
      if (fact.value > 0 && (fact.name.starts_with("failed") || fact.name.starts_with("errors"))) {
        b.found_topics.insert(Topic::kError);
      }
      if (fact.unit == "s") b.found_topics.insert(Topic::kLatency);
      if (fact.name.starts_with("requests")) b.found_topics.insert(Topic::kTraffic);
    }
    b.topics.insert(b.found_topics.begin(), b.found_topics.end());
  }
  // The deterministic ranking reads a mechanism out of what it cites.
  for (const Hypothesis& h : c_.report.hypotheses) {
    if (std::find(h.supports.begin(), h.supports.end(), e.id) == h.supports.end()) continue;
    const auto topics = topics_of(h.mechanism);
    b.topics.insert(topics.begin(), topics.end());
    b.found_topics.insert(topics.begin(), topics.end());
  }
  b.lower = to_lower(b.words);
  const auto spoken = topics_in(b.lower);
  b.topics.insert(spoken.begin(), spoken.end());
  if (speaks_of_failure(e.excerpt)) b.topics.insert(Topic::kError);
  add_direction(e.facts, b.finding, b);
  b.times.push_back(e.time);
  // A row that a tool found says when it was, not when something began; of a metric it is just one of its points.
  if (b.began == kNoTime && (b.finding != nullptr || e.kind != EvidenceKind::kMetric)) b.began = e.time;
  if (e.kind == EvidenceKind::kChange) b.is_new = true;
  if (e.kind == EvidenceKind::kLog || e.kind == EvidenceKind::kChange || e.kind == EvidenceKind::kTrace) {
    for (BackedNumber& n : numbers_in_record(utf8_prefix(e.excerpt, 4096))) b.numbers.push_back(std::move(n));
  }
  if (e.kind == EvidenceKind::kMetric) add_points(c_.study, e, b);
  if (e.kind == EvidenceKind::kTrace) b.topics.insert(Topic::kLatency);  // a span has a duration
  b.denies = denies(to_lower(e.excerpt)) || b.gone;
  return b;
}

StudyNames::StudyNames(const ClaimContext& context) {
  std::map<std::string, std::string> names;
  const auto& services = context.study.digest.services;
  std::map<std::string, std::set<std::string>> aliases;
  for (const std::string& s : services) {
    names.emplace(s, s);
    // `petsite` for `petsite_AWS::ECS::Fargate`, where that is clear.
    const std::string alias = s.substr(0, s.find_first_of("_@:(. /"));
    if (alias.size() >= 4 && alias.size() < s.size()) aliases[alias].insert(s);
  }
  for (const auto& [alias, of] : aliases) {
    if (of.size() == 1) names.emplace(alias, *of.begin());
  }
  for (const Finding& f : context.study.findings.all) {
    if (f.subject.instance.empty() || names.contains(f.subject.instance)) continue;
    names.emplace(f.subject.instance, f.subject.instance);
    service_of_instance_.emplace(f.subject.instance, f.subject.service);
  }
  for (const auto& [name, entity] : names) names_.push_back({name, entity});
  std::stable_sort(names_.begin(), names_.end(),
                   [](const KnownName& a, const KnownName& b) { return a.name.size() > b.name.size(); });
  for (const TopologyEdge& e : context.study.digest.topology) {
    callees_[e.caller].insert(e.callee);
    known_.insert(e.caller);
    known_.insert(e.callee);
  }
}

bool StudyNames::same(const Backing& backing, const std::string& name) const {
  if (name.empty()) return false;
  if (backing.names.contains(name)) return true;
  // What a load balancer counted is about what stands behind it, too.
  if (backing.evidence != nullptr && backing.evidence->key.starts_with("tool:access_breakdown") &&
      calls(backing.entity, name)) {
    return true;
  }
  const auto it = service_of_instance_.find(name);
  return it != service_of_instance_.end() && backing.names.contains(it->second);
}

bool StudyNames::calls(const std::string& caller, const std::string& callee) const {
  const auto it = callees_.find(caller);
  return it != callees_.end() && it->second.contains(callee);
}

bool StudyNames::reaches(const std::string& caller, const std::string& callee) const {
  std::set<std::string> seen{caller};
  std::deque<std::string> next{caller};
  while (!next.empty()) {
    const std::string at = std::move(next.front());
    next.pop_front();
    const auto it = callees_.find(at);
    if (it == callees_.end()) continue;
    for (const std::string& to : it->second) {
      if (to == callee) return true;
      if (seen.insert(to).second) next.push_back(to);
    }
  }
  return false;
}

}  // namespace fa
