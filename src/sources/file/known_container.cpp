#include "sources/file/known_container.h"

#include <cstddef>

namespace fa {
namespace {

struct Signature {
  std::size_t offset;
  std::string_view bytes;
  std::string_view name;
};

using namespace std::string_view_literals;

// From the formats' own descriptions (APPNOTE.TXT for zip, POSIX ustar, the .xz and bzip2 formats, LZ4 frames,
// Parquet).
constexpr Signature kSignatures[] = {
    {0,
     "\xFD"
     "7zXZ\0"sv,
     "an xz file"},
    {0, "BZh"sv, "a bzip2 file"},
    {0, "PK\x03\x04"sv, "a zip archive"},
    {0, "7z\xBC\xAF\x27\x1C"sv, "a 7z archive"},
    {0, "\x04\x22\x4D\x18"sv, "an lz4 file"},
    {257, "ustar"sv, "a tar archive"},
    {0, "\x1F\x8B"sv, "a gzip file inside another"},
    {0, "\x28\xB5\x2F\xFD"sv, "a zstd file inside another"},
    {0, "PAR1"sv, "a Parquet file"},
    {0, "LPKSHHRH"sv, "a systemd journal (use journalctl to print it)"},
};

}  // namespace

std::string_view known_container(std::string_view head) {
  for (const auto& signature : kSignatures) {
    if (head.size() >= signature.offset && head.substr(signature.offset).starts_with(signature.bytes)) {
      return signature.name;
    }
  }
  return {};
}

}  // namespace fa
