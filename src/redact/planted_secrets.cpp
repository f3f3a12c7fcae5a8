#include "redact/planted_secrets.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <utility>

namespace fa {
namespace {

constexpr std::string_view kUpperDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::string_view kAlnumChars = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::string_view kBase64Chars = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kBase64UrlChars = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kHexChars = "0123456789abcdef";
constexpr std::string_view kPasswordChars = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789!#$%^*+~-_";

/// xorshift64*: the same numbers everywhere.
class Dice {
 public:
  std::string text(std::string_view alphabet, std::size_t size) {
    std::string out;
    for (std::size_t i = 0; i < size; ++i) out += alphabet[next() % alphabet.size()];
    return out;
  }
  /// Never without a digit and a letter in it.
  std::string token(std::string_view alphabet, std::size_t size) {
    std::string out = text(alphabet, size);
    out[size / 2] = alphabet == kUpperDigits ? '7' : '4';
    out[size / 3] = alphabet == kHexChars ? 'b' : 'K';
    return out;
  }
  std::string password(std::size_t size) {
    std::string out = text(kPasswordChars, size);
    out[0] = 'q';
    out[size / 2] = '7';
    out[size - 1] = 'Z';
    return out;
  }

 private:
  std::uint64_t next() {
    state_ ^= state_ >> 12U;
    state_ ^= state_ << 25U;
    state_ ^= state_ >> 27U;
    return (state_ * 0x2545F4914F6CDD1DU) >> 33U;
  }
  std::uint64_t state_ = 0x9E3779B97F4A7C15U;
};

std::string base64_of(std::string_view bytes, std::string_view alphabet = kBase64Chars, bool pad = true) {
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto byte = [&](std::size_t at) {
      return at < bytes.size() ? static_cast<unsigned>(static_cast<unsigned char>(bytes[at])) : 0U;
    };
    const unsigned bits = byte(i) << 16U | byte(i + 1) << 8U | byte(i + 2);
    const std::size_t left = bytes.size() - i;
    out += alphabet[bits >> 18U];
    out += alphabet[(bits >> 12U) & 63U];
    if (left > 1) out += alphabet[(bits >> 6U) & 63U];
    if (left > 2) out += alphabet[bits & 63U];
    if (pad) out.append(left > 2 ? 0 : 3 - left, '=');
  }
  return out;
}

std::string base64url_of(std::string_view bytes) { return base64_of(bytes, kBase64UrlChars, false); }

std::string percent_of(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '_' || c == '.' || c == '~';
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
  }
  return out;
}

std::string json_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out;
}

std::string utf16_of(std::string_view ascii) {
  std::string out;
  for (const char c : ascii) {
    out += c;
    out += '\0';
  }
  return out;
}

std::string card_of(Dice& dice, std::string prefix, std::size_t size) {
  prefix += dice.text("0123456789", size - prefix.size() - 1);
  unsigned sum = 0;
  for (std::size_t i = 0; i < prefix.size(); ++i) {
    const unsigned digit = static_cast<unsigned>(prefix[prefix.size() - 1 - i] - '0');
    const unsigned twice = digit * 2;
    sum += i % 2 == 1 ? digit : twice > 9 ? twice - 9 : twice;
  }
  return prefix + static_cast<char>('0' + (10 - sum % 10) % 10);
}

std::string grouped(std::string_view digits, char joint) {
  std::string out;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && i % 4 == 0) out += joint;
    out += digits[i];
  }
  return out;
}

std::string jwt_of(Dice& dice) {
  return base64url_of(R"({"alg":"HS256","typ":"JWT"})") + "." +
         base64url_of(fmt::format(R"({{"sub":"{}","iat":1773650000}})", dice.text(kAlnumChars, 16))) + "." +
         dice.token(kBase64UrlChars, 43);
}

/// The lines of a key, without its BEGIN and END.
std::vector<std::string> key_lines(Dice& dice) {
  std::vector<std::string> lines;
  for (int i = 0; i < 4; ++i) lines.push_back(dice.token(kBase64Chars, 64));
  lines.push_back(dice.token(kBase64Chars, 30) + "==");
  return lines;
}

std::string pem_of(const std::vector<std::string>& lines, std::string_view name, std::string_view line_break,
                   bool cut) {
  std::string out = fmt::format("-----BEGIN {}PRIVATE KEY-----", name);
  for (const std::string& line : lines) out.append(line_break).append(line);
  if (!cut) out += fmt::format("{}-----END {}PRIVATE KEY-----", line_break, name);
  return out;
}

