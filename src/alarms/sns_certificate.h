#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace fa::alarms {

enum class SnsDigest { kSha1, kSha256 };

/// Whether the certificate (PEM) may sign at `now`: it can be read, its time has come and is not over, its key is RSA
/// of 2048 to 8192 bits. kDenied says which of these is not so. Who issued it is not asked: it comes over https from
/// the host of SNS itself.
[[nodiscard]] Result<void> check_sns_certificate(std::string_view pem, TimePoint now);

/// Whether `signature` (base64) of `text` was made with the certificate's key (RSASSA-PKCS1-v1_5). False for anything
/// that is no certificate or no signature.
[[nodiscard]] bool is_signed_with(std::string_view pem, std::string_view text, std::string_view signature,
                                  SnsDigest digest);

}  // namespace fa::alarms
