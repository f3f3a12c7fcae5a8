#include "sources/aws/aws_session.h"

namespace fa {

AwsIdentity::AwsIdentity(std::unique_ptr<aws::CredentialsProvider> owned, aws::CredentialsProvider& credentials,
                         const AwsWorldAccess& world, aws::ClientSettings settings)
    : owned_(std::move(owned)),
      client_({world.http, world.retrier, owned_ ? *owned_ : credentials, world.clock}, std::move(settings)) {}

Result<std::unique_ptr<AwsSession>> AwsSession::open(const std::string& profile, const AwsWorldAccess& world) {
  std::unique_ptr<AwsSession> session(new AwsSession(world));
  auto files = aws::load_profile_files(world.environment, profile);
  if (!files) return tl::unexpected(files.error());
  session->files_ = std::move(*files);
  session->settings_ = aws::shared_settings(world.environment, session->files_);
  auto chain = aws::make_default_chain({world.environment, world.http, world.retrier, world.clock}, session->files_);
  if (!chain) return tl::unexpected(chain.error());
  session->credentials_ = aws::make_caching(std::move(*chain), world.clock);
  return session;
}

Result<std::unique_ptr<AwsIdentity>> AwsSession::identity(const AwsTarget& target) {
  aws::ClientSettings settings;
  settings.shared = settings_;
  settings.region = target.region.empty() ? settings_.region : target.region;
  if (settings.region.empty()) {
    return fail(ErrorCode::kInvalidInput,
                "No AWS region is known. Give --region, set AWS_REGION, or put `region` into the profile.");
  }
  std::unique_ptr<aws::CredentialsProvider> own;
  if (!target.role_arn.empty()) {
    aws::AssumeRole role;
    role.role_arn = target.role_arn;
    role.external_id = target.external_id;
    role.region = settings.region;
    role.endpoint_url = settings_.endpoint_url("sts");
    own = aws::make_caching(
        aws::make_assume_role({world_.environment, world_.http, world_.retrier, world_.clock}, *credentials_, role),
        world_.clock);
  }
  return std::make_unique<AwsIdentity>(std::move(own), *credentials_, world_, std::move(settings));
}

}  // namespace fa
