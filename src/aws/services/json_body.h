#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "aws/client.h"

namespace fa::aws {

/// A JSON object for a request, written field by field in the order of the calls. Invalid UTF-8 in values becomes
/// U+FFFD. Not thread-safe.
class JsonBody {
 public:
  JsonBody& text(std::string_view key, std::string_view value);
  JsonBody& text_if_any(std::string_view key, std::string_view value);  ///< Nothing for an empty value.
  JsonBody& integer(std::string_view key, std::int64_t value);
  JsonBody& number(std::string_view key, double value);
  JsonBody& boolean(std::string_view key, bool value);
  JsonBody& texts(std::string_view key, const std::vector<std::string>& values);
  JsonBody& object(std::string_view key, const JsonBody& value);
  JsonBody& objects(std::string_view key, const std::vector<JsonBody>& values);

  /// `{...}`
  [[nodiscard]] std::string str() const { return "{" + fields_ + "}"; }

 private:
  void begin(std::string_view key);
  std::string fields_;
};

/// A call of a service with JSON parameters; `about` says in messages what it is about. Region, path and limits are the
/// caller's to set.
Operation json_operation(const Service& service, std::string name, std::string about, const JsonBody& body);

/// `[{...},{...}]`
std::string json_array(const std::vector<JsonBody>& values);

}  // namespace fa::aws
