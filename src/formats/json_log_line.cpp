#include "formats/json_log_line.h"

#include <string>
#include <utility>

#include "formats/json_cursor.h"
#include "formats/log_keys.h"
#include "formats/log_text.h"

namespace fa {
namespace {

constexpr int kMaxDepth = 6;
constexpr int kTransparentPenalty = 10;

using Kind = JsonCursor::Kind;

/// One line. While its keys come as they did before, `place` says where in the known sequences it stands; the first
/// other key is learned, and from there to the end of the line every path is put together and looked up.
struct Walk {
  /// An object being read: its path, of which only the size is used once the line has left what is known.
  struct Object {
    int depth = 0;
    int penalty = 0;
    std::size_t path_size = 0;
    std::string_view path;
  };

  JsonCursor cursor;
  StructuredFields& fields;
  TextArena& arena;
  KeySequences& sequences;
  KeySequences::Place place = KeySequences::kStart;
  KeyPath path;  ///< Only where `place` is unknown: that of the object being read, then of its member.
  bool has_metrics = false;
  bool cut = false;

  std::string_view resolve(const JsonCursor::Token& token) const {
    return token.escaped ? unescape_json(token.text, arena) : token.text;
  }

  bool object(const Object& self) {
    if (!cursor.enter('{')) return false;
    JsonCursor::Token key;
    while (true) {
      switch (cursor.next_field(key)) {
        case JsonCursor::Step::kEnd:
          end_object(self);
          return true;
        case JsonCursor::Step::kBroken:
          return false;
        case JsonCursor::Step::kField:
          break;
      }
      if (!member(key, self)) return false;
    }
  }

  /// From here on nothing of the line is known.
  KeySequences::Place leave_known(const Object& self) {
    path.assign(self.path);
    return std::exchange(place, KeySequences::kUnknown);
  }

  void end_object(const Object& self) {
    if (place == KeySequences::kUnknown) return;
    const KeySequences::Place next = sequences.find_end(place);
    if (next != KeySequences::kUnknown) {
      place = next;
      return;
    }
    KeySequences::Member end;
    end.is_end = true;
    sequences.learn(leave_known(self), std::move(end));
  }

  bool member(const JsonCursor::Token& key, const Object& parent) {
    const Kind kind = cursor.kind();
    if (place != KeySequences::kUnknown) {
      const KeySequences::Place next = sequences.find(place, key.text, kind == Kind::kObject);
      if (next != KeySequences::kUnknown) {
        place = next;
        const KeySequences::Member& known = sequences.at(next);
        return value(kind, key, known.meaning, known.transparent, parent, known.path);
      }
      const KeySequences::Place before = leave_known(parent);
      append_key(key, parent);
      learn(before, key, kind, parent);
    } else {
      append_key(key, parent);
    }
    const bool transparent = kind == Kind::kObject && is_transparent_key(path.view());
    const bool done = value(kind, key, meaning_of_key(path.view()), transparent, parent, {});
    path.truncate(parent.path_size);
    return done;
  }

  void append_key(const JsonCursor::Token& key, const Object& parent) {
    path.truncate(parent.path_size);
    path.append(key.text);
  }

  void learn(KeySequences::Place before, const JsonCursor::Token& key, Kind kind, const Object& parent) {
    if (path.size() > 0 && path.view().empty()) return;  // A path that does not fit.
    KeySequences::Member member;
    member.key = key.text;
    member.is_object = kind == Kind::kObject;
    member.transparent = member.is_object && is_transparent_key(path.view());
    member.meaning = meaning_of_key(path.view());
    member.path = path.view().substr(0, member.transparent ? parent.path_size : path.size());
    sequences.learn(before, std::move(member));
  }

  bool value(Kind kind, const JsonCursor::Token& key, KeyMeaning meaning, bool transparent, const Object& parent,
             std::string_view known_path) {
    switch (kind) {
      case Kind::kObject: {
        if (parent.depth == 0 && key.text == "_aws") has_metrics = true;
        if (parent.depth + 1 >= kMaxDepth) return cursor.skip();
        Object inner{parent.depth + 1, parent.penalty, 0, known_path};
        if (transparent) {
          path.truncate(parent.path_size);
          inner.penalty += kTransparentPenalty;
        }
        inner.path_size = place == KeySequences::kUnknown ? path.size() : known_path.size();
        return object(inner);
      }
      case Kind::kArray:
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
    const auto type = kind == Kind::kString   ? StructuredFields::Type::kString
                      : kind == Kind::kNumber ? StructuredFields::Type::kNumber
                                              : StructuredFields::Type::kLiteral;
    fields.add(meaning, key.text, resolve(token), type, parent.penalty);
    return whole;
  }
};

bool is_key_char(char c) { return is_alnum(c) || c == '_' || c == '.' || c == '-' || c == '@' || c == '/'; }

}  // namespace

JsonLineResult read_json_line(std::string_view text, StructuredFields& fields, TextArena& arena) {
  fields.clear();
  Walk walk{JsonCursor{text}, fields, arena, fields.sequences(), KeySequences::kStart, {}};
  const bool whole = walk.object({}) && walk.cursor.at_end();
  JsonLineResult result;
  if (whole) {
    result.kind = JsonLine::kObject;
    result.has_metrics = walk.has_metrics;
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
    fields.add(meaning_of_key(path.view()), key, value, StructuredFields::Type::kString, 0);
    ++pairs;
  }
  return pairs >= 2 && (fields.has(LogRole::kLevel) || fields.has(LogRole::kMessage) || fields.has(LogRole::kTime));
}

}  // namespace fa
