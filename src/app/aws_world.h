#pragma once

#include <memory>

#include "app/config.h"
#include "base/result.h"
#include "sources/aws/collect_aws.h"

namespace fa {

/// The process's real network, clock and environment, wired together.
class AwsWorld {
 public:
  /// Fails when a CA bundle cannot be read.
  static Result<std::unique_ptr<AwsWorld>> open(const AwsConfig& config);
  ~AwsWorld();

  [[nodiscard]] AwsWorldAccess access();

 private:
  AwsWorld();
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace fa
