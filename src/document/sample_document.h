#pragma once

#include "document/document.h"

/// Documents for tests and measurements.
namespace fa::document {

/// A findings report of three findings with every kind of block in it; fills a few pages.
[[nodiscard]] Document sample_document(Language language);

/// As many findings as asked for, each with a text, a table, facts and a command: some 60 pages for 200.
[[nodiscard]] Document many_findings(Language language, std::size_t count);

/// Every text is what somebody would write who wants to break the rendering.
[[nodiscard]] Document hostile_document();

/// A bit of everything that can act in a terminal, in markup or in a chat.
[[nodiscard]] const std::string& hostile_words();

}  // namespace fa::document
