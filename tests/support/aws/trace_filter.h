#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace fa::test {

/// What a filter expression may ask of a trace.
struct TraceFacts {
  bool fault = false;
  bool error = false;
  bool throttle = false;
  bool partial = false;
  double response_time = 0;
  double duration = 0;
  double http_status = 0;
  std::string http_url;
  std::string http_method;
  std::vector<std::string> services;
};

/// A part of X-Ray's filter expressions: `fault`, `error`, `throttle`, `ok`, `partial` (with `= true`, `!`), the
/// numbers `responsetime`, `duration`, `http.status`, the texts `http.url`, `http.method`, `service("name")` with or
/// without `{ ... }` (which is then asked of the whole trace), AND, OR, NOT, parentheses. Syntax: X-Ray developer
/// guide, "Use filter expressions".
class TraceFilter {
 public:
  static tl::expected<TraceFilter, std::string> parse(std::string_view expression);
  [[nodiscard]] bool matches(const TraceFacts& facts) const;

 private:
  struct Node;
  friend class TraceFilterParser;
  std::shared_ptr<const Node> root_;
};

}  // namespace fa::test
