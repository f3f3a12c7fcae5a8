#include "analysis/logs/log_digest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <random>
#include <sstream>

#include "analysis/logs/traced_events.h"

namespace fa {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const TimePoint kStart = from_unix_nanos(1'700'000'000'000'000'000);
const PeriodClock kClock({kStart + seconds(600), kStart + seconds(1200)}, {kStart, kStart + seconds(600)});

/// Records with the texts they view.
struct Log {
  std::deque<std::string> texts;
  std::vector<LogRecord> records;
  std::string_view own(std::string text) { return texts.emplace_back(std::move(text)); }
  LogRecord& add(TimePoint time, std::string message, std::string service = "shop", std::string instance = "") {
    LogRecord record;
    record.time = time;
    record.message = own(std::move(message));
    record.service = own(std::move(service));
    record.instance = own(std::move(instance));
    record.position.line = records.size() + 1;
    record.position.offset = records.size() * 100;
    return records.emplace_back(record);
  }
};

LogDigest digest_of(const Log& log, const PeriodClock& clock = kClock) {
  LogDigester digester(clock);
  digester.add(0, log.records);
  return digester.finish();
}

const TemplateActivity* find(const LogDigest& digest, std::string_view pattern, std::string_view instance = "") {
  for (const TemplateActivity& row : digest.activities) {
    if (digest.templates.templates[row.template_id].pattern == pattern && row.instance == instance) return &row;
  }
  return nullptr;
}

constexpr std::size_t at(Period period) { return static_cast<std::size_t>(period); }

TEST(LogDigester, counts_by_period_bucket_and_instance) {
  Log log;
  for (int i = 0; i < 20; ++i) log.add(kStart + seconds(30 * i), "took " + std::to_string(i) + " ms", "shop", "a");
  for (int i = 0; i < 40; ++i) {
    log.add(kStart + seconds(600 + 15 * i), "took " + std::to_string(i) + " ms", "shop", i % 4 == 0 ? "a" : "b");
  }
  log.add(kStart + seconds(5000), "took 1 ms", "shop", "b");
  const LogDigest digest = digest_of(log);
  const TemplateActivity* all = find(digest, "took <*> ms");
  ASSERT_NE(all, nullptr);
  EXPECT_EQ(all->counts[at(Period::kBaseline)], 20U);
  EXPECT_EQ(all->counts[at(Period::kWindow)], 40U);
  EXPECT_EQ(all->counts[at(Period::kOther)], 1U);
  EXPECT_EQ(all->window_buckets.size(), PeriodClock::kBuckets);
  EXPECT_EQ(all->window_buckets[0], 1U);
  EXPECT_EQ(all->first_in_window, kStart + seconds(600));
  EXPECT_EQ(all->last_in_window, kStart + seconds(1185));
  ASSERT_EQ(all->window_samples.size(), 3U);
  EXPECT_EQ(all->window_samples[1].text, "took 1 ms");
  ASSERT_EQ(all->baseline_samples.size(), 1U);
  const TemplateActivity* b = find(digest, "took <*> ms", "b");
  ASSERT_NE(b, nullptr);
  EXPECT_EQ(b->counts[at(Period::kWindow)], 30U);
  EXPECT_EQ(digest.records[at(Period::kWindow)], 40U);
}

TEST(LogDigester, a_record_that_stands_for_many_counts_as_many) {
  Log log;
  log.add(kStart + seconds(10), "took 1 ms").occurrences = 30;
  LogRecord& many = log.add(kStart + seconds(700), "IOException: took 2 ms");
  many.occurrences = 5'000'000'000;
  many.severity = Severity::kError;
  log.add(kStart + seconds(701), "IOException: took 3 ms").severity = Severity::kInfo;
  log.add(kNoTime, "took 9 ms").occurrences = 4;
  const LogDigest digest = digest_of(log);
  const TemplateActivity* took = find(digest, "took <*> ms");
  ASSERT_NE(took, nullptr);
  EXPECT_EQ(took->counts[at(Period::kBaseline)], 30U);
  const TemplateActivity* failed = find(digest, "IOException: took <*> ms");
  ASSERT_NE(failed, nullptr);
  EXPECT_EQ(failed->counts[at(Period::kWindow)], 5'000'000'001U);
  EXPECT_EQ(failed->severity, Severity::kError);
  EXPECT_EQ(failed->window_buckets[10], ~std::uint32_t{0}) << "buckets saturate";
  EXPECT_EQ(failed->window_samples.size(), 2U);
  EXPECT_EQ(digest.templates.templates[failed->template_id].count, 5'000'000'001U);
  ASSERT_EQ(digest.exceptions.size(), 1U);
  EXPECT_EQ(digest.exceptions[0].counts[at(Period::kWindow)], 5'000'000'001U);
  EXPECT_EQ(digest.records[at(Period::kWindow)], 5'000'000'005U);
  EXPECT_EQ(digest.undated_records, 4U);
}

TEST(LogDigester, one_instance_has_no_row_of_its_own) {
  Log log;
  log.add(kStart, "hello", "shop", "only");
  EXPECT_EQ(digest_of(log).activities.size(), 1U);
}

TEST(LogDigester, undated_records_count_in_the_window) {
  Log log;
  log.add(kNoTime, "started");
  const LogDigest digest = digest_of(log);
  EXPECT_EQ(digest.undated_records, 1U);
  EXPECT_EQ(digest.activities[0].counts[at(Period::kWindow)], 1U);
  EXPECT_EQ(digest.activities[0].first_in_window, kNoTime);
  EXPECT_EQ(digest.activities[0].window_samples.size(), 1U);
}

TEST(LogDigester, severity_is_the_most_frequent_stated_one) {
  Log log;
  log.add(kStart, "disk slow");
  log.add(kStart, "disk slow");
  log.add(kStart, "disk slow").severity = Severity::kWarn;
  EXPECT_EQ(digest_of(log).activities[0].severity, Severity::kWarn);
}

TEST(LogDigester, severity_is_that_of_the_window_where_it_differs) {
  Log log;
  for (int i = 0; i < 9; ++i) log.add(kStart + seconds(i), "POST /orders 500").severity = Severity::kError;
  log.add(kStart + seconds(700), "POST /orders 500").severity = Severity::kInfo;
  EXPECT_EQ(digest_of(log).activities[0].severity, Severity::kInfo);
}

TEST(LogDigester, tells_parameters_that_moved) {
  Log log;
  for (int i = 0; i < 300; ++i) {
    log.add(kStart + seconds(i), "call to db-1.internal:5432 took " + std::to_string(10 + i % 9) + "ms status 200");
  }
  for (int i = 0; i < 300; ++i) {
    log.add(kStart + seconds(600 + i), "call to db-" + std::to_string(1 + i % 2) + ".internal:5432 took " +
                                           std::to_string(500 + i % 90) + "ms status " + (i % 3 == 0 ? "200" : "504"));
  }
  const LogDigest digest = digest_of(log);
  ASSERT_EQ(digest.activities.size(), 1U);
  const auto& shifts = digest.activities[0].shifts;
  ASSERT_EQ(shifts.size(), 3U);
  const auto by_slot = [&](std::size_t slot) {
    return *std::find_if(shifts.begin(), shifts.end(), [&](const ParameterShift& s) { return s.slot == slot; });
  };
  EXPECT_EQ(by_slot(0).kind, ParameterShift::Kind::kHost);
  EXPECT_EQ(by_slot(0).value, "db-2.internal:5432");
  EXPECT_NEAR(by_slot(0).window, 0.5, 0.1);
  EXPECT_EQ(by_slot(1).kind, ParameterShift::Kind::kDuration);
  EXPECT_NEAR(by_slot(1).baseline, 0.014, 0.002);
  EXPECT_EQ(by_slot(2).kind, ParameterShift::Kind::kStatusCode);
  EXPECT_EQ(by_slot(2).value, "504");
}

TEST(LogDigester, words_that_became_variables_shift_too) {
  Log log;
  const char* users[] = {"bob", "eve", "dan", "amy", "joe", "kim"};
  for (int i = 0; i < 120; ++i) log.add(kStart + seconds(i), std::string("login of user ") + users[i % 6] + " failed");
  for (int i = 0; i < 120; ++i) log.add(kStart + seconds(600 + i), "login of user bob failed");
  const LogDigest digest = digest_of(log);
  ASSERT_EQ(digest.activities.size(), 1U);
  ASSERT_EQ(digest.activities[0].shifts.size(), 1U);
  EXPECT_EQ(digest.activities[0].shifts[0].value, "bob");
}

TEST(LogDigester, finds_exceptions_with_their_root) {
  Log log;
  for (int i = 0; i < 3; ++i) {
    log.add(
        kStart + seconds(700 + i),
        "request 7 failed\na.OuterException: x\n\tat a.B.c(B.java:1)\nCaused by: java.net.ConnectException: refused by "
        "10.0.0." +
            std::to_string(i) + ":5432\n\tat n.S.connect(S.java:2)");
  }
  log.add(kStart + seconds(1), "closing due to java.io.IOException: gone");
  log.add(kStart + seconds(2), "plain words").exception_type = "ValueError";
  log.add(kStart + seconds(3), "nothing wrong\nwith two lines");
  const LogDigest digest = digest_of(log);
  ASSERT_EQ(digest.exceptions.size(), 3U);
  EXPECT_EQ(digest.exceptions[0].type, "ValueError");
  EXPECT_EQ(digest.exceptions[0].root_message, "plain words");
  const ExceptionActivity& chain = digest.exceptions[1];
  EXPECT_EQ(chain.type, "a.OuterException");
  EXPECT_EQ(chain.root_type, "java.net.ConnectException");
  EXPECT_EQ(chain.root_message, "refused by <*>");
  EXPECT_EQ(chain.root_frame, "n.S.connect(S.java:2)");
  EXPECT_EQ(chain.counts[at(Period::kWindow)], 3U);
  EXPECT_EQ(chain.window_samples.size(), 2U);
  EXPECT_EQ(digest.exceptions[2].root_message, "gone");
}

TEST(LogDigester, keeps_the_events_of_traces) {
  Log log;
  for (int i = 0; i < 6; ++i) {
    LogRecord& record = log.add(kStart + seconds(10 - i), i % 2 == 0 ? "start" : "end", i < 3 ? "b" : "a");
    record.trace_id = log.own("t" + std::to_string(i % 2));
    record.logger = log.own("L" + std::to_string(i % 3));
  }
  log.add(kStart, "untraced");
  const LogDigest digest = digest_of(log);
  ASSERT_EQ(digest.events.size(), 6U);
  for (std::size_t i = 0; i < 6; ++i) {
    const TracedLogEvent& event = digest.events[i];
    if (i > 0 && event.trace == digest.events[i - 1].trace) {
      EXPECT_GE(event.time, digest.events[i - 1].time);
    }
    ASSERT_LT(event.shape, digest.templates.template_of_shape.size());
    ASSERT_LT(event.logger, digest.loggers.size());
  }
  EXPECT_THAT(digest.services, testing::ElementsAre("a", "b", "shop"));
  EXPECT_THAT(digest.loggers, testing::ElementsAre("", "L0", "L1", "L2"));
  EXPECT_EQ(digest.events_dropped, 0U);
}

TEST(TracedEvents, gives_up_whole_traces_beyond_the_limit) {
  const auto fill = [](TracedEvents& events, std::uint64_t first, std::uint64_t last) {
    for (std::uint64_t i = first; i < last; ++i) {
      TracedLogEvent event;
      event.trace = (i % 97) * 0x02a50a2845014514U;
      event.position.offset = i;
      events.add(event);
    }
  };
  TracedEvents whole(1000);
  fill(whole, 0, 5000);
  EXPECT_GT(whole.dropped(), 3900U);
  TracedEvents left(1000);
  TracedEvents right(1000);
  fill(left, 0, 1700);
  fill(right, 1700, 5000);
  const EventNumbers numbers{{0}, {0}, {0}};
  left.merge(std::move(right), numbers);
  EXPECT_EQ(left.dropped(), whole.dropped());
  const auto a = left.take(numbers);
  const auto b = whole.take(numbers);
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_EQ(a[i].position.offset, b[i].position.offset);
}

std::string dump(const LogDigest& digest) {
  std::ostringstream out;
  const auto samples = [&](const std::vector<LogSample>& list) {
    for (const LogSample& s : list) out << " {" << s.file << ' ' << s.position.offset << ' ' << s.text << '}';
  };
  for (const LogTemplate& t : digest.templates.templates) out << t.id << ' ' << t.pattern << ' ' << t.count << '\n';
  for (const TemplateId t : digest.templates.template_of_shape) out << t << ' ';
  for (const TemplateActivity& row : digest.activities) {
    out << '\n' << row.template_id << '|' << row.service << '|' << row.instance << '|' << int(row.severity);
    for (const auto n : row.counts) out << ' ' << n;
    for (const auto n : row.window_buckets) out << ' ' << n;
    for (const auto n : row.baseline_buckets) out << ' ' << n;
    out << to_unix_nanos(row.first_in_window) << ' ' << to_unix_nanos(row.last_in_window);
    samples(row.window_samples);
    samples(row.baseline_samples);
    for (const ParameterShift& s : row.shifts) {
      out << " (" << s.slot << ' ' << int(s.kind) << ' ' << s.value << ' ' << s.baseline << ' ' << s.window << ' '
          << s.strength << ')';
    }
  }
  for (const ExceptionActivity& e : digest.exceptions) {
    out << '\n' << e.service << '|' << e.type << '|' << e.root_type << '|' << e.root_message << '|' << e.root_frame;
    for (const auto n : e.counts) out << ' ' << n;
    samples(e.window_samples);
  }
  for (const TracedLogEvent& e : digest.events) {
    out << '\n'
        << e.trace << ' ' << e.span << ' ' << to_unix_nanos(e.time) << ' ' << e.shape << ' ' << e.service << ' '
        << e.logger << ' ' << e.file << ' ' << e.position.offset << ' ' << int(e.period);
  }
  out << '\n' << digest.events_dropped << ' ' << digest.undated_records;
  for (const auto n : digest.records) out << ' ' << n;
  return out.str();
}

TEST(LogDigester, result_depends_neither_on_order_nor_on_the_number_of_digesters) {
  Log log;
  std::mt19937 random(17);
  const char* names[] = {"bob", "eve", "mallory", "trent", "carol", "dave", "peggy"};
  for (int i = 0; i < 6000; ++i) {
    const TimePoint time = random() % 50 == 0 ? kNoTime : kStart + milliseconds(random() % 1'300'000);
    const std::string n = std::to_string(random() % 500);
    const std::string name = names[random() % 7];
    std::string message;
    switch (random() % 5) {
      case 0:
        message = "user " + name + " took " + n + "ms";
        break;
      case 1:
        message = "java.io.IOException: " + n + "\n\tat a.B.c" + n + "(B.java:1)";
        break;
      case 2:
        message = "ids [" + n + ", " + n + "] of " + name;
        break;
      case 3:
        message = "mode=m" + std::to_string(random() % 2) + " " + name + " status " + n;
        break;
      default:
        message = name + " left";
        break;
    }
    LogRecord& record = log.add(time, message, std::string("s") + name[0], "i" + std::to_string(random() % 3));
    record.severity = static_cast<Severity>(random() % 7);
    record.position.offset /= 3 * 100;  // Several records share a place.
    record.position.line = 1;
    record.trace_id = log.own("t" + std::to_string(random() % 100));
    record.logger = log.own("l" + n.substr(0, 1));
  }
  const std::string expected = dump(digest_of(log));
  for (const std::size_t parts : {2U, 3U, 7U}) {
    std::vector<LogDigester> digesters;
    for (std::size_t p = 0; p < parts; ++p) digesters.emplace_back(kClock);
    const std::size_t each = log.records.size() / parts + 1;
    for (std::size_t p = 0; p < parts; ++p) {
      const std::size_t begin = p * each;
      const std::size_t count = std::min(each, log.records.size() - begin);
      digesters[p].add(0, std::span(log.records).subspan(begin, count));
    }
    for (std::size_t p = 1; p < parts; ++p) digesters[0].merge(std::move(digesters[p]));
    EXPECT_EQ(dump(digesters[0].finish()), expected) << parts;
  }
  std::shuffle(log.records.begin(), log.records.end(), random);
  EXPECT_EQ(dump(digest_of(log)), expected);
}

TEST(LogDigester, empty_ranges_put_all_dated_records_into_other) {
  Log log;
  log.add(kStart, "hello");
  const LogDigest digest = digest_of(log, PeriodClock{});
  EXPECT_EQ(digest.records[at(Period::kOther)], 1U);
  EXPECT_EQ(LogDigester(PeriodClock{}).finish().activities.size(), 0U);
}

}  // namespace
}  // namespace fa
