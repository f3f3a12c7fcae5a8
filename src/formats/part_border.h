#pragma once

#include <string_view>

#include "formats/reader.h"

namespace fa {

/// Whether files of this format may be read in parts at all, each by a reader of its own; `head` is the beginning of
/// the file. The records must be the same as if one reader had read the whole file. ALB access logs are not cut: their
/// reader adds calls up over the whole file.
bool may_be_cut(Format format, std::string_view head);

/// Whether a part may begin with `line`, which stands behind `previous` (both whole, without their newlines): nothing
/// of the lines before has a meaning for it and those behind it. `message_only` as in ReaderOptions.
///  - OTLP: a whole document behind a whole document. Where metrics come first in the file, it is not cut: the points
///  of a
///    series are told by those before.
///  - Logs: a record with a full date of its own, or a JSON line, behind such a one that opens no stack trace. Lines
///  that
///    a container runtime wrapped may go on in the next line.
bool part_may_begin(Format format, std::string_view previous, std::string_view line, bool message_only);

}  // namespace fa
