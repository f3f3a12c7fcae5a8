#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "llm/chat.h"

/// Recorded conversations with a model, to be replayed byte for byte. docs/formats/cassette.md describes the file.
namespace fa::llm {

/// Identity of a request: SHA-256 over everything in it.
std::string request_hash(const ChatRequest& request);

/// Passes requests on and appends each with its answer (or error) to a file. Thread-safe; borrows the model.
class RecordingModel final : public ChatModel {
 public:
  /// The file must be new or a cassette; kUnreadable when it cannot be written.
  static Result<std::unique_ptr<RecordingModel>> open(ChatModel& model, const std::filesystem::path& file);
  ~RecordingModel() override;
  Result<ChatAnswer> ask(const ChatRequest& request, const Context& context) override;
  [[nodiscard]] std::string name() const override;

 private:
  struct State;
  explicit RecordingModel(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Answers from a cassette: by the hash of the request, several answers to the same request in the order they were
/// recorded, the last one again thereafter. A request that was not recorded is kNotFound and says so: the inputs, the
/// prompts or the settings are others than at the time of recording. Thread-safe.
class ReplayModel final : public ChatModel {
 public:
  /// Errors name file and line: kInvalidInput for what is no cassette, kUnreadable.
  static Result<std::unique_ptr<ReplayModel>> open(const std::filesystem::path& file);
  ~ReplayModel() override;
  Result<ChatAnswer> ask(const ChatRequest& request, const Context& context) override;
  [[nodiscard]] std::string name() const override;  ///< Of the model that was recorded.

 private:
  struct State;
  explicit ReplayModel(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace fa::llm
