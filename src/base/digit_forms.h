#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/// Texts that differ in nothing but the values of their digits and of their hexadecimal ids have one form: what a log
/// statement writes over and over is mostly that. What was once found out about a form need not be found out again
/// (`DigitForms`).
namespace fa {

/// The form of one text at a time: the text with every digit as `0` and every id as a run of one mark. An id is a run
/// of at least six of `0`-`9a-f`, digits and letters among them, that nothing continues. The mark says what else
/// readers look at: whether the id begins with a digit, and whether it has one digit, two in one run, two in two runs,
/// three, or more. Positions in the text are positions in its form.
class TextForm {
 public:
  static constexpr std::size_t kMaxTextBytes = 1024;
  static constexpr std::size_t kNone = ~std::size_t{0};

  /// `text` has at most kMaxTextBytes.
  void take(std::string_view text) {
    zero_digits(text);
    ids_ = 0;
    first_id_ = kNone;
    if (!holds_marks_) mark_ids(text);
    hash_bytes();
  }

  /// For tables only: it names nothing and orders nothing.
  [[nodiscard]] std::uint64_t hash() const { return hash_; }
  /// With NULs up to a multiple of sixteen bytes. Valid until the next text is taken.
  [[nodiscard]] std::string_view bytes() const { return {bytes_.data(), padded()}; }
  /// Of the text. Together with bytes() and ids(), it tells forms apart.
  [[nodiscard]] std::size_t size() const { return size_; }
  /// How many ids were marked: none in a text that has bytes like the marks itself.
  [[nodiscard]] std::uint32_t ids() const { return ids_; }
  /// Where the first id begins; kNone if there is none.
  [[nodiscard]] std::size_t first_id() const { return first_id_; }

  /// Whether `size` bytes, a multiple of sixteen, are the same.
  static bool same(const char* a, const char* b, std::size_t size) {
    Block differing{};
    for (std::size_t at = 0; at < size; at += sizeof(Block)) differing |= load(a + at) ^ load(b + at);
    return std::bit_cast<std::array<std::uint64_t, 2>>(differing) == std::array<std::uint64_t, 2>{};
  }

 private:
  /// Sixteen bytes at a time: what all x86-64 and ARM64 processors do, so that there is one code for all.
  using Block [[gnu::vector_size(16)]] = std::uint8_t;
  using Truth [[gnu::vector_size(16)]] = std::int8_t;  ///< Of a comparison: each byte is 0 or -1.
  static constexpr std::size_t kWords = kMaxTextBytes / 64;
  static constexpr std::size_t kShortestId = 6;
  static constexpr std::uint8_t kFirstMark = 0x0E;  ///< Marks are control characters that logs do not use.
  static constexpr std::uint8_t kMarks = 10;

  static Block load(const char* from) {
    Block block;
    std::memcpy(&block, from, sizeof(block));
    return block;
  }

  /// The bytes from `at` on, fewer than a block, and NULs behind them.
  static Block load_rest(std::string_view text, std::size_t at) {
    if (text.size() < sizeof(Block)) {
      Block block{};
      std::memcpy(&block, text.data(), text.size());
      return block;
    }
    auto [low, high] = std::bit_cast<std::array<std::uint64_t, 2>>(load(text.data() + text.size() - sizeof(Block)));
    const std::size_t bits = 8 * (sizeof(Block) - (text.size() - at));
    if (bits >= 64) {
      low = high >> (bits - 64);
      high = 0;
    } else {
      low = low >> bits | high << (64 - bits);
      high >>= bits;
    }
    return std::bit_cast<Block>(std::array<std::uint64_t, 2>{low, high});
  }

  static std::uint32_t mask_of(Truth truth) {
#if defined(__SSE2__)
    return static_cast<std::uint32_t>(_mm_movemask_epi8(std::bit_cast<__m128i>(truth)));
#else
    std::uint32_t mask = 0;
    for (std::size_t i = 0; i < sizeof(truth); ++i) mask |= static_cast<std::uint32_t>(truth[i] != 0) << i;
    return mask;
#endif
  }

  [[nodiscard]] std::size_t padded() const { return (size_ + sizeof(Block) - 1) / sizeof(Block) * sizeof(Block); }

