#include <fmt/core.h>

#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "investigate/collect.h"

/// How long it takes to read a folder into the digest that an investigation works on: all of the reading, none of the
/// engines. Prints seconds, bytes (decompressed) and records.
int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: fa_collect_bench PATH...\n");
    return 2;
  }
  const auto begin = std::chrono::steady_clock::now();
  const std::vector<std::string> paths(argv + 1, argv + argc);
  const fa::InputSet inputs = fa::discover_inputs(paths, {}, {});
  // The two hours that the benchmark's inputs begin with; what lies outside is read and counted all the same.
  const fa::TimePoint start = fa::from_unix_nanos(1'773'475'200'000'000'000);
  const fa::TimePoint middle = start + std::chrono::hours(1);
  const fa::PeriodClock periods({middle, middle + std::chrono::hours(1)}, {start, middle});
  const fa::Digest digest = fa::collect(inputs, periods, {}, {});
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  std::uint64_t bytes = 0;
  std::uint64_t records = 0;
  for (const fa::CoverageItem& file : digest.coverage) {
    bytes += file.bytes;
    records += file.records;
  }
  fmt::print("{:.6f} {} {}\n", took.count(), bytes, records);
}
