#include "sources/aws/logs_patterns.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/regex.hpp>

#include "sources/aws/logs_pattern_filter.h"

namespace fa::logs {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using namespace std::string_literals;
using Kind = PatternChange::Kind;

bool finds(const std::string& regex, const std::string& line) {
  return boost::regex_search(line, boost::regex(regex, boost::regex::perl));
}

TEST(NormalPattern, writes_every_kind_of_variable_alike) {
  for (const auto& [text, normal] : std::vector<std::pair<std::string, std::string>>{
           {"took <*> ms", "took <*> ms"},
           {"took <Time-1> ms", "took <*> ms"},
           {"[<Token-1>] user <IP Address-12> left", "[<*>] user <*> left"},
           {"a <Token-1><Token-2> b", "a <*> b"},
           {"<html> x < y-1 > z", "<html> x < y-1 > z"},
           {"<-1> <a-> <a-b> <Token-1", "<-1> <a-> <a-b> <Token-1"},
           {"", ""},
           {std::string("<\0-1>", 5), std::string("<\0-1>", 5)},
       }) {
    EXPECT_EQ(normal_pattern(text), normal) << text;
  }
}

TEST(PatternFilter, finds_the_lines_of_its_pattern_and_no_others) {
  struct Case {
    std::string pattern, fits, other;
  };
  for (const Case& c : {
           Case{"took <*> ms", "took 12 ms", "it took 12 ms"},
           Case{"took <*> ms", "  took 12  ms\n", "took 12 msec"},
           Case{"<*> ERROR cannot reach <*>", "2026-03-14 ERROR cannot reach db:5432", "ERROR can reach db"},
           Case{"GET /a.b?c=<*> (200) [x] {y} $1 ^ | * +", "GET /a.b?c=7 (200) [x] {y} $1 ^ | * +",
                "GET /aXb?c=7 (200) [x] {y} $1 ^ | * +"},
           Case{R"({"level":"error","msg":"it\"s # <*>"})", R"({"level":"error","msg":"it\"s # 5"})",
                R"({"level":"warn","msg":"it\"s # 5"})"},
           Case{"Traceback <*>\n\tat <*>\n\tat main", "Traceback x\n\tat a.b\n\tat c.d\n\tat main", "Traceback x"},
           Case{"注文 <*> の保存に失敗", "注文 17 の保存に失敗", "注文 17 の保存に成功"},
       }) {
    const auto filter = pattern_filter(c.pattern);
    ASSERT_TRUE(filter) << c.pattern;
    EXPECT_TRUE(finds(filter->regex(), c.fits)) << filter->regex() << "\n" << c.fits;
    EXPECT_FALSE(finds(filter->regex(), c.other)) << filter->regex() << "\n" << c.other;
  }
}

TEST(PatternFilter, lets_nothing_hostile_into_a_query) {
  std::string all = "word ";
  for (int c = 1; c < 256; ++c) all += static_cast<char>(c);
  all += "\0/ | stats count(*) # \" \' \\/ | fields x"s;
  const auto filter = pattern_filter(all);
  ASSERT_TRUE(filter);
  const std::string& regex = filter->regex();
  for (std::size_t i = 0; i < regex.size(); ++i) {
    const char c = regex[i];
    EXPECT_GE(static_cast<unsigned char>(c), 0x20) << i;
    EXPECT_EQ(std::string_view("\"'#`").find(c), std::string_view::npos) << i;
    if (c == '/' || c == '|') {
      EXPECT_EQ(regex[i - 1], '\\') << i;
    }
    if (c == '\\') {
      ASSERT_LT(i + 1, regex.size());
      EXPECT_NE(std::string_view(".*+?()[]{}^$|/s").find(regex[i + 1]), std::string_view::npos) << regex.substr(i);
      ++i;
    }
  }
}

TEST(PatternFilter, needs_some_words) {
  for (const std::string pattern : {"", "<*>", "<*> <*>: <*>", "a <*>", "<*> ms -", "....."}) {
    EXPECT_FALSE(pattern_filter(pattern)) << pattern;
  }
  EXPECT_TRUE(pattern_filter("<*> done"));
}

