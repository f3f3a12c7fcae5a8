#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "aws/environment.h"
#include "base/result.h"

namespace fa::aws {

/// One `[section]`: keys are lower case; a key with nested lines (`s3 =` and indented `a = b`) keeps them in `nested`.
struct ProfileSection {
  std::map<std::string, std::string> values;
  std::map<std::string, std::map<std::string, std::string>> nested;

  [[nodiscard]] std::optional<std::string> find(std::string_view key) const;
};

/// Who chose the profile.
enum class ProfileChoice {
  kDefault,      ///< Nobody: it is `default`, which need not exist.
  kEnvironment,  ///< AWS_PROFILE.
  kCaller,       ///< `--profile` or the configuration; then keys in the environment do not count, as with the AWS CLI.
};

/// The shared config and credentials files together (the credentials file wins for a profile's keys). Format: AWS SDKs
/// and Tools Reference Guide, "Shared config and credentials files".
struct ProfileFiles {
  std::map<std::string, ProfileSection> profiles;
  std::map<std::string, ProfileSection> sso_sessions;
  std::map<std::string, ProfileSection> services;
  std::string selected = "default";  ///< AWS_PROFILE or the caller's choice.
  ProfileChoice chosen_by = ProfileChoice::kDefault;

  [[nodiscard]] const ProfileSection* profile(std::string_view name) const;
  /// A key of the selected profile.
  [[nodiscard]] std::optional<std::string> find(std::string_view key) const;
};

/// HOME; empty when unset.
std::string home_directory(const Environment& environment);
/// Where a file is: AWS_CONFIG_FILE / AWS_SHARED_CREDENTIALS_FILE (`~/` is HOME), else ~/.aws/... Empty when that needs
/// a HOME and there is none.
std::string config_file_path(const Environment& environment);
std::string credentials_file_path(const Environment& environment);

/// Reads both files; a missing file is an empty one. `profile` empty: AWS_PROFILE, else "default". A broken file is an
/// error (kInvalidInput) naming file and line, never what stands there: it may be a secret. Whether the profile exists
/// is not looked at here: keys in the environment need none.
Result<ProfileFiles> load_profile_files(const Environment& environment, const std::string& profile);

/// The same from texts. `config` sections are `[default]`, `[profile x]`, `[sso-session x]`, `[services x]`;
/// `credentials` ones `[x]`. Other sections, and names with characters the SDKs do not know, are passed over as the
/// SDKs do.
Result<ProfileFiles> parse_profile_files(std::string_view config, std::string_view credentials,
                                         const std::string& config_name, const std::string& credentials_name);

/// What clients need of environment and profile besides credentials.
struct SharedSettings {
  std::string region;  ///< AWS_REGION, AWS_DEFAULT_REGION, the profile's `region`; empty when none says.
  bool use_fips = false;
  bool use_dual_stack = false;
  std::string ca_file;  ///< AWS_CA_BUNDLE, ca_bundle.
  bool ignore_endpoint_urls = false;
  bool use_global_sts = false;  ///< AWS_STS_REGIONAL_ENDPOINTS, sts_regional_endpoints = legacy.

  /// Endpoint override for a service id as in `services` sections (`s3`, `cloudwatch_logs`, ...), from
  /// AWS_ENDPOINT_URL_<ID>, AWS_ENDPOINT_URL, the profile's services section, the profile's endpoint_url, in that order
  /// of preference (service-specific before global at each level as the SDK guide says).
  [[nodiscard]] std::string endpoint_url(std::string_view service_id) const;

  std::map<std::string, std::string> environment_urls;  ///< Key: upper-case id; "" for the global one.
  std::map<std::string, std::string> profile_urls;      ///< Key: lower-case id; "" for the global one.
};
SharedSettings shared_settings(const Environment& environment, const ProfileFiles& files);

}  // namespace fa::aws
