/// How long `fa2 investigate` takes over ALB access logs that it fetches from S3 (the tests' stand-in, on loopback, in
/// this process and on the same cores), beside the same files on disk. Prints both and their ratio; exit status 1 when
/// a run failed.
///
/// usage: fa_alb_from_s3_bench FA2 [MEGABYTES] [RUNS]
#include <fmt/core.h>
#include <zlib.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "base/time.h"
#include "support/aws/stand_in.h"
#include "support/http_server.h"

namespace {

namespace fs = std::filesystem;
using fa::TimePoint;

constexpr int kFiles = 24;  // two hours of one load balancer's node
constexpr int kLinesOfMegabyte = 2'560;

const TimePoint kBegin = *fa::parse_rfc3339("2026-03-14T08:00:00Z");

/// Every tenth request of the last half hour fails at its target. The same bytes every time.
std::string log_lines(int file, int lines) {
  std::string out;
  out.reserve(static_cast<std::size_t>(lines) * 420);
  std::uint64_t state = 0x9E3779B97F4A7C15U * static_cast<std::uint64_t>(file + 1);
  for (int i = 0; i < lines; ++i) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    const auto dice = static_cast<unsigned>(state >> 33);
    const TimePoint time = kBegin + std::chrono::minutes(5 * file) + std::chrono::minutes(5) * i / lines;
    const std::string at = fa::format_rfc3339(std::chrono::floor<std::chrono::microseconds>(time));
    const bool failed = file >= kFiles - 6 && dice % 10 == 0;
    out += fmt::format(
        "https {} app/shop/50dc6c495c0c9188 203.0.113.{}:{} 10.0.{}.20:8080 0.001 {:.3f} 0.000 {} {} {} {} \"GET "
        "https://shop.example.com:443/orders/{}/items?page={} HTTP/1.1\" \"Mozilla/5.0 (X11; Linux x86_64)\" "
        "ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/"
        "orders/73e2d6bc24d8a067 \"Root=1-58337262-{:08x}\" \"shop.example.com\" \"-\" 0 {} \"forward\" \"-\" \"-\" "
        "\"10.0.{}.20:8080\" \"{}\" \"-\" \"-\"\n",
        at, dice % 250, 1024 + dice % 60000, dice % 4, failed ? 3.0 : 0.02 + dice % 100 * 1e-4, failed ? 504 : 200,
        failed ? "-" : "200", 300 + dice % 400, 1000 + dice % 9000, dice % 100000, dice % 40, dice, at, dice % 4,
        failed ? "-" : "200");
  }
  return out;
}

std::string gzip(const std::string& text) {
  z_stream stream{};
  if (deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) std::abort();
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  if (deflate(&stream, Z_FINISH) != Z_STREAM_END) std::abort();
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

double seconds_of(const std::string& command) {
  const auto begin = std::chrono::steady_clock::now();
  if (std::system(command.c_str()) != 0) {
    std::fprintf(stderr, "failed: %s\n", command.c_str());
    std::exit(1);
  }
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) {
    std::fprintf(stderr, "usage: %s FA2 [MEGABYTES] [RUNS]\n", arguments[0]);
    return 2;
  }
  const std::string fa2 = arguments[1];
  const int megabytes = count > 2 ? std::max(1, std::atoi(arguments[2])) : 1'000;
  const int runs = count > 3 ? std::max(1, std::atoi(arguments[3])) : 5;

  const fs::path folder = fs::temp_directory_path() / fmt::format("fa2-alb-bench-{}", megabytes);
  fs::remove_all(folder);
  fs::create_directories(folder);
  fa::test::AwsWorld world;
  std::uint64_t bytes = 0;
  std::uint64_t packed = 0;
  for (int i = 0; i < kFiles; ++i) {
    const std::string text = log_lines(i, megabytes * kLinesOfMegabyte / kFiles);
    std::string object = gzip(text);
    const TimePoint end = kBegin + std::chrono::minutes(5 * (i + 1));
    std::string stamp = fa::format_rfc3339(end).substr(0, 16);
    std::erase_if(stamp, [](char c) { return c == '-' || c == ':'; });
    const std::string name = fmt::format(
        "123456789012_elasticloadbalancing_ap-northeast-1_app.shop.50dc6c495c0c9188_{}Z_203.0.113.9_{}.log.gz", stamp,
        i);
    std::ofstream(folder / name, std::ios::binary) << object;
    bytes += text.size();
    packed += object.size();
    world.buckets["logs"].objects["AWSLogs/123456789012/elasticloadbalancing/ap-northeast-1/2026/03/14/" + name] =
        std::move(object);
  }
  fa::test::AwsStandIn stand_in(world);
  stand_in.page_size = 1'000;
  const fa::test::HttpServer server(stand_in.handler());

  const std::string study =
      " --from 2026-03-14T09:30:00Z --to 2026-03-14T10:00:00Z --baseline-from 2026-03-14T08:00:00Z --baseline-to "
      "2026-03-14T09:30:00Z --quiet --format json --output /dev/null";
  const std::string from_disk = fa2 + " investigate " + folder.string() + study;
  const std::string from_s3 = fmt::format(
      "env HOME={} AWS_EC2_METADATA_DISABLED=true AWS_ACCESS_KEY_ID={} AWS_SECRET_ACCESS_KEY={} AWS_REGION={} "
      "AWS_ENDPOINT_URL={} {} investigate --aws --alb-logs s3://logs --no-metrics --no-xray{}",
      folder.string(), world.access_key_id, world.secret_access_key, world.region, server.url(), fa2, study);
  seconds_of(from_disk);  // once unmeasured: files into the page cache
  std::vector<double> disk;
  std::vector<double> s3;
  for (int i = 0; i < runs; ++i) {
    disk.push_back(seconds_of(from_disk));
    s3.push_back(seconds_of(from_s3));
  }
  std::printf("ALB access logs: %d files, %.0f MB, %.0f MB packed; median of %d runs\n", kFiles,
              static_cast<double>(bytes) / 1e6, static_cast<double>(packed) / 1e6, runs);
  std::printf("from disk  %.2f s\nfrom S3    %.2f s\nratio      %.2f\n", median(disk), median(s3),
              median(s3) / median(disk));
  fs::remove_all(folder);
  return 0;
}
