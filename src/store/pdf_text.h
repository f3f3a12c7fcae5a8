#pragma once

#include <filesystem>
#include <string>

#include "base/context.h"
#include "base/result.h"

namespace fa {

/// The text of a PDF, by the program `pdftotext` (poppler-utils) found on the PATH: a child process, killed with all
/// its own children at the context's end. Errors: kUnreadable (not installed, no readable PDF), kLimit (more than
/// `most_bytes` of text), kCancelled.
Result<std::string> pdf_text(const std::filesystem::path& path, std::size_t most_bytes, const Context& context);

}  // namespace fa
