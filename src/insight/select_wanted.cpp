#include "insight/select_wanted.h"

#include <algorithm>

#include "base/text.h"
#include "base/utf8.h"
#include "insight/question_words.h"
#include "sources/aws/metrics_rules.h"

namespace fa::insight {
namespace {

constexpr double kLeastShareOfName = 0.6;

/// Words of a metric's name that say nothing of their own.
bool is_filler(std::string_view word) {
  static constexpr std::string_view kFillers[] = {"count", "total",   "number", "of",      "the",     "rate",
                                                  "avg",   "average", "ms",     "seconds", "percent", "per",
                                                  "value", "sum",     "max",    "min"};
  return std::find(std::begin(kFillers), std::end(kFillers), word) != std::end(kFillers);
}

/// Where the question says the name itself: `CPUUtilization`, `cpu utilization`, `iterator age milliseconds`; empty
/// where it does not. `5xx errors` names no metric of that name: any service has some.
std::string_view said_name(std::string_view folded, const std::string& name, const std::vector<std::string>& words) {
  if (words.size() < 2) return {};
  std::string spaced;
  std::string joined;
  for (const std::string& word : words) {
    spaced += (spaced.empty() ? "" : " ") + word;
    joined += word;
  }
  const auto find = [&](const std::string& form) {
    const std::size_t at = folded.find(form);
    return at == std::string_view::npos ? std::string_view() : folded.substr(at, form.size());
  };
  using namespace signal;
  constexpr Signals kOfAnything = kErrors | kServerErrors | kClientErrors | kTraffic;
  const WordMeaning meaning = read_words(spaced);
  const bool ordinary = meaning.signals != 0 && (meaning.signals & ~kOfAnything) == 0;
  for (const std::string& form : {to_lower(name), joined, ordinary ? joined : spaced}) {
    if (const std::string_view said = find(form); !said.empty()) return said;
  }
  return {};
}

/// `在庫同期` -> 在庫 庫同 同期
std::vector<std::string_view> character_pairs(std::string_view text) {
  std::vector<std::string_view> pairs;
  std::size_t before = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t next = at + decode_utf8(text.substr(at)).size;
    if (at > 0) pairs.push_back(text.substr(before, next - before));
    before = at;
    at = next;
  }
  return pairs;
}

/// How many of a name's pairs the question has: Japanese names have no words to compare.
double share_of_pairs(std::string_view folded, std::string_view name) {
  const std::vector<std::string_view> pairs = character_pairs(name);
  const auto found = std::count_if(pairs.begin(), pairs.end(),
                                   [&](std::string_view pair) { return folded.find(pair) != std::string_view::npos; });
  return pairs.empty() ? 0 : static_cast<double>(found) / static_cast<double>(pairs.size());
}

/// How much of a name of the user's own the question's words are: names of metrics in custom namespaces are sentences.
double share_of_name(std::string_view folded, const std::set<std::string>& said,
                     const std::vector<std::string>& words) {
  double all = 0;
  double found = 0;
  for (const std::string& word : words) {
    if (is_filler(word)) continue;
    all += 1;
    const bool other_script = static_cast<unsigned char>(word.front()) >= 0x80;
    found += other_script ? share_of_pairs(folded, word) : said.contains(singular(word)) ? 1 : 0;
  }
  return all > 0 ? found / all : 0;
}

/// Takes the words of a name out of a text: what they say is asked of that metric.
void take_out_words(std::string& text, const std::vector<std::string>& words) {
  const auto blank = [&](std::string_view what) {
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + what.size())) {
      text.replace(at, what.size(), what.size(), ' ');
    }
  };
  for (const std::string& word : words) {
    if (static_cast<unsigned char>(word.front()) < 0x80) {
      blank(word);
      continue;
    }
    for (const std::string_view pair : character_pairs(word)) blank(pair);
  }
}

