#include "support/slack/socket_channel.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <stdexcept>

namespace fa::test {
namespace {

void require(bool ok, const char* what) {
  if (!ok) throw std::runtime_error(std::string("socket stand-in: ") + what);
}

void add_extension(X509* certificate, int kind, const std::string& value) {
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str());
  require(extension != nullptr && X509_add_ext(certificate, extension, -1) == 1, "cannot extend the certificate");
  X509_EXTENSION_free(extension);
}

X509* self_signed(EVP_PKEY* key, const std::string& names) {
  constexpr long kDay = 24L * 60 * 60;
  X509* certificate = X509_new();
  require(certificate != nullptr, "no memory for a certificate");
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -kDay);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 30 * kDay);
  X509_NAME* name = X509_get_subject_name(certificate);
  const std::string common = "socket stand-in";
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(common.data()), -1, -1,
                             0);
  X509_set_issuer_name(certificate, name);
  X509_set_pubkey(certificate, key);
  add_extension(certificate, NID_basic_constraints, "critical,CA:TRUE");
  add_extension(certificate, NID_subject_alt_name, names);
  require(X509_sign(certificate, key, EVP_sha256()) > 0, "cannot sign the certificate");
  return certificate;
}

std::string write_pem(X509* certificate) {
  std::string path = (std::filesystem::temp_directory_path() / "fa2-test-socket-ca-XXXXXX").string();
  const int fd = ::mkstemp(path.data());
  std::FILE* file = fd < 0 ? nullptr : ::fdopen(fd, "w");
  require(file != nullptr, "cannot write the certificate");
  const bool written = PEM_write_X509(file, certificate) == 1;
  require(std::fclose(file) == 0 && written, "cannot write the certificate");
  return path;
}

}  // namespace

TlsIdentity::TlsIdentity(const std::string& subject_alternative_name) {
  EVP_PKEY* key = EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256");
  require(key != nullptr, "cannot make a key");
  X509* certificate = self_signed(key, subject_alternative_name);
  context_ = SSL_CTX_new(TLS_server_method());
  require(context_ != nullptr && SSL_CTX_use_certificate(context_, certificate) == 1 &&
              SSL_CTX_use_PrivateKey(context_, key) == 1,
          "cannot use the certificate");
  SSL_CTX_set_mode(context_, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  ca_file_ = write_pem(certificate);
  X509_free(certificate);
  EVP_PKEY_free(key);
}

TlsIdentity::~TlsIdentity() {
  SSL_CTX_free(context_);
  std::error_code ignored;
  std::filesystem::remove(ca_file_, ignored);
}

SocketChannel::SocketChannel(int fd, const TlsIdentity* identity) : fd_(fd) {
  ::fcntl(fd_, F_SETFL, ::fcntl(fd_, F_GETFL) | O_NONBLOCK);
  if (identity == nullptr) return;
  ssl_ = SSL_new(identity->context());
  require(ssl_ != nullptr && SSL_set_fd(ssl_, fd_) == 1, "no memory for TLS");
}

SocketChannel::~SocketChannel() {
  SSL_free(ssl_);
  ::close(fd_);
}

bool SocketChannel::wait_for(short events) const {
  pollfd ready{fd_, events, 0};
  for (;;) {
    const int polled = ::poll(&ready, 1, -1);
    if (polled < 0 && errno == EINTR) continue;
    return polled > 0;
  }
}

bool SocketChannel::accept() {
  if (ssl_ == nullptr) return true;
  for (;;) {
    int wanted = 0;
    {
      const std::lock_guard lock(ssl_mutex_);
      const int done = SSL_accept(ssl_);
      if (done == 1) return true;
      wanted = SSL_get_error(ssl_, done);
    }
    if (wanted != SSL_ERROR_WANT_READ && wanted != SSL_ERROR_WANT_WRITE) return false;
    if (!wait_for(wanted == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT)) return false;
  }
}

bool SocketChannel::read_some(std::string& out) {
  char buffer[16'384];
  for (;;) {
    ssize_t n = 0;
    bool again = false;
    if (ssl_ != nullptr) {
      const std::lock_guard lock(ssl_mutex_);
      n = SSL_read(ssl_, buffer, sizeof buffer);
      again = n <= 0 && SSL_get_error(ssl_, static_cast<int>(n)) == SSL_ERROR_WANT_READ;
    } else {
      n = ::recv(fd_, buffer, sizeof buffer, 0);
      again = n < 0 && (errno == EAGAIN || errno == EINTR);
    }
    if (n > 0) {
      out.append(buffer, static_cast<std::size_t>(n));
      return true;
    }
    if (!again || !wait_for(POLLIN)) return false;
  }
}

bool SocketChannel::write_all(std::string_view bytes) {
  const std::lock_guard message(write_mutex_);
  while (!bytes.empty()) {
    ssize_t n = 0;
    bool again = false;
    if (ssl_ != nullptr) {
      const std::lock_guard lock(ssl_mutex_);
      n = SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size()));
      const int wanted = n > 0 ? SSL_ERROR_NONE : SSL_get_error(ssl_, static_cast<int>(n));
      again = wanted == SSL_ERROR_WANT_WRITE || wanted == SSL_ERROR_WANT_READ;
    } else {
      n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      again = n < 0 && (errno == EAGAIN || errno == EINTR);
    }
    if (n > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(n));
    } else if (!again || !wait_for(POLLOUT)) {
      return false;
    }
  }
  return true;
}

void SocketChannel::cut() { ::shutdown(fd_, SHUT_RDWR); }

}  // namespace fa::test
