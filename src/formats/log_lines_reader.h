#pragma once

#include <memory>

#include "formats/reader.h"

namespace fa {

/// How lines whose form came before are read: the same records come of both ways, which tests compare.
enum class LineReading {
  kByForm,    ///< As the first line of that form (line_forms.h).
  kEachAnew,  ///< By taking every header apart.
};

std::unique_ptr<RecordReader> make_log_lines_reader(ReaderOptions options, LineReading reading);

}  // namespace fa