class Corpus {
 public:
  std::vector<PlantedSecret> take() {
    tokens();
    cloud();
    passwords();
    headers();
    keys();
    encodings();
    addresses();
    return std::move(planted_);
  }

 private:
  void plant(std::string kind, std::string encoding, std::string line, std::string secret) {
    planted_.push_back({std::move(kind), std::move(encoding), std::move(line), std::move(secret)});
  }

  /// In running text, in a JSON log, in JSON within JSON, and broken over a line.
  void everywhere(const std::string& kind, const std::string& secret) {
    plant(kind, "plain", fmt::format("2026-03-14T08:30:01.004Z ERROR sync failed, used {} (attempt 3)", secret),
          secret);
    const std::string json = fmt::format(R"({{"level":"warn","msg":"calling with {}","attempt":2}})", secret);
    plant(kind, "json", json, secret);
    plant(kind, "json_twice", fmt::format(R"({{"log":"{}","stream":"stderr"}})", json_escaped(json)), secret);
    const std::size_t middle = secret.size() / 2;
    plant(kind, "broken_line",
          fmt::format(R"({{"msg":"header was {}\n{}","code":401}})", secret.substr(0, middle), secret.substr(middle)),
          secret);
  }

  void tokens() {
    const auto fixed = [this](std::string_view kind, std::string_view prefix, std::string_view alphabet,
                              std::size_t size) {
      everywhere(std::string(kind), std::string(prefix) + dice_.token(alphabet, size));
    };
    fixed("aws_key", "AKIA", kUpperDigits, 16);
    fixed("github", "ghp_", kAlnumChars, 36);
    fixed("gitlab", "glpat-", kBase64UrlChars, 20);
    fixed("google", "AIza", kBase64UrlChars, 35);
    const std::vector<std::pair<std::string, std::string>> others{
        {"aws_key", "ASIA" + dice_.token(kUpperDigits, 16)},
        {"github", "gho_" + dice_.token(kAlnumChars, 36)},
        {"github", "ghs_" + dice_.token(kAlnumChars, 36)},
        {"github", "github_pat_" + dice_.token(kAlnumChars, 22) + "_" + dice_.token(kAlnumChars, 59)},
        {"slack", "xoxb-" + dice_.text("0123456789", 12) + "-" + dice_.token(kAlnumChars, 24)},
        {"slack", "xapp-1-" + dice_.token(kUpperDigits, 11) + "-" + dice_.token(kHexChars, 64)},
        {"stripe", "sk_live_" + dice_.token(kAlnumChars, 24)},
        {"stripe", "rk_live_" + dice_.token(kAlnumChars, 24)},
        {"openai", "sk-proj-" + dice_.token(kBase64UrlChars, 48)},
        {"anthropic", "sk-ant-api03-" + dice_.token(kBase64UrlChars, 93)},
        {"npm", "npm_" + dice_.token(kAlnumChars, 36)},
        {"pypi", "pypi-AgEIcHlwaS5vcmc" + dice_.token(kBase64UrlChars, 70)},
        {"sendgrid", "SG." + dice_.token(kBase64UrlChars, 22) + "." + dice_.token(kBase64UrlChars, 43)},
        {"twilio", "SK" + dice_.token(kHexChars, 32)},
        {"hugging_face", "hf_" + dice_.token(kAlnumChars, 34)},
        {"databricks", "dapi" + dice_.token(kHexChars, 32)},
        {"jwt", jwt_of(dice_)}};
    for (const auto& [kind, secret] : others) {
      plant(kind, "plain", fmt::format("worker-3 | request to upstream used {}; status=401", secret), secret);
      plant(kind, "percent",
            fmt::format("GET /cb?next=https%3A%2F%2Fapp.internal%2Fx%3Fcode%3D{}%26state%3D1 HTTP/1.1",
                        percent_of(secret)),
            secret);
    }
    const std::string hook =
        dice_.token(kUpperDigits, 11) + "/" + dice_.token(kUpperDigits, 11) + "/" + dice_.token(kAlnumChars, 24);
    plant("slack_webhook", "plain", fmt::format("POST https://hooks.slack.com/services/{} failed: 503", "T" + hook),
          hook);
  }

