#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/logs/message_scan.h"
#include "analysis/logs/template_miner.h"
#include "base/digit_forms.h"

namespace fa {

/// A token of a stored shape.
struct ShapeToken {
  TokenKind kind = TokenKind::kWord;
  bool space = false;
  bool constant = false;  ///< A value that never varied; `text` is that value.
  std::string_view text;  ///< Empty for values that vary. Valid until the table changes.
};

/// The distinct shapes of messages with their counts: what the first pass over the messages keeps. Everything in it is
/// a function of the set of messages, except the numbers of the shapes and, beyond the limit, which shapes were first.
/// One thread per table.
class ShapeTable {
 public:
  static constexpr std::size_t kMaxShapes = 200'000;

  /// Beyond `limit` shapes, new ones are counted by their first words only, and beyond a tenth more, all as one.
  explicit ShapeTable(std::size_t limit = kMaxShapes);

  /// `occurrences`: how many alike messages it stands for.
  ShapeId add(const MessageScanner& message, std::uint64_t occurrences = 1);

  /// A value of a message: the how-manieth token of its shape, and where it stands.
  struct Place {
    std::uint32_t token = 0;
    std::uint32_t begin = 0;
    std::uint32_t length = 0;
  };
  /// The same for a message that is known to be of a shape; `soft` are its values that `Token::soft` says may be
  /// constants, and are not the same in all messages of this kind.
  void add_known(ShapeId shape, std::string_view message, std::span<const Place> soft, std::uint64_t occurrences);
  /// Whether the message has a shape of its own, not one of those that stand for what came too late.
  [[nodiscard]] bool holds(const MessageScanner& message) const;

  /// Takes over another table's counts; `result[s]` is this table's number of the other's shape `s`.
  std::vector<ShapeId> merge(const ShapeTable& other);

  [[nodiscard]] std::size_t size() const { return shapes_.size(); }
  [[nodiscard]] std::uint64_t count(ShapeId shape) const { return shapes_[shape].count; }
  [[nodiscard]] std::uint64_t overflowed_messages() const { return overflowed_; }
  [[nodiscard]] std::vector<ShapeToken> tokens(ShapeId shape) const;
  /// Bytes that name the shape, the same in every table.
  [[nodiscard]] std::string_view encoded(ShapeId shape) const {
    return std::string_view(encoded_).substr(shapes_[shape].begin, shapes_[shape].length);
  }

 private:
  struct Constant {
    std::uint32_t token = 0;  ///< Which token of the shape.
    std::uint64_t hash = 0;
    std::string text;
  };
  struct Shape {
    std::uint64_t hash = 0;
    std::uint64_t count = 0;
    std::size_t begin = 0;  ///< Of its tokens in `encoded_`.
    std::uint32_t length = 0;
    std::uint32_t tokens = 0;
    std::vector<Constant> constants;  ///< Values equal in every message so far; grows only when the shape is new.
  };

  [[nodiscard]] ShapeId find(std::uint64_t hash) const;
  ShapeId insert(std::uint64_t hash, std::string_view encoded, std::uint32_t tokens);
  ShapeId insert_coarse(std::span<const ShapeToken> tokens);
  void settle_constants(Shape& shape, const MessageScanner& message);
  void grow();

  std::size_t limit_;
  std::uint64_t overflowed_ = 0;
  std::vector<Shape> shapes_;
  std::vector<std::uint32_t> slots_;  ///< Open addressing by hash; shape number + 1, 0 is free.
  std::string encoded_;
};

/// Counts messages by their shape. A message that differs from earlier ones only in its digits and ids is not scanned
/// again.
class ShapeCounter {
 public:
  /// `form` as LogRecord has it.
  ShapeId add(std::string_view message, std::uint64_t occurrences, std::uint64_t form = 0);
  /// The scan of the message added last, which must still be there.
  const MessageScanner& scan_of(std::string_view message);
  /// True when the message added last goes on after the line that was scanned.
  [[nodiscard]] bool more_lines() const { return scanned_ && scanner_.more_lines(); }

  ShapeTable shapes;

 private:
  struct Known {
    ShapeId shape = 0;
    bool usable = false;  ///< Digits other than those of the values in `soft` decide nothing.
    std::vector<ShapeTable::Place> soft;
  };
  /// The shape of messages whose form has a number.
  struct NumberedForm {
    std::uint64_t form = 0;
    ShapeId shape = 0;
  };
  static constexpr std::size_t kNumberedForms = 16'384;  ///< Later ones take the places of earlier ones.
  [[nodiscard]] Known describe(std::string_view message, ShapeId shape) const;

  MessageScanner scanner_;
  DigitForms<Known> forms_;
  std::vector<NumberedForm> numbered_ = std::vector<NumberedForm>(kNumberedForms);
  bool scanned_ = false;
};

}  // namespace fa
