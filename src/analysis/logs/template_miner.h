#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace fa {

using ShapeId = std::uint32_t;     ///< A distinct masked token sequence, numbered within one miner.
using TemplateId = std::uint32_t;  ///< Index into TemplateSet::templates.

struct LogTemplate {
  std::string id;       ///< Stable: 8 hex digits of the hash of `pattern`; the same in every run and on every machine.
  std::string pattern;  ///< The message with `<*>` for each variable.
  std::uint64_t count = 0;
};

/// The result of mining: templates ordered by pattern, and which shape belongs to which.
struct TemplateSet {
  std::vector<LogTemplate> templates;
  std::vector<TemplateId> template_of_shape;  ///< Indexed by ShapeId of the miner that was finished.
  std::uint64_t overflowed_messages = 0;      ///< Counted under a catch-all since the limit of shapes was reached.
};

/// Streaming log template miner. `add` masks variables (numbers, addresses, ids, paths, quoted values, ...) and counts
/// the remaining shape; `finish` clusters the distinct shapes into templates. The result is a function of the set
/// of messages alone: not of their order, nor of how they were split over merged miners.
/// One thread per miner.
class TemplateMiner {
 public:
  TemplateMiner();
  ~TemplateMiner();
  TemplateMiner(TemplateMiner&&) noexcept;
  TemplateMiner& operator=(TemplateMiner&&) noexcept;

  /// Counts a message (first line decides for multi-line ones; see template_miner.cpp) that stands for `occurrences`
  /// alike ones, and returns its shape. `form` as LogRecord has it.
  ShapeId add(std::string_view message, std::uint64_t occurrences = 1, std::uint64_t form = 0);

  /// Takes over another miner's counts. `result[s]` is this miner's id of the other's shape `s`.
  std::vector<ShapeId> merge(const TemplateMiner& other);

  [[nodiscard]] std::size_t shape_count() const;

  /// Clusters all shapes seen so far. O(distinct shapes * tokens), independent of the number of messages.
  [[nodiscard]] TemplateSet finish() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fa
