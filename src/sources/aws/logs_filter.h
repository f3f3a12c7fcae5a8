#pragma once

#include <vector>

#include "sources/aws/logs_common.h"
#include "sources/aws/logs_volume.h"

namespace fa::logs {

/// Fetches every event of the groups in all periods through FilterLogEvents: each period cut into slices by its volume,
/// slices in parallel, all pages of a slice one behind the other into a file of its own. A slice that breaks off keeps
/// what came before; what is missing is a gap with its time range. Slices without events leave no file.
///
/// `volumes[i]` belongs to `groups[i]`.
void fetch_all_events(const Work& work, const std::vector<const Group*>& groups,
                      const std::vector<const GroupVolume*>& volumes, const std::vector<Period>& periods,
                      const Context& context);

}  // namespace fa::logs
