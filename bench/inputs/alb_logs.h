#pragma once

#include "inputs/clock_text.h"
#include "inputs/output.h"

namespace fa::bench {

/// One request as a load balancer logs it.
struct AlbRequest {
  std::string_view group;  ///< Target group.
  std::string_view path;
  std::uint32_t status = 200;
  bool answered = true;  ///< By the target, with `status`; else nothing came from it.
  std::uint32_t millis = 0;
};

/// One line with the documented fields, the text of some of which holds spaces, commas and escaped quotes.
void write_alb_line(Random& random, const ClockText& clock, const AlbRequest& request, Output& out);

}  // namespace fa::bench
