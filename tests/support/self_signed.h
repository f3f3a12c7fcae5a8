#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

/// Keys and certificates made for one run of a test. All throw std::runtime_error where OpenSSL or the disk fails.
namespace fa::test {

template <auto free_it>
struct OpenSslFree {
  template <class T>
  void operator()(T* thing) const {
    free_it(thing);
  }
};
using PrivateKey = std::unique_ptr<EVP_PKEY, OpenSslFree<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, OpenSslFree<X509_free>>;

/// On the curve P-256.
PrivateKey new_key();

/// Signed with its own key, for those names (`DNS:localhost,IP:127.0.0.1`), valid from yesterday on for a month.
Certificate self_signed(EVP_PKEY* key, const std::string& subject_alternative_names);

/// As a PEM file of its own in the system's folder for such; the caller removes it.
std::string write_to_temporary_file(X509* certificate);

}  // namespace fa::test
