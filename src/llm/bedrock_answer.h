#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "aws/event_stream.h"
#include "llm/chat.h"

/// What Bedrock answers, read. Contract: service model bedrock-runtime 2023-09-30. Blocks that are neither text nor
/// toolUse (reasoningContent above all) are passed over. Errors never hold anything of an answer's content.
namespace fa::llm {

/// Most bytes of one answer, whole or as a stream: a hundred times what models write.
inline constexpr std::uint64_t kMaxAnswerBytes = std::uint64_t{16} << 20;

StopReason converse_stop_reason(std::string_view word);

/// The body of a Converse answer. kUnavailable, reason "BadAnswer": it is none.
Result<ChatAnswer> read_converse_answer(std::string_view body);

/// Puts the events of a ConverseStream answer together. Not thread-safe.
///
/// Errors: what an exception frame says, with its type as the reason (`throttlingException`): kInvalidInput for
/// validationException, kDenied and kNotFound likewise, kUnavailable for all others; kUnavailable, reason "BadAnswer",
/// for frames that are broken and events that cannot be understood. After one, every call returns it.
class ConverseStreamReader {
 public:
  Result<void> feed(std::string_view bytes);
  /// The answer, once its messageStop has come. Usage comes behind it: a stream cut between the two is an answer whose
  /// usage is zero, which means unknown. kUnavailable, reason "CutOff", for a stream that ended before.
  Result<ChatAnswer> finish();

 private:
  struct Part {
    bool tool = false;
    bool shown = false;  ///< Text or toolUse was seen: something that stands in the answer.
    std::string id;
    std::string name;
    std::string text;  ///< Or the input's pieces.
  };
  Result<void> take(const aws::EventMessage& message);
  Result<void> take_event(std::string_view type, std::string_view payload);

  aws::EventStreamDecoder decoder_;
  std::map<std::uint64_t, Part> parts_;  ///< By contentBlockIndex.
  ChatAnswer answer_;
  bool stopped_ = false;
  std::optional<Error> broken_;
};

}  // namespace fa::llm
