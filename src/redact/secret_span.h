#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "redact/redact.h"

/// What the scanners of this folder say to each other.
namespace fa {

/// What a secret is; names a placeholder.
enum class SecretKind : std::uint8_t {
  kApiKey,
  kAuthorization,
  kAwsKey,
  kAwsSecret,
  kAzureKey,
  kCard,
  kCookie,
  kCredential,
  kDatabricksToken,
  kEmail,
  kGithubToken,
  kGitlabToken,
  kGoogleKey,
  kHuggingFaceToken,
  kIp,
  kJwt,
  kNpmToken,
  kPassword,
  kPrivateKey,
  kPypiToken,
  kSecret,
  kSendgridKey,
  kSignature,
  kSlackToken,
  kStripeKey,
  kToken,
  kTwilioKey,
  kWebhook,
};

/// `AWS_KEY`, `PASSWORD`, ...: capital letters and underscores.
[[nodiscard]] std::string_view secret_kind_name(SecretKind kind);
[[nodiscard]] std::optional<SecretKind> secret_kind_of(std::string_view name);

/// Bytes [begin, end) of a text that must not leave.
struct SecretSpan {
  std::size_t begin = 0;
  std::size_t end = 0;
  SecretKind kind = SecretKind::kSecret;
  /// Recognised by its own shape (a prefix, a check sum), not only by what stands before it: says better what it is.
  bool by_shape = false;
};

/// All secrets of a text in any of the encodings that redact() promises, in order, not touching each other. Pure;
/// linear in the length of the text.
[[nodiscard]] std::vector<SecretSpan> find_secrets(std::string_view text, const RedactionPolicy& policy);

}  // namespace fa
