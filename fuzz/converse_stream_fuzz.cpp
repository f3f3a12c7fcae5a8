#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "answer_fuzz.h"
#include "aws/event_stream.h"
#include "llm/bedrock_answer.h"

namespace {

/// Checksums keep mutations out of frames: a line `type json` becomes the event of that type, `!type words` an
/// exception.
std::string frames_of(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const bool exception = line.starts_with('!');
    const std::size_t space = std::min(line.find(' '), line.size());
    fa::aws::EventMessage message;
    message.headers = {{":message-type", std::string(exception ? "exception" : "event")},
                       {exception ? ":exception-type" : ":event-type",
                        std::string(line.substr(exception ? 1 : 0, space - (exception ? 1 : 0)))}};
    message.payload = std::string(line.substr(space));
    out += fa::aws::encode_event(message);
  }
  return out;
}

}  // namespace

/// Whole or in pieces: the same answer or error; as a document no crash.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  fa::fuzz::require_same_in_pieces<fa::llm::ConverseStreamReader>(bytes);
  fa::fuzz::require_same_in_pieces<fa::llm::ConverseStreamReader>(frames_of(bytes));
  static_cast<void>(fa::llm::read_converse_answer(bytes));
  return 0;
}