  void cloud() {
    const std::string key = dice_.token(kBase64Chars, 40);
    plant("aws_secret", "plain", fmt::format("export AWS_SECRET_ACCESS_KEY={}", key), key);
    plant("aws_secret", "ini", fmt::format("[default]\naws_secret_access_key = {}\nregion = us-east-1", key), key);
    plant("aws_secret", "json",
          fmt::format(R"({{"Credentials":{{"SecretAccessKey":"{}","Expiration":"2026-03-14"}}}})", key), key);
    plant("aws_secret", "csv", fmt::format("deploy,AKIA{},{}\n", dice_.token(kUpperDigits, 16), key), key);
    const std::string session = dice_.token(kBase64Chars, 300) + "==";
    plant("aws_session", "json",
          fmt::format(R"({{"eventName":"AssumeRole","responseElements":{{"credentials":{{"sessionToken":"{}"}}}}}})",
                      session),
          session);
    plant("aws_session", "xml", fmt::format("<Credentials><SessionToken>{}</SessionToken></Credentials>", session),
          session);
    const std::string signature = dice_.token(kHexChars, 64);
    plant("presigned_url", "alb",
          fmt::format(
              "https 2026-03-14T08:30:00.1Z app/web/50dc6c 10.0.1.2:4182 10.0.2.3:80 0.0 0.1 0.0 403 403 34 366 \"GET "
              "https://files.internal:443/r.pdf?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20260314T083000Z"
              "&X-Amz-Expires=900&X-Amz-Signature={} HTTP/1.1\" \"curl/8\" - -",
              signature),
          signature);
    plant("presigned_url", "percent",
          fmt::format("redirect=https%3A%2F%2Fb.s3.amazonaws.com%2Fk%3FX-Amz-Security-Token%3D{}%26x%3D1",
                      percent_of(session)),
          session);
    const std::string credential = "ASIA" + dice_.token(kUpperDigits, 16);
    plant("presigned_url", "url",
          fmt::format("GET /k?X-Amz-Credential={}%2F20260314%2Fus-east-1%2Fs3%2Faws4_request", credential), credential);
    const std::string azure = dice_.token(kBase64Chars, 86) + "==";
    plant("azure_key", "connection_string",
          fmt::format("DefaultEndpointsProtocol=https;AccountName=acct;AccountKey={};EndpointSuffix=core.windows.net",
                      azure),
          azure);
    const std::string sas = dice_.token(kBase64Chars, 43) + "=";
    plant("azure_sas", "url",
          fmt::format("PUT https://acct.blob.core.windows.net/c/b?sv=2024-05-04&se=2026-03-15&sr=b&sp=r&sig={} 403",
                      percent_of(sas)),
          sas);
    const auto lines = key_lines(dice_);
    plant("gcp_service_account", "json",
          fmt::format(R"({{"type":"service_account","private_key_id":"{}","private_key":"{}\n","client_id":"1"}})",
                      dice_.token(kHexChars, 40), pem_of(lines, "", "\\n", false)),
          lines[2]);
  }

