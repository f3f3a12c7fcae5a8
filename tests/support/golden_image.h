#pragma once

#include <string>

namespace fa::test {

/// Expects a PNG to look like the file at `path`: same size, on average hardly any difference, and no spot that
/// differs much (glyphs may shift by a fraction of a pixel between versions of the font libraries). UPDATE_GOLDEN=1
/// writes the file instead: look at it before you commit it. Where they differ, the failure says where the new picture
/// lies.
void expect_image(const std::string& path, const std::string& png);

}  // namespace fa::test