/// Names of metrics that the question says; their words are taken out of `rest`.
std::set<std::string> named_metrics(const Catalogue& catalogue, std::string_view folded, const WordMeaning& words,
                                    std::string& rest) {
  std::set<std::string> said;
  for (const QuestionWord& word : question_words(folded, words)) {
    for (const std::string& part : word.parts) said.insert(singular(part));
  }
  std::set<std::string> names;
  for (const CatalogueGroup& group : catalogue.groups()) {
    const bool own = !service_of_namespace(group.metric_namespace) && !group.metric_namespace.starts_with("AWS/");
    for (const std::string& name : group.metric_names) {
      const std::vector<std::string> parts = metric_name_words(name);
      const bool sentence = own && (parts.size() > 1 || static_cast<unsigned char>(name.front()) >= 0x80);
      if (const std::string_view whole = said_name(folded, name, parts); !whole.empty()) {
        const auto at = static_cast<std::size_t>(whole.data() - folded.data());
        rest.replace(at, whole.size(), whole.size(), ' ');
        names.insert(name);
      } else if (sentence && share_of_name(folded, said, parts) >= kLeastShareOfName) {
        take_out_words(rest, parts);
        names.insert(name);
      }
    }
  }
  return names;
}

Stage stage_in(std::string_view folded) {
  Stage stage = Stage::kNone;
  for (const QuestionWord& word : question_words(folded, {})) {
    for (const std::string& part : word.parts) {
      if (const Stage found = stage_of_word(part); found != Stage::kNone) stage = found;
    }
  }
  for (const std::string_view word : {"検証", "開発", "ステージング", "テスト環境"}) {
    if (folded.find(word) != std::string_view::npos) stage = Stage::kOther;
  }
  if (folded.find("本番") != std::string_view::npos) stage = Stage::kProduction;
  return stage;
}

/// Figures that a symptom only repeats: who asks for the latency has said that it is slow.
void settle_symptoms(Wanted& wanted) {
  using namespace signal;
  using namespace symptom;
  const Signals figures = wanted.signals & ~(kReads | kWrites);
  if (wanted.words.why && (figures & kLatency) != 0) wanted.symptoms |= kSlow;
  if ((figures & (kLatency | kBacklog | kReplication)) != 0 && !wanted.words.why) wanted.symptoms &= ~kSlow;
  if ((figures & (kErrors | kThrottles | kDeadLetters | kHealth | kRestarts)) != 0) wanted.symptoms &= ~kFailing;
  if (figures != 0) wanted.symptoms &= ~(kOverview | kLoad);
  if ((wanted.symptoms & (kSlow | kFailing | kLoad)) != 0) wanted.symptoms &= ~kOverview;
  if (!wanted.metric_names.empty()) wanted.symptoms = 0;
  const bool anything = figures != 0 || wanted.symptoms != 0 || !wanted.metric_names.empty();
  if (!anything) wanted.symptoms = kOverview;
}

}  // namespace

bool Wanted::is_small_talk() const {
  const bool names_nothing = names.fit.empty() && names.unknown.empty() && words.services == 0 &&
                             metric_names.empty() && !words.user_facing && stage == Stage::kNone;
  const bool only_overview =
      (words.symptoms & ~symptom::kOverview) == 0 && (words.signals & ~(signal::kReads | signal::kWrites)) == 0;
  return names_nothing && only_overview;
}

Wanted read_wanted(const Catalogue& catalogue, std::string_view folded) {
  Wanted wanted;
  wanted.words = read_words(folded);
  wanted.names = match_names(catalogue, folded, wanted.words);
  std::string rest(folded);
  wanted.metric_names = named_metrics(catalogue, folded, wanted.words, rest);
  wanted.signals = wanted.metric_names.empty() ? wanted.words.signals : read_words(rest).signals;
  // `Is it android only?` asks for the others, too.
  if (wanted.words.by_contrast && !wanted.metric_names.empty()) wanted.names.fit.clear();
  wanted.symptoms = wanted.words.symptoms;
  wanted.stage = stage_in(folded);
  wanted.wants_advice = (wanted.symptoms & symptom::kTuning) != 0;
  settle_symptoms(wanted);
  return wanted;
}

int answers(const Wanted& wanted, std::string_view metric_namespace, std::string_view name) {
  using namespace signal;
  if (wanted.metric_names.contains(std::string(name))) return 3;
  const MetricMeaning meaning = meaning_of_metric(metric_namespace, name);
  if (meaning.detail) return 0;
  constexpr Signals kNarrowing = kReads | kWrites;
  const Signals narrowed = wanted.signals & kNarrowing;
  const Signals direction = meaning.signals & kNarrowing;
  if (narrowed != 0 && direction != 0 && (narrowed & direction) == 0) return 0;
  if ((meaning.signals & wanted.signals & ~kNarrowing) != 0) return 2;
  return (meaning.symptoms & wanted.symptoms) != 0 ? 1 : 0;
}

}  // namespace fa::insight
