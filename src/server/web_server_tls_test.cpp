/// The server over TLS, with a certificate made for the run.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <thread>
#include <vector>

#include "net/test_client.h"
#include "server/web_server_test_rig.h"
#include "support/self_signed.h"

namespace fa::server {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using test::echo;
using test::eventually;
using test::RawClient;
using test::start;
using testing::HasSubstr;

void require(bool ok) {
  if (!ok) throw std::runtime_error("cannot make a certificate");
}

template <class Write>
void write_file(const fs::path& path, const Write& write) {
  std::FILE* file = std::fopen(path.c_str(), "w");
  require(file != nullptr);
  const bool written = write(file) == 1;
  require(std::fclose(file) == 0 && written);
}

/// A folder with `cert.pem` (for 127.0.0.1, signed by itself), `key.pem`, and a key of somebody else.
class TlsFiles {
 public:
  TlsFiles() {
    std::string name = (fs::temp_directory_path() / "fa2-server-test-XXXXXX").string();
    require(::mkdtemp(name.data()) != nullptr);
    folder_ = name;
    const fa::test::PrivateKey key = fa::test::new_key();
    const fa::test::PrivateKey other = fa::test::new_key();
    const fa::test::Certificate certificate = fa::test::self_signed(key.get(), "IP:127.0.0.1");
    write_file(path("cert.pem"), [&](std::FILE* to) { return PEM_write_X509(to, certificate.get()); });
    write_key("key.pem", key.get(), nullptr);
    write_key("other.pem", other.get(), nullptr);
    write_key("locked.pem", key.get(), EVP_aes_128_cbc());
  }
  ~TlsFiles() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  TlsFiles(const TlsFiles&) = delete;
  TlsFiles& operator=(const TlsFiles&) = delete;

  [[nodiscard]] std::string path(const char* name) const { return folder_ / name; }
  [[nodiscard]] WebServerOptions options() const {
    WebServerOptions options;
    options.certificate = path("cert.pem");
    options.private_key = path("key.pem");
    return options;
  }

  /// One that trusts the certificate.
  [[nodiscard]] std::unique_ptr<CurlClient> client() const {
    CurlClientOptions options;
    options.ca_file = path("cert.pem");
    return fa::test::open_client(std::move(options));
  }

 private:
  void write_key(const char* name, EVP_PKEY* key, const EVP_CIPHER* cipher) const {
    write_file(path(name), [&](std::FILE* to) {
      unsigned char pass[] = "pass";
      return PEM_write_PrivateKey(to, key, cipher, cipher != nullptr ? pass : nullptr, cipher != nullptr ? 4 : 0,
                                  nullptr, nullptr);
    });
  }
  fs::path folder_;
};

std::string url(const WebServer& server, const std::string& path) {
  return "https://127.0.0.1:" + std::to_string(server.port()) + path;
}

TEST(WebServerTls, serves_many_requests_with_bodies_of_any_size) {
  const TlsFiles files;
  WebServerOptions options = files.options();
  options.max_body_bytes = 8 << 20;
  const auto server = start(
      [](const ServerRequest& request) {
        return ServerResponse{200, "text/plain", request.body};
      },
      options);
  const auto client = files.client();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (const std::size_t size : {0U, 1U, 16'383U, 16'384U, 16'385U, 100'000U, 3'000'000U}) {
        HttpRequest request = fa::test::get(url(*server, "/"));
        request.method = "POST";
        request.body = std::string(size, static_cast<char>('a' + t));
        const auto response = client->send(request, {});
        ASSERT_TRUE(response) << response.error().message;
        EXPECT_TRUE(response->body == request.body) << size;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(server->counts().requests, 28U);
}

TEST(WebServerTls, drains_like_any_other) {
  const TlsFiles files;
  const auto server = start(echo, files.options());
  const auto client = files.client();
  ASSERT_TRUE(client->send(fa::test::get(url(*server, "/")), {}));
  server->drain(std::chrono::hours(1));
  EXPECT_EQ(server->counts().connections_open, 0U);
  EXPECT_FALSE(client->send(fa::test::get(url(*server, "/")), {}));
}

TEST(WebServerTls, clients_that_do_not_speak_it_or_stop_amid_the_handshake_are_closed) {
  const TlsFiles files;
  WebServerOptions options = files.options();
  options.header_timeout = milliseconds(30);
  const auto server = start(echo, options);
  for (const std::string bytes : {"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "\x16\x03\x01", ""}) {
    RawClient client(server->port());
    client.send(bytes);
    client.read_all();  // An alert, or nothing; then the end.
  }
  RawClient trickling(server->port());
  trickling.send("\x16\x03\x01\x40");
  for (int sent = 0; sent < 16'000 && !trickling.readable(1); ++sent) trickling.send("a");
  trickling.read_all();
  EXPECT_TRUE(eventually([&] { return server->counts().connections_open == 0; }));
  EXPECT_EQ(server->counts().requests, 0U);
}

TEST(WebServerTls, says_which_file_cannot_be_used) {
  const TlsFiles files;
  struct Case {
    std::string certificate;
    std::string key;
    std::string named;
  };
  const Case kCases[] = {
      {files.path("missing.pem"), files.path("key.pem"), files.path("missing.pem")},
      {files.path("key.pem"), files.path("key.pem"), "the certificate " + files.path("key.pem")},
      {files.path("cert.pem"), files.path("missing.pem"), files.path("missing.pem")},
      {files.path("cert.pem"), files.path("other.pem"), "the private key " + files.path("other.pem")},
      {files.path("cert.pem"), files.path("locked.pem"), "the private key " + files.path("locked.pem")},
  };
  for (const Case& c : kCases) {
    const auto refused = WebServer::start({.certificate = c.certificate, .private_key = c.key}, echo);
    ASSERT_FALSE(refused) << c.named;
    EXPECT_EQ(refused.error().code, ErrorCode::kInvalidInput);
    EXPECT_THAT(refused.error().message, HasSubstr(c.named));
  }
}

}  // namespace
}  // namespace fa::server
