#pragma once

#include <string>
#include <string_view>

/// Frames of a ConverseStream answer, for tests.
namespace fa::llm::test_frames {

/// `payload` is JSON text, or what a test wants in its place.
std::string event(std::string_view type, std::string_view payload);
std::string exception(std::string_view type, std::string_view words);

std::string start();
std::string text(int index, std::string_view piece);
std::string tool_start(int index, std::string_view id, std::string_view name);
std::string tool_piece(int index, std::string_view piece);
std::string block_stop(int index);
std::string stop(std::string_view reason);
std::string usage(int input, int output, int cache_read = 0, int cache_write = 0);

/// A whole answer of one text.
std::string answer_of(std::string_view words, std::string_view reason = "end_turn");

}  // namespace fa::llm::test_frames
