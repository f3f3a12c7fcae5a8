#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "formats/json_forms.h"

namespace fa::otlp {

/// What a value of a span's JSON text is.
struct SpanValue {
  enum class Role : std::uint8_t {
    kNothing,  ///< Read past.
    kTraceId,
    kSpanId,
    kParentId,
    kName,
    kKind,
    kStart,
    kEnd,
    kStatusCode,
    kStatusMessage,
    kAttribute,
  };
  Role role = Role::kNothing;
  std::size_t key_before = 0;  ///< An attribute's key stands this many bytes before its value.
  std::size_t key_size = 0;
};

/// The spans of a file, remembered by their form: those of one operation and library have the same members and
/// attributes.
using SpanForms = JsonForms<SpanValue>;

/// Tells `forms` of a span, given as its JSON text, that was read by its members. Only of plain ones: members by their
/// usual names and types, each once; attributes with scalar values; no events.
void note_span(std::string_view text, SpanForms& forms);

}  // namespace fa::otlp
