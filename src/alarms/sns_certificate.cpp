#include "alarms/sns_certificate.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <ctime>
#include <memory>
#include <string>
#include <vector>

#include "base/text.h"

namespace fa::alarms {
namespace {

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* pointer) const {
    Free(pointer);
  }
};
using BioPointer = std::unique_ptr<BIO, Freed<BIO_free>>;
using X509Pointer = std::unique_ptr<X509, Freed<X509_free>>;
using DigestPointer = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;

/// OpenSSL queues its errors per thread: none of ours must be found there by somebody else.
struct ErrorsCleared {
  ErrorsCleared() = default;
  ErrorsCleared(const ErrorsCleared&) = delete;
  ErrorsCleared& operator=(const ErrorsCleared&) = delete;
  ~ErrorsCleared() { ERR_clear_error(); }
};

X509Pointer read_certificate(std::string_view pem) {
  constexpr std::size_t kLargest = 64 << 10;
  if (pem.empty() || pem.size() > kLargest) return nullptr;
  const BioPointer bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return bio ? X509Pointer(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)) : nullptr;
}

bool is_strong_rsa(const X509& certificate) {
  constexpr int kLeastBits = 2048;
  constexpr int kMostBits = 8192;  // a longer one only takes our time
  const EVP_PKEY* key = X509_get0_pubkey(&certificate);
  if (key == nullptr || EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA) return false;
  return EVP_PKEY_get_bits(key) >= kLeastBits && EVP_PKEY_get_bits(key) <= kMostBits;
}

/// Strict: one text for one signature, so no white space, padding where it belongs, no bits that say nothing. Empty
/// where it is none.
std::vector<unsigned char> base64_decoded(std::string_view text) {
  constexpr std::size_t kLongest = 2048;
  std::size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
  const auto is_code = [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '+' || c == '/';
  };
  if (text.empty() || text.size() > kLongest || text.size() % 4 != 0 ||
      !std::all_of(text.begin(), text.end() - static_cast<std::ptrdiff_t>(padding), is_code)) {
    return {};
  }
  std::vector<unsigned char> out(text.size() / 4 * 3);
  const int size =
      EVP_DecodeBlock(out.data(), reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  if (size < 0) return {};
  out.resize(static_cast<std::size_t>(size) - padding);
  std::string again(text.size() + 1, '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(again.data()), out.data(), static_cast<int>(out.size()));
  again.pop_back();
  return again == text ? out : std::vector<unsigned char>{};
}

}  // namespace

Result<void> check_sns_certificate(std::string_view pem, TimePoint now) {
  const ErrorsCleared errors;
  const X509Pointer certificate = read_certificate(pem);
  if (!certificate) return fail(ErrorCode::kDenied, "What SNS gave is no certificate.");
  std::time_t seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  // Each gives 0 for a time it cannot read.
  const int begun = X509_cmp_time(X509_get0_notBefore(certificate.get()), &seconds);
  const int ended = X509_cmp_time(X509_get0_notAfter(certificate.get()), &seconds);
  if (begun >= 0) return fail(ErrorCode::kDenied, "The certificate of SNS is not valid yet.");
  if (ended <= 0) return fail(ErrorCode::kDenied, "The certificate of SNS is not valid any more.");
  if (!is_strong_rsa(*certificate)) {
    return fail(ErrorCode::kDenied, "The certificate of SNS has no RSA key of 2048 to 8192 bits.");
  }
  return {};
}

bool is_signed_with(std::string_view pem, std::string_view text, std::string_view signature, SnsDigest digest) {
  const ErrorsCleared errors;
  const X509Pointer certificate = read_certificate(pem);
  const auto bytes = base64_decoded(signature);
  const DigestPointer context(EVP_MD_CTX_new());
  if (!certificate || bytes.empty() || !context) return false;
  EVP_PKEY* key = X509_get0_pubkey(certificate.get());
  const EVP_MD* hash = digest == SnsDigest::kSha1 ? EVP_sha1() : EVP_sha256();
  return key != nullptr && EVP_DigestVerifyInit(context.get(), nullptr, hash, nullptr, key) == 1 &&
         EVP_DigestVerify(context.get(), bytes.data(), bytes.size(),
                          reinterpret_cast<const unsigned char*>(text.data()), text.size()) == 1;
}

}  // namespace fa::alarms
