#include "alarms/sns.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <thread>

#include "alarms/sns_certificate.h"
#include "base/json.h"
#include "support/fakes.h"

namespace fa::alarms {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;

const TimePoint kNow = parse_rfc3339("2026-11-27T09:00:00Z").value();
const std::string kTopic = "arn:aws:sns:ap-northeast-1:123456789012:prod-alarms";
const std::string kCertificateUrl =
    "https://sns.ap-northeast-1.amazonaws.com/SimpleNotificationService-7ff5318490ec183fbaddaa2a969abfda.pem";

/// A key and its self-signed certificate.
class Signer {
 public:
  explicit Signer(EVP_PKEY* key, hours begins = hours(-24), hours ends = hours(24)) : key_(key, &EVP_PKEY_free) {
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), &X509_free);
    const auto now = std::chrono::floor<seconds>(kNow).time_since_epoch();
    ASN1_TIME_set(X509_getm_notBefore(certificate.get()), (now + begins).count());
    ASN1_TIME_set(X509_getm_notAfter(certificate.get()), (now + ends).count());
    X509_set_pubkey(certificate.get(), key_.get());
    X509_sign(certificate.get(), key_.get(), EVP_sha256());
    const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()), &BIO_free);
    PEM_write_bio_X509(bio.get(), certificate.get());
    pem_.resize(static_cast<std::size_t>(BIO_pending(bio.get())));
    BIO_read(bio.get(), pem_.data(), static_cast<int>(pem_.size()));
  }
  [[nodiscard]] const std::string& pem() const { return pem_; }
  [[nodiscard]] EVP_PKEY* shared_key() const {
    EVP_PKEY_up_ref(key_.get());
    return key_.get();
  }
  [[nodiscard]] std::string sign(const std::string& text, const EVP_MD* digest) const {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    EVP_DigestSignInit(context.get(), nullptr, digest, nullptr, key_.get());
    std::string signature(1024, '\0');
    std::size_t size = signature.size();
    EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                   reinterpret_cast<const unsigned char*>(text.data()), text.size());
    std::string base64(size / 3 * 4 + 5, '\0');
    const int length =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(base64.data()),
                        reinterpret_cast<const unsigned char*>(signature.data()), static_cast<int>(size));
    base64.resize(static_cast<std::size_t>(length));
    return base64;
  }

 private:
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
  std::string pem_;
};

const Signer& amazon() {
  static const Signer kSigner(EVP_RSA_gen(2048));
  return kSigner;
}

const Signer& stranger() {
  static const Signer kSigner(EVP_RSA_gen(2048));
  return kSigner;
}

/// The signed text written out by hand: the code under test must not say what it is.
std::string signed_text(const Json& m) {
  const auto line = [&](const char* name) { return std::string(name) + "\n" + m.at(name).get<std::string>() + "\n"; };
  if (m.at("Type") != "Notification") {
    return line("Message") + line("MessageId") + line("SubscribeURL") + line("Timestamp") + line("Token") +
           line("TopicArn") + line("Type");
  }
  return line("Message") + line("MessageId") + (m.contains("Subject") ? line("Subject") : "") + line("Timestamp") +
         line("TopicArn") + line("Type");
}

Json signed_by(const Signer& signer, Json message) {
  message["Signature"] =
      signer.sign(signed_text(message), message.at("SignatureVersion") == "1" ? EVP_sha1() : EVP_sha256());
  return message;
}

enum class Kind { kPlain, kWithSubject, kSubscription, kUnsubscription };

Json message_of(const std::string& version, Kind kind) {
  Json m = {{"Type", "Notification"},
            {"MessageId", "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324"},
            {"TopicArn", kTopic},
            {"Message", "{\"AlarmName\":\"注文\"}\nsecond line\t🔥"},
            {"Timestamp", "2026-11-27T08:59:00.000Z"},
            {"SignatureVersion", version},
            {"SigningCertURL", kCertificateUrl},
            {"UnsubscribeURL", "https://sns.ap-northeast-1.amazonaws.com/?Action=Unsubscribe"}};
  if (kind == Kind::kWithSubject) m["Subject"] = "ALARM: \"orders\" in Asia Pacific (Tokyo)";
  if (kind == Kind::kSubscription || kind == Kind::kUnsubscription) {
    m["Type"] = kind == Kind::kSubscription ? "SubscriptionConfirmation" : "UnsubscribeConfirmation";
    m["Token"] = "2336412f37fb687f5d51e6e241d";
    m["SubscribeURL"] = "https://sns.ap-northeast-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=" + kTopic +
                        "&Token=2336412f37fb687f5d51e6e241d";
  }
  return m;
}

