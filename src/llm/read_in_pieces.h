#pragma once

#include <cstddef>
#include <string_view>

#include "llm/chat.h"

/// For tests and fuzz targets of what reads streams.
namespace fa::llm {

/// The whole stream, fed `piece` bytes at a time. Errors: the first that the reader has.
template <class Reader>
Result<ChatAnswer> read_in_pieces(std::string_view bytes, std::size_t piece) {
  Reader reader;
  while (!bytes.empty()) {
    const std::string_view part = bytes.substr(0, piece);
    bytes.remove_prefix(part.size());
    if (auto fed = reader.feed(part); !fed) return tl::unexpected(fed.error());
  }
  return reader.finish();
}

}  // namespace fa::llm
