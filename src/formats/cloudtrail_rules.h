#pragma once

#include <string>
#include <string_view>

namespace fa {

/// What CloudTrail event names mean, from small tables in cloudtrail_rules.cpp. `source` is the short name of the AWS
/// service (`ecs` for `ecs.amazonaws.com`), `action` the eventName (versions as in `UpdateFunctionCode20150331v2` do
/// not matter).

/// True for names of calls that only look (Get..., List..., Describe..., ...); for events without `readOnly`.
bool is_read_action(std::string_view action);

/// ChangeEvent::kind of a call.
std::string_view change_kind(std::string_view source, std::string_view action);

/// What a request was about, filled while walking its parameters.
struct RequestTarget {
  std::string resource;  ///< As written.
  std::string service;   ///< Short name of the service it belongs to, where that is clear.
};

/// Collects the target of one request. Not thread-safe.
class RequestTargetFinder {
 public:
  explicit RequestTargetFinder(std::string_view source) : source_(source) {}

  /// Looks at one string parameter of any depth; the rule that stands first in the table wins, not the text order.
  void take(std::string_view key, std::string_view value);

  [[nodiscard]] const RequestTarget& target() const { return target_; }

 private:
  std::string_view source_;
  RequestTarget target_;
  std::size_t resource_rule_ = static_cast<std::size_t>(-1);
  std::size_t service_rule_ = static_cast<std::size_t>(-1);
};

/// Last telling component of an ARN, URL or path: `arn:aws:ecs:r:a:service/shop/orders`,
/// `arn:aws:lambda:r:a:function:orders:live` and `https://sqs.r.amazonaws.com/a/orders` are all `orders`; anything else
/// is itself.
std::string_view short_resource_name(std::string_view resource);

}  // namespace fa