  void passwords() {
    const auto assign = [this](std::string_view encoding, std::string_view before, std::string_view after) {
      const std::string secret = dice_.password(18);
      plant("password", std::string(encoding), fmt::format("{}{}{}", before, secret, after), secret);
    };
    assign("env", "DB_HOST=db.internal DB_PASSWORD=", " DB_USER=app");
    assign("env", "MYSQL_PWD=", "\nHOME=/root\n");
    assign("env", "SMTP_PASS=", "\n");
    assign("plain", "login with password=", ", user=bob failed");
    assign("upper_case", "PASSWORD=", "");
    assign("yaml",
           "spring:\n  datasource:\n    username: app\n    password: ", "\n    url: jdbc:postgresql://db/app\n");
    assign("yaml", "env:\n  - name: DB_PASSWORD\n    value: ", "\n  - name: MODE\n    value: prod\n");
    assign("json", R"({"user":"app","password":")", R"(","ttl":30})");
    assign("json", R"({"requestParameters":{"masterUserPassword":")", R"(","dBInstanceIdentifier":"orders"}})");
    assign("json", R"({"environment":[{"name":"CLIENT_SECRET","value":")", R"("},{"name":"MODE","value":"prod"}]})");
    assign("json_escaped", R"({"msg":"bad body {\"password\":\")", R"(\",\"user\":\"bob\"}"})");
    assign("json_twice", R"({"log":"{\"msg\":\"body {\\\"password\\\":\\\")", R"(\\\"}\"}"})");
    assign("flag", "exec: tool --user-name app --password ", " --host db.internal");
    assign("flag", R"(Cmd: ["migrate","--db-password",")", R"(","--dry-run"])");
    assign("connection_string", "Server=tcp:db,1433;User ID=app;Password=", ";Encrypt=true;");
    assign("connection_string", "Data Source=db;User Id=app;Pwd=", ";");
    assign("stack_trace", "java.sql.SQLException: cannot connect using {user=app, password=",
           ", ssl=true}\n\tat com.shop.Db.open(Db.java:42)");
    assign("go_struct", "config: {User:app Password:", " Host:db Port:5432}");
    assign("sql", "STATEMENT: ALTER ROLE app WITH PASSWORD '", "' VALID UNTIL 'infinity'");
    assign("xml", "<user><name>bob</name><password>", "</password></user>");
    assign("japanese", "ログイン失敗 パスワード: ", " ユーザー: bob");
    assign("full_width", "接続エラー（パスワード：", "）");
    assign("full_width", "設定 password＝", " を確認してください");
    assign("url", "could not connect to postgresql://app:", "@db.internal:5432/orders");
    assign("url", "redis://:", "@cache.internal:6379/0 timed out");
    assign("entity", "<p>body: {&quot;password&quot;:&quot;", "&quot;}</p>");
    assign("ruby", "{:user=>\"bob\", :password=>\"", "\"}");
    assign("python", "{'user': 'bob', 'api_key': '", "', 'n': 3}");
    assign("toml", "[auth]\nclient_secret = \"", "\"\n");
    assign("query", "GET /login?user=bob&passwd=", "&lang=ja HTTP/1.1");
    assign("passphrase", "passphrase: ", "\n");
    assign("private_key", "PRIVATE_KEY=", "");
    assign("access_key", "minio access_key=", " secret rejected");
    assign("command", "+ curl -u bob:", " https://api.internal/v1");
    assign("oracle", "jdbc:oracle:thin:app/", "@//db.internal:1521/orders");
    assign("sentence", "note to self: the new password is ", "\n");
    assign("two_words", "sent API key: ", " and was refused");
    assign("token", "refresh_token=", "&grant_type=refresh_token");
    const std::string pin = dice_.text("123456789", 6);
    plant("pin", "japanese", fmt::format("本人確認 暗証番号：{} 不一致", pin), pin);
    const std::string at = dice_.password(9) + "@" + dice_.password(9);
    plant("password_in_url", "percent", fmt::format("amqp://app:{}@mq.internal/v", percent_of(at)), at);
    plant("password_in_url", "plain", fmt::format("mongodb://app:{}@m1.internal,m2.internal/x", at), at);
    const std::string hard = dice_.password(6) + "\"\\" + dice_.password(8);
    plant("password", "json_marks", fmt::format(R"({{"password":"{}"}})", json_escaped(hard)), hard);
    const std::string marks = dice_.password(7) + ",;&)" + dice_.password(7);
    plant("password", "env_marks", fmt::format("DB_PASSWORD={} DB_HOST=x", marks), marks);
  }

  void headers() {
    const std::string user = "bob:" + dice_.password(14);
    plant("basic", "header", fmt::format("> Authorization: Basic {}\r\n> Accept: */*", base64_of(user)),
          user.substr(4));
    plant("basic", "json", fmt::format(R"({{"headers":{{"authorization":["Basic {}"],"host":"a"}}}})", base64_of(user)),
          user.substr(4));
    const std::string opaque = dice_.token(kAlnumChars, 40);
    plant("bearer", "header", fmt::format("authorization: bearer {}", opaque), opaque);
    plant("bearer", "shell", fmt::format("curl -H 'Authorization: Bearer {}' https://api.internal/v1", opaque), opaque);
    plant("bearer", "words", fmt::format("retrying with Bearer {} after 401", opaque), opaque);
    plant("authorization", "digest",
          fmt::format("Authorization: Digest username=\"bob\", response=\"{}\", qop=auth\n", opaque), opaque);
    plant("authorization", "bare", fmt::format("Authorization: {}", opaque), opaque);
    plant("authorization", "json",
          fmt::format(R"({{"Authorization":"AWS4-HMAC-SHA256 Credential=x/y, Signature={}"}})", opaque), opaque);
    plant("x_api_key", "header", fmt::format("x-api-key: {}\nx-request-id: 7", opaque), opaque);
    plant("cookie", "header", fmt::format("Cookie: theme=dark; session={}; lang=ja", opaque), opaque);
    plant("cookie", "json", fmt::format(R"({{"cookie":"sid={}; a=b"}})", opaque), opaque);
    plant("set_cookie", "header", fmt::format("Set-Cookie: sid={}; Path=/; HttpOnly", opaque), opaque);
    plant("set_cookie", "json", fmt::format(R"({{"Set-Cookie":["sid={}; Path=/"]}})", opaque), opaque);
  }

