#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "manual/command_outline.h"

/// Manual pages as man(7) macros. Pure; the same outline gives the same bytes, without a date.
namespace fa::manual {

/// Text for the body of a page: nothing in it is taken for a request or an escape.
[[nodiscard]] std::string roff_text(std::string_view text);

/// The first lines of a page.
[[nodiscard]] std::string roff_title(std::string_view name, int section, std::string_view version,
                                     std::string_view summary);

struct ManPage {
  std::string file;  ///< `fa2-knowledge.1`
  std::string text;
};

/// One page for the program and one for each command below it; what is below those stands on their page.
[[nodiscard]] std::vector<ManPage> man_pages(const CommandOutline& program, std::string_view version);

}  // namespace fa::manual
