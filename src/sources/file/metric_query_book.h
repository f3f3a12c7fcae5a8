#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/context.h"
#include "formats/reader.h"
#include "model/report.h"
#include "sources/file/discover.h"

namespace fa {

/// The MetricDataQueries found among the inputs: GetMetricData answers name their series only by the ids given there.
struct MetricQueryBook {
  using Queries = std::map<std::string, MetricQuery>;

  std::map<std::string, Queries> by_folder;  ///< Key: the folder part of a file's name, empty at the top.
  Queries all;                               ///< Of every folder together.
  std::vector<Gap> gaps;                     ///< Ids defined twice in different ways, files that broke while reading.

  /// The queries for a file: those beside it, else all there are. Never null; valid while the book lives.
  [[nodiscard]] const Queries* for_file(const std::string& name) const;
};

/// Looks at the beginning of every file that may be JSON and reads those that are metric queries. Of one id defined
/// in different ways the first definition, by file name, counts. To be called before the files are read.
MetricQueryBook find_metric_queries(const InputSet& inputs, const Context& context);

}  // namespace fa