  void keys() {
    const auto lines = key_lines(dice_);
    const std::string whole = pem_of(lines, "RSA ", "\n", false);
    plant("private_key", "lines", "loaded\n" + whole + "\ndone", lines[1]);
    plant("private_key", "lines", "loaded\n" + pem_of(lines, "OPENSSH ", "\r\n", false) + "\r\ndone", lines[4]);
    plant("private_key", "cut", "dump: " + pem_of(lines, "EC ", "\n", true), lines[4]);
    plant("private_key", "json", fmt::format(R"({{"tls.key":"{}"}})", pem_of(lines, "", "\\n", false)), lines[3]);
    plant("private_key", "json_twice",
          fmt::format(R"({{"log":"{{\"tls\":\"{}\"}}"}})", pem_of(lines, "", "\\\\n", false)), lines[3]);
    plant("private_key", "json_cut", fmt::format(R"({{"msg":"{}"}})", pem_of(lines, "RSA ", "\\n", true)), lines[4]);
    plant("private_key", "base64", fmt::format("data:\n  tls.key: {}\n", base64_of(whole)), lines[1]);
  }

  void encodings() {
    const std::string secret = dice_.password(16);
    const std::string assignment = fmt::format("user=app password={}", secret);
    plant("password", "percent", fmt::format("POST body=user%3Dapp%26password%3D{} 400", percent_of(secret)), secret);
    plant("password", "percent_twice", fmt::format("next=%2Flogin%253Fpassword%253D{}", percent_of(percent_of(secret))),
          secret);
    plant("password", "base64", fmt::format("payload={} rejected", base64_of(assignment)), secret);
    plant("password", "base64_twice", fmt::format("blob {} end", base64_of(base64_of(assignment))), secret);
    plant("password", "base64url", fmt::format("state={}&x=1", base64url_of(assignment)), secret);
    plant("password", "base64_json",
          fmt::format(R"({{"event":"{}"}})", base64_of(fmt::format(R"({{"password":"{}"}})", secret))), secret);
    plant("password", "base64_in_path", fmt::format("GET /v1/blob/{}/meta", base64url_of(assignment)), secret);
    plant("kubernetes_secret", "base64",
          fmt::format("apiVersion: v1\nkind: Secret\ndata:\n  password: {}\n", base64_of(secret)), secret);
    plant("password", "utf16", utf16_of(fmt::format("login password={} user=bob", secret)), secret);
    plant("password", "utf16_base64",
          fmt::format("powershell -enc {}", base64_of(utf16_of(fmt::format("$x; password={}", secret)))), secret);
    plant("password", "unicode_escape", fmt::format(R"({{"msg":"password\u003d{} failed"}})", secret), secret);
    const std::string token = "ghp_" + dice_.token(kAlnumChars, 36);
    plant("github", "base64", fmt::format("cache entry {} loaded", base64_of("remote " + token)), token);
    plant("github", "utf16", utf16_of("clone with " + token), token);
    plant("github", "glued", fmt::format("CI_{}", token), token);
    const std::string wide = dice_.token(kAlnumChars, 40);
    plant("token", "broken_line", fmt::format(R"({{"msg":"token={}\n{}"}})", wide.substr(0, 20), wide.substr(20)),
          wide);
  }

  void addresses() {
    const std::string visa = card_of(dice_, "4", 16);
    const std::string master = card_of(dice_, "53", 16);
    const std::string amex = card_of(dice_, "37", 15);
    plant("card", "plain", fmt::format("charge of card {} declined", visa), visa);
    plant("card", "spaces", fmt::format("card {} 2029 declined", grouped(visa, ' ')), grouped(visa, ' '));
    plant("card", "dashes", fmt::format("pan={};", grouped(master, '-')), grouped(master, '-'));
    plant("card", "json", fmt::format(R"({{"pan":"{}","amount":1200}})", amex), amex);
    plant("card", "json_number", fmt::format(R"({{"card_number":{},"amount":1200}})", master), master);
    plant("card", "percent", fmt::format("POST card={} 402", percent_of(grouped(visa, ' '))), grouped(visa, ' '));
    const std::string person = "taro." + dice_.text("abcdefghij", 8) + "@example.co.jp";
    plant("email", "plain", fmt::format("mail to {} bounced", person), person);
    plant("email", "percent", fmt::format("GET /unsubscribe?who={} 500", percent_of(person)), person);
    plant("email", "json_twice", fmt::format(R"({{"m":"{{\"to\":\"{}\"}}"}})", person), person);
    plant("ip", "plain", "blocked client 52.94.236.248 port 4182", "52.94.236.248");
    plant("ip", "v6", "blocked client [2600:1f18:243e:1300::12]:443", "2600:1f18:243e:1300::12");
  }

  Dice dice_;
  std::vector<PlantedSecret> planted_;
};

int hex_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Percent signs and backslashes undone, naively; line breaks, spelled or real, and NULs left out.
std::string flattened(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    if (c == '%' && i + 2 < text.size() && hex_of(next) >= 0 && hex_of(text[i + 2]) >= 0) {
      out += static_cast<char>(static_cast<unsigned char>(hex_of(next) * 16 + hex_of(text[i + 2])));
      i += 2;
    } else if (c == '\\' && (next == 'n' || next == 'r')) {
      ++i;
    } else if (c == '\\' && next != '\0') {
      out += next;
      ++i;
    } else if (c != '\0' && c != '\n' && c != '\r') {
      out += c;
    }
  }
  return out;
}

/// What base64 of `bytes` looks like wherever it begins in a longer text, without the characters that its neighbours
/// have a part in.
std::array<std::string, 3> base64_forms(std::string_view bytes, std::string_view alphabet) {
  std::array<std::string, 3> forms;
  for (std::size_t shift = 0; shift < 3; ++shift) {
    const std::string all = base64_of(std::string(shift, '\0') + std::string(bytes), alphabet, false);
    const std::size_t skip = shift == 0 ? 0 : shift + 1;
    const std::size_t drop = (shift + bytes.size()) % 3 == 0 ? 0 : 1;
    if (all.size() > skip + drop) forms.at(shift) = all.substr(skip, all.size() - skip - drop);
  }
  return forms;
}

}  // namespace

