#include <algorithm>
#include <array>

#include "aws/endpoint.h"
#include "base/text.h"

namespace fa::aws {
namespace {

/// A region belongs to the partition with `<one of its stems>-<word>-<number>`; `<partition>-global` does too.
struct Row {
  Partition partition;
  std::string_view stems;  ///< Separated by blanks.
};

// Figures from AWS's partitions.json (published with botocore). The first row is also for regions that match none.
constexpr std::array<Row, 8> kRows = {{
    {{"aws", "amazonaws.com", "api.aws", "us-east-1"}, "us eu ap sa ca me af il mx"},
    {{"aws-cn", "amazonaws.com.cn", "api.amazonwebservices.com.cn", "cn-northwest-1"}, "cn"},
    {{"aws-us-gov", "amazonaws.com", "api.aws", "us-gov-west-1"}, "us-gov"},
    {{"aws-eusc", "amazonaws.eu", "api.amazonwebservices.eu", "eusc-de-east-1"}, "eusc-de"},
    {{"aws-iso", "c2s.ic.gov", "api.aws.ic.gov", "us-iso-east-1"}, "us-iso"},
    {{"aws-iso-b", "sc2s.sgov.gov", "api.aws.scloud", "us-isob-east-1"}, "us-isob"},
    {{"aws-iso-e", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk", "eu-isoe-west-1"}, "eu-isoe"},
    {{"aws-iso-f", "csp.hci.ic.gov", "api.aws.hci.ic.gov", "us-isof-south-1"}, "us-isof"},
}};

constexpr std::string_view kGlobal = "-global";

bool is_word(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

/// `us-gov` of `us-gov-west-1`; empty when the region is not of that form.
std::string_view stem_of(std::string_view region) {
  const std::size_t second = region.rfind('-');
  if (second == std::string_view::npos || second == 0) return {};
  const std::size_t first = region.rfind('-', second - 1);
  if (first == std::string_view::npos) return {};
  const std::string_view word = region.substr(first + 1, second - first - 1);
  const std::string_view number = region.substr(second + 1);
  const bool fits = !word.empty() && !number.empty() && std::all_of(word.begin(), word.end(), is_word) &&
                    std::all_of(number.begin(), number.end(), is_digit);
  return fits ? region.substr(0, first) : std::string_view();
}

bool is_global_of(const Row& row, std::string_view region) {
  return region.size() == row.partition.name.size() + kGlobal.size() && region.starts_with(row.partition.name) &&
         region.ends_with(kGlobal);
}

}  // namespace

const Partition& partition_of(std::string_view region) {
  const std::string_view stem = stem_of(region);
  for (const Row& row : kRows) {
    const auto stems = split(row.stems, ' ');
    const bool listed = !stem.empty() && std::find(stems.begin(), stems.end(), stem) != stems.end();
    if (listed || is_global_of(row, region)) return row.partition;
  }
  return kRows.front().partition;
}

std::string_view real_region(std::string_view region) {
  for (const Row& row : kRows) {
    if (is_global_of(row, region)) return row.partition.global_region;
  }
  return region;
}

}  // namespace fa::aws