TEST(PatternFilter, stays_short) {
  const auto filter = pattern_filter(std::string(100'000, 'x') + " <*> end");
  ASSERT_TRUE(filter);
  EXPECT_LT(filter->regex().size(), 500U);
  EXPECT_TRUE(finds(filter->regex(), std::string(1'000, 'x')));
}

TEST(PatternFilter, knows_which_patterns_share_lines) {
  struct Case {
    std::string a, b;
    bool covers, overlaps;
  };
  for (const Case& c : {
           Case{"request failed <*>", "request failed <*> after <*>", true, true},
           Case{"request failed <*> after <*>", "request failed <*>", false, true},
           Case{"request failed", "request failed <*>", false, false},
           Case{"<*> done", "start <*>", false, true},
           Case{"<*> done", "start <*> over", false, false},
           Case{"alpha <*>", "beta <*>", false, false},
           Case{"same <*>", "same <*>", true, true},
           Case{"a b c <*> d", "a b c x d", true, true},
           Case{"say \"x\" <*>", "say \"y\" <*>", false, false},
       }) {
    const auto a = pattern_filter(c.a);
    const auto b = pattern_filter(c.b);
    ASSERT_TRUE(a && b) << c.a << c.b;
    EXPECT_EQ(a->covers(*b), c.covers) << c.a << " / " << c.b;
    EXPECT_EQ(a->may_overlap(*b), c.overlaps) << c.a << " / " << c.b;
    EXPECT_EQ(b->may_overlap(*a), c.overlaps) << c.b << " / " << c.a;
  }
}

Row row(const std::string& pattern, const std::string& count, const std::string& ratio = "0.5",
        const std::string& severity = "Info") {
  return {{"@pattern", pattern}, {"@sampleCount", count}, {"@ratio", ratio}, {"@severityLabel", severity}};
}

TEST(ReadPatterns, adds_up_what_is_the_same_pattern) {
  const auto patterns = read_patterns(
      {row("took <Time-1> ms", "30"), row("took <Token-1> ms", "12"), row("x y z", "8", "0.1", "Error")}, 50);
  ASSERT_EQ(patterns.size(), 2U);
  EXPECT_EQ(patterns[0].text, "took <*> ms");
  EXPECT_EQ(patterns[0].lines, 42);
  EXPECT_EQ(patterns[1].severity, "Error");
}

TEST(ReadPatterns, scales_the_counts_of_a_sample) {
  const std::vector<Row> rows{row("took <*> ms", "300", "0.75"), row("failed", "100", "0.25")};
  EXPECT_EQ(pattern_coverage(rows, 4'000), 0.1);
  const auto patterns = read_patterns(rows, 4'000);
  EXPECT_EQ(patterns[0].lines, 1'000);
  EXPECT_EQ(patterns[1].lines, 3'000);
  EXPECT_EQ(pattern_coverage(rows, 400), 1);
  EXPECT_EQ(read_patterns(rows, 400)[1].lines, 300);
}

TEST(ReadPatterns, survives_what_makes_no_sense) {
  const auto patterns = read_patterns({row("", "5"), row("a b", "many", "-3"), row("c d", "1e400", "nan"), {}}, -1);
  ASSERT_EQ(patterns.size(), 2U);
  EXPECT_EQ(patterns[0].lines, 0);
  EXPECT_EQ(patterns[1].lines, 0);
}

Kind kind_of(const std::vector<PatternChange>& changes, const std::string& text) {
  for (const PatternChange& change : changes) {
    if (change.text == text) return change.kind;
  }
  ADD_FAILURE() << "no pattern " << text;
  return Kind::kSteady;
}

TEST(ComparePatterns, tells_what_stands_out_by_rates) {
  // Half an hour against two: the same rate gives a quarter of the lines.
  const std::vector<MinedPattern> window{
      {"handled <*>", "Info", 1000},  {"cannot connect to <*>", "Error", 40}, {"cache miss <*>", "Info", 900},
      {"new feature <*>", "Info", 3}, {"retry failed <*>", "Error", 25},      {"quiet <*> now", "Info", 10},
  };
  const std::vector<MinedPattern> baseline{
      {"handled <*>", "Info", 4100},     {"cache miss <*>", "Info", 800}, {"heartbeat <*> ok", "Info", 240},
      {"retry failed <*>", "Error", 90}, {"quiet <*> now", "Info", 400},  {"seldom <*>", "Info", 8},
  };
  const auto changes = compare_patterns(window, 0.5, baseline, 2);
  EXPECT_EQ(changes.size(), 8U);
  EXPECT_EQ(kind_of(changes, "handled <*>"), Kind::kSteady);
  EXPECT_EQ(kind_of(changes, "cannot connect to <*>"), Kind::kNewFailure);
  EXPECT_EQ(kind_of(changes, "cache miss <*>"), Kind::kSurged);
  EXPECT_EQ(kind_of(changes, "new feature <*>"), Kind::kNew);
  EXPECT_EQ(kind_of(changes, "retry failed <*>"), Kind::kFailure);
  EXPECT_EQ(kind_of(changes, "quiet <*> now"), Kind::kFell);
  EXPECT_EQ(kind_of(changes, "heartbeat <*> ok"), Kind::kVanished);
  EXPECT_EQ(kind_of(changes, "seldom <*>"), Kind::kSteady) << "two were expected: none is no sign";
  EXPECT_EQ(changes.front().text, "cannot connect to <*>");
}

TEST(ComparePatterns, sees_through_a_different_wording_of_variables) {
  const auto changes =
      compare_patterns({{"call to <*> took <*> ms", "", 500}}, 1,
                       {{"call to db took <*> ms", "", 300}, {"call to cache took <*> ms", "", 230}}, 1);
  EXPECT_EQ(kind_of(changes, "call to <*> took <*> ms"), Kind::kSteady);
  EXPECT_EQ(kind_of(changes, "call to db took <*> ms"), Kind::kSteady);
}

TEST(ComparePatterns, does_not_depend_on_the_order_of_rows) {
  const std::vector<MinedPattern> window{{"aa aa", "", 9}, {"bb bb", "", 9}, {"cc cc", "", 9}};
  const std::vector<MinedPattern> turned{window[2], window[0], window[1]};
  const auto first = compare_patterns(window, 1, {}, 1);
  const auto second = compare_patterns(turned, 1, {}, 1);
  ASSERT_EQ(first.size(), second.size());
  for (std::size_t i = 0; i < first.size(); ++i) EXPECT_EQ(first[i].text, second[i].text);
}

TEST(Failures, are_known_by_label_or_words_in_both_forms) {
  for (const std::string text : {"ERROR x", "Connection refused", "request timed out", "java.io.IOException",
                                 "OOMKilled", "level=fatal", "could not open", "Read timeout", "rate throttled"}) {
    EXPECT_TRUE(names_failure("Info", text)) << text;
    EXPECT_TRUE(finds(std::string(kFailureRegex), text)) << text;
  }
  for (const std::string text : {"handled request", "the room is open", "started"}) {
    EXPECT_FALSE(names_failure("Info", text)) << text;
    EXPECT_FALSE(finds(std::string(kFailureRegex), text)) << text;
  }
  EXPECT_TRUE(names_failure("Error", "plain words"));
}

}  // namespace
}  // namespace fa::logs
