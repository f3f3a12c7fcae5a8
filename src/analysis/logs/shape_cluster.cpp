#include "analysis/logs/shape_cluster.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>

#include "analysis/logs/cluster_rows.h"
#include "base/text.h"

namespace fa {

using cluster::kValueWord;
using cluster::mix;
using cluster::refresh;
using cluster::Row;

namespace {

/// Distinct words at one place, all else equal, from which on the place is a variable.
constexpr std::size_t kManyWords = 6;
constexpr std::size_t kManyFirstWords = 12;  ///< The first word usually names the event.
constexpr std::size_t kMaxRounds = 6;

/// Words after which a name follows: two different ones there are enough.
bool names_a_thing(std::string_view word) {
  constexpr std::string_view kNouns[] = {
      "user",   "username",  "host",   "hostname",  "node",    "server",    "client", "service", "account",  "domain",
      "device", "interface", "pod",    "container", "job",     "queue",     "topic",  "table",   "database", "bucket",
      "file",   "directory", "module", "package",   "class",   "process",   "thread", "worker",  "named",    "name",
      "group",  "role",      "region", "zone",      "cluster", "namespace", "key",    "peer",    "member",   "volume"};
  return std::any_of(std::begin(kNouns), std::end(kNouns), [&](std::string_view noun) { return iequals(noun, word); });
}

/// Words that say what happened and never are a name: `service started`, `node down`.
bool tells_a_state(std::string_view word) {
  constexpr std::string_view kStates[] = {
      "up",      "down",      "on",          "off",     "ok",      "is",        "was",   "are",     "has",     "had",
      "not",     "no",        "in",          "out",     "at",      "for",       "to",    "from",    "with",    "by",
      "of",      "and",       "or",          "as",      "lost",    "found",     "ready", "idle",    "dead",    "alive",
      "open",    "close",     "online",      "offline", "start",   "stop",      "begin", "end",     "done",    "left",
      "full",    "empty",     "unknown",     "busy",    "healthy", "unhealthy", "died",  "success", "failure", "error",
      "timeout", "available", "unavailable", "missing", "invalid", "valid",     "can",   "cannot"};
  const std::string lower = to_lower(word);
  if (lower.size() >= 5 && (lower.ends_with("ed") || lower.ends_with("ing"))) return true;
  return std::find(std::begin(kStates), std::end(kStates), lower) != std::end(kStates);
}

class Clustering {
 public:
  explicit Clustering(const ShapeTable& table);
  void run();
  [[nodiscard]] std::vector<ClusteredShape> results() const;

 private:
  struct Place {
    std::uint64_t rest;
    std::uint32_t word;
    std::uint32_t row;
  };
  /// What stands at one place of shapes that are equal otherwise.
  struct Variety {
    std::size_t words = 0;
    std::size_t names = 0;  ///< Those of the words that tell no state.
    bool value = false;
  };
  struct Choice {
    std::size_t strength = 0;
    std::size_t token = 0;
  };

  void settle_keyed_values();
  void number_words();
  void run_rounds();
  bool generalise_round();
  static std::vector<bool> run_members(const Row& row);
  bool collapse_runs();
  [[nodiscard]] std::size_t strength(const Row& row, std::size_t token, const Variety& variety) const;
  [[nodiscard]] std::string_view name_before(const Row& row, std::size_t token) const;

