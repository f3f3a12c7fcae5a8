#pragma once

#include "inputs/output.h"

namespace fa::bench {

/// One span of the benchmark's traces.
struct OtlpSpan {
  std::uint64_t trace_high = 0;
  std::uint64_t trace_low = 0;
  std::uint64_t id = 0;
  std::uint64_t parent = 0;  ///< 0: none.
  std::string_view name;
  int kind = 2;  ///< SERVER 2, CLIENT 3
  std::int64_t start = 0;
  std::int64_t end = 0;
  std::string_view error;  ///< Status message of a failed one.
  std::string_view route;  ///< Server spans.
  std::string_view peer;   ///< Client spans.
};

/// Collects the spans of one service and writes a line per kSpansPerRequest of them.
class OtlpExporter {
 public:
  static constexpr std::size_t kSpansPerRequest = 100;

  OtlpExporter(std::string_view service, Output& out) : service_(service), out_(out) {}
  void add(const OtlpSpan& span);
  void flush();

 private:
  std::string_view service_;
  Output& out_;
  fmt::memory_buffer spans_;
  std::size_t count_ = 0;
};

}  // namespace fa::bench
