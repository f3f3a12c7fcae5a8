#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "formats/log_keys.h"

namespace fa {

class StructuredFields;
class TextArena;

/// What kind of scalar stands at a key.
enum class JsonScalar : std::uint8_t { kString, kNumber, kLiteral };

/// Remembers the JSON lines of a file by what stands between their values: a logger writes the same keys in the same
/// order over and over, so that comparing those bytes and finding where each value ends is all it mostly takes.
/// Bounded; lines of other forms are read as if nothing were remembered. Not thread-safe; one per file.
class JsonLineForms {
 public:
  /// Reads a line of a form that came before into `fields` (cleared first): exactly what reading it anew would give.
  /// False for any other line, whatever was put into `fields`.
  bool read(std::string_view line, StructuredFields& fields, TextArena& arena);

  /// A line that is read anew tells of itself by these, so that its form may be learned.
  void begin() { noted_.clear(); }
  /// `value` as it stands in the line (a string without its quotes), and how it is added to the fields.
  void note(std::string_view value, JsonScalar scalar, KeyMeaning meaning, std::string_view label, int penalty) {
    noted_.push_back({value, label, meaning, penalty, scalar});
  }
  /// The line was a whole object of nested objects and scalars. Learns its form when it comes again soon.
  void end(std::string_view line);

 private:
  static constexpr std::size_t kMaxForms = 16;
  static constexpr std::size_t kMaxValues = 256;
  static constexpr std::size_t kMaxFormBytes = std::size_t{16} << 10;

  struct Noted {
    std::string_view value;
    std::string_view label;
    KeyMeaning meaning;
    int penalty = 0;
    JsonScalar scalar = JsonScalar::kString;
  };
  struct Value {
    std::string lead;  ///< All bytes behind the value before, an opening quote included.
    std::string label;
    KeyMeaning meaning;
    int penalty = 0;
    JsonScalar scalar = JsonScalar::kString;
  };
  struct Form {
    std::vector<Value> values;
    std::string tail;
  };

  static bool read_as(const Form& form, std::string_view line, StructuredFields& fields, TextArena& arena);
  static const char* end_of(const Noted& value);
  [[nodiscard]] std::uint64_t noted_form(std::string_view line) const;

  std::vector<Form> forms_;  ///< The one met last in front.
  std::vector<Noted> noted_;
  std::array<std::uint64_t, 8> missed_{};  ///< Forms of lines that were read anew, in turns.
  std::size_t next_missed_ = 0;
};

}  // namespace fa
