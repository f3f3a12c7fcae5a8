#pragma once

#include <string>

namespace fa::test {

/// Expects a text to be what stands in the file at `path`. UPDATE_GOLDEN=1 writes the file instead: read the diff.
void expect_text(const std::string& path, const std::string& text);

}  // namespace fa::test
