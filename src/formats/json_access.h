#pragma once

#include <simdjson.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "formats/json_documents.h"

/// Small helpers over simdjson's on-demand interface, for .cpp files of readers only (the include is heavy).
/// On-demand rule to keep in mind: read every string value at most once (its text is copied into a buffer sized for
/// that), and visit fields in one pass where possible.
namespace fa {

/// A reused on-demand parser that also takes documents with invalid UTF-8 or raw control characters inside strings:
/// these are replaced, byte for byte (`?` and space), in a copy, so that positions stay true. Not thread-safe.
class JsonParser {
 public:
  /// Begins a document whose `text` is followed by kReadPadding readable bytes. The document and all taken from it are
  /// valid until the next call and as long as `text` is.
  simdjson::error_code iterate(std::string_view text, simdjson::ondemand::document& document);
  /// Where the parsed bytes begin: `text.data()`, or the repaired copy.
  [[nodiscard]] const char* base() const { return base_; }
  /// How far the document has been read: where an error was met. (document::current_location() must not be asked of a
  /// document that iterate() refused.)
  [[nodiscard]] const char* place(simdjson::ondemand::document& document) const;

 private:
  simdjson::ondemand::parser parser_;
  std::string repaired_;
  const char* base_ = nullptr;
  bool begun_ = false;
};

/// Gives records inside one document their position in the stream. Asking in the order in which they stand is cheap
/// (lines are counted from the last one asked for).
class RecordPositions {
 public:
  RecordPositions(const JsonDocument& document, const char* base);
  /// Position of a record's own JSON text, as object::raw_json() gives it; of a cut record the part in the file.
  [[nodiscard]] BytePosition at(std::string_view raw);
  /// False for a record that was cut by the end of a truncated document.
  [[nodiscard]] bool whole(std::string_view raw) const;
  /// Everything from `from` (null: nothing was read yet) to the end of the document: what an error makes unreadable.
  [[nodiscard]] BytePosition rest(const char* from);

 private:
  std::uint64_t line_at(const char* place);
  [[nodiscard]] std::string_view inside(std::string_view raw) const;

  const char* base_;
  const char* counted_;
  const char* end_;
  std::uint64_t offset_;
  std::uint64_t line_;
  bool single_line_;
};

/// Calls `element` (object -> error_code) for every object of an array; other elements, and a value that is no array,
/// are passed over. Stops at the first error.
template <class Element>
simdjson::error_code for_each_object(simdjson::ondemand::value items, const Element& element) {
  simdjson::ondemand::json_type type{};
  if (const auto error = items.type().get(type)) return error;
  if (type != simdjson::ondemand::json_type::array) return simdjson::SUCCESS;
  simdjson::ondemand::array array;
  if (const auto error = items.get_array().get(array)) return error;
  for (auto item : array) {
    simdjson::ondemand::value one;
    if (const auto error = item.get(one)) return error;
    if (const auto error = one.type().get(type)) return error;
    if (type != simdjson::ondemand::json_type::object) continue;
    simdjson::ondemand::object object;
    if (const auto error = one.get_object().get(object)) return error;
    if (const auto error = element(object)) return error;
  }
  return simdjson::SUCCESS;
}

/// A number, or a string that holds one (OTLP writes 64-bit integers as strings). nullopt for anything else and for
/// what does not fit.
std::optional<std::int64_t> json_int(simdjson::ondemand::value value);
/// The same for floating point; NaN and infinities (also as the strings "NaN", "Infinity") give nullopt.
std::optional<double> json_double(simdjson::ondemand::value value);
/// The string, or nullopt when the value is something else.
std::optional<std::string_view> json_string(simdjson::ondemand::value value);
/// A scalar as text: strings unescaped, the rest as written; empty for null, objects and arrays.
std::string json_scalar_text(simdjson::ondemand::value value);
/// A value's JSON text as written, whatever it is; consumes it.
std::optional<std::string_view> json_raw(simdjson::ondemand::value value);
/// A field's key as written: without quotes, with its escapes. Takes no room in the string buffer.
std::string_view json_key(simdjson::ondemand::field& field);
/// JSON text without whitespace outside strings, cut to `max_bytes` on a UTF-8 border.
std::string compact_json(std::string_view raw, std::size_t max_bytes = std::size_t{64} << 10);
/// `what is broken` for people: simdjson's message without its noise.
std::string json_error_text(simdjson::error_code code);

}  // namespace fa
