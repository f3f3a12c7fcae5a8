#pragma once

#include <span>
#include <string>
#include <vector>

#include "model/finding.h"
#include "model/telemetry.h"

namespace fa {

/// A change event and the file it was read from.
struct RecordedChange {
  std::uint32_t file = 0;
  ChangeEvent event;
};

/// Changes that may have caused what began at `onset`: those from `horizon` before the onset up to it (a change after
/// the effect cannot have caused it; two minutes of clock difference are allowed). Closeness in time is the effect
/// (half after 15 minutes, less where it was refused or can break nothing), `hint` what such a change can break: the
/// network, permissions, code, settings; whom it concerns is matched by name against `services`. Sorted by time.
std::vector<Finding> find_changes(std::span<const RecordedChange> changes, TimePoint onset,
                                  std::span<const std::string> services);

/// Which of `services` a resource name speaks of (`arn:...:service/shop/orders` -> `orders`); empty when none. The
/// longest match wins; a match must begin and end at a word border.
std::string service_named_in(std::string_view resource, std::span<const std::string> services);

}  // namespace fa
