#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "aws/event_stream.h"
#include "llm/bedrock_answer.h"

namespace {

struct Outcome {
  bool ok = false;
  fa::llm::ChatAnswer answer;
  std::string error;
};

Outcome read(std::string_view bytes, std::size_t piece) {
  fa::llm::ConverseStreamReader reader;
  while (!bytes.empty()) {
    const std::string_view part = bytes.substr(0, piece);
    bytes.remove_prefix(part.size());
    if (const auto fed = reader.feed(part); !fed) return {false, {}, fed.error().message};
  }
  auto answer = reader.finish();
  if (!answer) return {false, {}, answer.error().message};
  return {true, std::move(*answer), {}};
}

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

void require_same(std::string_view bytes) {
  const Outcome whole = read(bytes, bytes.size());
  for (const std::size_t piece : {std::size_t{1}, std::size_t{29}}) {
    const Outcome pieces = read(bytes, piece);
    if (pieces.ok != whole.ok || pieces.error != whole.error || pieces.answer.blocks != whole.answer.blocks ||
        pieces.answer.stop != whole.answer.stop || pieces.answer.usage != whole.answer.usage) {
      std::abort();
    }
  }
}

}  // namespace

/// Whole or in pieces: the same answer or error; as a document no crash.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  require_same(bytes);
  require_same(frames_of(bytes));
  static_cast<void>(fa::llm::read_converse_answer(bytes));
  return 0;
}
