#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "formats/log_keys.h"

namespace fa {

/// Remembers in what order the keys of JSON lines came, and what each means there: a logger writes the same keys over
/// and over, so that comparing a key with the one that followed last time is all it mostly takes. Holds a tree whose
/// edges are the keys of a line and the ends of its nested objects; what does not fit is looked up anew each time. Not
/// thread-safe.
class KeySequences {
 public:
  /// A key, its value being an object or not, behind all keys that led to it.
  struct Member {
    std::string key;  ///< As written, escapes unresolved; empty for the end of an object.
    bool is_object = false;
    bool is_end = false;
    bool transparent = false;  ///< An object whose members count as if they stood outside of it.
    KeyMeaning meaning;
    std::string path;  ///< Normalised; of a transparent object the path around it.
  };
  /// A place in the tree. `kUnknown`: the line has left what is known.
  using Place = std::uint32_t;
  static constexpr Place kStart = 0;
  static constexpr Place kUnknown = ~Place{0};

  KeySequences() : nodes_(1) {}

  /// The place behind `place` where this key, or the end of the object, stands; kUnknown if it was not there before.
  [[nodiscard]] Place find(Place place, std::string_view key, bool is_object);
  [[nodiscard]] Place find_end(Place place);
  /// What stands at a place. Valid until the next `learn`.
  [[nodiscard]] const Member& at(Place place) const { return nodes_[place].member; }
  /// Remembers what came behind `place`, unless there is no more room.
  void learn(Place place, Member member);

 private:
  static constexpr std::size_t kMaxNodes = 4096;
  static constexpr std::size_t kMaxBranches = 8;
  static constexpr std::size_t kMaxKeyBytes = 128;

  struct Node {
    Member member;
    std::vector<Place> next;  ///< The one taken last in front.
  };
  template <class Matches>
  Place branch(Place place, const Matches& matches);

  std::vector<Node> nodes_;
};

}  // namespace fa
