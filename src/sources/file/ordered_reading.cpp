#include "sources/file/ordered_reading.h"

#include <tbb/parallel_pipeline.h>
#include <tbb/task_arena.h>

#include <deque>
#include <utility>

namespace fa {
namespace {

/// Tasks that may be read before the first of them is taken: enough to keep all threads at work beside one long task.
constexpr std::size_t kTasksAtATime = 48;

struct ReadPiece {
  ReadTask task;
  std::unique_ptr<TelemetrySink> sink;
  FileOutcome outcome;
};
using PiecePointer = std::shared_ptr<ReadPiece>;

class Pipeline {
 public:
  Pipeline(const InputSet& inputs, const OrderedReading& reading, const Context& context)
      : inputs_(inputs), reading_(reading), context_(context) {}

  std::vector<FileOutcome> run() {
    tbb::parallel_pipeline(
        kTasksAtATime, tbb::make_filter<void, PiecePointer>(tbb::filter_mode::serial_in_order,
                                                            [this](tbb::flow_control& flow) { return next(flow); }) &
                           tbb::make_filter<PiecePointer, PiecePointer>(
                               tbb::filter_mode::parallel, [this](const PiecePointer& piece) { return read(piece); }) &
                           tbb::make_filter<PiecePointer, void>(tbb::filter_mode::serial_in_order,
                                                                [this](const PiecePointer& piece) { take(*piece); }));
    return std::move(outcomes_);
  }

 private:
  PiecePointer next(tbb::flow_control& flow) {
    if (waiting_.empty() && file_ < inputs_.files.size()) {
      const auto tasks =
          read_tasks(inputs_.files[file_], file_, reading_.message_only, reading_.formats, reading_.part_bytes);
      waiting_.assign(tasks.begin(), tasks.end());
      ++file_;
    }
    if (waiting_.empty()) {
      flow.stop();
      return nullptr;
    }
    auto piece = std::make_shared<ReadPiece>();
    piece->task = waiting_.front();
    waiting_.pop_front();
    return piece;
  }

  PiecePointer read(const PiecePointer& piece) {
    const InputFile& file = inputs_.files[piece->task.file];
    ReaderOptions options = reading_.options ? reading_.options(file) : ReaderOptions{};
    options.message_only = reading_.message_only;
    piece->sink = reading_.make_sink(piece->task.file);
    piece->outcome = read_input(file, std::move(options), *piece->sink, context_, reading_.formats, piece->task.part);
    return piece;
  }

  void take(ReadPiece& piece) {
    reading_.take(piece.task.file, *piece.sink);
    piece.sink.reset();
    if (piece.task.part.begin == 0) {
      outcomes_.push_back(std::move(piece.outcome));
    } else {
      // That reading stopped is said once per file.
      if (context_.stopped() && !outcomes_.back().gaps.empty()) piece.outcome.gaps.clear();
      join_outcomes(outcomes_.back(), std::move(piece.outcome));
    }
    if (piece.task.part.end == FilePart::kToTheEnd && reading_.on_file_done) reading_.on_file_done(outcomes_.size());
  }

  const InputSet& inputs_;
  const OrderedReading& reading_;
  const Context& context_;
  std::size_t file_ = 0;
  std::deque<ReadTask> waiting_;
  std::vector<FileOutcome> outcomes_;
};

}  // namespace

std::vector<FileOutcome> read_in_order(const InputSet& inputs, const OrderedReading& reading, const Context& context) {
  tbb::task_arena arena(reading.threads == 0 ? tbb::task_arena::automatic : static_cast<int>(reading.threads));
  return arena.execute([&] { return Pipeline(inputs, reading, context).run(); });
}

}  // namespace fa
