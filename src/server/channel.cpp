#include "server/channel.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <cerrno>

namespace fa::server {
namespace {

std::string tls_reason() {
  const unsigned long code = ERR_peek_last_error();
  const char* reason = ERR_reason_error_string(code);
  ERR_clear_error();
  return reason != nullptr ? reason : "no reason given";
}

tl::unexpected<Error> unusable(const char* what, const std::string& file) {
  return fail(ErrorCode::kInvalidInput, std::string("cannot use ") + what + ' ' + file + ": " + tls_reason());
}

/// A key with a pass phrase is refused: nobody may be there to type it.
int no_pass_phrase(char*, int, int, void*) { return 0; }

Io io_of_errno() {
  if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return Io::kWantRead;
  return Io::kEnded;
}

}  // namespace

TlsContext::~TlsContext() { SSL_CTX_free(context_); }

Result<std::unique_ptr<TlsContext>> TlsContext::load(const std::string& certificate, const std::string& private_key) {
  ERR_clear_error();
  std::unique_ptr<TlsContext> made(new TlsContext);
  SSL_CTX* context = made->context_ = SSL_CTX_new(TLS_server_method());
  if (context == nullptr || SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1) {
    return fail(ErrorCode::kInternal, "cannot set up TLS: " + tls_reason());
  }
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  // Idle connections keep no buffers; what is written may have moved when it is tried again.
  SSL_CTX_set_mode(context,
                   SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);  // Tickets remain.
  SSL_CTX_set_default_passwd_cb(context, no_pass_phrase);
  if (SSL_CTX_use_certificate_chain_file(context, certificate.c_str()) != 1) {
    return unusable("the certificate", certificate);
  }
  if (SSL_CTX_use_PrivateKey_file(context, private_key.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(context) != 1) {
    return unusable("the private key", private_key);
  }
  return made;
}

Channel::Channel(int socket, const TlsContext* tls) : socket_(socket) {
  if (tls == nullptr) return;
  shaken_ = false;
  tls_ = SSL_new(tls->get());
  failed_ = tls_ == nullptr || SSL_set_fd(tls_, socket) != 1;
}

Channel::~Channel() { SSL_free(tls_); }

Io Channel::tls_outcome(int returned) {
  switch (SSL_get_error(tls_, returned)) {
    case SSL_ERROR_NONE:
      return Io::kDone;
    case SSL_ERROR_WANT_READ:
      return Io::kWantRead;
    case SSL_ERROR_WANT_WRITE:
      return Io::kWantWrite;
    case SSL_ERROR_ZERO_RETURN:
      return Io::kEnded;
    default:
      failed_ = true;  // SSL_shutdown() must not be called any more.
      ERR_clear_error();
      return Io::kEnded;
  }
}

Io Channel::handshake() {
  if (failed_) return Io::kEnded;
  if (shaken_) return Io::kDone;
  ERR_clear_error();
  const Io io = tls_outcome(SSL_accept(tls_));
  shaken_ = io == Io::kDone;
  return io;
}

IoResult Channel::read(std::span<char> into) {
  if (failed_) return {};
  if (tls_ != nullptr) {
    std::size_t bytes = 0;
    ERR_clear_error();
    const Io io = tls_outcome(SSL_read_ex(tls_, into.data(), into.size(), &bytes));
    return {io, bytes};
  }
  const ssize_t bytes = ::recv(socket_, into.data(), into.size(), 0);
  if (bytes > 0) return {Io::kDone, static_cast<std::size_t>(bytes)};
  return {bytes == 0 ? Io::kEnded : io_of_errno(), 0};
}

IoResult Channel::write(std::string_view bytes) {
  if (failed_) return {};
  if (tls_ != nullptr) {
    std::size_t written = 0;
    ERR_clear_error();
    const Io io = tls_outcome(SSL_write_ex(tls_, bytes.data(), bytes.size(), &written));
    return {io, written};
  }
  const ssize_t written = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (written >= 0) return {Io::kDone, static_cast<std::size_t>(written)};
  return {io_of_errno() == Io::kEnded ? Io::kEnded : Io::kWantWrite, 0};
}

bool Channel::pending() const { return tls_ != nullptr && SSL_has_pending(tls_) == 1; }

void Channel::end_writing() {
  if (tls_ != nullptr && shaken_ && !failed_) {
    ERR_clear_error();
    SSL_shutdown(tls_);
    ERR_clear_error();
  }
  ::shutdown(socket_, SHUT_WR);
}

Io Channel::discard(std::span<char> scratch) {
  const ssize_t bytes = ::recv(socket_, scratch.data(), scratch.size(), MSG_DONTWAIT);
  if (bytes > 0) return Io::kDone;
  return bytes == 0 ? Io::kEnded : io_of_errno();
}

}  // namespace fa::server
