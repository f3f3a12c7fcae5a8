#include "llm/data_fence.h"

namespace fa::llm {

std::string fenced_line(std::string json) {
  for (std::size_t at = json.find("</"); at != std::string::npos; at = json.find("</", at + 3)) {
    json.insert(at + 1, 1, '\\');
  }
  for (std::size_t at = json.find("<data"); at != std::string::npos; at = json.find("<data", at)) {
    json.replace(at, 1, "\\u003c");
  }
  return json + "\n";
}

}  // namespace fa::llm
