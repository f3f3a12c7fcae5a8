#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/time_zone.h"
#include "document/document.h"
#include "model/report.h"

/// Pieces of report_document() that its sections share.
namespace fa {

/// One line of at most 2,000 columns.
[[nodiscard]] std::string short_text(std::string_view text);

/// Of the evidence item at `index`, and of how to check it by hand. Numbers, since ids come from outside and may hold
/// anything.
[[nodiscard]] std::string evidence_anchor(std::size_t index);
[[nodiscard]] std::string check_anchor(std::size_t index);

/// The id as a link to its evidence.
[[nodiscard]] document::Run id_run(const Report& report, std::string_view id,
                                   document::Emphasis emphasis = document::Emphasis::kPlain);

/// The text verbatim, and that it is cut where it is.
void add_block(document::Document& document, std::string_view text, std::string language = {});

/// The sections behind the evidence: what was read and how, how to check all by hand, what was verified.
void add_appendix(document::Document& document, const Report& report, const TimeZone& zone);

}  // namespace fa
