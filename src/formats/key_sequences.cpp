#include "formats/key_sequences.h"

#include <utility>

namespace fa {

template <class Matches>
KeySequences::Place KeySequences::branch(Place place, const Matches& matches) {
  std::vector<Place>& next = nodes_[place].next;
  for (std::size_t i = 0; i < next.size(); ++i) {
    const Place found = next[i];
    if (!matches(nodes_[found].member)) continue;
    if (i > 0) std::swap(next[0], next[i]);
    return found;
  }
  return kUnknown;
}

KeySequences::Place KeySequences::find(Place place, std::string_view key, bool is_object) {
  return branch(place, [&](const Member& m) { return m.is_object == is_object && !m.is_end && m.key == key; });
}

KeySequences::Place KeySequences::find_end(Place place) {
  return branch(place, [](const Member& m) { return m.is_end; });
}

void KeySequences::learn(Place place, Member member) {
  if (nodes_.size() >= kMaxNodes || nodes_[place].next.size() >= kMaxBranches || member.key.size() > kMaxKeyBytes)
    return;
  nodes_[place].next.push_back(static_cast<Place>(nodes_.size()));
  nodes_.push_back({std::move(member), {}});
}

}  // namespace fa
