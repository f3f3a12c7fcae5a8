#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "sources/aws/logs_pattern_filter.h"
#include "sources/aws/logs_patterns.h"

/// From patterns that stand out to the queries that fetch them: few queries, since each scans everything. Pure.
namespace fa::logs {

/// A pattern that is fetched.
struct Target {
  PatternChange change;
  PatternFilter filter;
};

/// Queries for several patterns at once. Every line is counted once, by the pattern that says most of it: the queries
/// of others exclude it.
struct Batch {
  std::vector<std::size_t> targets;  ///< Indices into the list of targets.
  bool counts = false;               ///< Counts with an example; else the lines themselves.
};

/// Rare patterns (few lines in window and baseline together) are fetched line by line as long as there is room,
/// frequent ones as counts. `groups`: log groups that are asked together; they share the rows of an answer.
std::vector<Batch> plan_batches(const std::vector<Target>& targets, std::size_t groups);

/// Text of a batch's query. `others`: patterns that are not fetched; their lines are left out where they are a special
/// case of a fetched one. `bin`: as bin() takes it.
std::string batch_query(const std::vector<Target>& targets, const Batch& batch,
                        const std::vector<PatternFilter>& others, const std::string& bin);

/// Name of the field that says whether a row's lines match the i-th pattern of a batch of counts (from 0).
std::string match_field(std::size_t i);

}  // namespace fa::logs