  std::vector<Row> rows_;
  std::vector<bool> states_;  ///< By number of a word: it tells a state.
};

Clustering::Clustering(const ShapeTable& table) {
  rows_.resize(table.size());
  for (std::size_t s = 0; s < rows_.size(); ++s) {
    Row& row = rows_[s];
    row.tokens = table.tokens(static_cast<ShapeId>(s));
    row.count = table.count(static_cast<ShapeId>(s));
    row.origin.resize(row.tokens.size());
    std::iota(row.origin.begin(), row.origin.end(), 0U);
  }
  settle_keyed_values();
  number_words();
}

/// The value of a key that varies in one statement is a variable in all of them.
void Clustering::settle_keyed_values() {
  const auto key_of = [](const Row& row, std::size_t i) -> std::string_view {
    if (i < 2 || row.tokens[i].kind != TokenKind::kValue) return {};
    const std::size_t sign = i - (row.tokens[i - 1].text == "\"" ? 2 : 1);
    if (sign < 1 || row.tokens[sign].text != "=") return {};
    return row.tokens[sign - 1].kind == TokenKind::kWord ? row.tokens[sign - 1].text : std::string_view{};
  };
  struct Seen {
    std::string_view text;
    bool varies = false;
  };
  std::unordered_map<std::string_view, Seen> keys;
  for (const Row& row : rows_) {
    for (std::size_t i = 2; i < row.tokens.size(); ++i) {
      const std::string_view key = key_of(row, i);
      if (key.empty()) continue;
      const auto [it, fresh] = keys.try_emplace(key, Seen{row.tokens[i].text, !row.tokens[i].constant});
      if (!fresh && (!row.tokens[i].constant || it->second.text != row.tokens[i].text)) it->second.varies = true;
    }
  }
  for (Row& row : rows_) {
    for (std::size_t i = 2; i < row.tokens.size(); ++i) {
      const std::string_view key = key_of(row, i);
      if (!key.empty() && keys[key].varies) row.tokens[i].constant = false;
    }
  }
}

/// Numbers follow the sorted words, not the order of arrival: sums of hashes of them are compared, and should two ever
/// collide, they must do so in every order.
void Clustering::number_words() {
  const auto is_value = [](const ShapeToken& token) { return token.kind == TokenKind::kValue && !token.constant; };
  std::vector<std::string_view> sorted;
  for (const Row& row : rows_) {
    for (const ShapeToken& token : row.tokens) {
      if (!is_value(token)) sorted.push_back(token.text);
    }
  }
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  std::unordered_map<std::string_view, std::uint32_t> numbers;
  states_.assign(1, false);  // kValueWord
  for (const std::string_view word : sorted) {
    numbers.emplace(word, static_cast<std::uint32_t>(states_.size()));
    states_.push_back(tells_a_state(word));
  }
  for (Row& row : rows_) {
    row.words.reserve(row.tokens.size());
    for (const ShapeToken& token : row.tokens)
      row.words.push_back(is_value(token) ? kValueWord : numbers.at(token.text));
    refresh(row);
  }
}

/// The nearest word before a token with at most punctuation in between.
std::string_view Clustering::name_before(const Row& row, std::size_t token) const {
  while (token-- > 0) {
    if (row.tokens[token].kind == TokenKind::kDelimiter) continue;
    return row.words[token] == kValueWord ? std::string_view{} : row.tokens[token].text;
  }
  return {};
}

/// How sure it is that a word of a shape is a variable, given what stands there in others; 0 when it is not.
std::size_t Clustering::strength(const Row& row, std::size_t token, const Variety& variety) const {
  const std::size_t anchors = row.anchors - (row.anchor(token) ? 1 : 0);
  const bool first = token == 0;
  if (anchors < (first ? 3U : 2U)) return 0;
  if (!states_[row.words[token]]) {
    if (variety.value && !first) return 1000 + variety.words;
    if (variety.names >= 2 && names_a_thing(name_before(row, token))) return 500 + variety.words;
  }
  return variety.words >= (first ? kManyFirstWords : kManyWords) ? variety.words : 0;
}

bool Clustering::generalise_round() {
  std::vector<Choice> choices(rows_.size());
  std::size_t longest = 0;
  for (const Row& row : rows_) longest = std::max(longest, row.tokens.size());
  std::vector<Place> places;
  for (std::size_t t = 0; t < longest; ++t) {
    places.clear();
    for (std::uint32_t r = 0; r < rows_.size(); ++r) {
      const Row& row = rows_[r];
      if (t >= row.tokens.size() || !row.open(t)) continue;
      places.push_back({mix(row.structure, row.content - mix(t + 1, row.words[t])), row.words[t], r});
    }
    std::sort(places.begin(), places.end(),
              [](const Place& a, const Place& b) { return a.rest != b.rest ? a.rest < b.rest : a.word < b.word; });
    for (std::size_t begin = 0, end = 0; begin < places.size(); begin = end) {
      Variety variety;
      for (end = begin; end < places.size() && places[end].rest == places[begin].rest; ++end) {
        if (end > begin && places[end].word == places[end - 1].word) continue;
        if (places[end].word == kValueWord) {
          variety.value = true;
        } else {
          ++variety.words;
          variety.names += states_[places[end].word] ? 0U : 1U;
        }
      }
      if (variety.words + (variety.value ? 1 : 0) < 2) continue;
      for (std::size_t i = begin; i < end; ++i) {
        if (places[i].word == kValueWord) continue;
        const std::size_t found = strength(rows_[places[i].row], t, variety);
        Choice& choice = choices[places[i].row];
        if (found > choice.strength) choice = {found, t};
      }
    }
  }
  bool changed = false;
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    if (choices[r].strength == 0) continue;
    rows_[r].words[choices[r].token] = kValueWord;
    refresh(rows_[r]);
    changed = true;
  }
  return changed;
}

/// Marks the tokens that a list of values would lose if it were written as one value: `<*> <*> <*>`, `<*>, <*>`.
std::vector<bool> Clustering::run_members(const Row& row) {
  std::vector<bool> members(row.tokens.size());
  const auto value = [&](std::size_t i) { return i < row.tokens.size() && row.words[i] == kValueWord; };
  for (std::size_t i = 0; i + 1 < row.tokens.size(); ++i) {
    if (!value(i)) continue;
    if (value(i + 1)) {
      members[i + 1] = true;
    } else if (row.tokens[i + 1].text == "," && value(i + 2)) {
      members[i + 1] = members[i + 2] = true;
    }
  }
  return members;
}

/// Where shapes are equal but for the lengths of such lists, each list is one variable.
bool Clustering::collapse_runs() {
  struct Form {
    std::size_t length = 0;
    bool varies = false;
  };
  std::unordered_map<std::uint64_t, Form> forms;
  std::vector<std::uint64_t> keys(rows_.size());
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    const Row& row = rows_[r];
    const std::vector<bool> members = run_members(row);
    std::uint64_t key = 0;
    for (std::size_t i = 0; i < row.tokens.size(); ++i) {
      if (!members[i]) key = mix(key, (std::uint64_t{row.words[i]} << 2) + (row.tokens[i].space ? 1U : 0U));
    }
    keys[r] = key;
    Form& form = forms.try_emplace(key, Form{row.tokens.size(), false}).first->second;
    form.varies = form.varies || form.length != row.tokens.size();
  }
  bool changed = false;
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    Row& row = rows_[r];
    if (!forms[keys[r]].varies) continue;
    const std::vector<bool> members = run_members(row);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < row.tokens.size(); ++i) {
      if (members[i]) continue;
      row.tokens[kept] = row.tokens[i];
      row.words[kept] = row.words[i];
      row.origin[kept++] = row.origin[i];
    }
    changed = changed || kept != row.tokens.size();
    row.tokens.resize(kept);
    row.words.resize(kept);
    row.origin.resize(kept);
    refresh(row);
  }
  return changed;
}

