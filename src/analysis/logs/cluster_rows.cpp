#include "analysis/logs/cluster_rows.h"

#include <algorithm>
#include <unordered_set>

namespace fa::cluster {
namespace {

constexpr std::size_t kFlood = 64;      ///< Shapes of one structure and beginning that make a mass.
constexpr std::size_t kFreeText = 200;  ///< Rare shapes of one beginning that are free text.
constexpr std::size_t kLeftovers = 16;  ///< The same, where others of that beginning are known to hold free text.
constexpr std::size_t kHeadWords = 2;   ///< Words that make a beginning.

/// Tokens up to and with the second word of at least two letters, and the punctuation behind; 0 when there is none.
std::size_t head_length(const Row& row) {
  std::size_t words = 0;
  for (std::size_t i = 0; i < row.tokens.size(); ++i) {
    words += row.anchor(i) ? 1U : 0U;
    if (words < kHeadWords) continue;
    while (i + 1 < row.tokens.size() && !row.open(i + 1)) ++i;
    return i + 1;
  }
  return 0;
}

struct Member {
  std::uint64_t key;
  std::uint32_t row;
};

/// Calls `visit` with each run of equal keys.
template <class Visit>
void for_each_group(std::vector<Member>& members, Visit visit) {
  std::sort(members.begin(), members.end(),
            [](const Member& a, const Member& b) { return a.key != b.key ? a.key < b.key : a.row < b.row; });
  for (std::size_t begin = 0, end = 0; begin < members.size(); begin = end) {
    while (end < members.size() && members[end].key == members[begin].key) ++end;
    visit(begin, end);
  }
}

std::uint64_t head_key(const Row& row, std::size_t head, std::uint64_t seed) {
  for (std::size_t i = 0; i < head; ++i) seed = mix(seed, row.words[i] + (row.tokens[i].space ? 1ULL << 32 : 0));
  return seed;
}

/// Splits a group of one structure along its places of few words, then frees the places where nearly every shape has
/// a word of its own.
class FloodSplitter {
 public:
  explicit FloodSplitter(std::vector<Row>& rows) : rows_(rows) {}

  bool split(std::vector<std::uint32_t> group) {
    if (group.size() < kFlood) return false;
    const Row& model = rows_[group.front()];
    std::vector<std::size_t> free;
    std::size_t split_at = model.tokens.size();
    std::size_t fewest = group.size();
    std::size_t fixed = 0;
    for (std::size_t t = 0; t < model.tokens.size(); ++t) {
      if (!model.open(t)) continue;
      std::unordered_set<std::uint32_t> words;
      for (const std::uint32_t r : group) words.insert(rows_[r].words[t]);
      if (words.size() == 1) {
        fixed += model.anchor(t) ? 1U : 0U;
      } else if (words.size() * 8 > group.size()) {
        free.push_back(t);
      } else if (words.size() < fewest) {
        fewest = words.size();
        split_at = t;
      }
    }
    if (split_at < model.tokens.size()) {
      std::stable_sort(group.begin(), group.end(), [&](std::uint32_t a, std::uint32_t b) {
        return rows_[a].words[split_at] < rows_[b].words[split_at];
      });
      bool changed = false;
      for (std::size_t begin = 0, end = 0; begin < group.size(); begin = end) {
        while (end < group.size() && rows_[group[end]].words[split_at] == rows_[group[begin]].words[split_at]) ++end;
        changed |= split(
            {group.begin() + static_cast<std::ptrdiff_t>(begin), group.begin() + static_cast<std::ptrdiff_t>(end)});
      }
      return changed;
    }
    if (free.empty() || fixed < kHeadWords) return false;
    for (const std::uint32_t r : group) {
      for (const std::size_t t : free) rows_[r].words[t] = kValueWord;
      refresh(rows_[r]);
    }
    return true;
  }

 private:
  std::vector<Row>& rows_;
};

}  // namespace

void refresh(Row& row) {
  row.structure = row.tokens.size();
  row.content = 0;
  row.anchors = 0;
  for (std::size_t i = 0; i < row.tokens.size(); ++i) {
    row.structure = mix(row.structure, (row.tokens[i].space ? 1U : 0U) + (row.open(i) ? 2U : 4U + 2U * row.words[i]));
    row.content += mix(i + 1, row.words[i]);
    row.anchors += row.anchor(i) ? 1U : 0U;
  }
}

bool generalise_floods(std::vector<Row>& rows) {
  std::vector<Member> members;
  for (std::uint32_t r = 0; r < rows.size(); ++r) members.push_back({rows[r].structure, r});
  bool changed = false;
  FloodSplitter splitter(rows);
  for_each_group(members, [&](std::size_t begin, std::size_t end) {
    if (end - begin < kFlood) return;
    std::vector<std::uint32_t> group;
    for (std::size_t i = begin; i < end; ++i) group.push_back(members[i].row);
    changed |= splitter.split(std::move(group));
  });
  return changed;
}

void cut_free_text(std::vector<Row>& rows) {
  std::vector<Member> members;
  for (std::uint32_t r = 0; r < rows.size(); ++r) {
    const std::size_t head = head_length(rows[r]);
    if (head != 0 && head < rows[r].tokens.size()) members.push_back({head_key(rows[r], head, 0), r});
  }
  for_each_group(members, [&](std::size_t begin, std::size_t end) {
    if (end - begin < kLeftovers) return;
    std::unordered_set<std::uint64_t> distinct;
    std::uint64_t messages = 0;
    bool known = false;  // One variable behind this beginning is a template already.
    for (std::size_t i = begin; i < end; ++i) {
      const Row& row = rows[members[i].row];
      const std::size_t head = head_length(row);
      if (row.tokens.size() == head + 1 && row.words[head] == kValueWord) {
        known = true;
        continue;
      }
      distinct.insert(mix(row.structure, row.content));
      messages += row.count;
    }
    if (distinct.size() < (known ? kLeftovers : kFreeText) || messages > 3 * distinct.size()) return;
    for (std::size_t i = begin; i < end; ++i) {
      Row& row = rows[members[i].row];
      const std::size_t head = head_length(row);
      const bool space = row.tokens[head].space;
      row.tokens.resize(head + 1);
      row.words.resize(head + 1);
      row.origin.resize(head + 1);
      row.tokens[head] = ShapeToken{TokenKind::kValue, space, false, {}};
      row.words[head] = kValueWord;
      refresh(row);
    }
  });
}

}  // namespace fa::cluster