/// What stands behind `/sns`.
class Endpoint {
 public:
  Result<void> take(const Json& message) { return take(json_text(message)); }
  Result<void> take(const std::string& body) {
    const auto message = parse_sns_message(body);
    if (!message) return tl::unexpected(message.error());
    return verifier_.verify(*message, {"arn:aws:sns:us-east-1:123456789012:other", kTopic});
  }
  Result<std::string> certificate = amazon().pem();
  std::vector<std::string> fetched;
  test::FakeClock clock{kNow};

 private:
  SnsVerifier verifier_{[this](const std::string& url) {
                          fetched.push_back(url);
                          return certificate;
                        },
                        clock};
};

std::string said(const Result<void>& result) { return result ? "accepted" : result.error().message; }

TEST(SnsMessage, members_are_taken_as_they_are) {
  const auto m = parse_sns_message(json_text(signed_by(amazon(), message_of("2", Kind::kWithSubject))));
  ASSERT_TRUE(m) << m.error().message;
  EXPECT_EQ(m->type, SnsType::kNotification);
  EXPECT_EQ(m->message_id, "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324");
  EXPECT_EQ(m->topic_arn, kTopic);
  EXPECT_TRUE(m->has_subject);
  EXPECT_EQ(m->subject, "ALARM: \"orders\" in Asia Pacific (Tokyo)");
  EXPECT_EQ(m->message, "{\"AlarmName\":\"注文\"}\nsecond line\t🔥");
  EXPECT_EQ(m->timestamp, "2026-11-27T08:59:00.000Z");
  EXPECT_EQ(m->signature_version, "2");
  EXPECT_EQ(m->signing_cert_url, kCertificateUrl);

  const auto s = parse_sns_message(json_text(signed_by(amazon(), message_of("1", Kind::kSubscription))));
  ASSERT_TRUE(s) << s.error().message;
  EXPECT_EQ(s->type, SnsType::kSubscriptionConfirmation);
  EXPECT_EQ(s->token, "2336412f37fb687f5d51e6e241d");
  EXPECT_THAT(s->subscribe_url, HasSubstr("Action=ConfirmSubscription"));
  EXPECT_FALSE(s->has_subject);
}

TEST(SnsMessage, missing_and_wrong_members_are_refused_by_name) {
  for (const Kind kind : {Kind::kWithSubject, Kind::kSubscription, Kind::kUnsubscription}) {
    const Json whole = signed_by(amazon(), message_of("2", kind));
    for (const auto& [name, value] : whole.items()) {
      for (const char* wrong : {"null", "1", "true", "[]", "{}", "missing"}) {
        Json changed = whole;
        if (std::string(wrong) == "missing") {
          changed.erase(name);
        } else {
          changed[name] = parse_json(wrong);
        }
        const bool unknown = name == "UnsubscribeURL";
        const bool absent_subject =
            name == "Subject" && (std::string(wrong) == "missing" || std::string(wrong) == "null");
        const auto m = parse_sns_message(json_text(changed));
        EXPECT_EQ(m.has_value(), unknown || absent_subject) << name << " " << wrong;
        if (m) continue;
        EXPECT_EQ(m.error().code, ErrorCode::kInvalidInput);
        EXPECT_THAT(m.error().message, HasSubstr(name));
      }
    }
  }
}