  void zero_digits(std::string_view text) {
    size_ = text.size();
    holds_marks_ = false;
    Truth marks{};
    for (std::size_t at = 0; at < size_; at += sizeof(Block)) {
      const Block block = at + sizeof(Block) <= size_ ? load(text.data() + at) : load_rest(text, at);
      const Block value = block ^ std::uint8_t{'0'};
      const auto digit = value <= std::uint8_t{9};
      const auto letter = block - std::uint8_t{'a'} <= std::uint8_t{5};
      marks |= block - kFirstMark < kMarks;
      const Block form = block ^ (value & std::bit_cast<Block>(digit));
      std::memcpy(bytes_.data() + at, &form, sizeof(form));
      const std::size_t word = at / 64;
      if (at % 64 == 0) digits_[word] = hex_[word] = 0;
      digits_[word] |= std::uint64_t{mask_of(digit)} << (at % 64);
      hex_[word] |= std::uint64_t{mask_of(digit | letter)} << (at % 64);
    }
    holds_marks_ = mask_of(marks) != 0;
    digits_[(size_ + 63) / 64] = hex_[(size_ + 63) / 64] = 0;
  }

  /// 64 bits from bit `at` on.
  template <typename Words>
  static std::uint64_t window(const Words& words, std::size_t at) {
    const std::size_t word = at / 64;
    const std::size_t shift = at % 64;
    return shift == 0 ? words[word] : words[word] >> shift | words[word + 1] << (64 - shift);
  }

  void mark_ids(std::string_view text) {
    std::uint64_t carried = 0;  // The last bit of the word before.
    for (std::size_t at = 0; at < size_; at += 64) {
      const std::uint64_t hex = hex_[at / 64];
      std::uint64_t starts = hex & ~(hex << 1 | carried);
      carried = hex >> 63;
      if (starts == 0) continue;
      for (std::size_t i = 1; i < kShortestId; ++i) starts &= window(hex_, at + i);
      for (; starts != 0; starts &= starts - 1) mark_id(text, at + static_cast<std::size_t>(std::countr_zero(starts)));
    }
  }

  void mark_id(std::string_view text, std::size_t begin) {
    const auto length = static_cast<std::size_t>(std::countr_one(window(hex_, begin)));
    if (length == 64) return;
    const std::uint64_t digits = window(digits_, begin) & ((std::uint64_t{1} << length) - 1);
    const std::uint64_t letters = ~digits & ((std::uint64_t{1} << length) - 1);
    if (digits == 0 || letters == 0) return;
    const std::size_t end = begin + length;
    if (begin > 0 && (text[begin - 1] == '<' || joins(text[begin - 1]))) return;
    if (end < size_ && joins(text[end])) return;
    if (begin > 1 && text[begin - 1] == ':' && is_digit(text[begin - 2])) return;  // `08:00:00` may be read there.
    const std::string_view opening = text.substr(begin, 3);
    if (opening == "dec" || opening == "feb") return;  // A month may be read there.
    const int kind = kind_of(digits);
    const int mark = kFirstMark + 2 * kind + static_cast<int>(digits & 1);
    std::memset(bytes_.data() + begin, mark, length);
    if (ids_++ == 0) first_id_ = begin;
  }

  /// By how many digits an id has, and when there are two, whether they stand together.
  static int kind_of(std::uint64_t digits) {
    const std::uint64_t second = digits & (digits - 1);
    if (second == 0) return 0;
    const std::uint64_t third = second & (second - 1);
    if (third == 0) return (digits & (digits << 1)) != 0 ? 2 : 1;
    return (third & (third - 1)) == 0 ? 3 : 4;
  }

  /// Whether a byte beside a run of letters and digits makes it part of something longer.
  static bool joins(char c) {
    const auto byte = static_cast<unsigned char>(c);
    const auto small = static_cast<unsigned char>(byte | 0x20U);
    return byte >= 0x80 || (small >= 'a' && small <= 'z') || (byte >= '0' && byte <= '9') || byte == '_' || byte == '$';
  }

  void hash_bytes() {
    constexpr std::uint64_t kFirst = 0x9e3779b97f4a7c15U;
    constexpr std::uint64_t kSecond = 0xbf58476d1ce4e5b9U;
    std::uint64_t a = size_ * kFirst;
    std::uint64_t b = ~a;
    for (std::size_t at = 0; at < size_; at += sizeof(Block)) {
      const auto words = std::bit_cast<std::array<std::uint64_t, 2>>(load(bytes_.data() + at));
      a = (a ^ words[0]) * kFirst;
      b = (b ^ words[1]) * kSecond;
    }
    a = (a ^ std::rotl(b, 29)) * kSecond;
    hash_ = a ^ (a >> 32);
  }

