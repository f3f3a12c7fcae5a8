#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "llm/chat.h"

/// The lines of a cassette (docs/formats/cassette.md). Private to this folder's sources and tests.
namespace fa::llm {

struct CassetteContent {
  std::string model;
  /// By the hash of their request, in the order of the file.
  std::unordered_map<std::string, std::vector<Result<ChatAnswer>>> answers;
  bool empty = true;          ///< The file holds nothing at all, not even the first line.
  bool ends_in_line = false;  ///< Nothing stands behind the last newline.
};

/// Reads a whole cassette. `name` is what errors (kInvalidInput) call it: `name:line: ...`.
Result<CassetteContent> read_cassette(std::string_view text, std::string_view name);

/// The first line, newline included.
std::string cassette_header(std::string_view model);

/// One entry, newline included. Bytes that are no UTF-8 become U+FFFD.
std::string cassette_entry(const ChatRequest& request, const Result<ChatAnswer>& answer);

/// The answer as it will be read again.
Result<ChatAnswer> as_recorded(Result<ChatAnswer> answer);

}  // namespace fa::llm
