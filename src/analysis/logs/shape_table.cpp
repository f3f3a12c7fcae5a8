#include "analysis/logs/shape_table.h"

#include <algorithm>

#include "base/hash.h"
#include "base/text.h"

namespace fa {
namespace {

constexpr ShapeId kNoShape = ~ShapeId{0};
constexpr std::size_t kCoarseWords = 3;  ///< Words kept of a shape that came too late.
constexpr std::uint8_t kSpaceBit = 4;

void append_token(std::string& out, TokenKind kind, bool space, std::string_view text) {
  out += static_cast<char>(static_cast<std::uint8_t>(kind) | (space ? kSpaceBit : 0));
  if (kind == TokenKind::kValue) return;
  std::size_t size = text.size();  // Below MessageScanner::kMaxBytes: two bytes.
  out += static_cast<char>(size & 0xFF);
  out += static_cast<char>((size >> 8) & 0xFF);
  out += text;
}

}  // namespace

ShapeTable::ShapeTable(std::size_t limit) : limit_(limit), slots_(1024) {}

ShapeId ShapeTable::find(std::uint64_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t i = hash & mask; slots_[i] != 0; i = (i + 1) & mask) {
    if (shapes_[slots_[i] - 1].hash == hash) return slots_[i] - 1;
  }
  return kNoShape;
}

void ShapeTable::grow() {
  std::vector<std::uint32_t> slots(slots_.size() * 2);
  const std::size_t mask = slots.size() - 1;
  for (std::uint32_t s = 0; s < shapes_.size(); ++s) {
    std::size_t i = shapes_[s].hash & mask;
    while (slots[i] != 0) i = (i + 1) & mask;
    slots[i] = s + 1;
  }
  slots_ = std::move(slots);
}

ShapeId ShapeTable::insert(std::uint64_t hash, std::string_view encoded, std::uint32_t tokens) {
  if ((shapes_.size() + 1) * 2 > slots_.size()) grow();
  const std::size_t mask = slots_.size() - 1;
  std::size_t i = hash & mask;
  while (slots_[i] != 0) i = (i + 1) & mask;
  Shape& shape = shapes_.emplace_back();
  slots_[i] = static_cast<std::uint32_t>(shapes_.size());
  shape.hash = hash;
  shape.begin = encoded_.size();
  shape.length = static_cast<std::uint32_t>(encoded.size());
  shape.tokens = tokens;
  encoded_ += encoded;
  return slots_[i] - 1;
}

/// The limit is reached: the first words stand for the whole, or a bare variable once there are too many of those too.
ShapeId ShapeTable::insert_coarse(std::span<const ShapeToken> tokens) {
  std::string encoded;
  std::size_t words = 0;
  std::uint32_t kept = 0;
  for (const ShapeToken& token : tokens) {
    if (words == kCoarseWords) break;
    const bool word = token.kind == TokenKind::kWord || (token.constant && !token.text.empty());
    append_token(encoded, token.kind, token.space, token.text);
    words += word ? 1 : 0;
    ++kept;
  }
  append_token(encoded, TokenKind::kValue, true, {});
  const std::uint64_t hash = stable_hash(encoded, 1);
  ShapeId shape = find(hash);
  if (shape == kNoShape && shapes_.size() >= limit_ + limit_ / 10) {
    encoded.clear();
    append_token(encoded, TokenKind::kValue, false, {});
    kept = 0;
    const std::uint64_t catch_all = stable_hash(encoded, 1);
    shape = find(catch_all);
    if (shape == kNoShape) shape = insert(catch_all, encoded, 1);
  }
  if (shape == kNoShape) shape = insert(hash, encoded, kept + 1);
  return shape;
}

ShapeId ShapeTable::add(const MessageScanner& message, std::uint64_t occurrences) {
  const std::uint64_t hash = message.shape_hash();
  ShapeId id = find(hash);
  if (id != kNoShape) {
    Shape& shape = shapes_[id];
    shape.count += occurrences;
    if (!shape.constants.empty()) settle_constants(shape, message);
    return id;
  }
  if (shapes_.size() >= limit_) {
    std::vector<ShapeToken> tokens;
    for (const Token& token : message.tokens()) {
      tokens.push_back({token.kind, token.space, false, token.kind == TokenKind::kValue ? "" : message.text(token)});
    }
    id = insert_coarse(tokens);
    overflowed_ += occurrences;
    shapes_[id].count += occurrences;
    return id;
  }
  std::string encoded;
  for (const Token& token : message.tokens()) append_token(encoded, token.kind, token.space, message.text(token));
  id = insert(hash, encoded, static_cast<std::uint32_t>(message.tokens().size()));
  Shape& shape = shapes_[id];
  shape.count = occurrences;
  for (std::uint32_t i = 0; i < shape.tokens; ++i) {
    const Token& token = message.tokens()[i];
    if (token.soft) shape.constants.push_back({i, token.hash, std::string(message.text(token))});
  }
  return id;
}

