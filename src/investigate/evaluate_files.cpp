#include "investigate/evaluate_files.h"

#include "sources/file/byte_stream.h"
#include "sources/file/decompress.h"

namespace fa {

Result<std::string> read_decompressed(const std::filesystem::path& path) {
  auto raw = open_file_stream(path);
  if (!raw) return tl::unexpected(raw.error());
  auto stream = decompress(std::move(*raw));
  if (!stream) return tl::unexpected(stream.error());
  std::string text;
  std::string block(std::size_t{1} << 20, '\0');
  while (true) {
    const auto n = (*stream)->read(block);
    if (!n) return tl::unexpected(n.error());
    if (*n == 0) return text;
    text.append(block, 0, *n);
  }
}

}  // namespace fa