  std::array<char, kMaxTextBytes> bytes_;
  std::array<std::uint64_t, kWords + 2> digits_;  ///< Which bytes are digits; a word more than the text has.
  std::array<std::uint64_t, kWords + 2> hex_;     ///< ... or `a` to `f`.
  std::size_t size_ = 0;
  std::size_t first_id_ = kNone;
  std::uint64_t hash_ = 0;
  std::uint32_t ids_ = 0;
  bool holds_marks_ = false;
};

/// Remembers something about forms. A form is worth learning when it is met again: texts that never come back cost
/// nothing but a look at a small table. Bounded; when it is full it begins anew, so what is found depends on what came
/// before, and only what is true of each text of the form may be remembered. Not thread-safe.
template <typename Value>
class DigitForms {
 public:
  static constexpr std::size_t kMaxForms = 32'768;
  static constexpr std::size_t kMaxBytes = std::size_t{8} << 20;  ///< Of all their texts.

  /// What was learned of the text's form, nullptr when nothing was. Valid until something is learned. A text of more
  /// than TextForm::kMaxTextBytes has no form here.
  Value* find(std::string_view text) {
    wanted_ = false;
    if (text.size() > TextForm::kMaxTextBytes) return nullptr;
    form_.take(text);
    const std::uint64_t hash = form_.hash();
    for (std::size_t i = 0; i < kProbes; ++i) {
      const std::uint32_t slot = slots_[(hash + i) & mask()];
      if (slot == 0) break;
      Entry& entry = entries_[slot - 1];
      if (entry.hash == hash && entry.size == form_.size() && entry.ids == form_.ids() &&
          TextForm::same(form_.bytes().data(), forms_.data() + entry.begin, form_.bytes().size())) {
        return &entry.value;
      }
    }
    std::uint16_t& trace = traces_[(hash >> 16) % traces_.size()];
    const auto mine = static_cast<std::uint16_t>(hash >> 48 | 1U);
    wanted_ = trace == mine;
    trace = mine;
    return nullptr;
  }

  /// The text looked up last is known to have come before, and nothing is known of it.
  [[nodiscard]] bool wanted() const { return wanted_; }

  /// Of the text that was looked up last.
  [[nodiscard]] const TextForm& form() const { return form_; }

  /// Remembers a value for the text that was looked up last.
  void learn(Value value) {
    wanted_ = false;
    if (entries_.size() == kMaxForms || forms_.size() > kMaxBytes) clear();
    if ((entries_.size() + 1) * 2 > slots_.size()) grow();
    entries_.push_back(
        {form_.hash(), forms_.size(), static_cast<std::uint32_t>(form_.size()), form_.ids(), std::move(value)});
    forms_ += form_.bytes();
    put(form_.hash(), entries_.size());
  }

 private:
  struct Entry {
    std::uint64_t hash;
    std::size_t begin;  ///< In forms_.
    std::uint32_t size;
    std::uint32_t ids;
    Value value;
  };

  /// Texts made to collide must not make it slow: what finds no place near its own is not remembered.
  static constexpr std::size_t kProbes = 16;

  [[nodiscard]] std::size_t mask() const { return slots_.size() - 1; }

  void put(std::uint64_t hash, std::size_t number) {
    for (std::size_t i = 0; i < kProbes; ++i) {
      std::uint32_t& slot = slots_[(hash + i) & mask()];
      if (slot != 0) continue;
      slot = static_cast<std::uint32_t>(number);
      return;
    }
  }

  void grow() {
    slots_.assign(slots_.size() * 2, 0);
    for (std::size_t e = 0; e < entries_.size(); ++e) put(entries_[e].hash, e + 1);
  }

  void clear() {
    entries_.clear();
    forms_.clear();
    slots_.assign(slots_.size(), 0);
  }

  std::vector<Entry> entries_;
  std::string forms_;
  std::vector<std::uint32_t> slots_ = std::vector<std::uint32_t>(256);        ///< Entry number + 1; 0 is free.
  std::vector<std::uint16_t> traces_ = std::vector<std::uint16_t>(1U << 15);  ///< Of texts seen once.
  TextForm form_;
  bool wanted_ = false;
};

}  // namespace fa
