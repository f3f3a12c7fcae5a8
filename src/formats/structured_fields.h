#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "formats/json_line_forms.h"
#include "formats/log_keys.h"
#include "formats/text_arena.h"
#include "formats/timestamp.h"
#include "model/telemetry.h"

namespace fa {

/// Collects the keys and values of one structured log line (JSON, logfmt) and turns them into a record. Reused from
/// line to line. Views given must stay valid until apply() is done; those it sets point to them or into the arena.
class StructuredFields {
 public:
  void clear();
  /// `meaning` is that of the key's path, `label` names the value in a `key=value` message, `penalty` lowers its rank
  /// (keys found inside containers).
  void add(KeyMeaning meaning, std::string_view label, std::string_view value, JsonScalar type, int penalty);

  [[nodiscard]] bool has(LogRole role) const { return slots_[index(role)].rank < kEmpty; }
  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] bool other_labels_are(std::string_view only) const;

  /// Value of a role; empty when there is none.
  [[nodiscard]] std::string_view value(LogRole role) const { return slots_[index(role)].value; }

  /// The time the keys give, nullopt when none does.
  [[nodiscard]] std::optional<ParsedTimestamp> time(const TimestampContext& context) const;

  /// True when no key but those of service, instance, logger, message and a level in words has a role.
  [[nodiscard]] bool only_names_and_message() const;

  /// Fills what `record` leaves open: severity, service, instance, logger, ids, exception type; always sets `message`
  /// (message key, else `key=value` of what has no role) with error text appended where it is not in it already.
  /// Not `time`: see time().
  void apply(LogRecord& record, TextArena& arena) const;

 private:
  static constexpr int kEmpty = 1000;
  static constexpr std::size_t kMaxOthers = 64;
  struct Slot {
    std::string_view value;
    int rank = kEmpty;
    JsonScalar type = JsonScalar::kString;
  };
  struct Other {
    std::string_view label;
    std::string_view value;
  };
  static constexpr std::size_t index(LogRole role) { return static_cast<std::size_t>(role); }
  [[nodiscard]] Severity severity() const;
  [[nodiscard]] std::string_view pairs(TextArena& arena) const;

  std::array<Slot, static_cast<std::size_t>(LogRole::kCount)> slots_;
  std::vector<Other> others_;
  std::size_t count_ = 0;
};

/// The type named at the start of a stack trace or error text (`java.io.IOException: ...` -> `java.io.IOException`);
/// empty when it does not start with one.
std::string_view leading_exception_type(std::string_view text);

/// Appends `more` on a new line unless `text` holds it already.
std::string_view append_line(std::string_view text, std::string_view more, TextArena& arena);

}  // namespace fa
