#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "model/report.h"

namespace fa {

/// Where a file of a collected incident folder came from, and how anybody can ask for the same again.
struct Origin {
  std::string source;  ///< cloudwatch_logs, s3, athena, cloudwatch, xray, cloudtrail
  std::string account;
  std::string region;
  std::string resource;  ///< Log group, s3://bucket/key, table, namespace, ...
  std::string query;  ///< What was asked, as a person would write it (an Insights query, SQL, a filter); may be empty.
  TimeRange range;
  std::string reproduce;  ///< Shell command (aws ...) that fetches the same data.
};

struct CollectedFileInfo {
  std::string name;  ///< Relative to the folder.
  Origin origin;
};

/// Name of the file below, at the top of a collected folder.
inline constexpr std::string_view kCollectionFileName = "fa2-collection.json";

/// The account of a collected incident folder (docs/formats/collection.md), kept beside its files: everything the
/// report needs to say of a live collection that the files themselves do not hold.
struct Collection {
  std::string identity;                  ///< Who asked: ARN of the caller.
  std::vector<CollectedFileInfo> files;  ///< Sorted by name.
  std::vector<Gap> gaps;
  std::vector<Note> notes;
  Usage usage;  ///< Costs and calls of collecting.
};

std::string collection_to_json(const Collection& collection);
/// Unknown keys are ignored; wrong kinds are errors that say where.
Result<Collection> collection_from_json(std::string_view json);

}  // namespace fa
