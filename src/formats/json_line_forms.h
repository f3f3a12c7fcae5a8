#pragma once

#include <cstddef>

#include "formats/json_forms.h"
#include "formats/log_keys.h"

namespace fa {

/// What a value of a JSON log line is.
struct JsonLineValue {
  KeyMeaning meaning;
  int penalty = 0;
  std::size_t label_before = 0;  ///< The key stands in the line this many bytes before the value.
  std::size_t label_size = 0;
};

/// The lines of a file, remembered by their form.
using JsonLineForms = JsonForms<JsonLineValue>;

}  // namespace fa
