#include "app/aws_world.h"

#include "base/version.h"
#include "net/curl_client.h"

namespace fa {

struct AwsWorld::Parts {
  aws::SystemEnvironment environment;
  SystemClock clock;
  SystemSleeper sleeper;
  SystemRandom random;
  Retrier retrier{sleeper, random};
  std::unique_ptr<CurlClient> http;
};

AwsWorld::AwsWorld() : parts_(std::make_unique<Parts>()) {}
AwsWorld::~AwsWorld() = default;

Result<std::unique_ptr<AwsWorld>> AwsWorld::open(const AwsConfig& config) {
  std::unique_ptr<AwsWorld> world(new AwsWorld);
  CurlClientOptions options;
  options.ca_file = config.ca_file;
  options.proxy = config.proxy;
  options.user_agent = "fa2/" + std::string(kVersion);
  if (options.ca_file.empty()) {
    auto files = aws::load_profile_files(world->parts_->environment, config.request.profile);
    if (!files) return tl::unexpected(files.error());
    options.ca_file = aws::shared_settings(world->parts_->environment, *files).ca_file;
  }
  auto http = CurlClient::open(std::move(options));
  if (!http) return tl::unexpected(http.error());
  world->parts_->http = std::move(*http);
  return world;
}

AwsWorldAccess AwsWorld::access() {
  return {parts_->environment, *parts_->http, parts_->retrier, parts_->clock, parts_->sleeper};
}

}  // namespace fa
