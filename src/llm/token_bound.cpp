#include "llm/token_bound.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <variant>

#include "base/utf8.h"

namespace fa::llm {
namespace {

using Cost = std::uint64_t;  // hundredths of a token
constexpr Cost kWholeToken = 100;

// What a character costs depends on what stands before it, never on what follows: so no prefix can cost more than the
// whole. The figures are the least that hold on the corpora of docs/model.md, with a margin.
namespace cost {
constexpr Cost kText = 100;  // of every text that is not empty: words at its ends may not merge with what is around
// Letters.
constexpr Cost kWord = 120;         // the first letter of a word
constexpr Cost kWordInWord = 92;    // the H of `fooHandler`
constexpr Cost kWordOnDigit = 128;  // the f of `3f`
constexpr Cost kWordOnUpper = 238;  // the s of `URLs`: one capital before it would have begun the word
constexpr Cost kLetterTo4 = 5, kLetterTo7 = 16, kLetterTo10 = 21, kLetterBeyond = 43;
constexpr Cost kUpperTo3 = 20, kUpperBeyond = 54;
constexpr Cost kConsonant = 222;  // the fifth in a row and more, on top: no word
// Digits.
constexpr Cost kDigit = 128, kDigitOnSpace = 148, kDigitTo3 = 31, kDigitBeyond = 47;
// Noise: ids in hex or base64.
constexpr Cost kNoiseTurn = 97, kNoiseLetter = 80, kNoiseDigit = 34;
// ASCII otherwise.
constexpr Cost kPunctuation = 106, kPunctuationFollowing = 42, kPunctuationRepeated = 26, kLonePunctuation = 102;
constexpr Cost kSecondSpace = 52, kFurtherSpace = 12, kOtherSpace = 102;
constexpr Cost kControl = 100;
// Japanese.
constexpr Cost kHiragana = 95, kKatakana = 119, kKanji = 203, kJapanesePunctuation = 102;
constexpr Cost kFullWidth = 200;
// The rest: at most one token a byte, whatever the vocabulary.
constexpr Cost kSymbol = 200, kTwoBytes = 200, kThreeBytes = 300, kFourBytes = 400, kCompatibility = 700;
constexpr Cost kReplacement = 100;  // U+FFFD is in every vocabulary
}  // namespace cost

enum class Kind { kStart, kLower, kUpper, kDigit, kSpace, kPunctuation, kOther };

constexpr bool ends_word(Kind kind) { return kind != Kind::kLower && kind != Kind::kUpper && kind != Kind::kDigit; }

constexpr bool is_vowel(char lower) {
  return lower == 'a' || lower == 'e' || lower == 'i' || lower == 'o' || lower == 'u' || lower == 'y';
}

/// Adds up costs from left to right.
class BoundMeter {
 public:
  void ascii(char c) {
    if (c >= 'a' && c <= 'z') {
      letter(Kind::kLower, c);
    } else if (c >= 'A' && c <= 'Z') {
      letter(Kind::kUpper, static_cast<char>(c + ('a' - 'A')));
    } else if (c >= '0' && c <= '9') {
      digit();
    } else if (c == ' ') {
      run_ = kind_ == Kind::kSpace ? run_ + 1 : 1;
      // One space belongs to the word behind it.
      sum_ += run_ == 1 ? 0 : run_ == 2 ? cost::kSecondSpace : cost::kFurtherSpace;
      kind_ = Kind::kSpace;
    } else if (c == '\n' || c == '\t' || c == '\r' || c == '\v' || c == '\f') {
      other(cost::kOtherSpace);
    } else if (c < ' ' || c == '\x7f') {
      other(cost::kControl);
    } else {
      punctuation(c);
    }
  }

  void other(Cost cost) {
    sum_ += cost;
    kind_ = Kind::kOther;
  }

  [[nodiscard]] Cost sum() const { return sum_; }

 private:
  /// Short pieces, one after the other without anything between: nobody's words, but an id.
  [[nodiscard]] bool noise() const { return short_pieces_ >= 2; }

  void begin_word() {
    short_pieces_ = 0;
    piece_ = 1;
    run_ = 1;
  }
  void begin_piece() {
    if (piece_ <= 3) ++short_pieces_;
    piece_ = 1;
  }

  void letter(Kind kind, char lower) {
    const Kind before = kind_;
    kind_ = kind;
    const bool after_letter = before == Kind::kLower || before == Kind::kUpper;
    consonants_ = is_vowel(lower) ? 0 : after_letter ? consonants_ + 1 : 1;
    if (ends_word(before)) {
      begin_word();
      sum_ += cost::kWord;
      return;
    }
    const bool goes_on = before == kind || (before == Kind::kUpper && piece_ == 1);
    if (goes_on) {
      ++piece_;
      ++run_;
    } else {
      begin_piece();
    }
    if (noise()) {
      sum_ += goes_on ? cost::kNoiseLetter : cost::kNoiseTurn;
    } else if (!goes_on) {
      run_ = before == Kind::kUpper ? 2 : 1;
      sum_ += before == Kind::kDigit   ? cost::kWordOnDigit
              : before == Kind::kUpper ? cost::kWordOnUpper
                                       : cost::kWordInWord;
    } else {
      sum_ += kind == Kind::kUpper ? (run_ <= 3 ? cost::kUpperTo3 : cost::kUpperBeyond)
              : run_ <= 4          ? cost::kLetterTo4
              : run_ <= 7          ? cost::kLetterTo7
              : run_ <= 10         ? cost::kLetterTo10
                                   : cost::kLetterBeyond;
      if (consonants_ >= 5) sum_ += cost::kConsonant;
    }
  }

