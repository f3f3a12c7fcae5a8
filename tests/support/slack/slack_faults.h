#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "support/http_server.h"
#include "support/slack/slack_stand_in.h"

namespace fa::test {

/// The faults that are still to happen. Not thread-safe.
class SlackFaultBook {
 public:
  void add(SlackFault fault) { faults_.push_back(std::move(fault)); }
  void set_chaos(SlackChaos chaos) { chaos_ = std::move(chaos); }
  void clear();
  /// What the call with this number (from 1) of the method meets.
  std::optional<SlackFault> take(const std::string& method, std::uint64_t number);

 private:
  std::vector<SlackFault> faults_;
  std::optional<SlackChaos> chaos_;
};

/// The answer instead of the right one; not for kDelay.
[[nodiscard]] ServerAnswer fault_answer(const SlackFault& fault);

}  // namespace fa::test
