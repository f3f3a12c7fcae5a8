#pragma once

#include <map>
#include <string>

#include "aws/environment.h"
#include "net/retry.h"
#include "sources/aws/collect_aws.h"
#include "support/aws/stand_in.h"
#include "support/fakes.h"

namespace fa::test {

/// An environment of variables alone: no files, no commands.
class VariablesOnly final : public aws::Environment {
 public:
  explicit VariablesOnly(std::map<std::string, std::string, std::less<>> variables)
      : variables_(std::move(variables)) {}

  [[nodiscard]] std::optional<std::string> variable(std::string_view name) const override {
    const auto found = variables_.find(name);
    return found == variables_.end() ? std::nullopt : std::optional(found->second);
  }
  [[nodiscard]] Result<std::string> read_file(const std::string& path) const override {
    return fail(ErrorCode::kNotFound, path + ": there is no such file");
  }
  Result<void> write_file(const std::string& path, std::string_view) const override {
    return fail(ErrorCode::kUnreadable, path + ": not here");
  }
  [[nodiscard]] Result<std::string> run_command(const std::string& command, const Context&) const override {
    return fail(ErrorCode::kDenied, command + ": not here");
  }

 private:
  std::map<std::string, std::string, std::less<>> variables_;
};

/// Everything collecting touches, with a stand-in behind it, a clock that only waits move, and no sockets.
class LiveWorld {
 public:
  /// `now` is the time on both sides unless the world brings a clock of its own.
  LiveWorld(AwsWorld world, TimePoint now)
      : clock_(now),
        sleeper_(&clock_),
        environment_({{"AWS_ACCESS_KEY_ID", world.access_key_id},
                      {"AWS_SECRET_ACCESS_KEY", world.secret_access_key},
                      {"AWS_REGION", world.region},
                      {"HOME", "/nonexistent"}}),
        stand_in_(with_clock(std::move(world))),
        http_(stand_in_),
        retrier_(sleeper_, random_) {}
  LiveWorld(const LiveWorld&) = delete;
  LiveWorld& operator=(const LiveWorld&) = delete;

  [[nodiscard]] AwsStandIn& stand_in() { return stand_in_; }
  [[nodiscard]] AwsWorldAccess access() { return {environment_, http_, retrier_, clock_, sleeper_}; }

 private:
  AwsWorld with_clock(AwsWorld world) {
    if (!world.now) world.now = [this] { return clock_.now(); };
    return world;
  }

  FakeClock clock_;
  FakeSleeper sleeper_;
  FixedRandom random_;
  VariablesOnly environment_;
  AwsStandIn stand_in_;
  StandInHttp http_;
  Retrier retrier_;
};

}  // namespace fa::test
