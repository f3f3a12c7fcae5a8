#include "store/document.h"

#include <fmt/core.h>

#include <cerrno>
#include <fstream>
#include <system_error>

#include "base/text.h"
#include "store/pdf_text.h"

namespace fa {
namespace {

constexpr std::uintmax_t kMostDocumentBytes = std::uintmax_t{32} << 20U;
constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";

Result<std::string> file_bytes(const std::filesystem::path& path) {
  const std::string shown = path.string();
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::not_found) {
    return fail(ErrorCode::kNotFound, fmt::format("{} does not exist; check the path", shown));
  }
  if (status.type() != std::filesystem::file_type::regular) {
    return fail(ErrorCode::kInvalidInput, fmt::format("{} is no file; give the files inside it", shown));
  }
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (!error && size > kMostDocumentBytes) {
    return fail(ErrorCode::kLimit, fmt::format("{} has {}, more than the {} a document may have; split it", shown,
                                               format_bytes(size), format_bytes(kMostDocumentBytes)));
  }
  std::ifstream in(path, std::ios::binary);
  std::string bytes;
  if (in) {
    // One byte more than allowed: the file may have grown since.
    bytes.resize(static_cast<std::size_t>(error ? kMostDocumentBytes : size) + 1);
    in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(in.gcount()));
  }
  if (!in.is_open() || in.bad()) {
    return fail(ErrorCode::kUnreadable, fmt::format("cannot read {}: {}; check its permissions", shown,
                                                    std::generic_category().message(errno)));
  }
  return bytes;
}

}  // namespace

Result<std::string> read_document(const std::filesystem::path& path, const Context& context) {
  if (context.stopped()) {
    return fail(ErrorCode::kCancelled, fmt::format("reading {} was stopped, or its time was up", path.string()));
  }
  try {
    auto bytes = file_bytes(path);
    if (!bytes) return bytes;
    if (bytes->starts_with("%PDF-")) {
      auto text = pdf_text(path, static_cast<std::size_t>(kMostDocumentBytes), context);
      if (text && trim(*text).empty()) {
        return fail(ErrorCode::kUnreadable,
                    fmt::format("{} holds no text, only pictures of it; run it through text recognition (OCR) first",
                                path.string()));
      }
      return text ? Result<std::string>(sanitize_utf8(*text)) : text;
    }
    std::string_view text = *bytes;
    if (text.starts_with(kUtf8Mark)) text.remove_prefix(kUtf8Mark.size());
    if (text.find('\0') != std::string_view::npos) {
      return fail(
          ErrorCode::kInvalidInput,
          fmt::format("{} is neither text in UTF-8 nor a PDF; convert it to Markdown, text or PDF", path.string()));
    }
    return sanitize_utf8(text);
  } catch (const std::exception& error) {
    return fail(ErrorCode::kUnreadable, fmt::format("cannot read {}: {}", path.string(), error.what()));
  }
}

}  // namespace fa
