#pragma once

#include <string>

#include "base/context.h"
#include "chatops/result_file.h"
#include "model/report.h"

namespace fa::chatops {

/// Makes the files of a report: HTML, PDF, Markdown, and pictures. Thread-safe.
class ReportRenderer {
 public:
  virtual ~ReportRenderer() = default;
  /// In the language of the report, times in the reader's zone (IANA). Same report, same bytes. Never fails: what
  /// cannot be made (no font, no Graphviz, no time) is left out and told in `missing`. The names begin with the
  /// incident's id.
  virtual ResultFiles render(const Report& report, const std::string& time_zone, const Context& context) = 0;
};

}  // namespace fa::chatops
