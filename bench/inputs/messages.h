#pragma once

#include <string>
#include <string_view>

#include "inputs/random.h"

namespace fa::bench {

/// What an application says.
struct Message {
  std::string_view level;  ///< DEBUG, INFO, WARN, ERROR, FATAL
  std::string text;
};

/// Messages of ordinary work: mostly all is well, some ten templates with varying values. `message` is written over, so
/// that its memory is reused.
void ordinary_message(Random& random, Message& message);

/// Message number `template_id` of a family without end; its words tell it from all others. `bytes` is the length it
/// is filled up to with further words (0: as it comes).
void numbered_message(Random& random, std::uint32_t template_id, std::size_t bytes, Message& message);

}  // namespace fa::bench
