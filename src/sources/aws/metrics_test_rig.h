#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "aws/client.h"
#include "sources/aws/source.h"
#include "sources/file/test_support.h"
#include "support/aws/stand_in.h"
#include "support/fakes.h"

/// For tests: a source's whole world, with the AWS stand-in at the other end.
namespace fa::test {

inline const TimePoint kNow = *parse_rfc3339("2026-03-14T10:00:00Z");
inline const TimeRange kStudyWindow{*parse_rfc3339("2026-03-14T08:30:00Z"), *parse_rfc3339("2026-03-14T09:00:00Z")};
inline const TimeRange kStudyBaseline{*parse_rfc3339("2026-03-14T07:30:00Z"), *parse_rfc3339("2026-03-14T08:30:00Z")};

class FixedCredentials final : public aws::CredentialsProvider {
 public:
  explicit FixedCredentials(const AwsWorld& world)
      : credentials_{world.access_key_id,
                     Secret(world.secret_access_key),
                     Secret(world.session_token),
                     world.account,
                     std::nullopt,
                     "test"} {}
  Result<aws::Credentials> get(const Context&) override { return credentials_; }

 private:
  aws::Credentials credentials_;
};

/// Passes requests on, unless `before` answers them, and lets `after` change answers.
class TamperingHttp final : public HttpClient {
 public:
  explicit TamperingHttp(HttpClient& inner) : inner_(inner) {}
  Result<HttpResponse> send(const HttpRequest& request, const Context& context, BodySink* sink) override {
    if (before) {
      if (auto answer = before(request)) return *answer;
    }
    auto response = inner_.send(request, context, sink);
    if (response && after) after(request, *response);
    return response;
  }
  std::function<std::optional<HttpResponse>(const HttpRequest&)> before;
  std::function<void(const HttpRequest&, HttpResponse&)> after;

 private:
  HttpClient& inner_;
};

class SourceRig {
 public:
  explicit SourceRig(CostLimits limits = {}, TimePoint now = kNow)
      : clock(now), stand_in(world_at(clock)), cost(PriceList::built_in(), limits) {
    stand_in.page_size = 500;
  }

  /// Collects with a fresh source into a folder of its own.
  template <class MakeSource>
  void collect(const MakeSource& make, const Context& context = {}) {
    folder = *CollectedFolder::create(files.path() / ("collected-" + std::to_string(++runs_)));
    make(scope)->collect(*folder, context);
    EXPECT_TRUE(folder->finish({}, {}, ""));
    collection = *collection_from_json(file_text(std::string(kCollectionFileName)));
  }

  [[nodiscard]] std::string file_text(const std::string& name) const {
    std::ifstream in(folder->path() / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  /// Names below the folder with their bytes, but for the account of the collection and incident.json.
  [[nodiscard]] std::map<std::string, std::string> stored() const {
    std::map<std::string, std::string> all;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder->path())) {
      if (!entry.is_regular_file()) continue;
      const std::string name = std::filesystem::relative(entry.path(), folder->path()).generic_string();
      if (name != kCollectionFileName && name != "incident.json") all[name] = file_text(name);
    }
    return all;
  }
  [[nodiscard]] std::string notes() const {
    std::string text;
    for (const auto& note : collection.notes) text += note.text + "\n";
    return text;
  }
  [[nodiscard]] std::string gaps() const {
    std::string text;
    for (const auto& gap : collection.gaps) text += gap.error + " | " + gap.impact + "\n";
    return text;
  }

  FakeClock clock;
  AwsStandIn stand_in;
  StandInHttp stand_in_http{stand_in};
  TamperingHttp http{stand_in_http};
  FakeSleeper sleeper;
  FixedRandom random;
  Retrier retrier{sleeper, random};
  FixedCredentials credentials{stand_in.world()};
  aws::Client client{{http, retrier, credentials, clock}, settings()};
  CostMeter cost;
  AwsScope scope{client, "123456789012", "ap-northeast-1", clock, sleeper, cost, kStudyWindow, kStudyBaseline};
  TempFolder files;
  std::unique_ptr<CollectedFolder> folder;
  Collection collection;

 private:
  static AwsWorld world_at(const FakeClock& clock) {
    AwsWorld world;
    world.now = [&clock] { return clock.now(); };
    return world;
  }
  static aws::ClientSettings settings() {
    aws::ClientSettings settings;
    settings.region = "ap-northeast-1";
    return settings;
  }
  int runs_ = 0;
};

}  // namespace fa::test
