#include "alarms/aws_names.h"

#include <algorithm>
#include <array>

#include "alarms/notice_text.h"
#include "base/text.h"

namespace fa::alarms {
namespace {

struct RegionName {
  std::string_view name;  ///< In the form that spoken() makes.
  std::string_view code;
};

// Names from AWS's partitions.json (published with botocore), with the other names CloudWatch and the console use or
// have used. "europe" is "eu" here.
constexpr auto kRegionNames = std::to_array<RegionName>({
    {"africa cape town", "af-south-1"},
    {"asia pacific hong kong", "ap-east-1"},
    {"asia pacific taipei", "ap-east-2"},
    {"asia pacific tokyo", "ap-northeast-1"},
    {"asia pacific seoul", "ap-northeast-2"},
    {"asia pacific osaka", "ap-northeast-3"},
    {"asia pacific osaka local", "ap-northeast-3"},
    {"asia pacific mumbai", "ap-south-1"},
    {"asia pacific hyderabad", "ap-south-2"},
    {"asia pacific singapore", "ap-southeast-1"},
    {"asia pacific sydney", "ap-southeast-2"},
    {"asia pacific jakarta", "ap-southeast-3"},
    {"asia pacific melbourne", "ap-southeast-4"},
    {"asia pacific malaysia", "ap-southeast-5"},
    {"asia pacific new zealand", "ap-southeast-6"},
    {"asia pacific thailand", "ap-southeast-7"},
    {"canada central", "ca-central-1"},
    {"canada west calgary", "ca-west-1"},
    {"eu frankfurt", "eu-central-1"},
    {"eu zurich", "eu-central-2"},
    {"eu stockholm", "eu-north-1"},
    {"eu milan", "eu-south-1"},
    {"eu spain", "eu-south-2"},
    {"eu ireland", "eu-west-1"},
    {"eu london", "eu-west-2"},
    {"eu paris", "eu-west-3"},
    {"israel tel aviv", "il-central-1"},
    {"middle east uae", "me-central-1"},
    {"middle east bahrain", "me-south-1"},
    {"mexico central", "mx-central-1"},
    {"south america sao paulo", "sa-east-1"},
    {"us east n virginia", "us-east-1"},
    {"us east northern virginia", "us-east-1"},
    {"us standard", "us-east-1"},
    {"us east ohio", "us-east-2"},
    {"us west n california", "us-west-1"},
    {"us west northern california", "us-west-1"},
    {"us west oregon", "us-west-2"},
    {"china beijing", "cn-north-1"},
    {"china ningxia", "cn-northwest-1"},
    {"aws govcloud us east", "us-gov-east-1"},
    {"aws govcloud us west", "us-gov-west-1"},
    {"aws govcloud us", "us-gov-west-1"},
    {"govcloud us east", "us-gov-east-1"},
    {"govcloud us west", "us-gov-west-1"},
    {"us gov east", "us-gov-east-1"},
    {"us gov west", "us-gov-west-1"},
    {"aws european sovereign cloud germany", "eusc-de-east-1"},
    {"us iso east", "us-iso-east-1"},
    {"us iso west", "us-iso-west-1"},
    {"us isob east ohio", "us-isob-east-1"},
    {"us isob west", "us-isob-west-1"},
});

/// `EU (São Paulo)` as it is compared: words in lower case with one space between them, without accents.
std::string spoken(std::string_view name) {
  std::string words;
  for (std::size_t i = 0; i < name.size(); ++i) {
    char c = name[i];
    if (name.substr(i).starts_with("\xC3\xA3")) {  // ã
      c = 'a';
      ++i;
    }
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (is_digit(c) || (c >= 'a' && c <= 'z')) {
      words += c;
    } else if (!words.empty() && words.back() != ' ') {
      words += ' ';
    }
  }
  std::string_view trimmed = trim(words);
  std::string out;
  if (take_prefix(trimmed, "europe ")) out = "eu ";
  return out.append(trimmed);
}

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

std::string_view partition_of_region(std::string_view region) {
  if (region.starts_with("cn-")) return "aws-cn";
  if (region.starts_with("us-gov-")) return "aws-us-gov";
  if (region.starts_with("us-iso-")) return "aws-iso";
  if (region.starts_with("us-isob-")) return "aws-iso-b";
  if (region.starts_with("eu-isoe-")) return "aws-iso-e";
  if (region.starts_with("us-isof-")) return "aws-iso-f";
  if (region.starts_with("eusc-")) return "aws-eusc";
  return "aws";
}

}  // namespace

bool is_region(std::string_view text) {
  constexpr std::size_t kLongest = 32;
  const auto parts = split(text, '-');
  if (text.size() > kLongest || parts.size() < 3 || parts.size() > 4) return false;
  const auto is_word = [](std::string_view part) {
    return part.size() >= 2 && std::all_of(part.begin(), part.end(), is_lower);
  };
  const std::string_view number = parts.back();
  return std::all_of(parts.begin(), parts.end() - 1, is_word) && !number.empty() && number.size() <= 2 &&
         std::all_of(number.begin(), number.end(), is_digit);
}

std::string region_of(std::string_view text) {
  const std::string_view given = trim(text);
  if (is_region(given)) return std::string(given);
  constexpr std::size_t kLongest = 100;
  if (given.size() > kLongest) return {};
  const std::string name = spoken(given);
  const auto* found =
      std::find_if(kRegionNames.begin(), kRegionNames.end(), [&](const RegionName& row) { return row.name == name; });
  return found == kRegionNames.end() ? std::string() : std::string(found->code);
}

bool is_account(std::string_view text) { return text.size() == 12 && std::all_of(text.begin(), text.end(), is_digit); }

std::optional<AlarmArn> parse_alarm_arn(std::string_view text) {
  const auto parts = split(text.substr(0, kLongestName + 200), ':');
  constexpr std::size_t kParts = 7;  // a name may have colons of its own
  if (text.size() > kLongestName || parts.size() < kParts || parts[0] != "arn" || !parts[1].starts_with("aws") ||
      parts[2] != "cloudwatch" || parts[5] != "alarm" || !is_region(parts[3]) || !is_account(parts[4])) {
    return std::nullopt;
  }
  const std::string_view name = text.substr(static_cast<std::size_t>(parts[6].data() - text.data()));
  if (name.empty() || line_of(name) != name) return std::nullopt;
  return AlarmArn{std::string(parts[3]), std::string(parts[4]), std::string(name)};
}

std::string alarm_arn(std::string_view region, std::string_view account, std::string_view name) {
  if (!is_region(region) || !is_account(account) || name.empty()) return {};
  std::string arn = "arn:";
  arn.append(partition_of_region(region)).append(":cloudwatch:").append(region).append(":").append(account);
  return arn.append(":alarm:").append(name);
}

}  // namespace fa::alarms
