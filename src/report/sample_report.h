#pragma once

#include "model/report.h"

/// Hand-built reports for the tests of renderings.
namespace fa {

/// The reference fault: an application cut off from its database. Every kind of evidence, for and against, one
/// failed check, a gap, an unrecognised file.
[[nodiscard]] Report sample_report(Language language);

/// A study in which nothing is wrong.
[[nodiscard]] Report sample_no_incident(Language language);

/// A study whose data cannot tell.
[[nodiscard]] Report sample_cannot_tell(Language language);

/// The text put into every field that may come from a log: escape sequences, ends of scripts and charts, mentions,
/// links, quotes, bidirectional overrides, NUL, invalid UTF-8, and 10,000 characters without a break.
[[nodiscard]] const std::string& hostile_text();

/// The sample with hostile_text() in every text field, and numbers and times that make no sense.
[[nodiscard]] Report hostile_report(Language language);

}  // namespace fa
