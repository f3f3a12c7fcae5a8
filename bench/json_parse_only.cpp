#include <fmt/core.h>
#include <simdjson.h>

#include <chrono>
#include <cstdio>

/// How long simdjson alone takes for a file of JSON documents: its DOM parser over all of them, one thread, nothing
/// done with what was parsed. The file is in memory before the clock starts. Prints seconds, bytes and documents.
int main(int argc, char** argv) {
  if (argc != 2) {
    fmt::print(stderr, "usage: fa_json_parse_only FILE\n");
    return 2;
  }
  simdjson::padded_string text;
  if (const auto error = simdjson::padded_string::load(argv[1]).get(text)) {
    fmt::print(stderr, "fa_json_parse_only: {}: {}\n", argv[1], simdjson::error_message(error));
    return 1;
  }
  simdjson::dom::parser parser;
  parser.threaded = false;
  std::size_t documents = 0;
  const auto begin = std::chrono::steady_clock::now();
  simdjson::dom::document_stream stream;
  if (parser.parse_many(text).get(stream)) return 1;
  for (auto document : stream) {
    if (const auto error = document.error()) {
      fmt::print(stderr, "fa_json_parse_only: document {}: {}\n", documents + 1, simdjson::error_message(error));
      return 1;
    }
    ++documents;
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  fmt::print("{:.6f} {} {}\n", took.count(), text.size(), documents);
}
