#pragma once

#include "base/time.h"
#include "support/aws/world.h"

namespace fa::test {

/// An account as it is at `now`, for questions about the last days, which a program asks by the machine's clock:
/// - an Application Load Balancer `app/shop/50dc6c495c0c9188` whose errors and response time rose `kRecentStepAge` ago,
///   and an ECS service `shop/checkout` behind it that uses more CPU since; two days of points, every five minutes;
/// - one finding of Security Hub (S3.8) and one of GuardDuty (Recon:EC2/Portscan), seen an hour ago.
[[nodiscard]] AwsWorld recent_account(TimePoint now);

inline constexpr std::chrono::hours kRecentStepAge{6};

}  // namespace fa::test
