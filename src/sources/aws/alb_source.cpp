#include "sources/aws/alb_source.h"

#include <fmt/core.h>

#include <exception>
#include <utility>

#include "sources/aws/s3_collector.h"

namespace fa {
namespace {

S3LogKind alb_kind() {
  S3LogKind kind;
  kind.service_folder = "elasticloadbalancing";
  kind.noun = "access log";
  kind.impact = "Failing and slow requests, and which target they went to, may go unseen.";
  kind.target_folder = "alb";
  kind.format = Format::kAlb;
  kind.parse = parse_alb_key;
  kind.interval = std::chrono::minutes(5);
  kind.empty_reasons =
      "Access logs may be off for the load balancers (attribute access_logs.s3.enabled), kept under another prefix, "
      "account or region; none are written for 5 minutes without a request; and they are delivered some minutes late.";
  return kind;
}

std::string region_of(const AwsScope& scope, const S3LogsSettings& settings) {
  std::string named = region_named(settings);
  return named.empty() ? scope.region : named;
}

class AlbSource final : public AwsSource {
 public:
  AlbSource(const AwsScope& scope, S3LogsSettings settings)
      : scope_(scope),
        name_("ALB access logs " + settings.url),
        logs_(scope, settings, alb_kind(), {region_of(scope, settings)}, {scope.window, scope.baseline}, name_) {}

  [[nodiscard]] std::string name() const override { return name_; }

  Result<CostEstimate> estimate(const Context& context) override {
    try {
      return logs_.estimate(context);
    } catch (const std::exception& error) {
      return fail(ErrorCode::kInternal, fmt::format("{}: {}", name_, error.what()));
    }
  }

  void collect(CollectedFolder& folder, const Context& context) override {
    try {
      logs_.collect(folder, context);
    } catch (const std::exception& error) {
      folder.add_gap({name_, scope_.window, fmt::format("ended by an internal error: {}", error.what()),
                      "Access logs are missing in part or in whole."});
    }
  }

 private:
  const AwsScope& scope_;
  std::string name_;
  S3LogCollector logs_;
};

}  // namespace

std::unique_ptr<AwsSource> make_alb_source(const AwsScope& scope, S3LogsSettings settings) {
  return std::make_unique<AlbSource>(scope, std::move(settings));
}

}  // namespace fa
