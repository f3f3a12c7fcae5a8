#pragma once

#include "document/document.h"
#include "findings/findings.h"

namespace fa::findings {

/// The report as a document: summary, what to mend first, changes, causes with their resources and how to mend them,
/// gaps, how to see the same by hand. Pure; same report, same document. Everything that a service told stands in it as
/// data, for the rendering to escape.
document::Document findings_document(const FindingsReport& report);

/// As a JSON document of schema fa2-findings/1 (docs/findings.md), with every finding's id.
std::string findings_json(const FindingsReport& report);

}  // namespace fa::findings
