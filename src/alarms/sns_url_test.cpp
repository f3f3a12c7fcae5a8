#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "alarms/sns.h"

namespace fa::alarms {
namespace {

const std::string kTopic = "arn:aws:sns:ap-northeast-1:123456789012:prod-alarms";
const std::string kCertificateUrl =
    "https://sns.ap-northeast-1.amazonaws.com/SimpleNotificationService-7ff5318490ec183fbaddaa2a969abfda.pem";

TEST(SnsAddresses, of_certificates_are_exactly_those_of_sns) {
  const std::vector<std::string> good = {
      kCertificateUrl,
      "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-a1.pem",
      "https://sns.us-gov-west-1.amazonaws.com/SimpleNotificationService-A.pem",
      "https://sns.cn-north-1.amazonaws.com.cn/SimpleNotificationService-0.pem",
      "https://sns.cn-northwest-1.amazonaws.com.cn/SimpleNotificationService-test.pem",
  };
  for (const std::string& url : good) EXPECT_TRUE(is_sns_certificate_url(url)) << url;

  const std::string host = "https://sns.us-east-1.amazonaws.com";
  const std::string path = "/SimpleNotificationService-a.pem";
  std::vector<std::string> bad = {"", "https://", "sns.us-east-1.amazonaws.com" + path,
                                  "//sns.us-east-1.amazonaws.com" + path};
  for (const char* other : {"http://sns.us-east-1.amazonaws.com",
                            "HTTPS://sns.us-east-1.amazonaws.com",
                            "ftp://sns.us-east-1.amazonaws.com",
                            "https:/sns.us-east-1.amazonaws.com",
                            "https:///sns.us-east-1.amazonaws.com",
                            "https://sns.us-east-1.amazonaws.com.evil.com",
                            "https://sns.us-east-1.amazonaws.com.cn",
                            "https://sns.us-east-1.amazonaws.com.cn.evil.com",
                            "https://sns.cn-north-1.amazonaws.com",
                            "https://sns.evil.amazonaws.com",
                            "https://sns.evil.amazonaws.com.cn",
                            "https://sns.evil-1.amazonaws.com",
                            "https://sns.us-east-1.evil.com",
                            "https://sns.us-east-1.amazonaws.org",
                            "https://sns.us-east-1.amazonaws.co",
                            "https://sns.us-east-1.amazonaws.comevil",
                            "https://sns.us-east-1.evil-amazonaws.com",
                            "https://sns.us-east-1-amazonaws.com",
                            "https://sns-us-east-1.amazonaws.com",
                            "https://sns.amazonaws.com",
                            "https://sns..amazonaws.com",
                            "https://sns.us-east-1..amazonaws.com",
                            "https://x.sns.us-east-1.amazonaws.com",
                            "https://xsns.us-east-1.amazonaws.com",
                            "https://s3.us-east-1.amazonaws.com",
                            "https://us-east-1.amazonaws.com",
                            "https://sns.us-east-1.amazonaws.com:443",
                            "https://sns.us-east-1.amazonaws.com:444",
                            "https://sns.us-east-1.amazonaws.com:",
                            "https://user@sns.us-east-1.amazonaws.com",
                            "https://user:x@sns.us-east-1.amazonaws.com",
                            "https://@sns.us-east-1.amazonaws.com",
                            "https://sns.us-east-1.amazonaws.com@evil.com",
                            "https://sns.us-east-1.amazonaws.com:x@evil.com",
                            "https://evil.com\\@sns.us-east-1.amazonaws.com",
                            "https://evil.com#sns.us-east-1.amazonaws.com",
                            "https://evil.com/sns.us-east-1.amazonaws.com",
                            "https://evil.com?sns.us-east-1.amazonaws.com",
                            "https://SNS.us-east-1.amazonaws.com",
                            "https://sns.US-EAST-1.amazonaws.com",
                            "https://sns.us-east-1.AMAZONAWS.com",
                            "https://sns.us-east-1.amazonaws.com.",
                            "https://sns.us-east-1.amazonaws%2ecom",
                            "https://sns%2eus-east-1.amazonaws.com",
                            "https://sns.us-east-1.amazonaws.com%2f",
                            "https://sns.us-east-1.amazonaws.com\\",
                            "https://sns.us-east-1.amazonaws.com\t",
                            " https://sns.us-east-1.amazonaws.com",
                            "https://sns.us-east-1.amazonaws.com ",
                            "https://[::1]",
                            "https://127.0.0.1:5580",
                            "https://169.254.169.254",
                            "https://sns.us-east-1.amazonaws.com/x",
                            "https://sns.us-east-1.amazonaws.com/..",
                            "https://sns.us-east-1.amazonaws.com/",
                            "https://sns.us-éast-1.amazonaws.com"}) {
    bad.push_back(other + path);
  }
  for (const char* other : {"",
                            "/",
                            "/SimpleNotificationService-.pem",
                            "/SimpleNotificationService.pem",
                            "/simplenotificationservice-a.pem",
                            "/SimpleNotificationService-a.PEM",
                            "/SimpleNotificationService-a.pe",
                            "/SimpleNotificationService-a.pem.exe",
                            "/SimpleNotificationService-a.pem/",
                            "/SimpleNotificationService-a.pem?",
                            "/SimpleNotificationService-a.pem?x=1",
                            "/SimpleNotificationService-a.pem#",
                            "/SimpleNotificationService-a.pem#x",
                            "/SimpleNotificationService-a.pem;x",
                            "/SimpleNotificationService-../a.pem",
                            "/SimpleNotificationService-a/../b.pem",
                            "/SimpleNotificationService-a\\b.pem",
                            "/SimpleNotificationService-%61.pem",
                            "/SimpleNotificationService-a%00.pem",
                            "/SimpleNotificationService-a b.pem",
                            "/SimpleNotificationService-a.pem\n",
                            "/SimpleNotificationService-a.pem ",
                            "/SimpleNotificationService-a?.pem",
                            "/SimpleNotificationService-a#.pem",
                            "/SimpleNotificationService-a&b.pem",
                            "/SimpleNotificationService-a@b.pem",
                            "/SimpleNotificationService-a.b.pem",
                            "/SimpleNotificationService-\xc3\xa9.pem",
                            "/evil.pem",
                            "//SimpleNotificationService-a.pem"}) {
    bad.push_back(host + other);
  }
  bad.push_back(host + path + std::string(1, '\0'));
  bad.push_back(host + std::string(1, '\0') + path);
  bad.push_back(host + "/SimpleNotificationService-" + std::string(100'000, 'a') + ".pem");
  for (const std::string& url : bad) EXPECT_FALSE(is_sns_certificate_url(url)) << url.substr(0, 200);

  // No single byte may be changed anywhere but in the word and the region's letters.
  const std::string whole = host + path;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    for (const char c : std::string("/\\@:.#?%A \x7f") + '\0') {
      std::string changed = whole;
      changed[i] = c;
      const bool same_word = i == whole.find("a.pem") && c == 'A';
      if (changed != whole && !same_word) EXPECT_FALSE(is_sns_certificate_url(changed)) << changed;
    }
  }
}

TEST(SnsAddresses, of_subscriptions_are_of_the_topics_region_and_only_confirm) {
  const std::string host = "https://sns.ap-northeast-1.amazonaws.com";
  const std::string rest = "?Action=ConfirmSubscription&TopicArn=" + kTopic + "&Token=2336412f";
  EXPECT_TRUE(is_sns_subscribe_url(host + "/" + rest, kTopic));
  EXPECT_TRUE(is_sns_subscribe_url(host + "/?Action=ConfirmSubscription&Token=t", kTopic));
  EXPECT_TRUE(is_sns_subscribe_url(
      host +
          "/?Action=ConfirmSubscription&TopicArn=arn%3Aaws%3Asns%3Aap-northeast-1%3A123456789012%3Aprod-alarms&Token=t",
      kTopic));
  EXPECT_TRUE(is_sns_subscribe_url("https://sns.cn-north-1.amazonaws.com.cn/?Action=ConfirmSubscription",
                                   "arn:aws-cn:sns:cn-north-1:123456789012:x"));
  const std::vector<std::string> bad = {
      "",
      host,
      host + "/",
      host + rest,
      host + "/x" + rest,
      host + "//" + rest,
      host + "/" + rest + "#x",
      host + ":443/" + rest,
      "http://sns.ap-northeast-1.amazonaws.com/" + rest,
      "https://sns.us-east-1.amazonaws.com/" + rest,
      "https://sns.ap-northeast-1.amazonaws.com.evil.com/" + rest,
      "https://u@sns.ap-northeast-1.amazonaws.com/" + rest,
      "https://evil.com/" + rest,
      "http://127.0.0.1:5581/confirm" + rest,
      host + "/?Action=Unsubscribe&TopicArn=" + kTopic,
      host + "/?Action=ConfirmSubscription&Action=Unsubscribe",
      host + "/?Action=Unsubscribe&Action=ConfirmSubscription",
      host + "/?%41ction=Unsubscribe&Action=ConfirmSubscription",
      host + "/?action=Unsubscribe&Action=ConfirmSubscription",
      host + "/?Action=ConfirmSubscription&TopicArn=" + kTopic + "x",
      host + "/?Action=ConfirmSubscription&TopicArn=",
      host + "/?Token=t",
      host + "/" + rest + "\n",
      host + "/" + rest + " x",
      host + "/" + rest + std::string(100'000, 'x'),
  };
  for (const std::string& url : bad) EXPECT_FALSE(is_sns_subscribe_url(url, kTopic)) << url.substr(0, 200);
  for (const std::string& topic :
       {std::string(), std::string("arn:aws:sns:us-east-1:123456789012:prod-alarms"),
        std::string("arn:aws:sqs:ap-northeast-1:123456789012:prod-alarms"), std::string("arn:aws:sns:ap-northeast-1"),
        std::string("arn:aws:sns:ap-northeast-1:123456789012:"), std::string(100'000, ':')}) {
    EXPECT_FALSE(is_sns_subscribe_url(host + "/?Action=ConfirmSubscription&Token=t", topic)) << topic.substr(0, 100);
  }
}

}  // namespace
}  // namespace fa::alarms
