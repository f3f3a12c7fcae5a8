#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "llm/server_sent_events.h"

namespace {

std::vector<fa::llm::ServerSentEvent> read(std::string_view bytes, std::size_t piece) {
  fa::llm::ServerSentEvents reader;
  std::vector<fa::llm::ServerSentEvent> events;
  while (!bytes.empty()) {
    const std::string_view part = bytes.substr(0, piece);
    bytes.remove_prefix(part.size());
    const auto fed = reader.feed(part);
    if (!fed) std::abort();  // inputs are too small for the limit
    events.insert(events.end(), fed->begin(), fed->end());
  }
  if (auto last = reader.finish()) events.push_back(*last);
  return events;
}

}  // namespace

/// Whole or in pieces: the same events.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  const auto whole = read(bytes, size);
  for (const std::size_t piece : {std::size_t{1}, std::size_t{3}, std::size_t{17}}) {
    if (read(bytes, piece) != whole) std::abort();
  }
  return 0;
}
