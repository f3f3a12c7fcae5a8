#include "support/slack/socket_channel.h"

#include <fcntl.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <stdexcept>

#include "support/self_signed.h"

namespace fa::test {
namespace {

void require(bool ok, const char* what) {
  if (!ok) throw std::runtime_error(std::string("socket stand-in: ") + what);
}

}  // namespace

TlsIdentity::TlsIdentity(const std::string& subject_alternative_name) {
  const PrivateKey key = new_key();
  const Certificate certificate = self_signed(key.get(), subject_alternative_name);
  context_ = SSL_CTX_new(TLS_server_method());
  require(context_ != nullptr && SSL_CTX_use_certificate(context_, certificate.get()) == 1 &&
              SSL_CTX_use_PrivateKey(context_, key.get()) == 1,
          "cannot use the certificate");
  SSL_CTX_set_mode(context_, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  ca_file_ = write_to_temporary_file(certificate.get());
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
