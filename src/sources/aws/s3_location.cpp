#include "sources/aws/s3_location.h"

#include <algorithm>
#include <cctype>
#include <vector>

#include "base/text.h"

namespace fa {
namespace {

constexpr std::string_view kRoot = "AWSLogs";

/// Rules of names: S3 user guide, "General purpose bucket naming rules" (old buckets may have up to 255 characters,
/// capital letters and `_`).
bool is_bucket_name(std::string_view text) {
  const auto allowed = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.' || c == '_';
  };
  return text.size() >= 3 && text.size() <= 255 && std::all_of(text.begin(), text.end(), allowed) &&
         std::isalnum(static_cast<unsigned char>(text.front())) != 0;
}

bool is_organization(std::string_view text) {
  return text.size() > 2 && text.starts_with("o-") && std::all_of(text.begin() + 2, text.end(), [](char c) {
           return std::isalnum(static_cast<unsigned char>(c)) != 0;
         });
}

/// `ap-northeast-1`, `us-gov-west-1`: words of letters joined by '-', a number at the end.
bool is_region(std::string_view text) {
  const std::size_t dash = text.rfind('-');
  if (dash == std::string_view::npos || dash + 1 == text.size() || text.find('-') == dash) return false;
  return std::all_of(text.begin() + static_cast<std::ptrdiff_t>(dash) + 1, text.end(), is_digit) &&
         std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(dash),
                     [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; });
}

}  // namespace

bool is_account_id(std::string_view text) {
  return text.size() == 12 && std::all_of(text.begin(), text.end(), is_digit);
}

Result<S3LogLocation> parse_s3_log_location(std::string_view url) {
  const auto refuse = [&](std::string_view why) {
    return fail(ErrorCode::kInvalidInput, "\"" + visible(utf8_prefix(url, 200)) + "\" is no place of logs in S3: " +
                                              std::string(why) + ". Write s3://bucket or s3://bucket/prefix.");
  };
  std::string_view rest = trim(url);
  if (rest.starts_with("s3://")) {
    rest.remove_prefix(5);
  } else if (rest.starts_with("arn:")) {
    const std::size_t mark = rest.find(":s3:::");
    if (mark == std::string_view::npos) return refuse("the ARN is not that of a bucket");
    rest.remove_prefix(mark + 6);
  } else if (rest.find("://") != std::string_view::npos) {
    return refuse("only s3:// is read");
  }
  S3LogLocation at;
  const std::size_t slash = rest.find('/');
  at.bucket = rest.substr(0, slash);
  if (!is_bucket_name(at.bucket)) return refuse("a bucket name has 3 to 63 letters, digits, '-' and '.'");
  if (slash == std::string_view::npos) return at;

  const std::vector<std::string_view> parts = split(rest.substr(slash + 1), '/');
  std::size_t i = 0;
  for (; i < parts.size() && parts[i] != kRoot; ++i) {
    if (parts[i].empty() && i + 1 == parts.size()) break;  // A trailing '/'.
    at.prefix += std::string(parts[i]) + "/";
  }
  for (++i; i < parts.size(); ++i) {
    if (at.account.empty() && at.organization.empty() && is_organization(parts[i])) {
      at.organization = parts[i];
    } else if (at.account.empty() && is_account_id(parts[i])) {
      at.account = parts[i];
    } else if (!at.account.empty() && at.region.empty() && is_region(parts[i])) {
      at.region = parts[i];
    }
    // Anything else (the service's folder, the date) follows from what is asked for.
  }
  return at;
}

}  // namespace fa
