#include "formats/json_log_line.h"

#include "formats/json_cursor.h"
#include "formats/log_keys.h"
#include "formats/log_text.h"

namespace fa {
namespace {

constexpr int kMaxDepth = 6;
constexpr int kTransparentPenalty = 10;

using Kind = JsonCursor::Kind;

/// One line, every key of which is looked up.
struct Walk {
  JsonCursor cursor;
  StructuredFields& fields;
  TextArena& arena;
  JsonLineForms& forms;
  KeyPath path;
  bool has_metrics = false;
  bool noting = false;
  bool plain = true;  ///< Nothing but nested objects and scalars, all of them looked into.

  std::string_view resolve(const JsonCursor::Token& token) const {
    return token.escaped ? unescape_json(token.text, arena) : token.text;
  }

  bool object(int depth, int penalty) {
    if (!cursor.enter('{')) return false;
    JsonCursor::Token key;
    while (true) {
      switch (cursor.next_field(key)) {
        case JsonCursor::Step::kEnd:
          return true;
        case JsonCursor::Step::kBroken:
          return false;
        case JsonCursor::Step::kField:
          break;
      }
      if (!value(key, depth, penalty)) return false;
    }
  }

  bool value(const JsonCursor::Token& key, int depth, int penalty) {
    const std::size_t level = path.size();
    path.append(key.text);
    const bool done = keyed_value(key, depth, penalty, level);
    path.truncate(level);
    return done;
  }

  bool keyed_value(const JsonCursor::Token& key, int depth, int penalty, std::size_t level) {
    const Kind kind = cursor.kind();
    switch (kind) {
      case Kind::kObject:
        if (depth == 0 && key.text == "_aws") has_metrics = true;
        if (depth + 1 >= kMaxDepth) {
          plain = false;
          return cursor.skip();
        }
        if (is_transparent_key(path.view())) {
          path.truncate(level);
          penalty += kTransparentPenalty;
        }
        return object(depth + 1, penalty);
      case Kind::kArray:
        plain = false;
        return cursor.skip();
      case Kind::kBroken:
        return false;
      case Kind::kString:
      case Kind::kNumber:
      case Kind::kLiteral:
        break;
    }
    JsonCursor::Token token;
    const bool whole = cursor.scalar(token);
    if (!whole && !(cursor.ran_out() && kind == Kind::kString)) return false;
    const auto scalar = kind == Kind::kString   ? JsonScalar::kString
                        : kind == Kind::kNumber ? JsonScalar::kNumber
                                                : JsonScalar::kLiteral;
    const KeyMeaning meaning = meaning_of_key(path.view());
    if (noting) {
      forms.note(token.text, scalar,
                 {meaning, penalty, static_cast<std::size_t>(token.text.data() - key.text.data()), key.text.size()});
    }
    fields.add(meaning, key.text, resolve(token), scalar, penalty);
    return whole;
  }
};

/// Of a form that came before: exactly what Walk would make of it.
bool read_known_line(std::string_view text, StructuredFields& fields, TextArena& arena, JsonLineForms& forms) {
  return forms.read(
      text, [&] { fields.clear(); },
      [&](const JsonLineValue& value, JsonScalar scalar, const JsonCursor::Token& token) {
        const std::string_view label(token.text.data() - value.label_before, value.label_size);
        fields.add(value.meaning, label, token.escaped ? unescape_json(token.text, arena) : token.text, scalar,
                   value.penalty);
        return true;
      });
}

bool is_key_char(char c) { return is_alnum(c) || c == '_' || c == '.' || c == '-' || c == '@' || c == '/'; }

}  // namespace

JsonLineResult read_json_line(std::string_view text, StructuredFields& fields, TextArena& arena, JsonLineForms& forms) {
  JsonLineResult result;
  if (read_known_line(text, fields, arena, forms)) {
    result.kind = JsonLine::kObject;
    return result;
  }
  fields.clear();
  forms.begin();
  Walk walk{JsonCursor{text}, fields, arena, forms, {}};
  walk.noting = forms.wants_more();
  const bool whole = walk.object(0, 0) && walk.cursor.at_end();
  if (whole) {
    result.kind = JsonLine::kObject;
    result.has_metrics = walk.has_metrics;
    if (walk.noting && walk.plain && !walk.has_metrics) forms.end(text);
  } else if (walk.cursor.ran_out() && !fields.empty()) {
    result.kind = JsonLine::kCut;
  }
  return result;
}

bool read_logfmt_line(std::string_view text, StructuredFields& fields, TextArena& arena) {
  fields.clear();
  std::size_t p = 0;
  std::size_t pairs = 0;
  KeyPath path;
  while (true) {
    while (p < text.size() && is_space(text[p])) ++p;
    if (p == text.size()) break;
    const std::size_t key_begin = p;
    while (p < text.size() && is_key_char(text[p])) ++p;
    const auto key = text.substr(key_begin, p - key_begin);
    if (key.empty() || p == text.size() || text[p] != '=') {
      // A bare word is allowed once the line has shown what it is (`msg=x done`), not at its start.
      if (pairs < 2) return false;
      while (p < text.size() && !is_space(text[p])) ++p;
      continue;
    }
    ++p;
    std::string_view value;
    if (p < text.size() && text[p] == '"') {
      const std::size_t begin = ++p;
      bool escaped = false;
      while (p < text.size() && text[p] != '"') {
        if (text[p] == '\\') {
          escaped = true;
          ++p;
        }
        ++p;
      }
      value = text.substr(begin, std::min(p, text.size()) - begin);
      if (p >= text.size()) p = text.size();
      if (p < text.size()) ++p;
      if (escaped) value = unescape_json(value, arena);
    } else {
      const std::size_t begin = p;
      while (p < text.size() && !is_space(text[p])) ++p;
      value = text.substr(begin, p - begin);
    }
    path.truncate(0);
    path.append(key);
    fields.add(meaning_of_key(path.view()), key, value, JsonScalar::kString, 0);
    ++pairs;
  }
  return pairs >= 2 && (fields.has(LogRole::kLevel) || fields.has(LogRole::kMessage) || fields.has(LogRole::kTime));
}

}  // namespace fa
