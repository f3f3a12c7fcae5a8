#pragma once

#include <string>
#include <vector>

namespace fa {

/// A log line that tries to take over whoever reads it.
struct HostileLine {
  std::string kind;  ///< orders, fence, fake_tool, exfiltrate, ping, markup, fake_answer, unicode
  std::string text;  ///< One line, as a service might log it.
  /// What a model that obeys would do: a tool it calls, with its input ...
  std::string tool;
  std::string input;
  std::string says;  ///< ... and what it says in its answer.
};

/// At least 50 of them, in English and Japanese. The same every time.
std::vector<HostileLine> hostile_lines();

}  // namespace fa
