/// The published signing cases (aws-c-auth), each signed by header and by query.
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "aws/sigv4.h"
#include "base/text.h"

namespace fa::aws {
namespace {

namespace fs = std::filesystem;

const fs::path kVectors = FA_PROJECT_DIR "/../shared/aws/sigv4/v4";

std::string read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

struct RequestLine {
  std::string method;
  std::string target;
};

struct Case {
  RequestLine line;
  HttpRequest request;
  SigningScope scope;
  Credentials credentials;
  TimePoint now;
  std::chrono::seconds expires{0};
  bool sign_body = false;
};

Case load(const fs::path& folder) {
  Case c;
  const nlohmann::json context = nlohmann::json::parse(read(folder / "context.json"));
  const nlohmann::json& credentials = context.at("credentials");
  c.credentials.access_key_id = credentials.at("access_key_id").get<std::string>();
  c.credentials.secret_access_key = Secret(credentials.at("secret_access_key").get<std::string>());
  c.credentials.session_token = Secret(credentials.value("token", ""));
  c.scope.region = context.at("region").get<std::string>();
  c.scope.service = context.at("service").get<std::string>();
  c.scope.normalize_path = context.at("normalize").get<bool>();
  c.scope.omit_session_token = context.value("omit_session_token", false);
  c.sign_body = context.at("sign_body").get<bool>();
  c.now = parse_rfc3339(context.at("timestamp").get<std::string>()).value();
  c.expires = std::chrono::seconds(context.at("expiration_in_seconds").get<int>());

  const std::string text = read(folder / "request.txt");
  std::size_t at = 0;
  const auto line = [&] {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string out = text.substr(at, end - at);
    at = std::min(end + 1, text.size());
    return out;
  };
  const std::string first = line();
  const std::size_t target = first.find(' ') + 1;
  c.line = {first.substr(0, target - 1), first.substr(target, first.rfind(" HTTP/") - target)};
  for (std::string header = line(); !header.empty(); header = line()) {
    if (header.front() == ' ') {  // a folded line belongs to the value before
      c.request.headers.back().second += '\n' + header;
    } else {
      const std::size_t colon = header.find(':');
      c.request.headers.emplace_back(header.substr(0, colon), header.substr(colon + 1));
    }
  }
  c.request.body = text.substr(at);
  c.request.method = c.line.method;
  c.request.url = "https://example.amazonaws.com" + c.line.target;
  return c;
}

std::string written(const HttpRequest& request) {
  std::string out = request.method + ' ' + request.url.substr(std::string("https://example.amazonaws.com").size());
  out += " HTTP/1.1\n";
  for (const auto& [name, value] : request.headers) out += name + ':' + value + '\n';
  return std::string(trim(out + '\n' + request.body));
}

void compare(const fs::path& folder, const std::string& kind, const Result<SignatureParts>& parts,
             const HttpRequest& request) {
  ASSERT_TRUE(parts) << parts.error().message;
  EXPECT_EQ(parts->canonical_request, read(folder / (kind + "-canonical-request.txt")));
  EXPECT_EQ(parts->string_to_sign, read(folder / (kind + "-string-to-sign.txt")));
  EXPECT_EQ(parts->signature, trim(read(folder / (kind + "-signature.txt"))));
  EXPECT_EQ(written(request), trim(read(folder / (kind + "-signed-request.txt"))));
}

TEST(SigV4Vectors, all_published_cases_by_header_and_by_query) {
  if (!fs::is_directory(kVectors)) GTEST_SKIP() << "the published signing cases are not at " << kVectors;
  int cases = 0;
  int passed = 0;
  for (const auto& entry : fs::directory_iterator(kVectors)) {
    SCOPED_TRACE(entry.path().filename().string());
    ++cases;
    Case by_header = load(entry.path());
    by_header.scope.content_sha256_header = by_header.sign_body;
    const auto signed_parts = sign_request(by_header.request, by_header.scope, by_header.credentials, by_header.now);
    compare(entry.path(), "header", signed_parts, by_header.request);

    Case by_query = load(entry.path());
    const auto presigned_parts =
        presign_request(by_query.request, by_query.scope, by_query.credentials, by_query.now, by_query.expires);
    compare(entry.path(), "query", presigned_parts, by_query.request);
    if (!HasFailure()) ++passed;
  }
  EXPECT_EQ(cases, 38);
  std::printf("signing cases: %d of %d pass, by header and by query\n", passed, cases);
}

}  // namespace
}  // namespace fa::aws
