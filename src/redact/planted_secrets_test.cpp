#include "redact/planted_secrets.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "redact/redact.h"

namespace fa {
namespace {

TEST(PlantedSecrets, are_many_and_of_many_kinds) {
  const auto planted = planted_secrets();
  std::set<std::string> kinds;
  std::set<std::string> encodings;
  for (const PlantedSecret& secret : planted) {
    kinds.insert(secret.kind);
    encodings.insert(secret.encoding);
  }
  EXPECT_GE(planted.size(), 80U);
  EXPECT_GE(kinds.size(), 30U);
  EXPECT_GE(encodings.size(), 25U);
  EXPECT_GE(harmless_lines().size(), 40U);
}

TEST(PlantedSecrets, are_seen_to_leak_before_redaction) {
  for (const PlantedSecret& secret : planted_secrets()) {
    EXPECT_TRUE(OutgoingText(secret.line).leaks(secret)) << secret.kind << ", " << secret.encoding;
  }
}

TEST(PlantedSecrets, do_not_leave) {
  for (const PlantedSecret& secret : planted_secrets()) {
    Redactor redactor;
    const std::string out = redactor.redact(secret.line);
    EXPECT_FALSE(OutgoingText(out).leaks(secret)) << secret.kind << ", " << secret.encoding << "\n"
                                                  << secret.line << "\n"
                                                  << out;
    EXPECT_EQ(redactor.restore(out), secret.line) << secret.kind << ", " << secret.encoding;
  }
}

TEST(PlantedSecrets, do_not_leave_in_one_long_text) {
  std::string text;
  for (const PlantedSecret& secret : planted_secrets()) {
    if (secret.encoding != "cut" && secret.encoding != "utf16") text += secret.line + "\n";
  }
  Redactor redactor;
  const std::string out = redactor.redact(text);
  for (const PlantedSecret& secret : planted_secrets()) {
    if (secret.encoding == "cut" || secret.encoding == "utf16") continue;
    EXPECT_FALSE(OutgoingText(out).leaks(secret)) << secret.kind << ", " << secret.encoding << "\n" << secret.line;
  }
  EXPECT_EQ(redactor.restore(out), text);
}

TEST(HarmlessLines, come_through_unchanged) {
  for (const std::string& line : harmless_lines()) {
    Redactor redactor;
    EXPECT_EQ(redactor.redact(line), line);
  }
}

TEST(Restore, undoes_redact_for_whatever_bytes) {
  std::mt19937 random(7);  // NOLINT: the same every time
  const auto planted = planted_secrets();
  const std::vector<std::string> pieces{"[AWS_KEY_1]", "[",   "]",   ":literal", "password=", "\"",
                                        "\\",          "%3D", "://", "@",        "\n",        "-----BEGIN "};
  Redactor redactor;
  for (int round = 0; round < 600; ++round) {
    std::string text;
    for (int i = 0; i < 12; ++i) {
      switch (random() % 4) {
        case 0:
          text += planted[random() % planted.size()].line;
          break;
        case 1:
          text += pieces[random() % pieces.size()];
          break;
        default:
          for (int n = 0; n < 8; ++n) text += static_cast<char>(static_cast<unsigned char>(random() % 256));
      }
    }
    if (round % 3 == 0) text.resize(text.size() / 2);
    EXPECT_EQ(redactor.restore(redactor.redact(text)), text) << "round " << round;
  }
}

}  // namespace
}  // namespace fa
