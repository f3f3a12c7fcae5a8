#include "sources/aws/aws_run.h"

#include <fmt/core.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "aws/services/sts.h"

namespace fa {
namespace {

Result<PriceList> read_prices(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    return fail(ErrorCode::kUnreadable,
                fmt::format("The price list {} cannot be read. Check aws.prices_file in the configuration.", path));
  }
  return PriceList::parse(std::string(std::istreambuf_iterator<char>(in), {}), path);
}

std::string target_name(const AwsTarget& target, const aws::Client& client) {
  if (target.role_arn.empty()) return fmt::format("AWS in {}", client.region());
  return fmt::format("AWS as {} in {}", target.role_arn, client.region());
}

/// Asks each target who it is. A target whose credentials do not work is a gap; STS alone not answering is none.
Result<void> open_targets(const AwsRequest& request, TimeRange window, TimeRange baseline, const AwsWorldAccess& world,
                          AwsRun& run, const Context& context) {
  // Without the caller's own credentials nothing can be asked of anybody.
  if (auto own = run.session->credentials().get(context); !own) return tl::unexpected(own.error());
  const std::vector<AwsTarget> targets = request.targets.empty() ? std::vector<AwsTarget>{{}} : request.targets;
  for (const AwsTarget& target : targets) {
    auto identity = run.session->identity(target);
    if (!identity) return tl::unexpected(identity.error());
    aws::Client& client = (*identity)->client();
    const auto me = aws::sts::get_caller_identity(client, context);
    if (me) {
      (*identity)->account = me->account;
      (*identity)->arn = me->arn;
      if (run.identity.empty()) run.identity = me->arn;
    } else if (!target.role_arn.empty() && me.error().code == ErrorCode::kDenied) {
      run.gaps.push_back({target_name(target, client),
                          {},
                          me.error().message,
                          "Nothing of this account was seen. Check aws.targets and the role's trust policy."});
      continue;
    }
    run.scopes.push_back(std::make_unique<AwsScope>(AwsScope{client, (*identity)->account, client.region(), world.clock,
                                                             world.sleeper, *run.cost, window, baseline}));
    run.identities.push_back(std::move(*identity));
  }
  return {};
}

}  // namespace

Result<AwsRun> AwsRun::open(const AwsRequest& request, TimeRange window, TimeRange baseline,
                            const AwsWorldAccess& world, const Context& context) {
  AwsRun run;
  if (!request.prices_file.empty()) {
    auto prices = read_prices(request.prices_file);
    if (!prices) return tl::unexpected(prices.error());
    run.own_prices_ = std::make_unique<PriceList>(std::move(*prices));
  }
  auto session = AwsSession::open(request.profile, world);
  if (!session) return tl::unexpected(session.error());
  run.session = std::move(*session);
  run.cost = std::make_unique<CostMeter>(run.prices(), request.limits);
  if (auto ok = open_targets(request, window, baseline, world, run, context); !ok) return tl::unexpected(ok.error());
  return run;
}

Usage AwsRun::usage() const {
  Usage usage;
  for (const auto& one : identities) {
    for (const auto& [name, count] : one->client().counters().calls) usage.api_calls += count;
  }
  usage.cost_usd = std::max(cost->spent_usd(), 0.0);
  usage.prices_of = prices().date();
  usage.sources = cost->usage();
  return usage;
}

}  // namespace fa
