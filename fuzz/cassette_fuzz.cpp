#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "llm/cassette.h"
#include "llm/cassette_lines.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

bool same(const fa::Result<fa::llm::ChatAnswer>& a, const fa::Result<fa::llm::ChatAnswer>& b) {
  if (a.has_value() != b.has_value()) return false;
  if (!a) return a.error().code == b.error().code && a.error().message == b.error().message;
  return a->blocks == b->blocks && a->stop == b->stop && a->stop_detail == b->stop_detail && a->usage == b->usage;
}

}  // namespace

/// Whatever is read from a cassette is read the same once it is written again, and so is any bytes' answer.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  fa::llm::ChatRequest request;
  request.system = std::string(bytes.substr(0, 64));
  const std::string hash = fa::llm::request_hash(request);
  const auto round_trip = [&](const fa::Result<fa::llm::ChatAnswer>& answer) {
    const auto again =
        fa::llm::read_cassette(fa::llm::cassette_header("m") + fa::llm::cassette_entry(request, answer), "again");
    require(again && again->answers.at(hash).size() == 1 && same(again->answers.at(hash).front(), answer));
  };
  // The first line right, so that mutations get to the entries.
  for (const std::string& text : {std::string(bytes), fa::llm::cassette_header("m") + std::string(bytes)}) {
    const auto content = fa::llm::read_cassette(text, "name");
    if (!content) {
      require(content.error().message.starts_with("name:"));
      continue;
    }
    for (const auto& [key, answers] : content->answers) {
      for (const auto& answer : answers) round_trip(answer);
    }
  }
  fa::llm::ChatAnswer said;
  said.blocks.emplace_back(fa::llm::Text{std::string(bytes)});
  said.blocks.emplace_back(fa::llm::ToolCall{"t", "tool", std::string(bytes)});
  said.stop = fa::llm::StopReason::kToolUse;
  round_trip(fa::llm::as_recorded(said));
  return 0;
}
