#include "analysis/logs/template_miner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "analysis/logs/shape_table.h"
#include "analysis/logs/template_set.h"
#include "base/text.h"

namespace fa {
namespace {

using namespace std::string_view_literals;
using testing::ElementsAre;

std::vector<std::string> patterns(const std::vector<std::string>& messages) {
  TemplateMiner miner;
  for (const std::string& message : messages) miner.add(message);
  std::vector<std::string> out;
  for (const LogTemplate& t : miner.finish().templates) out.push_back(std::to_string(t.count) + " " + t.pattern);
  return out;
}

bool same(const TemplateSet& a, const TemplateSet& b) {
  return a.overflowed_messages == b.overflowed_messages &&
         std::equal(a.templates.begin(), a.templates.end(), b.templates.begin(), b.templates.end(),
                    [](const LogTemplate& x, const LogTemplate& y) {
                      return x.id == y.id && x.pattern == y.pattern && x.count == y.count;
                    });
}

TEST(TemplateMiner, merges_names_and_keeps_events_apart) {
  EXPECT_THAT(patterns({"session opened for user cyrus by (uid=0)", "session opened for user news by (uid=0)",
                        "session closed for user cyrus", "session closed for user news", "link is up", "link is down"}),
              ElementsAre("1 link is down", "1 link is up", "2 session closed for user <*>",
                          "2 session opened for user <*> by (uid=<*>)"));
}

TEST(TemplateMiner, what_happened_to_a_thing_is_not_its_name) {
  EXPECT_THAT(patterns({"Payment service started at last", "Payment service stopped at last", "link to node DOWN now",
                        "link to node UP now", "the host alpha answers slowly", "the host beta answers slowly"}),
              ElementsAre("1 Payment service started at last", "1 Payment service stopped at last",
                          "1 link to node DOWN now", "1 link to node UP now", "2 the host <*> answers slowly"));
}

TEST(TemplateMiner, many_words_at_one_place_are_a_variable) {
  std::vector<std::string> messages;
  for (const char* city : {"oslo", "rome", "lima", "bonn", "kyoto", "cairo"}) {
    messages.push_back(std::string("train leaves for ") + city + " soon");
  }
  EXPECT_THAT(patterns(messages), ElementsAre("6 train leaves for <*> soon"));
}

TEST(TemplateMiner, puts_constants_back_that_never_vary) {
  EXPECT_THAT(patterns({"Accepted key for 7 port 22 ssh2", "Accepted key for 8 port 23 ssh2", "tty=ssh user=bob",
                        "tty=ssh user=eve"}),
              ElementsAre("2 Accepted key for <*> port <*> ssh2", "2 tty=ssh user=<*>"));
  EXPECT_THAT(patterns({"speaks ssh1 now", "speaks ssh2 now"}), ElementsAre("2 speaks <*> now"));
}

TEST(TemplateMiner, lists_of_any_length_are_one_template) {
  EXPECT_THAT(patterns({"ask 10.0.0.1:80 to delete blk_1234", "ask 10.0.0.1:80 to delete blk_1234 blk_2345 blk_3456",
                        "stations: [a, b]", "stations: [c, d, e]", "from 10.0.0.1,10.0.0.2 GET", "from 10.0.0.1 GET"}),
              ElementsAre("2 ask <*> to delete <*>", "2 from <*> GET", "2 stations: [<*>]"));
}

TEST(TemplateMiner, free_text_is_cut_behind_its_beginning) {
  std::vector<std::string> messages;
  std::mt19937 random(5);
  const auto word = [&] {
    std::string text;
    for (std::size_t letters = 5 + random() % 4; letters > 0; --letters) text += static_cast<char>('g' + random() % 20);
    return text;
  };
  for (int i = 0; i < 3000; ++i) {
    std::string text = "Search query:";
    for (std::size_t words = 1 + random() % 6; words > 0; --words) text += ' ' + word();
    messages.push_back(text);
    messages.push_back("Customer " + word() + " of " + word() + " came today");
  }
  EXPECT_THAT(patterns(messages), ElementsAre("3000 Customer <*> of <*> came today", "3000 Search query: <*>"));
}

TEST(TemplateMiner, identifiers_are_stable_and_distinct) {
  TemplateMiner miner;
  miner.add("disk full");
  miner.add("disk empty");
  const TemplateSet set = miner.finish();
  ASSERT_EQ(set.templates.size(), 2U);
  EXPECT_EQ(set.templates[1].id.size(), 8U);
  EXPECT_NE(set.templates[0].id, set.templates[1].id);
  TemplateMiner again;
  const ShapeId full = again.add("disk full");
  EXPECT_EQ(again.finish().templates[0].id, set.templates[1].id);
  EXPECT_EQ(again.finish().template_of_shape[full], 0U);
}

std::vector<std::string> mixed_messages() {
  std::vector<std::string> messages;
  std::mt19937 random(11);
  const char* names[] = {"bob", "eve", "mallory", "trent", "carol", "dave", "peggy", "victor", "null", "7"};
  for (int i = 0; i < 4000; ++i) {
    const std::string name = names[random() % 10];
    const std::string n = std::to_string(random() % 50);
    switch (random() % 7) {
      case 0:
        messages.push_back("login of user " + name + " ok");
        break;
      case 1:
        messages.push_back("proto=ssh" + std::to_string(1 + (random() % 400 == 0)) + " from " + name);
        break;
      case 2:
        messages.push_back("values [" + n + ", " + n + "] " + (random() % 2 != 0 ? n : n + " " + n));
        break;
      case 3:
        messages.push_back("took " + n + " ms in " + name + " step");
        break;
      case 4:
        messages.push_back("state=" + name + " flag" + n);
        break;
      case 5:
        messages.push_back("connect (" + (random() % 2 != 0 ? name : "") + ") done");
        break;
      default:
        messages.push_back("caf\xC3\xA9 \xff\xfe " + name);
        break;
    }
  }
  return messages;
}

TEST(TemplateMiner, result_depends_neither_on_order_nor_on_the_split) {
  std::vector<std::string> messages = mixed_messages();
  TemplateMiner reference;
  for (const std::string& message : messages) reference.add(message);
  const TemplateSet expected = reference.finish();
  std::mt19937 random(3);
  for (std::size_t miners = 1; miners <= 4; ++miners) {
    std::shuffle(messages.begin(), messages.end(), random);
    std::vector<TemplateMiner> parts(miners);
    std::vector<std::vector<ShapeId>> shapes(miners);
    for (std::size_t i = 0; i < messages.size(); ++i) {
      const std::size_t part = random() % miners;
      shapes[part].push_back(parts[part].add(messages[i]));
    }
    for (std::size_t part = 1; part < miners; ++part) {
      const std::vector<ShapeId> ids = parts[0].merge(parts[part]);
      ASSERT_EQ(ids.size(), parts[part].shape_count());
      for (const ShapeId shape : shapes[part]) ASSERT_LT(ids[shape], parts[0].shape_count());
    }
    EXPECT_TRUE(same(parts[0].finish(), expected)) << miners;
  }
}

TEST(TemplateMiner, pattern_is_valid_utf8_for_any_bytes) {
  TemplateMiner miner;
  miner.add("bad \xff\xc0 bytes \0 here"sv);
  miner.add("");
  miner.add("\n\n");
  const TemplateSet set = miner.finish();
  for (const LogTemplate& t : set.templates) EXPECT_TRUE(is_valid_utf8(t.pattern));
  EXPECT_EQ(set.templates.size(), 2U);
}

TEST(ShapeTable, counts_what_comes_after_the_limit_coarsely) {
  ShapeTable table(100);
  MessageScanner scanner;
  const auto add = [&](const std::string& message) {
    scanner.scan(message);
    table.add(scanner);
  };
  std::string word = "aaaa";
  for (int i = 0; i < 5000; ++i) {
    for (std::size_t c = 0; c < word.size() && ++word[c] > 'z'; ++c) word[c] = 'a';
    add("one two three " + word + " five");
  }
  for (int i = 0; i < 5000; ++i) {
    for (std::size_t c = 0; c < word.size() && ++word[c] > 'z'; ++c) word[c] = 'a';
    add(word + " at the beginning");
  }
  EXPECT_LE(table.size(), 112U);
  EXPECT_EQ(table.overflowed_messages(), 9900U);
  std::uint64_t total = 0;
  for (const LogTemplate& t : build_templates(table).set.templates) total += t.count;
  EXPECT_EQ(total, 10000U);
  ShapeTable other(100);
  scanner.scan("another thing altogether");
  other.add(scanner);
  EXPECT_EQ(table.merge(other).size(), 1U);
  EXPECT_EQ(table.overflowed_messages(), 9901U);
}

/// What scanning every message gives.
ShapeTable each_scanned(const std::vector<std::string>& messages) {
  MessageScanner scanner;
  ShapeTable table;
  for (const std::string& message : messages) {
    scanner.scan(message);
    table.add(scanner);
  }
  return table;
}

TEST(ShapeCounter, counts_as_if_every_message_were_scanned) {
  constexpr std::string_view kMessages[] = {
      "order 1234 of user 12 took 12.5 ms",
      "Accepted password for root from 10.0.0.1 port 1234 ssh2",
      "tty=ssh1 user=bob1 uid=0",
      "speaks ssh1 now",
      "code 0x12345678 at 1x2",
      "flag0x12-34-5678 and 0x12-34-5678",
      "Foo2.java:12 called v1.2.3",
      "{\"key1\": \"value 12\", \"key2\": 13}",
      "CPU0/1: 12, [1, 2, 3], [id1:name2] (size1=12, name=a b 3)",
      "blk_-1234567890123456789 at /var/log/a1/b2.log:12",
      "Mar 14 17:30:00 2026 inside, 2026-03-14 17:30:00,123 too",
      "aa:bb:cc:01:02:03 and fe80::1 and 1,234,567",
      "first line 1\nsecond line 2",
      "short 1",
      "",
      "kernel: e1000e 0000:00:19.0 eth0: NIC Link is Up 1000 Mbps",
      "order 8efcdc55dc6a of orders-4ee4692fb4 at <12345d 1,234abc and 07:07:00.123abc",
      "GET /api/v1/ab12cd?q=de2062 a1b2c3d4.e5f6a7b8.c9d0 1a2b3c4d.java",
      "user=ab12cdef [name: abcde1] id@com.example.Foo ab.cd.a1b2c3 Foo@1a2b3c v1.2/abcdef12",
      "a1b2c3d4:80 1a2b3c: 12:ab12cdef ab:12abcdef \"abcde1\" 'f1f2f3f4' {\"a1b2c3\": 1}",
      "(size=abcd12, name=ab12cd b 3) [abcde1, fabcd2] Jan 12 1234ab <1ab2cd 1234abcd=1",
      "Mar 14 08:00:1ab2cd and 14 08:00:12abcd",
      "abc123 def124 2013-05-04 07abcd -12ab34 .1a2b3c (abcd1234) dec12345 feb12345",
  };
  const auto vary_ids = [](std::string& text, std::mt19937& random) {
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= text.size(); ++i) {
      if (i < text.size() && std::isxdigit(static_cast<unsigned char>(text[i])) != 0) continue;
      for (std::size_t k = begin; i - begin >= 6 && k < i; ++k) {
        if (random() % 3 == 0) text[k] = "0123456789abcdef"[random() % 16];
      }
      begin = i + 1;
    }
  };
  std::mt19937 random(3);
  for (int round = 0; round < 20; ++round) {
    std::vector<std::string> messages;
    for (int i = 0; i < 200; ++i) {
      std::string& message = messages.emplace_back(kMessages[random() % std::size(kMessages)]);
      if (random() % 2 == 0) continue;
      if (random() % 2 == 0) vary_ids(message, random);
      for (char& c : message) {
        if (is_digit(c) && random() % 3 == 0) c = static_cast<char>('0' + random() % 10);
      }
    }
    ShapeCounter counter;
    std::map<std::string, std::uint64_t> forms;  // Every second time as if a reader had told them apart.
    for (const std::string& message : messages) {
      TextForm form;
      form.take(message);
      const std::string bytes = std::to_string(form.ids()) + std::string(form.bytes());
      const std::uint64_t number = forms.try_emplace(bytes, forms.size() + 1).first->second;
      counter.add(message, 1, round % 2 == 0 ? 0 : number);
    }
    const ShapeTable expected = each_scanned(messages);
    ASSERT_EQ(counter.shapes.size(), expected.size());
    for (ShapeId s = 0; s < expected.size(); ++s) {
      ASSERT_EQ(counter.shapes.encoded(s), expected.encoded(s));
      ASSERT_EQ(counter.shapes.count(s), expected.count(s));
      const auto mine = counter.shapes.tokens(s);
      const auto theirs = expected.tokens(s);
      for (std::size_t t = 0; t < theirs.size(); ++t) ASSERT_EQ(mine[t].text, theirs[t].text);
    }
  }
}

}  // namespace
}  // namespace fa