void ShapeTable::add_known(ShapeId id, std::string_view message, std::span<const Place> soft,
                           std::uint64_t occurrences) {
  Shape& shape = shapes_[id];
  shape.count += occurrences;
  if (soft.empty() || shape.constants.empty()) return;
  std::erase_if(shape.constants, [&](const Constant& constant) {
    return std::any_of(soft.begin(), soft.end(), [&](const Place& place) {
      return place.token == constant.token && message.substr(place.begin, place.length) != constant.text;
    });
  });
}

bool ShapeTable::holds(const MessageScanner& message) const { return find(message.shape_hash()) != kNoShape; }

void ShapeTable::settle_constants(Shape& shape, const MessageScanner& message) {
  const auto tokens = message.tokens();
  std::erase_if(shape.constants, [&](const Constant& constant) {
    return constant.token >= tokens.size() || !tokens[constant.token].soft ||
           tokens[constant.token].hash != constant.hash;
  });
}

std::vector<ShapeId> ShapeTable::merge(const ShapeTable& other) {
  std::vector<ShapeId> ids;
  ids.reserve(other.shapes_.size());
  overflowed_ += other.overflowed_;
  for (ShapeId theirs = 0; theirs < other.shapes_.size(); ++theirs) {
    const Shape& from = other.shapes_[theirs];
    ShapeId id = find(from.hash);
    if (id != kNoShape) {
      std::erase_if(shapes_[id].constants, [&](const Constant& mine) {
        return std::none_of(from.constants.begin(), from.constants.end(), [&](const Constant& constant) {
          return constant.token == mine.token && constant.hash == mine.hash;
        });
      });
    } else if (shapes_.size() >= limit_) {
      id = insert_coarse(other.tokens(theirs));
      overflowed_ += from.count;
    } else {
      id = insert(from.hash, std::string_view(other.encoded_).substr(from.begin, from.length), from.tokens);
      shapes_[id].constants = from.constants;
    }
    shapes_[id].count += from.count;
    ids.push_back(id);
  }
  return ids;
}

std::vector<ShapeToken> ShapeTable::tokens(ShapeId id) const {
  const Shape& shape = shapes_[id];
  std::vector<ShapeToken> tokens;
  tokens.reserve(shape.tokens);
  std::string_view encoded = std::string_view(encoded_).substr(shape.begin, shape.length);
  std::size_t constant = 0;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(encoded[i]); };
  while (!encoded.empty()) {
    ShapeToken token;
    token.kind = static_cast<TokenKind>(byte(0) & 3U);
    token.space = (byte(0) & kSpaceBit) != 0;
    std::size_t used = 1;
    if (token.kind != TokenKind::kValue) {
      const std::size_t size = byte(1) | (std::size_t{byte(2)} << 8);
      token.text = encoded.substr(3, size);
      used = 3 + size;
    } else if (constant < shape.constants.size() && shape.constants[constant].token == tokens.size()) {
      token.constant = true;
      token.text = shape.constants[constant++].text;
    }
    encoded.remove_prefix(used);
    tokens.push_back(token);
  }
  return tokens;
}

ShapeId ShapeCounter::add(std::string_view message, std::uint64_t occurrences, std::uint64_t form) {
  NumberedForm& numbered = numbered_[form % kNumberedForms];
  if (form != 0 && numbered.form == form) {
    scanned_ = false;
    shapes.add_known(numbered.shape, message, {}, occurrences);
    return numbered.shape;
  }
  const Known* known = forms_.find(message);
  scanned_ = known == nullptr || !known->usable;
  if (!scanned_) {
    if (form != 0 && known->soft.empty()) numbered = {form, known->shape};
    shapes.add_known(known->shape, message, known->soft, occurrences);
    return known->shape;
  }
  scanner_.scan(message);
  const ShapeId shape = shapes.add(scanner_, occurrences);
  if (forms_.wanted()) forms_.learn(describe(message, shape));
  return shape;
}

const MessageScanner& ShapeCounter::scan_of(std::string_view message) {
  if (!scanned_) scanner_.scan(message);
  scanned_ = true;
  return scanner_;
}

/// The scanner looks at whether a byte is a digit, never at which, but for `0x`, and at whether a word is hexadecimal,
/// with how many digits (up to three), and begins with one: never at which. Words (not values) with digits are part of
/// the shape. template_miner_test and template_miner_fuzz compare both ways of counting.
ShapeCounter::Known ShapeCounter::describe(std::string_view message, ShapeId shape) const {
  Known known{shape, false, {}};
  const auto has_digit = [](std::string_view text) { return std::any_of(text.begin(), text.end(), is_digit); };
  for (std::size_t i = 0; i + 1 < message.size(); ++i) {
    if (is_digit(message[i]) && (message[i + 1] | 0x20) == 'x') return known;
  }
  const auto start = static_cast<std::uint32_t>(scanner_.text().data() - message.data());
  for (std::uint32_t i = 0; i < scanner_.tokens().size(); ++i) {
    const Token& token = scanner_.tokens()[i];
    if (!has_digit(scanner_.text(token))) continue;
    if (token.kind != TokenKind::kValue) return known;
    if (token.soft) known.soft.push_back({i, start + token.begin, token.length});
  }
  known.usable = !scanner_.more_lines() && shapes.holds(scanner_);
  return known;
}

}  // namespace fa