TEST(SnsMessage, bodies_that_are_none_are_refused) {
  Json other = message_of("2", Kind::kPlain);
  other["Type"] = "notification";
  other["Signature"] = "x";
  for (const std::string& body :
       {std::string(), std::string("[]"), std::string("{}"), std::string("null"), std::string(R"({"Type":5})"),
        json_text(other), std::string(200'000, '['), std::string("\xff"), std::string(5 << 20, 'x'),
        "{\"Type\":" + std::string(100'000, '{')}) {
    const auto message = parse_sns_message(body);
    ASSERT_FALSE(message) << body.substr(0, 80);
    EXPECT_FALSE(message.error().message.empty());
  }
  const std::string whole = json_text(signed_by(amazon(), message_of("2", Kind::kSubscription)));
  for (std::size_t i = 0; i < whole.size(); i += 5) EXPECT_FALSE(parse_sns_message(whole.substr(0, i)));
}

TEST(SnsVerifier, takes_what_amazon_signed_and_fetches_its_certificate_once) {
  Endpoint endpoint;
  for (const char* version : {"1", "2"}) {
    for (const Kind kind : {Kind::kPlain, Kind::kWithSubject, Kind::kSubscription, Kind::kUnsubscription}) {
      EXPECT_EQ(said(endpoint.take(signed_by(amazon(), message_of(version, kind)))), "accepted");
    }
  }
  EXPECT_THAT(endpoint.fetched, testing::ElementsAre(kCertificateUrl));
}

TEST(SnsVerifier, an_empty_subject_is_a_subject) {
  Endpoint endpoint;
  Json message = message_of("2", Kind::kWithSubject);
  message["Subject"] = "";
  EXPECT_EQ(said(endpoint.take(signed_by(amazon(), message))), "accepted");
  // The same signature does not stand for a message without one.
  message = signed_by(amazon(), message);
  message.erase("Subject");
  EXPECT_NE(said(endpoint.take(message)), "accepted");
}

/// Changes a text by one of many small accidents.
std::string mutated(std::string text, std::mt19937& random) {
  if (text.empty()) return "x";
  const std::size_t where = random() % text.size();
  switch (random() % 7) {
    case 0:
      text[where] = text[where] == 'x' ? 'y' : 'x';
      break;
    case 1:
      text.insert(where, 1, 'A');
      break;
    case 2:
      text.erase(where, 1);
      break;
    case 3:
      text += '\n';
      break;
    case 4:
      text.insert(text.begin(), ' ');
      break;
    case 5:
      text[where] = static_cast<char>(text[where] ^ 1);
      break;
    default:
      text += text;
      break;
  }
  return text;
}

TEST(SnsVerifier, takes_no_forged_message) {
  Endpoint endpoint;
  std::mt19937 random(7);
  int tried = 0;
  int accepted = 0;
  const auto try_one = [&](const Json& message, const std::string& what) {
    ++tried;
    const auto result = endpoint.take(message);
    accepted += result ? 1 : 0;
    EXPECT_FALSE(result) << what << ": " << json_text(message);
  };
  for (const char* version : {"1", "2"}) {
    for (const Kind kind : {Kind::kPlain, Kind::kWithSubject, Kind::kSubscription, Kind::kUnsubscription}) {
      const Json good = signed_by(amazon(), message_of(version, kind));
      ASSERT_EQ(said(endpoint.take(good)), "accepted");
      for (const auto& [name, value] : good.items()) {
        // Neither is signed; another address gives another certificate, or the same.
        if (name == "UnsubscribeURL" || name == "SigningCertURL") continue;
        for (int i = 0; i < 6; ++i) {
          Json bad = good;
          bad[name] = mutated(value.get<std::string>(), random);
          if (bad[name] != value) try_one(bad, name);
        }
        Json missing = good;
        missing.erase(name);
        try_one(missing, "without " + name);
        Json empty = good;
        empty[name] = "";
        try_one(empty, "empty " + name);
      }
      Json other_version = good;
      other_version["SignatureVersion"] = std::string(version) == "1" ? "2" : "1";
      try_one(other_version, "other digest");
      for (const char* unknown : {"0", "3", "01", "1.0", "", " 1", "SHA1", "１"}) {
        other_version["SignatureVersion"] = unknown;
        try_one(other_version, "unknown version");
      }
      try_one(signed_by(stranger(), message_of(version, kind)), "signed by somebody else");
      Json other_type = good;
      for (const char* type : {"Notification", "SubscriptionConfirmation", "UnsubscribeConfirmation"}) {
        if (good.at("Type") == type) continue;
        other_type["Type"] = type;
        other_type["Token"] = "t";
        other_type["SubscribeURL"] = "https://sns.ap-northeast-1.amazonaws.com/?Action=ConfirmSubscription";
        try_one(other_type, "other type");
      }
      if (kind == Kind::kPlain) {
        Json subject = good;
        subject["Subject"] = "";
        try_one(subject, "a subject that was not signed");
      }
    }
  }
  EXPECT_GE(tried, 500);
  EXPECT_EQ(accepted, 0);
}

TEST(SnsVerifier, one_signature_stands_for_one_message) {
  Endpoint endpoint;
  const Json good = signed_by(amazon(), message_of("2", Kind::kWithSubject));
  // The signed text is the same: the subject has moved into the id.
  Json moved = good;
  moved["MessageId"] = good["MessageId"].get<std::string>() + "\nSubject\n" + good["Subject"].get<std::string>();
  moved.erase("Subject");
  ASSERT_EQ(signed_text(moved), signed_text(good));
  EXPECT_THAT(said(endpoint.take(moved)), HasSubstr("control characters"));
  EXPECT_TRUE(endpoint.fetched.empty());
}

TEST(SnsVerifier, fetches_nothing_for_messages_that_cannot_be_right) {
  const auto denied = [](const char* name, const std::string& value) {
    Endpoint endpoint;
    Json message = message_of("2", Kind::kPlain);
    message[name] = value;
    const auto result = endpoint.take(signed_by(amazon(), message));
    EXPECT_FALSE(result) << name << " " << value;
    if (!result) EXPECT_EQ(result.error().code, ErrorCode::kDenied);
    EXPECT_TRUE(endpoint.fetched.empty()) << name << " " << value;
  };
  for (const std::string& topic :
       {std::string("arn:aws:sns:ap-northeast-1:999999999999:prod-alarms"), kTopic + "2", kTopic + " ",
        kTopic.substr(0, kTopic.size() - 1), std::string(), "ARN" + kTopic.substr(3), kTopic + std::string(1, '\0')}) {
    denied("TopicArn", topic);
  }
  denied("SignatureVersion", "3");
  denied("SigningCertURL", "https://evil.example/SimpleNotificationService-1.pem");
  denied("Timestamp", "2026-11-27T07:59:59.999Z");
  denied("Timestamp", "2026-11-27T10:00:00.001Z");
  denied("Timestamp", "yesterday");
  Endpoint endpoint;
  const auto message = parse_sns_message(json_text(signed_by(amazon(), message_of("2", Kind::kPlain))));
  SnsVerifier verifier([](const std::string&) -> Result<std::string> { return amazon().pem(); }, endpoint.clock);
  EXPECT_FALSE(verifier.verify(*message, {})) << "no topic is allowed";
}

TEST(SnsVerifier, times_may_be_an_hour_off) {
  for (const char* time : {"2026-11-27T08:00:00.000Z", "2026-11-27T10:00:00.000Z", "2026-11-27T09:00:00Z"}) {
    Endpoint endpoint;
    Json message = message_of("2", Kind::kPlain);
    message["Timestamp"] = time;
    EXPECT_EQ(said(endpoint.take(signed_by(amazon(), message))), "accepted") << time;
  }
}

TEST(SnsVerifier, certificates_must_be_of_now_and_have_a_long_rsa_key) {
  const Json good = signed_by(amazon(), message_of("2", Kind::kPlain));
  struct Case {
    const char* told;
    std::string certificate;
    Json message;
  };
  const Signer expired(amazon().shared_key(), hours(-24), hours(-1));
  const Signer to_come(amazon().shared_key(), hours(1), hours(24));
  const Signer short_key(EVP_RSA_gen(1024));
  const Signer curve(EVP_EC_gen("P-256"));
  const Case cases[] = {
      {"not valid any more", expired.pem(), good},
      {"not valid yet", to_come.pem(), good},
      {"no RSA key", short_key.pem(), signed_by(short_key, message_of("2", Kind::kPlain))},
      {"no RSA key", curve.pem(), signed_by(curve, message_of("2", Kind::kPlain))},
      {"no certificate", "", good},
      {"no certificate", "<html>Not found</html>", good},
      {"no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", good},
      {"no certificate", amazon().pem().substr(0, amazon().pem().size() / 2), good},
      {"no certificate", std::string(1 << 20, 'A') + amazon().pem(), good},
      {"signature", stranger().pem(), good},
  };
  for (const Case& c : cases) {
    Endpoint endpoint;
    endpoint.certificate = c.certificate;
    const auto result = endpoint.take(c.message);
    EXPECT_THAT(said(result), HasSubstr(c.told));
    EXPECT_EQ(result.error().code, ErrorCode::kDenied);
    // What did not prove anything is not kept.
    endpoint.certificate = amazon().pem();
    EXPECT_EQ(said(endpoint.take(good)), "accepted") << c.told;
  }
}

TEST(SnsVerifier, a_certificate_that_cannot_be_fetched_may_be_fetched_later) {
  Endpoint endpoint;
  endpoint.certificate = tl::unexpected(Error{ErrorCode::kUnavailable, "no answer"});
  const Json good = signed_by(amazon(), message_of("2", Kind::kPlain));
  const auto result = endpoint.take(good);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(result.error().message, HasSubstr("no answer"));
  endpoint.certificate = amazon().pem();
  EXPECT_EQ(said(endpoint.take(good)), "accepted");
}

TEST(SnsVerifier, a_kept_certificate_is_fetched_again_when_its_time_is_over) {
  Endpoint endpoint;
  const Json good = signed_by(amazon(), message_of("2", Kind::kPlain));
  ASSERT_EQ(said(endpoint.take(good)), "accepted");
  endpoint.clock.advance(hours(30));
  Json later = message_of("2", Kind::kPlain);
  later["Timestamp"] = format_rfc3339(kNow + hours(30));
  later = signed_by(amazon(), later);
  EXPECT_THAT(said(endpoint.take(later)), HasSubstr("not valid any more"));
  const Signer renewed(amazon().shared_key(), hours(-24), hours(240));
  endpoint.certificate = renewed.pem();
  EXPECT_EQ(said(endpoint.take(later)), "accepted");
  EXPECT_EQ(said(endpoint.take(later)), "accepted");
  EXPECT_EQ(endpoint.fetched.size(), 3U);
}

TEST(SnsVerifier, keeps_the_sixteen_certificates_used_last) {
  Endpoint endpoint;
  const auto from = [](int number) {
    Json message = message_of("2", Kind::kPlain);
    message["SigningCertURL"] =
        "https://sns.ap-northeast-1.amazonaws.com/SimpleNotificationService-" + std::to_string(number) + ".pem";
    return signed_by(amazon(), message);
  };
  for (int i = 0; i < 16; ++i) ASSERT_EQ(said(endpoint.take(from(i))), "accepted");
  ASSERT_EQ(said(endpoint.take(from(0))), "accepted");
  ASSERT_EQ(said(endpoint.take(from(16))), "accepted");
  EXPECT_EQ(endpoint.fetched.size(), 17U);
  ASSERT_EQ(said(endpoint.take(from(0))), "accepted");
  EXPECT_EQ(endpoint.fetched.size(), 17U) << "the one used in between is still there";
  ASSERT_EQ(said(endpoint.take(from(1))), "accepted");
  EXPECT_EQ(endpoint.fetched.size(), 18U) << "the one not used for longest is gone";
}

TEST(SnsVerifier, strangers_cannot_make_it_fetch_without_end) {
  Endpoint endpoint;
  const Json good = signed_by(amazon(), message_of("2", Kind::kPlain));
  ASSERT_EQ(said(endpoint.take(good)), "accepted");
  Json forged = signed_by(stranger(), message_of("2", Kind::kPlain));
  for (int i = 0; i < 200; ++i) {
    forged["SigningCertURL"] =
        "https://sns.ap-northeast-1.amazonaws.com/SimpleNotificationService-" + std::to_string(i) + ".pem";
    EXPECT_FALSE(endpoint.take(forged));
  }
  EXPECT_EQ(endpoint.fetched.size(), static_cast<std::size_t>(SnsVerifier::kMostFetches));
  EXPECT_EQ(said(endpoint.take(good)), "accepted") << "what is kept needs no fetch";
  forged["SigningCertURL"] = "https://sns.ap-northeast-1.amazonaws.com/SimpleNotificationService-other.pem";
  EXPECT_EQ(endpoint.take(forged).error().code, ErrorCode::kUnavailable);
  endpoint.clock.advance(minutes(1));
  EXPECT_EQ(endpoint.take(forged).error().code, ErrorCode::kDenied) << "it was fetched and looked at";
}

TEST(SnsVerifier, may_be_used_by_several_threads) {
  test::FakeClock clock(kNow);
  SnsVerifier verifier([](const std::string&) -> Result<std::string> { return amazon().pem(); }, clock);
  const auto good = parse_sns_message(json_text(signed_by(amazon(), message_of("2", Kind::kPlain))));
  const auto bad = parse_sns_message(json_text(signed_by(stranger(), message_of("2", Kind::kPlain))));
  std::atomic<int> right = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 10; ++i) {
        right += verifier.verify(*good, {kTopic}) ? 1 : 0;
        right += verifier.verify(*bad, {kTopic}) ? 0 : 1;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 80);
}

TEST(SnsSignature, must_be_strict_base64) {
  const Json good = signed_by(amazon(), message_of("2", Kind::kPlain));
  const std::string text = signed_text(good);
  const std::string signature = good.at("Signature");
  ASSERT_TRUE(is_signed_with(amazon().pem(), text, signature, SnsDigest::kSha256));
  for (const std::string& bad :
       {std::string(), std::string("===="), std::string("A"), std::string("AA=A"), signature + "\n", " " + signature,
        signature + "====", signature + "AAAA", signature.substr(4), std::string(1 << 20, 'A'),
        signature.substr(0, 8) + "-_" + signature.substr(10), std::string("\0\0\0\0", 4)}) {
    EXPECT_FALSE(is_signed_with(amazon().pem(), text, bad, SnsDigest::kSha256)) << bad.substr(0, 400);
  }
  EXPECT_FALSE(is_signed_with(amazon().pem(), text, signature, SnsDigest::kSha1));
  EXPECT_FALSE(is_signed_with("", text, signature, SnsDigest::kSha256));
}

std::string file_text(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Messages that somebody else signed. Their certificate begins after the time they carry and their addresses are a
/// stand-in's, so the address is replaced (it is not signed) and only certificate and signature are looked at.
TEST(SnsSignature, shared_vectors_are_right_and_changed_ones_are_not) {
  const std::filesystem::path folder = std::filesystem::path(FA_PROJECT_DIR) / ".." / "shared" / "aws" / "sns";
  if (!std::filesystem::is_directory(folder)) GTEST_SKIP() << "no signed SNS messages in " << folder;
  const std::string pem = file_text(folder / "SimpleNotificationService-test.pem");
  const auto fit = check_sns_certificate(pem, parse_rfc3339("2026-12-01T00:00:00Z").value());
  ASSERT_TRUE(fit) << fit.error().message;
  EXPECT_FALSE(check_sns_certificate(pem, parse_rfc3339("2026-03-14T09:12:34Z").value()));
  int right = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".json") continue;
    auto message = parse_sns_message(file_text(entry.path()));
    ASSERT_TRUE(message) << entry.path() << message.error().message;
    const SnsDigest digest = message->signature_version == "1" ? SnsDigest::kSha1 : SnsDigest::kSha256;
    const auto holds = [&](const SnsMessage& m) {
      const auto text = sns_text_to_sign(m);
      return text && is_signed_with(pem, *text, m.signature, digest);
    };
    EXPECT_TRUE(holds(*message)) << entry.path();
    EXPECT_FALSE(is_sns_certificate_url(message->signing_cert_url)) << "a stand-in's address";
    for (std::string* member : {&message->message, &message->message_id, &message->timestamp, &message->topic_arn}) {
      const std::string before = *member;
      *member += "x";
      EXPECT_FALSE(holds(*message)) << entry.path() << " " << *member;
      *member = before;
    }
    message->has_subject = !message->has_subject;
    EXPECT_EQ(holds(*message), message->type != SnsType::kNotification) << entry.path();
    ++right;
  }
  EXPECT_EQ(right, 8);
}

}  // namespace
}  // namespace fa::alarms
