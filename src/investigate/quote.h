#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/context.h"
#include "model/report.h"
#include "sources/file/discover.h"

namespace fa {

/// Reads the bytes behind every evidence item once more, takes the excerpt from them where the engines kept no words,
/// and notes their SHA-256 and how to see them by hand. Bytes that can no longer be read leave the item unquoted.
void quote_evidence(Report& report, const InputSet& inputs);
/// The same for items that stand in no report (yet); what is not read before the context ends stays unquoted.
void quote_evidence(std::span<Evidence> evidence, const InputSet& inputs, const Context& context);

/// The part of a record that shows one point of a series: the innermost `{...}`, `[...]` or line around a spelling of
/// `time` (Unix s, ms, us, ns or ISO 8601); empty when there is none.
std::string point_excerpt(std::string_view bytes, TimePoint time);

/// True when the words stand in the bytes as they are, or after undoing JSON string escapes.
bool stands_in(std::string_view words, std::string_view bytes);

}  // namespace fa