  void digit() {
    const Kind before = kind_;
    kind_ = Kind::kDigit;
    if (ends_word(before)) {
      begin_word();
      sum_ += before == Kind::kSpace ? cost::kDigitOnSpace : cost::kDigit;
      return;
    }
    const bool goes_on = before == Kind::kDigit;
    if (goes_on) {
      ++piece_;
      ++run_;
    } else {
      begin_piece();
      run_ = 1;
    }
    if (noise()) {
      sum_ += goes_on ? cost::kNoiseDigit : cost::kNoiseTurn;
    } else {
      sum_ += run_ == 1 ? cost::kDigit : run_ <= 3 ? cost::kDigitTo3 : cost::kDigitBeyond;
    }
  }

  void punctuation(char c) {
    run_ = kind_ == Kind::kPunctuation ? run_ + 1 : 1;
    if (std::string_view("%\\<>*").find(c) != std::string_view::npos) {
      // Escapes, and the `<*>` of log templates: they seldom merge with what stands around them.
      sum_ += run_ == 1 || c != last_ ? cost::kLonePunctuation : cost::kPunctuationFollowing;
    } else if (run_ == 1) {
      sum_ += cost::kPunctuation;
    } else {
      sum_ += run_ > 2 && c == last_ ? cost::kPunctuationRepeated : cost::kPunctuationFollowing;
    }
    kind_ = Kind::kPunctuation;
    last_ = c;
  }

  Cost sum_ = cost::kText;
  Kind kind_ = Kind::kStart;
  std::size_t run_ = 0;    // characters of one kind, up to and with the last
  std::size_t piece_ = 0;  // those of them since the kind last changed within a word
  std::size_t short_pieces_ = 0;
  std::size_t consonants_ = 0;
  char last_ = '\0';
};

Cost cost_beyond_ascii(const Utf8Char& c) {
  if (!c.valid) return cost::kReplacement;
  const char32_t code = c.code;
  const auto within = [&](char32_t first, char32_t last) { return code >= first && code <= last; };
  if (c.size == 2) return cost::kTwoBytes;
  if (c.size == 4) return cost::kFourBytes;
  if (within(0x3041, 0x309F)) return cost::kHiragana;
  if (within(0x30A0, 0x30FF)) return cost::kKatakana;
  if (within(0x4E00, 0x9FFF)) return cost::kKanji;
  if (within(0x3000, 0x303F) || within(0xFF01, 0xFF0F) || within(0xFF1A, 0xFF1F)) return cost::kJapanesePunctuation;
  if (within(0xFF10, 0xFF9F)) return cost::kFullWidth;
  if (within(0x2010, 0x2027) || within(0x2500, 0x25FF)) return cost::kSymbol;
  if (within(0x3300, 0x33FF)) return cost::kCompatibility;  // whole words and units in one character
  if (code == 0xFFFD) return cost::kReplacement;
  return cost::kThreeBytes;
}

/// The text ends within a character: it may become any of those that begin so, the cheapest too.
bool is_cut_character(std::string_view rest) {
  const auto lead = static_cast<unsigned char>(rest.front());
  const std::size_t size = lead < 0xC2 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 1;
  return rest.size() < size && decode_utf8(rest).size == rest.size();
}

// What services put around the parts of a request, generously: chat templates take 3 to 5 tokens a message, the
// formats of calls and results up to about 20, and Anthropic's published figures for the instructions that come with
// any tools go up to 530.
constexpr std::uint64_t kPerRequest = 16;
constexpr std::uint64_t kPerMessage = 8;
constexpr std::uint64_t kPerCall = 24;
constexpr std::uint64_t kPerResult = 24;
constexpr std::uint64_t kPerTool = 32;
constexpr std::uint64_t kForTools = 550;

}  // namespace

std::uint64_t token_bound(std::string_view text) {
  if (text.empty()) return 0;
  BoundMeter meter;
  while (!text.empty()) {
    if (static_cast<unsigned char>(text.front()) < 0x80) {
      meter.ascii(text.front());
      text.remove_prefix(1);
      continue;
    }
    const Utf8Char c = decode_utf8(text);
    if (!c.valid && is_cut_character(text)) break;
    meter.other(cost_beyond_ascii(c));
    text.remove_prefix(c.size);
  }
  return (meter.sum() + kWholeToken - 1) / kWholeToken;
}

std::uint64_t token_bound(const ChatRequest& request) {
  std::uint64_t sum = kPerRequest + token_bound(std::string_view(request.system));
  for (const Message& message : request.messages) {
    sum += kPerMessage;
    for (const Block& block : message.blocks) {
      if (const auto* text = std::get_if<Text>(&block)) {
        sum += token_bound(std::string_view(text->text));
      } else if (const auto* call = std::get_if<ToolCall>(&block)) {
        sum += kPerCall + token_bound(std::string_view(call->id)) + token_bound(std::string_view(call->name)) +
               token_bound(std::string_view(call->input));
      } else if (const auto* result = std::get_if<ToolResult>(&block)) {
        sum +=
            kPerResult + token_bound(std::string_view(result->call_id)) + token_bound(std::string_view(result->text));
      }
    }
  }
  if (!request.tools.empty()) sum += kForTools;
  for (const ToolSpec& tool : request.tools) {
    sum += kPerTool + token_bound(std::string_view(tool.name)) + token_bound(std::string_view(tool.description)) +
           token_bound(std::string_view(tool.schema));
  }
  return sum;
}

}  // namespace fa::llm