void Clustering::run_rounds() {
  for (std::size_t round = 0; round < kMaxRounds; ++round) {
    const bool generalised = generalise_round();
    if (!collapse_runs() && !generalised) break;
  }
}

void Clustering::run() {
  collapse_runs();
  run_rounds();
  if (cluster::generalise_floods(rows_)) run_rounds();
  cluster::cut_free_text(rows_);
}

std::vector<ClusteredShape> Clustering::results() const {
  std::vector<ClusteredShape> out(rows_.size());
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    const Row& row = rows_[r];
    std::string pattern;
    bool after_value = false;
    for (std::size_t i = 0; i < row.tokens.size(); ++i) {
      const ShapeToken& token = row.tokens[i];
      const bool value = row.words[i] == kValueWord;
      if (token.space) pattern += ' ';
      if (!value) {
        pattern += token.text;
      } else if (!after_value || token.space) {
        pattern += "<*>";
        out[r].slots.push_back({row.origin[i], std::string(token.text)});
      }
      after_value = value;
    }
    out[r].pattern = sanitize_utf8(pattern);
  }
  return out;
}

}  // namespace

std::vector<ClusteredShape> cluster_shapes(const ShapeTable& table) {
  Clustering clustering(table);
  clustering.run();
  return clustering.results();
}

}  // namespace fa
