#include "llm/cassette.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <string_view>
#include <system_error>
#include <unordered_map>
#include <utility>

#include "base/file_descriptor.h"
#include "llm/cassette_lines.h"

namespace fa::llm {

namespace {

tl::unexpected<Error> cassette_trouble(std::string_view what, const std::filesystem::path& file, int error) {
  return fail(ErrorCode::kUnreadable, fmt::format("The cassette {} cannot be {}: {}", file.string(), what,
                                                  std::generic_category().message(error)));
}

constexpr std::uint64_t kLargestCassette = std::uint64_t{1} << 30;  // bytes; it is read into memory as a whole

Result<std::string> read_all(int fd, const std::filesystem::path& file) {
  struct ::stat info = {};
  if (::fstat(fd, &info) != 0) return cassette_trouble("read", file, errno);
  if (!S_ISREG(info.st_mode) || static_cast<std::uint64_t>(info.st_size) > kLargestCassette) {
    return fail(ErrorCode::kUnreadable,
                fmt::format("The cassette {} is no regular file of at most 1 GiB; name another.", file.string()));
  }
  std::string text;
  std::string block(std::size_t{1} << 16, '\0');
  for (;;) {
    const ::ssize_t got = ::read(fd, block.data(), block.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return cassette_trouble("read", file, errno);
    if (got == 0) return text;
    text.append(block, 0, static_cast<std::size_t>(got));
  }
}

/// All of `text`, or nothing of it.
Result<void> append_all(int fd, std::string_view text, const std::filesystem::path& file) {
  const ::off_t before = ::lseek(fd, 0, SEEK_END);
  while (!text.empty()) {
    const ::ssize_t wrote = ::write(fd, text.data(), text.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) {
      auto trouble = cassette_trouble("written", file, errno);
      // Half a line would make the whole file unreadable; if this fails too, readers name the line.
      if (before >= 0) static_cast<void>(::ftruncate(fd, before) == 0);
      return trouble;
    }
    text.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return {};
}

}  // namespace

struct RecordingModel::State {
  State(ChatModel& recorded, std::filesystem::path path, FileDescriptor opened)
      : model(recorded), file(std::move(path)), out(std::move(opened)) {}

  ChatModel& model;
  const std::filesystem::path file;
  std::mutex mutex;
  FileDescriptor out;
};

RecordingModel::RecordingModel(std::unique_ptr<State> state) : state_(std::move(state)) {}
RecordingModel::~RecordingModel() = default;

Result<std::unique_ptr<RecordingModel>> RecordingModel::open(ChatModel& model, const std::filesystem::path& file) {
  // Prompts hold what services logged: for the owner only.
  FileDescriptor out(::open(file.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (!out) return cassette_trouble("opened for writing", file, errno);
  auto text = read_all(out.get(), file);
  if (!text) return tl::unexpected<Error>(std::move(text).error());
  auto content = read_cassette(*text, file.string());
  if (!content) return tl::unexpected<Error>(std::move(content).error());
  std::string begin;
  if (content->empty) {
    begin = cassette_header(model.name());
  } else if (content->model != model.name()) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("{}:1: this cassette is of the model \"{}\", not of \"{}\": record to another file",
                            file.string(), content->model, model.name()));
  } else if (!content->ends_in_line) {
    begin += '\n';  // Not "=": g++ 12 warns falsely.
  }
  if (auto written = append_all(out.get(), begin, file); !written) {
    return tl::unexpected<Error>(std::move(written).error());
  }
  return std::unique_ptr<RecordingModel>(new RecordingModel(std::make_unique<State>(model, file, std::move(out))));
}

Result<ChatAnswer> RecordingModel::ask(const ChatRequest& request, const Context& context) {
  auto answer = as_recorded(state_->model.ask(request, context));
  const std::string entry = cassette_entry(request, answer);
  const std::lock_guard lock(state_->mutex);
  // An answer that is used but not recorded would make a cassette that cannot be replayed, found out much later.
  if (auto written = append_all(state_->out.get(), entry, state_->file); !written) {
    return tl::unexpected<Error>(std::move(written).error());
  }
  return answer;
}

std::string RecordingModel::name() const { return state_->model.name(); }

struct ReplayModel::State {
  std::string file;
  CassetteContent content;
  std::mutex mutex;
  std::unordered_map<std::string, std::size_t> asked;  // how often, by hash
};

ReplayModel::ReplayModel(std::unique_ptr<State> state) : state_(std::move(state)) {}
ReplayModel::~ReplayModel() = default;

Result<std::unique_ptr<ReplayModel>> ReplayModel::open(const std::filesystem::path& file) {
  // A pipe that nobody writes to would hold the open up.
  const FileDescriptor in(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!in) return cassette_trouble("opened", file, errno);
  auto text = read_all(in.get(), file);
  if (!text) return tl::unexpected<Error>(std::move(text).error());
  auto content = read_cassette(*text, file.string());
  if (!content) return tl::unexpected<Error>(std::move(content).error());
  if (content->empty) {
    return fail(ErrorCode::kInvalidInput, fmt::format("{}:1: this is no cassette: it is empty", file.string()));
  }
  auto state = std::make_unique<State>();
  state->file = file.string();
  state->content = std::move(*content);
  return std::unique_ptr<ReplayModel>(new ReplayModel(std::move(state)));
}

Result<ChatAnswer> ReplayModel::ask(const ChatRequest& request, const Context& context) {
  if (context.stopped()) {
    return fail(ErrorCode::kCancelled, "The replay was stopped, or the time for this analysis is over.");
  }
  const std::string hash = request_hash(request);
  const auto found = state_->content.answers.find(hash);
  if (found == state_->content.answers.end()) {
    return fail(ErrorCode::kNotFound,
                fmt::format("The cassette {} has no answer to this request ({}...): the inputs, the prompts or the "
                            "settings are others than at the time of recording; record it again.",
                            state_->file, hash.substr(0, 12)));
  }
  const std::lock_guard lock(state_->mutex);
  std::size_t& next = state_->asked[hash];
  const auto& answers = found->second;
  const std::size_t index = std::min(next, answers.size() - 1);
  ++next;
  return answers[index];
}

std::string ReplayModel::name() const { return state_->content.model; }

}  // namespace fa::llm
