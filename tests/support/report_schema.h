#pragma once

#include <string>
#include <string_view>

namespace fa::test {

/// What of the text breaks docs/formats/report.schema.json, one violation per line; empty when nothing does.
std::string schema_violations(std::string_view report_json);

}  // namespace fa::test
