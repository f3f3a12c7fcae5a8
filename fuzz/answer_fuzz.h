#pragma once

#include <cstddef>
#include <cstdlib>
#include <string_view>

#include "llm/read_in_pieces.h"

/// Common driver of the fuzz targets of what models stream.
namespace fa::fuzz {

/// Whole or in pieces, a `Reader` must give the same answer or the same error; aborts where it does not.
template <class Reader>
void require_same_in_pieces(std::string_view bytes) {
  const auto whole = llm::read_in_pieces<Reader>(bytes, bytes.size());
  for (const std::size_t piece : {std::size_t{1}, std::size_t{29}}) {
    const auto pieces = llm::read_in_pieces<Reader>(bytes, piece);
    if (pieces.has_value() != whole.has_value()) std::abort();
    if (!whole) {
      if (pieces.error().message != whole.error().message) std::abort();
    } else if (pieces->blocks != whole->blocks || pieces->stop != whole->stop || pieces->usage != whole->usage) {
      std::abort();
    }
  }
}

}  // namespace fa::fuzz