std::vector<PlantedSecret> planted_secrets() { return Corpus().take(); }

OutgoingText::OutgoingText(std::string_view outgoing) {
  readings_[0] = outgoing;
  readings_[1] = flattened(readings_[0]);
  readings_[2] = flattened(readings_[1]);
  for (const std::string& reading : readings_) {
    for (std::size_t i = 0; i + kIndexed <= reading.size(); ++i) present_[slot(&reading[i])] = true;
  }
}

std::size_t OutgoingText::slot(const char* bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, kIndexed);
  return static_cast<std::size_t>((word * 0x9E3779B97F4A7C15ULL) >> (64 - kSlotBits));
}

bool OutgoingText::contains(std::string_view form) const {
  // Most forms stand nowhere: their first bytes say so without a search.
  if (form.size() >= kIndexed && !present_[slot(form.data())]) return false;
  return std::any_of(readings_.begin(), readings_.end(),
                     [&](const std::string& reading) { return reading.find(form) != std::string::npos; });
}

bool OutgoingText::leaks(const PlantedSecret& secret) const {
  constexpr std::size_t kTellingBytes = 12;
  const std::string_view bytes = secret.must_not_leave;
  const std::size_t size = std::min(bytes.size(), kTellingBytes);
  for (std::size_t from = 0; from + size <= bytes.size(); ++from) {
    const std::string_view piece = bytes.substr(from, size);
    std::vector<std::string> forms{std::string(piece)};
    // Base64 of few bytes is a few letters, which stand anywhere by chance.
    if (size >= 6) {
      for (const std::string_view alphabet : {kBase64Chars, kBase64UrlChars}) {
        for (const std::string& form : base64_forms(piece, alphabet)) forms.push_back(form);
        for (const std::string& form : base64_forms(utf16_of(piece), alphabet)) forms.push_back(form);
      }
      for (const std::string& form : base64_forms(base64_of(piece, kBase64Chars, false), kBase64Chars))
        forms.push_back(form);
    }
    for (const std::string& form : forms) {
      if (form.size() < size && form.size() < kIndexed) continue;
      if (contains(form)) return true;
    }
  }
  return false;
}

