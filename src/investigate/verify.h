#pragma once

#include <set>
#include <span>
#include <string>

#include "model/finding.h"
#include "model/report.h"
#include "sources/file/discover.h"

namespace fa {

/// What claims are held against, besides the stored bytes.
struct VerifyInput {
  std::span<const std::string> services;  ///< All services seen in the data, sorted.
  std::span<const Finding> findings;      ///< Recounted from the data; facts are compared with theirs.
  const InputSet& inputs;
  /// Ids of items whose facts no engine found: a tool counted them just now, from the same bytes.
  std::set<std::string> counted_by_tools = {};
};

/// Checks a report, whoever wrote it, and marks in it what does not hold. For every evidence item:
/// the bytes at its locator can be read and have the noted SHA-256; the excerpt stands in them; the time is theirs; the
/// entity exists; every fact equals what the engines count, from this record among others; every number in the claim is
/// one of the facts, or stands in the excerpt. For every hypothesis: its evidence exists, its subject exists, and it
/// becomes verified when all of its support holds, refuted when less than half does. Fills `verification`.
void verify(Report& report, const VerifyInput& input);

}  // namespace fa
