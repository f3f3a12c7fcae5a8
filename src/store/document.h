#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "store/store.h"

namespace fa {

/// A document as text: Markdown and text as they are (BOM taken off, invalid UTF-8 replaced), PDF by `pdftotext
/// -layout` as a child process with the context's deadline. Errors: kUnreadable with what to do (install
/// poppler-utils), kNotFound, kInvalidInput for other kinds of files (binary, folders), kLimit above 32 MiB (of the
/// file, or of a PDF's text), kCancelled.
Result<std::string> read_document(const std::filesystem::path& path, const Context& context);

/// Cuts Markdown or text into passages: at headings, then at blank lines, then by length (about 1,200 bytes, never
/// within a character; fenced code stays whole where it fits). Pure.
std::vector<Passage> cut_document(std::string_view text, const std::string& path);

}  // namespace fa
