#include "aws/profile.h"

#include <array>

#include "aws/profile_parser.h"
#include "base/text.h"

namespace fa::aws {
namespace {

/// Ids of the services whose endpoint the environment may override: those FA2 asks (their service models' ids, lower
/// case, `_` for blanks). The environment cannot be listed, so they must be known.
constexpr std::array<std::string_view, 16> kServiceIds = {"athena",
                                                          "bedrock_runtime",
                                                          "cloudtrail",
                                                          "cloudwatch",
                                                          "cloudwatch_logs",
                                                          "dynamodb",
                                                          "guardduty",
                                                          "lambda",
                                                          "s3",
                                                          "secrets_manager",
                                                          "securityhub",
                                                          "sns",
                                                          "sso",
                                                          "sso_oidc",
                                                          "sts",
                                                          "xray"};

/// Unset and blank variables are the same to the SDKs.
std::optional<std::string> set_variable(const Environment& environment, std::string_view name) {
  auto value = environment.variable(name);
  if (!value) return std::nullopt;
  const std::string_view text = trim(*value);
  if (text.empty()) return std::nullopt;
  return std::string(text);
}

std::string file_path(const Environment& environment, std::string_view variable, std::string_view name) {
  const std::string home = home_directory(environment);
  if (const auto path = set_variable(environment, variable)) {
    return path->starts_with("~/") && !home.empty() ? home + path->substr(1) : *path;
  }
  return home.empty() ? std::string() : home + "/.aws/" + std::string(name);
}

Result<std::string> read_or_empty(const Environment& environment, const std::string& path) {
  if (path.empty()) return std::string();
  auto text = environment.read_file(path);
  if (!text && text.error().code == ErrorCode::kNotFound) return std::string();
  return text;
}

std::string upper_case(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return upper;
}

}  // namespace

std::optional<std::string> ProfileSection::find(std::string_view key) const {
  const auto found = values.find(std::string(key));
  if (found == values.end()) return std::nullopt;
  return found->second;
}

const ProfileSection* ProfileFiles::profile(std::string_view name) const {
  const auto found = profiles.find(std::string(name));
  return found == profiles.end() ? nullptr : &found->second;
}

std::optional<std::string> ProfileFiles::find(std::string_view key) const {
  const ProfileSection* section = profile(selected);
  return section == nullptr ? std::nullopt : section->find(key);
}

std::string home_directory(const Environment& environment) { return environment.variable("HOME").value_or(""); }

std::string config_file_path(const Environment& environment) {
  return file_path(environment, "AWS_CONFIG_FILE", "config");
}

std::string credentials_file_path(const Environment& environment) {
  return file_path(environment, "AWS_SHARED_CREDENTIALS_FILE", "credentials");
}

Result<ProfileFiles> load_profile_files(const Environment& environment, const std::string& profile) {
  const std::string config_path = config_file_path(environment);
  const std::string credentials_path = credentials_file_path(environment);
  const auto config = read_or_empty(environment, config_path);
  if (!config) return tl::unexpected(config.error());
  const auto credentials = read_or_empty(environment, credentials_path);
  if (!credentials) return tl::unexpected(credentials.error());
  auto files = parse_profile_files(*config, *credentials, config_path, credentials_path);
  if (!files) return files;
  if (!profile.empty()) {
    files->selected = profile;
    files->chosen_by = ProfileChoice::kCaller;
  } else if (const auto named = set_variable(environment, "AWS_PROFILE")) {
    files->selected = *named;
    files->chosen_by = ProfileChoice::kEnvironment;
  }
  return files;
}

Result<ProfileFiles> parse_profile_files(std::string_view config, std::string_view credentials,
                                         const std::string& config_name, const std::string& credentials_name) {
  ProfileFiles files;
  if (auto ok = parse_profile_text(config, ProfileFileKind::kConfig, config_name, files); !ok) {
    return tl::unexpected(ok.error());
  }
  if (auto ok = parse_profile_text(credentials, ProfileFileKind::kCredentials, credentials_name, files); !ok) {
    return tl::unexpected(ok.error());
  }
  return files;
}

std::string SharedSettings::endpoint_url(std::string_view service_id) const {
  if (ignore_endpoint_urls) return {};
  const auto lookup = [](const std::map<std::string, std::string>& urls, const std::string& id) {
    if (const auto own = urls.find(id); own != urls.end()) return own->second;
    const auto global = urls.find("");
    return global == urls.end() ? std::string() : global->second;
  };
  std::string url = lookup(environment_urls, upper_case(service_id));
  return url.empty() ? lookup(profile_urls, to_lower(service_id)) : url;
}

SharedSettings shared_settings(const Environment& environment, const ProfileFiles& files) {
  const auto text = [&](std::initializer_list<std::string_view> variables, std::string_view key) {
    for (const std::string_view variable : variables) {
      if (auto value = set_variable(environment, variable)) return *value;
    }
    return files.find(key).value_or("");
  };
  const auto flag = [&](std::string_view variable, std::string_view key) {
    return iequals(text({variable}, key), "true");
  };

  SharedSettings settings;
  settings.region = text({"AWS_REGION", "AWS_DEFAULT_REGION"}, "region");
  settings.use_fips = flag("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint");
  settings.use_dual_stack = flag("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint");
  settings.ca_file = text({"AWS_CA_BUNDLE"}, "ca_bundle");
  settings.ignore_endpoint_urls = flag("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls");
  settings.use_global_sts = iequals(text({"AWS_STS_REGIONAL_ENDPOINTS"}, "sts_regional_endpoints"), "legacy");

  if (auto url = set_variable(environment, "AWS_ENDPOINT_URL")) settings.environment_urls[""] = *url;
  for (const std::string_view id : kServiceIds) {
    const std::string name = upper_case(id);
    if (auto url = set_variable(environment, "AWS_ENDPOINT_URL_" + name)) settings.environment_urls[name] = *url;
  }
  if (auto url = files.find("endpoint_url"); url && !url->empty()) settings.profile_urls[""] = *url;
  const auto section = files.services.find(files.find("services").value_or(""));
  if (section == files.services.end()) return settings;
  for (const auto& [id, keys] : section->second.nested) {
    const auto url = keys.find("endpoint_url");
    if (url != keys.end() && !url->second.empty()) settings.profile_urls[id] = url->second;
  }
  return settings;
}

}  // namespace fa::aws
