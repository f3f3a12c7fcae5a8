#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

struct ssl_ctx_st;  // OpenSSL's SSL_CTX and SSL.
struct ssl_st;

namespace fa::server {

/// Certificate and key of a TLS (1.2 and later) server.
class TlsContext {
 public:
  /// PEM files. kInvalidInput, with the file's name, for what cannot be used.
  static Result<std::unique_ptr<TlsContext>> load(const std::string& certificate, const std::string& private_key);
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  [[nodiscard]] ssl_ctx_st* get() const { return context_; }

 private:
  TlsContext() = default;
  ssl_ctx_st* context_ = nullptr;
};

enum class Io {
  kDone,
  kWantRead,   ///< Once more when the socket can be read.
  kWantWrite,  ///< Once more when the socket can be written.
  kEnded,      ///< The other side closed it, or it failed.
};

struct IoResult {
  Io io = Io::kEnded;
  std::size_t bytes = 0;  ///< kDone: at least one.
};

/// Bytes over a non-blocking socket, as they are or over TLS. Borrows the socket. The calling thread must not be ended
/// by SIGPIPE.
class Channel {
 public:
  Channel(int socket, const TlsContext* tls);  ///< `tls`: nullptr for plain bytes.
  ~Channel();
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  [[nodiscard]] Io handshake();  ///< Must be done before the first byte.
  [[nodiscard]] IoResult read(std::span<char> into);
  [[nodiscard]] IoResult write(std::string_view bytes);
  /// Whether bytes have left the socket that read() did not give yet: the socket will not tell.
  [[nodiscard]] bool pending() const;
  /// Says that no more bytes will come.
  void end_writing();
  /// Takes bytes from the socket that nobody wants; kDone or kWantRead as long as the other side keeps it open.
  [[nodiscard]] Io discard(std::span<char> scratch);

 private:
  [[nodiscard]] Io tls_outcome(int returned);
  int socket_;
  ssl_st* tls_ = nullptr;
  bool shaken_ = true;
  bool failed_ = false;
};

}  // namespace fa::server
