#pragma once

#include <cstddef>
#include <string>

#include "base/result.h"

namespace fa {

inline constexpr std::size_t kLongestBlobKeyPart = 200;  ///< File systems take 255 bytes, and ours want a suffix.
inline constexpr std::size_t kLongestBlobKey = 1000;

/// kInvalidInput for a text that is no key of a blob (BlobStore says what is); nothing outside a store can be named.
[[nodiscard]] Result<void> check_blob_key(const std::string& key);

}  // namespace fa