std::vector<std::string> harmless_lines() {
  return {
      "authentication failed for user bob",
      "password=***",
      "password=********, user=bob",
      "token=null",
      R"({"token":null,"password":"","secret":"<redacted>"})",
      "secret: <redacted>",
      "DB_PASSWORD=${DB_PASSWORD}",
      "DB_PASSWORD=$DB_PASSWORD",
      "password: {{ .Values.db.password }}",
      "password: process.env.DB_PASSWORD",
      "password = config.get(\"db.password\")",
      "password incorrect for user bob",
      "password: incorrect",
      "Invalid password: expired 3 days ago",
      "token expired at 2026-03-14T08:30:00Z",
      "SyntaxError: Unexpected token: } in JSON at position 42",
      "Unexpected token < in JSON at position 0",
      "parse error: unexpected token: \"end of file\"",
      "secret \"db-credentials\" not found in namespace orders",
      "MountVolume.SetUp failed for volume: secret: default/db-credentials not found",
      "max_tokens=4096 prompt_tokens=812 total_tokens: 1024",
      "nextToken=AAAAbbbb1234 page 3",
      "trace_id=4bf92f3577b34da6a3ce929d0e0e4736 span_id=00f067aa0ba902b7",
      R"({"traceId":"22ebfc7f2f5d6b4c3c81e89f450383d2","spanId":"d86ae42ef64dbe8f"})",
      "request id 7f3e0f0a-1c2b-4d5e-8f90-a1b2c3d4e5f6 completed",
      "commit 9fceb02d0ae598e95dc970b74767f19372d61af8 deployed",
      "Root=1-5759e988-bd862e3fe1be46a994272793",
      "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:orders/db-AbCdEf",
      "secret=arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:orders-AbCdEf",
      "startTimeUnixNano=1692743400000000000 value 1692743700000000000",
      "order 4111111111111112 shipped",
      fmt::format("Receiving block blk_-{} src: /10.250.19.102:54106", "4000000000000002"),
      "Skipping AppWindowToken{df0798e token=Token{78af589 ActivityRecord{3b04890 u0 com.app}}}",
      "Bad activity token: android.os.BinderProxy@2bd4bce",
      "the password is wrong, the token is expired",
      R"({"span_id":"4242424242424242","dd.trace_id":4929142093742043151})",
      "<*> failed password for <*> from <*> port <*>",
      "Failed password for root from 10.0.0.12 port 22 ssh2",
      "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.168.1.4",
      "PWD=/srv/app OLDPWD=/srv HOME=/root",
      "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
      "listening on 0.0.0.0:8080 and [::1]:8080, peer fe80::1ff:fe23:4567:890a",
      "std::vector<fa::Finding> at finding.cpp:12:30: note",
      "at com.shop.orders.PasswordEncoder.matches(PasswordEncoder.java:71)",
      "com.shop.TokenService@1b2c3d4e refreshed",
      "adoptions@services-database.us-west-2.rds.amazonaws.com",
      "git clone git@github.com:shop/orders.git",
      "connection authorized: user=orders_app database=orders application_name=orders",
      "https://orders.internal:8443/api/v1/items?page=2&sort=price",
      "grant_type=refresh_token scope=token:refresh",
      "\xE3\x83\x91\xE3\x82\xB9\xE3\x83\xAF\xE3\x83\xBC\xE3\x83\x89: 不正です",
      "パスワードが正しくありません（ユーザー: bob）",
      "重大な障害が発生: DB接続 12:30:45",
      "cookie: expired; the session was closed",
      "Basic authentication is disabled, use Bearer tokens",
      "tool: the option --password is required",
      "-----BEGIN CERTIFICATE-----",
      "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
      "image 123456789012.dkr.ecr.us-east-1.amazonaws.com/orders@sha256:9f86d081884c7d65",
      "bypass=true compass: north trespass=no pass=12 fail=3",
      "partition_key=orders#2026-03 primary_key=id sort_key: ts",
      "i-0abcd1234efgh5678 sg-0a1b2c3d4e5f60718 vpc-0123456789abcdef0",
      "XF-2026-03-14 10:00 UTC [orders] p99=812ms errors=3.2%",
  };
}

}  // namespace fa
