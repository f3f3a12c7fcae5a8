#pragma once

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sources/aws/logs_source.h"
#include "sources/file/discover.h"
#include "sources/file/file_reader.h"
#include "sources/file/test_support.h"
#include "support/aws/stand_in.h"
#include "support/fakes.h"

/// For tests: CloudWatch Logs of the stand-in, collected and read back.
namespace fa::test {

inline TimePoint at(const char* time) { return *parse_rfc3339(time); }

/// Every record with its owned texts.
struct ReadLine {
  TimePoint time;
  std::string service;
  std::string message;
  std::uint64_t occurrences = 1;
  auto operator<=>(const ReadLine&) const = default;
};

class LogsRig {
 public:
  explicit LogsRig(CostLimits limits = {})
      : stand_in(make_world(clock)), credentials(stand_in.world()), cost(PriceList::built_in(), limits) {}

  AwsWorld::LogGroup& group(const std::string& name) { return stand_in.world().log_groups[name]; }

  /// `count` lines spread evenly over the range; `{}` in the text is their number.
  void add_lines(const std::string& name, TimeRange range, std::size_t count, const std::string& text,
                 const std::string& stream = "app/1") {
    for (std::size_t i = 0; i < count; ++i) {
      const TimePoint time =
          range.begin + range.length() * static_cast<std::int64_t>(i) / static_cast<std::int64_t>(count);
      group(name).events.push_back(
          {std::chrono::floor<std::chrono::milliseconds>(time), stream, fmt::format(fmt::runtime(text), i)});
    }
    std::stable_sort(group(name).events.begin(), group(name).events.end(),
                     [](const auto& a, const auto& b) { return a.time < b.time; });
  }

  void add_incoming_bytes(const std::string& name, TimePoint time, double bytes) {
    AwsWorld::Metric metric;
    metric.metric_namespace = "AWS/Logs";
    metric.name = "IncomingBytes";
    metric.dimensions = {{"LogGroupName", name}};
    metric.points["Sum"] = {{time, bytes}};
    stand_in.world().metrics.push_back(std::move(metric));
  }

  void collect(LogsSettings settings, const Context& context = {}) {
    folder = *CollectedFolder::create(files.path() / ("collected-" + std::to_string(++runs_)));
    make_logs_source(scope, std::move(settings))->collect(*folder, context);
    EXPECT_TRUE(folder->finish({}, {}, ""));
    collection = *collection_from_json(bytes_of(std::string(kCollectionFileName)));
  }

  [[nodiscard]] std::string bytes_of(const std::string& name) const {
    std::ifstream in(folder->path() / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  /// All files of the folder with their bytes.
  [[nodiscard]] std::map<std::string, std::string> stored() const {
    std::map<std::string, std::string> all;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder->path())) {
      if (!entry.is_regular_file()) continue;
      const std::string name = std::filesystem::relative(entry.path(), folder->path()).generic_string();
      all[name] = bytes_of(name);
    }
    return all;
  }

  /// Reads the folder as `fa2 investigate` does.
  void read(TelemetrySink& sink) const {
    const InputSet inputs = discover_inputs(std::vector<std::string>{folder->path().string()}, {}, {});
    for (const auto& file : inputs.files) {
      ReaderOptions options;
      options.path = file.name;
      read_input(file, options, sink, {});
    }
  }
  /// Its log records, sorted.
  [[nodiscard]] std::vector<ReadLine> lines() const {
    struct Sink final : TelemetrySink {
      void on_logs(std::span<const LogRecord> records) override {
        for (const LogRecord& r : records) {
          lines.push_back({r.time, std::string(r.service), std::string(r.message), r.occurrences});
        }
      }
      std::vector<ReadLine> lines;
    } sink;
    read(sink);
    std::sort(sink.lines.begin(), sink.lines.end());
    return std::move(sink.lines);
  }

  [[nodiscard]] std::string gaps() const {
    std::string text;
    for (const Gap& gap : collection.gaps) {
      text += fmt::format("{} [{} {}] {} | {}\n", gap.source, format_rfc3339(gap.range.begin),
                          format_rfc3339(gap.range.end), gap.error, gap.impact);
    }
    return text;
  }
  [[nodiscard]] std::string notes() const {
    std::string text;
    for (const Note& note : collection.notes) text += note.source + ": " + note.text + "\n";
    return text;
  }
  [[nodiscard]] std::uint64_t calls(const std::string& operation) const { return stand_in.calls("logs", operation); }
  /// Texts of the queries that were started, in order.
  [[nodiscard]] std::vector<std::string> bodies(const std::string& operation) const {
    std::vector<std::string> all;
    for (const CapturedRequest& request : stand_in.requests()) {
      if (request.service == "logs" && request.operation == operation) all.push_back(request.request.body);
    }
    return all;
  }

  const TimeRange window{at("2026-03-14T08:30:00Z"), at("2026-03-14T09:00:00Z")};
  const TimeRange baseline{at("2026-03-14T07:30:00Z"), at("2026-03-14T08:30:00Z")};
  FakeClock clock{at("2026-03-14T10:00:00Z")};
  AwsStandIn stand_in;
  StandInHttp http{stand_in};
  FakeSleeper sleeper;
  FixedRandom random;
  Retrier retrier{sleeper, random};

 private:
  class Credentials final : public aws::CredentialsProvider {
   public:
    explicit Credentials(const AwsWorld& world) {
      given_.access_key_id = world.access_key_id;
      given_.secret_access_key = Secret(world.secret_access_key);
      given_.origin = "test";
    }
    Result<aws::Credentials> get(const Context&) override { return given_; }

   private:
    aws::Credentials given_;
  };
  static AwsWorld make_world(const FakeClock& clock) {
    AwsWorld world;
    world.now = [&clock] { return clock.now(); };
    return world;
  }
  static aws::ClientSettings settings_of_client() {
    aws::ClientSettings settings;
    settings.region = "ap-northeast-1";
    return settings;
  }

  Credentials credentials;
  int runs_ = 0;

 public:
  aws::Client client{{http, retrier, credentials, clock}, settings_of_client()};
  CostMeter cost;
  AwsScope scope{client, "123456789012", "ap-northeast-1", clock, sleeper, cost, window, baseline};
  TempFolder files;
  std::unique_ptr<CollectedFolder> folder;
  Collection collection;
};

}  // namespace fa::test
