#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace fa::test {

/// A filter pattern for unstructured log events: terms that all must be there, `"several words"` as one term, `?a ?b`
/// for at least one of them, `-term` for one that must not be there. Case matters. Syntax: CloudWatch Logs user guide,
/// "Filter pattern syntax". JSON (`{...}`), column (`[...]`) and regular expression (`%...%`) patterns are refused.
class LogFilter {
 public:
  static tl::expected<LogFilter, std::string> parse(std::string_view pattern);
  [[nodiscard]] bool matches(std::string_view message) const;
  [[nodiscard]] bool matches_everything() const { return all_.empty() && any_.empty() && none_.empty(); }

 private:
  std::vector<std::string> all_;
  std::vector<std::string> any_;
  std::vector<std::string> none_;
};

}  // namespace fa::test
