#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>

struct ssl_ctx_st;
struct ssl_st;

/// Bytes of one connection of the Socket Mode stand-in, with TLS or without.
namespace fa::test {

/// A key with a self-signed certificate for one host name; `127.0.0.1` is not among its names unless asked for.
class TlsIdentity {
 public:
  explicit TlsIdentity(const std::string& subject_alternative_name);  ///< `DNS:localhost`
  ~TlsIdentity();
  TlsIdentity(const TlsIdentity&) = delete;
  TlsIdentity& operator=(const TlsIdentity&) = delete;
  [[nodiscard]] ssl_ctx_st* context() const { return context_; }
  [[nodiscard]] const std::string& ca_file() const { return ca_file_; }  ///< PEM; removed in the end.

 private:
  ssl_ctx_st* context_ = nullptr;
  std::string ca_file_;
};

/// One thread reads, any may write or cut.
class SocketChannel {
 public:
  /// Takes the socket. `identity` may be null: no TLS.
  SocketChannel(int fd, const TlsIdentity* identity);
  ~SocketChannel();
  SocketChannel(const SocketChannel&) = delete;
  SocketChannel& operator=(const SocketChannel&) = delete;

  /// The TLS handshake; true at once without TLS.
  bool accept();
  /// Appends what came; blocks until something did. False at the end.
  bool read_some(std::string& out);
  bool write_all(std::string_view bytes);
  /// Ends both directions; wakes whoever reads.
  void cut();

 private:
  bool wait_for(short events) const;

  const int fd_;
  ssl_st* ssl_ = nullptr;
  std::mutex ssl_mutex_;    ///< Around each use of ssl_.
  std::mutex write_mutex_;  ///< Around each message.
};

}  // namespace fa::test
