#pragma once

#include <string>
#include <vector>

#include "sources/aws/logs_common.h"

namespace fa::logs {

/// How a volume was found out, from what is believed most to what is believed least.
enum class VolumeSource {
  kStoredBytes,  ///< An upper bound: all that the group stores.
  kMetric,       ///< AWS/Logs IncomingBytes, by time of arrival.
  kFirstPage,    ///< Extrapolated from (or, if there was no more, equal to) the first page of events.
  kUnknown,
};

/// Uncompressed bytes of a group per period.
struct GroupVolume {
  std::vector<double> bytes;  ///< Per period.
  VolumeSource source = VolumeSource::kUnknown;

  [[nodiscard]] double total() const;
};

/// The volumes of all groups (in their order) and how they were found out, for people.
struct Volumes {
  std::vector<GroupVolume> groups;
  std::string how;

  [[nodiscard]] double total() const;
};

/// Asks as little as will do. StoredBytes (compressed, of the whole retention, and late by hours) decides alone where
/// it can: when all groups together are small by it and the study lies back far enough. Else the metric IncomingBytes
/// is asked (billed per metric), and for groups without it, if `may_fetch`, the first page of events.
Volumes estimate_volumes(const AwsScope& scope, const LogsSettings& settings, const std::vector<Group>& groups,
                         const std::vector<Period>& periods, bool may_fetch, const Context& context);

}  // namespace fa::logs
