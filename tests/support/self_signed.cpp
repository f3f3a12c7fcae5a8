#include "support/self_signed.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

#include <cstdio>
#include <filesystem>
#include <stdexcept>

namespace fa::test {
namespace {

void require(bool ok, const char* what) {
  if (!ok) throw std::runtime_error(std::string("test certificate: ") + what);
}

void add_extension(X509* certificate, int kind, const std::string& value) {
  const std::unique_ptr<X509_EXTENSION, OpenSslFree<X509_EXTENSION_free>> extension(
      X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str()));
  require(extension && X509_add_ext(certificate, extension.get(), -1) == 1, "cannot be extended");
}

}  // namespace

PrivateKey new_key() {
  PrivateKey key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
  require(key != nullptr, "no key can be made");
  return key;
}

Certificate self_signed(EVP_PKEY* key, const std::string& subject_alternative_names) {
  Certificate certificate(X509_new());
  require(certificate != nullptr, "no memory");
  X509* x509 = certificate.get();
  constexpr long kDay = 24L * 60 * 60;
  X509_set_version(x509, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
  X509_gmtime_adj(X509_getm_notBefore(x509), -kDay);
  X509_gmtime_adj(X509_getm_notAfter(x509), 30 * kDay);
  X509_NAME* name = X509_get_subject_name(x509);
  const std::string common = "fa2 test";
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(common.data()), -1, -1,
                             0);
  X509_set_issuer_name(x509, name);
  X509_set_pubkey(x509, key);
  add_extension(x509, NID_basic_constraints, "critical,CA:TRUE");
  add_extension(x509, NID_subject_alt_name, subject_alternative_names);
  require(X509_sign(x509, key, EVP_sha256()) > 0, "cannot be signed");
  return certificate;
}

std::string write_to_temporary_file(X509* certificate) {
  std::string path = (std::filesystem::temp_directory_path() / "fa2-test-ca-XXXXXX").string();
  const int fd = ::mkstemp(path.data());
  std::FILE* file = fd < 0 ? nullptr : ::fdopen(fd, "w");
  require(file != nullptr, "cannot be written");
  const bool written = PEM_write_X509(file, certificate) == 1;
  require(std::fclose(file) == 0 && written, "cannot be written");
  return path;
}

}  // namespace fa::test
