#pragma once

#include <string_view>

#include "formats/json_line_forms.h"
#include "formats/structured_fields.h"
#include "formats/text_arena.h"

namespace fa {

/// What a text turned out to be when read as one JSON object.
enum class JsonLine {
  kNotJson,  ///< Not an object, or malformed.
  kCut,      ///< An object that ends too early; the fields before the cut were taken.
  kObject,
};

struct JsonLineResult {
  JsonLine kind = JsonLine::kNotJson;
  bool has_metrics = false;  ///< Embedded Metric Format: see emit_embedded_metrics.
};

/// Reads a JSON object into `fields` (cleared first): nested objects by dotted names, arrays left out. Unescaped text
/// goes to `arena`; the rest points into `text`. `forms` are the lines before, of whatever file.
JsonLineResult read_json_line(std::string_view text, StructuredFields& fields, TextArena& arena, JsonLineForms& forms);

/// Reads `key=value key="quoted value" ...` (logfmt). False unless the whole text is made of at least two such pairs
/// and one of them names a level, a message or a time.
bool read_logfmt_line(std::string_view text, StructuredFields& fields, TextArena& arena);

}  // namespace fa
