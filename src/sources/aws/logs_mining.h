#pragma once

#include <vector>

#include "sources/aws/logs_rows.h"

namespace fa::logs {

/// Lets the service mine groups that hold too much to fetch: the `pattern` command and failures over time for every
/// period; what stands out between window and baseline is fetched, rare patterns line by line, frequent ones as exact
/// counts per bin with an example. Says in notes what was found and left, and in gaps what could not be had.
void mine_groups(const Work& work, const std::vector<const Group*>& groups,
                 const std::vector<const GroupVolume*>& volumes, const std::vector<Period>& periods, Hydrator& hydrator,
                 const Context& context);

/// Failing lines over time (`failures` and `records` per bin and group) for groups of any class, written into the
/// folder.
void fetch_failure_counts(const Work& work, const std::vector<const Group*>& groups,
                          const std::vector<const GroupVolume*>& volumes, const std::vector<Period>& periods,
                          const std::string& prefix, const Context& context);

}  // namespace fa::logs
