#pragma once

#include <string_view>
#include <vector>

#include "redact/redact.h"
#include "redact/secret_span.h"

/// The rules, over text as a person would read it; encodings are find_secrets()' business.
namespace fa {

/// Base64 within base64 is followed this deep.
inline constexpr int kMaxSecretDepth = 2;

struct PlainScan {
  RedactionPolicy policy;
  /// Only what is recognised by its shape: for text whose line breaks were taken out, where an assignment would reach
  /// into the next line.
  bool shapes_only = false;
  int depth = 0;
};

/// Appends what is found, in no particular order; spans may overlap.
void scan_plain(std::string_view text, const PlainScan& scan, std::vector<SecretSpan>& spans);

/// find_secrets() for what was inside base64.
[[nodiscard]] std::vector<SecretSpan> find_secrets_at(std::string_view text, const RedactionPolicy& policy, int depth);

}  // namespace fa
