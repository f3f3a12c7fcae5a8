#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "formats/json_cursor.h"

namespace fa {

/// What kind of scalar stands at a key.
enum class JsonScalar : std::uint8_t { kString, kNumber, kLiteral };

/// Remembers JSON texts by what stands between their values: what is written by one program has the same keys in the
/// same order over and over, so that comparing those bytes and finding where each value ends is all it mostly takes. A
/// form is learned from a text that was read in full, by whoever reads such texts; `Payload` (a plain struct) says what
/// each value is. Bounded; texts of other forms are not known. Not thread-safe; one per file.
template <class Payload>
class JsonForms {
 public:
  /// Calls `take(payload, token)` for each value of a text of a known form, until it returns false. True when the text
  /// is of such a form and all its values were taken; else whatever was taken must be forgotten, and `restart()` said
  /// so.
  template <class Restart, class Take>
  bool read(std::string_view text, const Restart& restart, const Take& take) {
    for (std::size_t i = 0; i < forms_.size(); ++i) {
      restart();
      if (!read_as(forms_[i], text, take)) continue;
      // One step forward: forms that take turns stay in front together.
      if (i > 0) std::swap(forms_[i], forms_[i - 1]);
      in_vain_ = 0;
      return true;
    }
    return false;
  }

  /// False where texts never have the form of one before: then it is no use to tell of them.
  [[nodiscard]] bool wants_more() const { return in_vain_ < kMostInVain; }
  /// A text that is read in full tells of itself by these: of every value in turn, as it stands in the text (a string
  /// without its quotes), and at its end, if all of it was understood.
  void begin() { noted_.clear(); }
  void note(std::string_view value, JsonScalar scalar, const Payload& payload) {
    noted_.push_back({value, payload, scalar});
  }
  /// Learns the form when it comes again soon: learning costs more than reading.
  void end(std::string_view text) {
    if (noted_.empty() || noted_.size() > kMaxValues) return;
    ++in_vain_;
    const std::uint64_t noted = noted_form(text);
    if (std::find(missed_.begin(), missed_.end(), noted) == missed_.end()) {
      missed_[next_missed_++ % missed_.size()] = noted;
      return;
    }
    Form form;
    const char* behind = text.data();
    for (const Noted& value : noted_) {
      form.values.push_back({std::string(behind, value.text.data()), value.payload, value.scalar});
      behind = end_of(value);
    }
    form.tail.assign(behind, text.data() + text.size());
    if (text.size() > kMaxFormBytes) return;
    if (forms_.size() == kMaxForms) forms_.pop_back();
    forms_.insert(forms_.begin(), std::move(form));
  }

 private:
  static constexpr std::size_t kMaxForms = 16;
  static constexpr std::size_t kMaxValues = 256;
  static constexpr std::size_t kMaxFormBytes = std::size_t{64} << 10;
  static constexpr std::size_t kMostInVain = 10'000;

  struct Noted {
    std::string_view text;
    Payload payload;
    JsonScalar scalar;
  };
  struct Value {
    std::string lead;  ///< All bytes behind the value before, an opening quote included.
    Payload payload;
    JsonScalar scalar;
  };
  struct Form {
    std::vector<Value> values;
    std::string tail;
  };

  template <class Take>
  static bool read_as(const Form& form, std::string_view text, const Take& take) {
    JsonCursor cursor(text);
    JsonCursor::Token token;
    for (const Value& value : form.values) {
      if (!cursor.take(value.lead)) return false;
      const bool whole = value.scalar == JsonScalar::kString
                             ? cursor.string_rest(token)
                             : cursor.scalar_of(token, value.scalar == JsonScalar::kNumber);
      if (!whole || !take(value.payload, value.scalar, token)) return false;
    }
    return cursor.take(form.tail) && cursor.at_end();
  }

  /// Behind the value, its closing quote included.
  static const char* end_of(const Noted& value) {
    return value.text.data() + value.text.size() + (value.scalar == JsonScalar::kString ? 1 : 0);
  }

  /// Hash of what stands between the values.
  [[nodiscard]] std::uint64_t noted_form(std::string_view text) const {
    std::uint64_t form = noted_.size();
    const char* behind = text.data();
    for (const Noted& value : noted_) {
      form = stable_hash({behind, static_cast<std::size_t>(value.text.data() - behind)}, form);
      behind = end_of(value);
    }
    return stable_hash({behind, static_cast<std::size_t>(text.data() + text.size() - behind)}, form);
  }

  std::vector<Form> forms_;  ///< Those met last in front.
  std::vector<Noted> noted_;
  std::array<std::uint64_t, 16> missed_{};  ///< Forms of texts that were not known, in turns.
  std::size_t next_missed_ = 0;
  std::size_t in_vain_ = 0;  ///< Texts told of since one was of a known form.
};

}  // namespace fa
