#pragma once

#include <string_view>

#include "formats/reader.h"

namespace fa {

/// True for text that begins as a JSON object or an array of objects does. (`[2026-01-01 ...] INFO` is a log line.)
bool looks_like_json(std::string_view text);

/// Recognises JSON by the top-level keys of its first documents, which may be cut off where `text` ends; `complete`
/// says that nothing follows.
Detection detect_json(std::string_view text, bool complete);

}  // namespace fa
