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

/// Texts that differ in nothing but the values of their digits have one form: what a log statement writes over and over
/// is mostly that. What was once found out about a form need not be found out again (`DigitForms`).
namespace fa {

namespace digit_forms {

/// Sixteen bytes at a time: what all x86-64 and ARM64 processors do, so that there is one code for all.
using Block [[gnu::vector_size(16)]] = std::uint8_t;

inline Block load(const char* from) {
  Block block;
  std::memcpy(&block, from, sizeof(block));
  return block;
}

/// Every digit as `0`.
inline Block zeroed(Block block) {
  const Block value = block ^ std::uint8_t{'0'};
  return block ^ (value & std::bit_cast<Block>(value <= std::uint8_t{9}));
}

/// Calls `take` with blocks that cover the text, the last two overlapping; a short text is filled up with NULs.
template <typename Take>
void each_block(std::string_view text, Take take) {
  constexpr std::size_t kSize = sizeof(Block);
  if (text.size() < kSize) {
    std::array<char, kSize> padded{};
    std::copy(text.begin(), text.end(), padded.begin());
    return take(padded.data(), std::size_t{0});
  }
  std::size_t at = 0;
  for (; at + kSize <= text.size(); at += kSize) take(text.data() + at, at);
  if (at < text.size()) take(text.data() + text.size() - kSize, text.size() - kSize);
}

}  // namespace digit_forms

/// Hash of a text that does not see the values of its digits. For tables only: it names nothing and orders nothing.
inline std::uint64_t digit_form_hash(std::string_view text) {
  constexpr std::uint64_t kFirst = 0x9e3779b97f4a7c15U;
  constexpr std::uint64_t kSecond = 0xbf58476d1ce4e5b9U;
  std::uint64_t a = text.size() * kFirst;
  std::uint64_t b = ~a;
  digit_forms::each_block(text, [&](const char* block, std::size_t) {
    const auto words = std::bit_cast<std::array<std::uint64_t, 2>>(digit_forms::zeroed(digit_forms::load(block)));
    a = (a ^ words[0]) * kFirst;
    b = (b ^ words[1]) * kSecond;
  });
  a = (a ^ std::rotl(b, 29)) * kSecond;
  return a ^ (a >> 32);
}

/// The text with every digit as `0`, filled up to sixteen bytes with NULs.
inline std::string digit_form(std::string_view text) {
  std::string form(text);
  for (char& c : form) c = c >= '0' && c <= '9' ? '0' : c;
  form.resize(std::max(form.size(), sizeof(digit_forms::Block)));
  return form;
}

/// Whether a text has a form that `digit_form` made of a text of the same length.
inline bool has_digit_form(std::string_view text, const char* form) {
  digit_forms::Block differing{};
  digit_forms::each_block(text, [&](const char* block, std::size_t at) {
    differing |= digit_forms::zeroed(digit_forms::load(block)) ^ digit_forms::load(form + at);
  });
  return std::bit_cast<std::array<std::uint64_t, 2>>(differing) == std::array<std::uint64_t, 2>{};
}

/// Remembers something about forms. A form is worth learning when it is met again: texts that never come back cost
/// nothing but a look at a small table. Bounded; when it is full it begins anew, so what is found depends on what came
/// before, and only what is true of each text of the form may be remembered. Not thread-safe.
template <typename Value>
class DigitForms {
 public:
  static constexpr std::size_t kMaxTextBytes = 1024;  ///< Longer texts have no form here.
  static constexpr std::size_t kMaxForms = 32'768;
  static constexpr std::size_t kMaxBytes = std::size_t{8} << 20;  ///< Of all their texts.

  /// What was learned of the text's form, nullptr when nothing was. Valid until something is learned.
  Value* find(std::string_view text) {
    wanted_ = false;
    if (text.size() > kMaxTextBytes) return nullptr;
    hash_ = digit_form_hash(text);
    for (std::size_t i = 0; i < kProbes; ++i) {
      const std::uint32_t slot = slots_[(hash_ + i) & mask()];
      if (slot == 0) break;
      Entry& entry = entries_[slot - 1];
      if (entry.hash == hash_ && entry.length == text.size() && has_digit_form(text, forms_.data() + entry.begin)) {
        return &entry.value;
      }
    }
    std::uint16_t& trace = traces_[(hash_ >> 16) % traces_.size()];
    const auto mine = static_cast<std::uint16_t>(hash_ >> 48 | 1U);
    wanted_ = trace == mine;
    trace = mine;
    return nullptr;
  }

  /// The text looked up last is known to have come before, and nothing is known of it.
  [[nodiscard]] bool wanted() const { return wanted_; }

  /// Remembers a value for the text that was looked up last.
  void learn(std::string_view text, Value value) {
    wanted_ = false;
    if (entries_.size() == kMaxForms || forms_.size() > kMaxBytes) clear();
    if ((entries_.size() + 1) * 2 > slots_.size()) grow();
    const std::string form = digit_form(text);
    entries_.push_back({hash_, forms_.size(), text.size(), std::move(value)});
    forms_ += form;
    put(hash_, entries_.size());
  }

 private:
  struct Entry {
    std::uint64_t hash;
    std::size_t begin;  ///< In forms_.
    std::size_t length;
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
  std::uint64_t hash_ = 0;
  bool wanted_ = false;
};

}  // namespace fa
