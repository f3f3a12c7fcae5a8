#include "support/aws/reference_incident.h"

#include <zlib.h>

#include <algorithm>
#include <chrono>

#include "support/aws/reference_parts.h"

namespace fa::test {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

/// 2026-03-14T08:30:00Z
const TimePoint kOnset{seconds(1'773'477'000)};

}  // namespace

ReferenceFacts reference_facts() {
  ReferenceFacts facts;
  facts.window = {kOnset, kOnset + minutes(20)};
  facts.baseline = {kOnset - hours(2), kOnset};
  facts.now = kOnset + minutes(45);
  facts.change = kOnset - seconds(8);
  return facts;
}

AwsWorld make_reference_incident() {
  AwsWorld world;
  const ReferenceFacts facts = reference_facts();
  world.account = reference::kAccount;
  world.region = reference::kRegion;
  world.user = "user/fa2-reader";
  world.now = [now = facts.now] { return now; };
  world.secrets["fa2/slack"] = "xoxb-not-a-real-token";
  world.workgroups["primary"].output_location = "s3://shop-athena-results/";
  const std::vector<reference::Request> requests = reference::simulate_requests();
  reference::add_logs(world, requests);
  reference::add_access_logs(world, requests);
  reference::add_changes(world);
  reference::add_metrics(world, requests);
  reference::add_alarms(world);
  reference::add_traces(world, requests);
  return world;
}

namespace reference {

TimePoint first_time() { return kOnset - hours(2); }
TimePoint last_time() { return kOnset + minutes(25); }

std::uint64_t Dice::next() {
  state_ += 0x9e3779b97f4a7c15ULL;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31U);
}

double Dice::uniform() { return static_cast<double>(next() >> 11U) / 9007199254740992.0; }  // 2^53

std::string Dice::hex(std::size_t digits) {
  std::string out;
  while (out.size() < digits) out += "0123456789abcdef"[below(16)];
  return out;
}

std::string gzip(std::string_view bytes) {
  z_stream stream{};
  // 15 + 16: a gzip header, without a time, so that equal input gives equal bytes.
  if (deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) return {};
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  std::string input(bytes);
  stream.next_in = reinterpret_cast<unsigned char*>(input.data());  // zlib takes bytes as unsigned char
  stream.avail_in = static_cast<unsigned>(input.size());
  stream.next_out = reinterpret_cast<unsigned char*>(out.data());
  stream.avail_out = static_cast<unsigned>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(out.size() - stream.avail_out);
  deflateEnd(&stream);
  return out;
}

}  // namespace reference
}  // namespace fa::test
