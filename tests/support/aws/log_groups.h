#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "support/aws/wire.h"

namespace fa::test {

/// A log group that the caller can see: of the account itself or of one linked to it.
struct VisibleGroup {
  const AwsWorld* world = nullptr;
  std::string name;
  const AwsWorld::LogGroup* group = nullptr;

  [[nodiscard]] std::string arn() const {
    return "arn:aws:logs:" + world->region + ":" + world->account + ":log-group:" + name;
  }
  [[nodiscard]] std::string log_field() const { return world->account + ":" + name; }  ///< `@log`
};

/// All of the region, sorted by account (the own one first) and name.
std::vector<VisibleGroup> visible_groups(const wire::Call& call, bool linked_accounts);
/// By name (own account only), ARN (with or without `:*`) or `account:name`.
tl::expected<VisibleGroup, wire::Refusal> find_group(const wire::Call& call, std::string_view identifier);

}  // namespace fa::test
