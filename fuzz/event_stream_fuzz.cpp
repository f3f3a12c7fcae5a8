#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <string>
#include <string_view>

#include "aws/event_stream.h"

namespace {

struct Outcome {
  std::vector<fa::aws::EventMessage> messages;
  std::string error;
};

Outcome decode(std::string_view bytes, std::size_t piece) {
  fa::aws::EventStreamDecoder decoder;
  Outcome outcome;
  while (!bytes.empty()) {
    const std::string_view part = bytes.substr(0, piece);
    bytes.remove_prefix(part.size());
    auto fed = decoder.feed(std::string(part));
    if (!fed) break;
    std::move(fed->begin(), fed->end(), std::back_inserter(outcome.messages));
  }
  if (const auto finished = decoder.finish(); !finished) outcome.error = finished.error().message;
  return outcome;
}

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

/// Whole or in pieces: the same messages and the same error. What was read is written to bytes that read the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  const Outcome whole = decode(bytes, size);
  for (const std::size_t piece : {std::size_t{1}, std::size_t{13}}) {
    const Outcome pieces = decode(bytes, piece);
    require(pieces.error == whole.error && pieces.messages.size() == whole.messages.size());
    for (std::size_t i = 0; i < whole.messages.size(); ++i) {
      require(pieces.messages[i].headers == whole.messages[i].headers);
      require(pieces.messages[i].payload == whole.messages[i].payload);
    }
  }
  for (const fa::aws::EventMessage& message : whole.messages) {
    const std::string written = fa::aws::encode_event(message);
    if (written.empty()) continue;  // read leniently: values of more than 32767 bytes
    const Outcome again = decode(written, written.size());
    require(again.messages.size() == 1 && again.messages.front().headers == message.headers &&
            again.messages.front().payload == message.payload);
  }

  // Checksums keep mutations out of the frame: the same bytes as headers of a frame whose checksums are right.
  fa::aws::EventMessage made;
  made.headers.emplace_back("name", std::string(bytes.substr(0, size / 2)));
  made.payload = std::string(bytes.substr(size / 2));
  const std::string frame = fa::aws::encode_event(made);
  if (!frame.empty()) decode(frame + std::string(bytes), 7);
  return 0;
}
