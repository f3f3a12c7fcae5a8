#include "sources/aws/cloudtrail_plan.h"

#include <algorithm>
#include <set>

#include "aws/endpoint.h"
#include "base/text.h"
#include "formats/aws_values.h"
#include "sources/aws/s3_key_plan.h"

namespace fa {
namespace {

using std::chrono::hours;

constexpr auto kBeforeWindow = hours(6);
constexpr auto kFurthestBack = hours(48);

}  // namespace

std::vector<TimeRange> change_ranges(TimeRange window, TimeRange baseline) {
  TimePoint begin = window.begin - kBeforeWindow;
  if (!baseline.empty()) begin = std::min(begin, baseline.begin);
  begin = std::max(begin, window.begin - kFurthestBack);
  return joined({{begin, window.end}, baseline});
}

std::vector<std::string> change_regions(std::string_view own, const std::vector<std::string>& further) {
  std::set<std::string> regions(further.begin(), further.end());
  regions.emplace(own);
  regions.emplace(aws::partition_of(own).global_region);
  regions.erase("");
  return {regions.begin(), regions.end()};
}

TimePoint oldest_event_time(std::string_view answer) {
  constexpr std::string_view kKey = "\"EventTime\"";
  const std::size_t at = answer.rfind(kKey);
  if (at == std::string_view::npos) return kNoTime;
  std::string_view rest = trim(answer.substr(at + kKey.size()));
  if (!rest.starts_with(':')) return kNoTime;
  rest = trim(rest.substr(1));
  return parse_aws_time(rest.substr(0, rest.find_first_of(",}\n \r"))).value_or(kNoTime);
}

}  // namespace fa
