#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "base/context.h"
#include "sources/file/discover.h"
#include "sources/file/file_reader.h"
#include "sources/file/read_tasks.h"

namespace fa {

/// How all files of a set are read: several at a time, large ones in parts, and what each left is taken in the order of
/// the files and their bytes. So neither the number of threads nor their luck changes a result.
struct OrderedReading {
  std::size_t threads = 0;  ///< 0: as many as the machine has.
  FormatFunctions formats;
  bool message_only = false;              ///< As in ReaderOptions.
  std::uint64_t part_bytes = kPartBytes;  ///< Another value is for tests.
  /// What a file's reader may know. Called from several threads at a time; may be empty.
  std::function<ReaderOptions(const InputFile&)> options;
  /// A sink for one file or part, with its file's index. Called from several threads at a time.
  std::function<std::unique_ptr<TelemetrySink>(std::size_t file)> make_sink;
  /// Takes over what a sink holds once its file or part was read. Called by one thread at a time, in order.
  std::function<void(std::size_t file, TelemetrySink& sink)> take;
  /// Called when a whole file has been taken. May be empty.
  std::function<void(std::size_t files_done)> on_file_done;
};

/// Reads all; gives one outcome per file, in their order. Files that cannot be read have gaps. Stops early where
/// `context` says so. At most some dozen sinks exist at a time.
std::vector<FileOutcome> read_in_order(const InputSet& inputs, const OrderedReading& reading, const Context& context);

}  // namespace fa
