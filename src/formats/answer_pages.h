#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "formats/json_slices.h"
#include "model/telemetry.h"

namespace fa {

/// Watches whether the last page of a paged AWS answer names a further one: then the file holds only a part, which is
/// said as skipped at the end.
class AnswerPages {
 public:
  /// Begins a page (one JSON document).
  void begin(const BytePosition& page) { page_ = page, more_ = false; }

  /// Looks at a member of the page; true when it was the token of a next page (`nextToken`, `NextToken`).
  bool take(std::string_view key, const JsonSlice& value) {
    if (key != "nextToken" && key != "NextToken") return false;
    more_ = value.text.size() > 2 && value.text.starts_with('"');
    return true;
  }

  void end(TelemetrySink& sink) {
    if (!std::exchange(more_, false)) return;
    sink.on_skipped({page_, "the answer names a next page (NextToken) that is not in this file", 1, true});
  }

 private:
  BytePosition page_;
  bool more_ = false;
};

}  // namespace fa
