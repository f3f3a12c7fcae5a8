#include <algorithm>
#include <optional>

#include "alarms/aws_names.h"
#include "alarms/notice_text.h"
#include "alarms/sns.h"
#include "base/text.h"

namespace fa::alarms {
namespace {

constexpr std::size_t kLongestUrl = 2048;

struct SnsAddress {
  std::string_view region;
  std::string_view rest;  ///< From the first '/' on.
};

/// `https://sns.<region>.amazonaws.com/...`, written just so: no other spelling of the same host is tried to be
/// understood. The regions of China, and only they, end in `.cn`.
std::optional<SnsAddress> sns_address(std::string_view url) {
  constexpr std::string_view kBegin = "https://sns.";
  constexpr std::string_view kPlainHost = ".amazonaws.com";
  constexpr std::string_view kChinaHost = ".amazonaws.com.cn";
  const bool printable = std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c < '\x7f' && c != '\\'; });
  if (url.size() > kLongestUrl || !printable || !url.starts_with(kBegin)) return std::nullopt;
  url.remove_prefix(kBegin.size());
  const std::string_view region = url.substr(0, std::min(url.find('.'), url.size()));
  url.remove_prefix(region.size());
  const std::string_view host = region.starts_with("cn-") ? kChinaHost : kPlainHost;
  if (!is_region(region) || !url.starts_with(host)) return std::nullopt;
  url.remove_prefix(host.size());
  if (!url.starts_with('/')) return std::nullopt;
  return SnsAddress{region, url};
}

bool is_letter_or_digit(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// `ap-northeast-1` of `arn:aws:sns:ap-northeast-1:123456789012:prod-alarms`; empty when it is no topic's ARN.
std::string_view region_of_topic(std::string_view topic_arn) {
  const auto parts = split(topic_arn.substr(0, kLongestUrl), ':');
  constexpr std::size_t kParts = 6;
  const bool fits = parts.size() == kParts && parts[0] == "arn" && parts[1].starts_with("aws") && parts[2] == "sns" &&
                    is_region(parts[3]) && is_account(parts[4]) && !parts[5].empty();
  return fits ? parts[3] : std::string_view();
}

/// A query that confirms a subscription to that topic, and says each thing once.
bool confirms(std::string_view query, std::string_view topic_arn) {
  bool action = false;
  bool topic = false;
  for (std::string_view pair : split(query, '&')) {
    if (pair.substr(0, pair.find('=')).find('%') != std::string_view::npos) return false;
    if (take_prefix(pair, "Action=")) {
      if (action || pair != "ConfirmSubscription") return false;
      action = true;
    } else if (take_prefix(pair, "TopicArn=")) {
      if (topic || query_decoded(pair) != topic_arn) return false;
      topic = true;
    }
  }
  return action;
}

}  // namespace

bool is_sns_certificate_url(std::string_view url) {
  constexpr std::string_view kName = "/SimpleNotificationService-";
  constexpr std::string_view kType = ".pem";
  const auto address = sns_address(url);
  if (!address || !address->rest.starts_with(kName) || !address->rest.ends_with(kType)) return false;
  if (address->rest.size() <= kName.size() + kType.size()) return false;
  const std::string_view word = address->rest.substr(kName.size(), address->rest.size() - kName.size() - kType.size());
  constexpr std::size_t kLongestWord = 128;
  return word.size() <= kLongestWord && std::all_of(word.begin(), word.end(), is_letter_or_digit);
}

bool is_sns_subscribe_url(std::string_view url, std::string_view topic_arn) {
  const auto address = sns_address(url);
  const std::string_view region = region_of_topic(topic_arn);
  if (!address || region.empty() || address->region != region) return false;
  return address->rest.starts_with("/?") && address->rest.find('#') == std::string_view::npos &&
         confirms(address->rest.substr(2), topic_arn);
}

}  // namespace fa::alarms
