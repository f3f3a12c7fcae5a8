#include "analysis/flow/flow_break.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <functional>
#include <random>

#include "analysis/traces/trace_test_spans.h"

namespace fa {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::kBaseline;
using test::kClock;
using test::kWindow;
using test::Spans;

constexpr int kRequests = 40;  // per period

/// Log records of requests, with the texts they view.
struct Log {
  std::deque<std::string> texts;
  std::vector<LogRecord> records;
  std::string_view own(std::string text) { return texts.emplace_back(std::move(text)); }
  LogRecord& add(std::string trace, std::string span, std::string service, TimePoint at, std::string message) {
    LogRecord r;
    r.trace_id = own(std::move(trace));
    r.span_id = own(std::move(span));
    r.service = own(std::move(service));
    r.time = at;
    r.severity = Severity::kInfo;
    r.message = own(std::move(message));
    r.position.offset = records.size() * 100;
    r.position.line = records.size() + 1;
    return records.emplace_back(r);
  }
};

/// What cart does in one request, statement by statement; "!" marks one that is logged as an error.
using Steps = std::vector<std::string>;
using Course = std::function<Steps(int)>;

const Steps kUsual{"begin checkout", "price computed", "stock reserved", "checkout done"};
Steps usual(int) { return kUsual; }

struct Study {
  Log log;
  Spans spans;
  std::vector<Finding> run() const {
    LogDigester logs(kClock);
    logs.add(0, log.records);
    return find_flow_breaks(logs.finish(), spans.digest());
  }
};

void add_request(Study& study, int number, TimePoint at, const Steps& steps, bool spans) {
  const std::string trace = "trace-" + std::to_string(number);
  if (spans) study.spans.add(trace, "root", "", "cart", "POST /checkout", at, milliseconds(100));
  int n = 0;
  for (const std::string& step : steps) {
    const bool failure = step.starts_with("!");
    LogRecord& r = study.log.add(trace, spans ? "root" : "", "cart", at + milliseconds(10 * ++n), step.substr(failure));
    if (failure) r.severity = Severity::kError;
  }
}

Study study_of(const Course& baseline, const Course& window, bool spans = true) {
  Study study;
  for (int i = 0; i < kRequests; ++i) {
    if (baseline) add_request(study, i, kBaseline + seconds(14 * i), baseline(i), spans);
    if (window) add_request(study, 1000 + i, kWindow + seconds(14 * i), window(i), spans);
  }
  return study;
}

std::vector<Finding> breaks(const Course& baseline, const Course& window, bool spans = true) {
  return study_of(baseline, window, spans).run();
}

const Finding* find(const std::vector<Finding>& findings, FindingKind kind, std::string_view from) {
  for (const Finding& f : findings) {
    const std::string& at = kind == FindingKind::kStepMissing ? f.location.to : f.location.from;
    if (f.kind == kind && at == from) return &f;
  }
  return nullptr;
}

double strongest_effect(const std::vector<Finding>& findings) {
  double most = 0;
  for (const Finding& f : findings) most = std::max(most, f.effect);
  return most;
}

TEST(FlowBreak, finds_where_work_is_cut_short_though_nothing_is_logged_as_an_error) {
  const auto cut = [](int i) { return i % 2 == 0 ? Steps{"begin checkout", "price computed"} : kUsual; };
  for (const bool spans : {true, false}) {
    const auto findings = breaks(usual, cut, spans);
    const Finding* f = find(findings, FindingKind::kFlowBreak, "price computed");
    ASSERT_NE(f, nullptr) << spans;
    EXPECT_EQ(f->subject.service, "cart");
    EXPECT_EQ(f->location.to, "stock reserved");
    EXPECT_EQ(f->label, "");
    EXPECT_DOUBLE_EQ(f->baseline, 1);
    EXPECT_DOUBLE_EQ(f->window, 0.5);
    EXPECT_DOUBLE_EQ(f->excess, kRequests / 2);
    EXPECT_EQ(f->onset, kWindow + milliseconds(20));
    const Finding* missing = find(findings, FindingKind::kStepMissing, "stock reserved");
    ASSERT_NE(missing, nullptr) << spans;
    EXPECT_DOUBLE_EQ(missing->window, 0.5);
    EXPECT_EQ(missing->location.from, "price computed");
  }
}

TEST(FlowBreak, an_error_logged_instead_is_named_and_counts_fully) {
  const auto findings = breaks(usual, [](int) {
    return Steps{"begin checkout", "price computed", "!stock service refused"};
  });
  const Finding* f = find(findings, FindingKind::kFlowBreak, "price computed");
  ASSERT_NE(f, nullptr);
  EXPECT_EQ(f->label, "stock service refused");
  EXPECT_EQ(f->severity, Severity::kError);
  EXPECT_DOUBLE_EQ(f->effect, 1);
}

TEST(FlowBreak, another_branch_weighs_less_than_work_cut_short) {
  const auto other = breaks(usual, [](int) {
    return Steps{"begin checkout", "price computed", "stock taken from the depot", "checkout done"};
  });
  const auto cut = breaks(usual, [](int) { return Steps{"begin checkout", "price computed"}; });
  ASSERT_NE(find(other, FindingKind::kFlowBreak, "price computed"), nullptr);
  EXPECT_LT(find(other, FindingKind::kFlowBreak, "price computed")->effect,
            find(cut, FindingKind::kFlowBreak, "price computed")->effect);
}

TEST(FlowBreak, a_branch_known_before_weighs_less_than_a_new_one) {
  const Steps depot{"begin checkout", "price computed", "stock taken from the depot", "checkout done"};
  const Course seldom = [&](int i) { return i % 8 == 0 ? depot : kUsual; };
  const Course often = [&](int i) { return i % 8 == 0 ? kUsual : depot; };
  const double known = find(breaks(seldom, often), FindingKind::kFlowBreak, "price computed")->effect;
  const double fresh = find(breaks(usual, often), FindingKind::kFlowBreak, "price computed")->effect;
  EXPECT_LT(known, 0.6 * fresh);
}

TEST(FlowBreak, tells_an_exception_from_a_decision) {
  struct Case {
    const char* name;
    Course window;
    Mechanism expected;
  };
  const Case cases[] = {
      {"straight-line code stops",
       [](int) {
         return Steps{"begin checkout", "price computed"};
       },
       Mechanism::kCodeException},
      {"it goes on at a later step",
       [](int) {
         return Steps{"begin checkout", "price computed", "checkout done"};
       },
       Mechanism::kCodeException},
      {"another branch",
       [](int) {
         return Steps{"begin checkout", "price computed", "taken from the depot"};
       },
       Mechanism::kWrongResult},
      {"a refusal",
       [](int) {
         return Steps{"begin checkout", "price computed", "!no such item"};
       },
       Mechanism::kWrongResult},
      {"an exception that is logged",
       [](int) {
         return Steps{"begin checkout", "price computed", "!exception in x"};
       },
       Mechanism::kCodeException},
      {"words that name it",
       [](int) {
         return Steps{"begin checkout", "price computed", "!connection refused"};
       },
       Mechanism::kDependencyError},
  };
  for (const Case& c : cases) {
    const auto findings = breaks(usual, c.window);
    const Finding* f = find(findings, FindingKind::kFlowBreak, "price computed");
    ASSERT_NE(f, nullptr) << c.name;
    EXPECT_EQ(mechanism_name(f->hint), mechanism_name(c.expected)) << c.name;
  }
  const Course mixed = [](int i) { return i % 2 == 0 ? kUsual : Steps{"begin checkout", "price computed"}; };
  const auto findings = breaks(mixed, [](int) { return Steps{"begin checkout", "price computed"}; });
  EXPECT_EQ(find(findings, FindingKind::kFlowBreak, "price computed")->hint, Mechanism::kWrongResult)
      << "something always decided about the step";
}

TEST(FlowBreak, a_failure_that_the_system_always_writes_somewhere_is_no_news) {
  const Course refused = [](int) { return Steps{"begin checkout", "price computed", "!no instances"}; };
  const auto effect = [&](bool familiar) {
    Study study = study_of(usual, refused);
    for (int i = 0; i < 3 * kRequests; ++i) {
      const bool window = i % 2 == 1;
      const TimePoint at = (window ? kWindow : kBaseline) + seconds(5 * i);
      LogRecord& r =
          study.log.add("other-" + std::to_string(i), "", "users", at, familiar ? "no instances" : "something else");
      if (familiar) r.severity = Severity::kError;
    }
    return find(study.run(), FindingKind::kFlowBreak, "price computed")->effect;
  };
  EXPECT_LT(effect(true), 0.7 * effect(false));
}

TEST(FlowBreak, callers_that_stop_after_the_same_answer_accuse_it) {
  const auto study = [](bool second_caller_stops) {
    Spans spans;
    for (int i = 0; i < 2 * kRequests; ++i) {
      const bool window = i >= kRequests;
      const TimePoint at = (window ? kWindow : kBaseline) + seconds(14 * (i % kRequests));
      for (const std::string caller : {"web", "mobile"}) {
        const std::string t = caller + std::to_string(i);
        const bool stops = window && (caller == "web" || second_caller_stops);
        spans.add(t, "a", "", caller, "GET /cart", at, milliseconds(100));
        spans.add(t, "b", "a", "prices", "Quote", at + milliseconds(10), milliseconds(20));
        if (!stops) spans.add(t, "c", "a", "stock", "List", at + milliseconds(40), milliseconds(20));
      }
    }
    return find_flow_breaks(LogDigester(kClock).finish(), spans.digest());
  };
  const auto accused = [](const std::vector<Finding>& findings) {
    double effect = 0;
    for (const Finding& f : findings) {
      if (f.kind == FindingKind::kFlowBreak && f.subject.service == "prices") effect = std::max(effect, f.effect);
    }
    return effect;
  };
  EXPECT_DOUBLE_EQ(accused(study(true)), 0.75);
  EXPECT_DOUBLE_EQ(accused(study(false)), 0.25) << "the other caller went on: it may be the first one's own fault";
}

TEST(FlowBreak, says_nothing_where_nothing_is_new) {
  const Course mixed = [](int i) {
    return i % 3 == 0 ? Steps{"begin checkout", "cart is empty"}
                      : Steps{"begin checkout", "price computed", "stock reserved", "checkout done"};
  };
  struct Case {
    const char* name;
    Course baseline;
    Course window;
  };
  const Case cases[] = {
      {"equal periods", usual, usual},
      {"the same mix of branches", mixed, mixed},
      {"no baseline", nullptr, [](int) { return Steps{"begin checkout"}; }},
      {"no window", usual, nullptr},
      {"one odd request", usual, [](int i) { return i == 7 ? Steps{"begin checkout"} : kUsual; }},
      {"too few to compare", [](int i) { return i < 2 ? kUsual : Steps{}; },
       [](int i) { return i < 2 ? Steps{"begin checkout"} : Steps{}; }},
  };
  for (const Case& c : cases) {
    for (const Finding& f : breaks(c.baseline, c.window, false)) ADD_FAILURE() << c.name << ": " << f.key;
  }
}

TEST(FlowBreak, a_recovery_is_no_break) {
  const Course failing = [](int i) {
    return i % 2 == 0 ? Steps{"begin checkout", "price computed", "!stock service refused", "gave up"} : kUsual;
  };
  const auto recovered = breaks(failing, usual);
  const auto failed = breaks(usual, failing);
  EXPECT_EQ(find(recovered, FindingKind::kFlowBreak, "price computed"), nullptr);
  EXPECT_EQ(find(recovered, FindingKind::kStepMissing, "stock service refused"), nullptr);
  EXPECT_LT(strongest_effect(recovered), strongest_effect(failed) / 2);
}

TEST(FlowBreak, spans_alone_show_a_missing_call) {
  Spans spans;
  for (int i = 0; i < 2 * kRequests; ++i) {
    const bool window = i >= kRequests;
    const TimePoint at = (window ? kWindow : kBaseline) + seconds(14 * (i % kRequests));
    const std::string t = std::to_string(i);
    spans.add(t, "a", "", "web", "GET /cart", at, milliseconds(100));
    spans.add(t, "b", "a", "cart", "Get", at + milliseconds(10), milliseconds(20));
    if (!window || i % 2 == 0) spans.add(t, "c", "a", "stock", "List", at + milliseconds(40), milliseconds(20));
  }
  const auto findings = find_flow_breaks(LogDigester(kClock).finish(), spans.digest());
  const Finding* f = find(findings, FindingKind::kFlowBreak, "cart: Get");
  ASSERT_NE(f, nullptr);
  EXPECT_EQ(f->subject.service, "web");
  EXPECT_EQ(f->location.to, "stock: List");
  EXPECT_EQ(f->evidence, EvidenceKind::kTrace);
}

TEST(FlowBreak, requests_that_end_well_were_not_left_by_an_exception) {
  const auto mechanism_of = [](int status) {
    Spans spans;
    for (int i = 0; i < 2 * kRequests; ++i) {
      const bool window = i >= kRequests;
      const TimePoint at = (window ? kWindow : kBaseline) + seconds(14 * (i % kRequests));
      const std::string t = std::to_string(i);
      spans.add(t, "a", "", "web", "POST /orders", at, milliseconds(100)).http_status = status;
      if (!window) spans.add(t, "b", "a", "payments", "Charge", at + milliseconds(10), milliseconds(20));
      spans.add(t, "c", "a", "web", "INSERT", at + milliseconds(40), milliseconds(20));
    }
    const auto findings = find_flow_breaks(LogDigester(kClock).finish(), spans.digest());
    const Finding* f = find(findings, FindingKind::kStepMissing, "payments: Charge");
    return f == nullptr ? Mechanism::kUnknown : f->hint;
  };
  EXPECT_EQ(mechanism_of(201), Mechanism::kWrongResult);
  EXPECT_EQ(mechanism_of(500), Mechanism::kCodeException);
  EXPECT_EQ(mechanism_of(0), Mechanism::kCodeException);
}

TEST(FlowBreak, statements_with_a_line_are_told_by_their_line) {
  Study study;
  for (int i = 0; i < 2 * kRequests; ++i) {
    const bool window = i >= kRequests;
    const TimePoint at = (window ? kWindow : kBaseline) + seconds(14 * (i % kRequests));
    const std::string t = std::to_string(i);
    study.log.add(t, "", "cart", at, "value is " + std::string(i % 2 == 0 ? "red" : "a very long list of colours"))
        .logger = "shop.Cart#42";
    if (!window) study.log.add(t, "", "cart", at + milliseconds(1), "stored").logger = "shop.Cart#50";
  }
  const auto findings = study.run();
  const auto breaks_at_42 = std::count_if(findings.begin(), findings.end(), [](const Finding& f) {
    return f.kind == FindingKind::kFlowBreak && f.subject.component == "shop.Cart#42";
  });
  EXPECT_EQ(breaks_at_42, 1);
}

TEST(FlowBreak, the_order_of_reading_does_not_matter) {
  const Study study = study_of(usual, [](int i) { return i % 2 == 0 ? Steps{"begin checkout", "!boom"} : kUsual; });
  const auto print = [](const std::vector<Finding>& findings) {
    std::string out;
    for (const Finding& f : findings) {
      out += std::to_string(static_cast<int>(f.kind)) + f.key + "|" + f.label + "|" + f.location.to + "|" +
             std::to_string(f.strength) + "|" + std::to_string(f.effect) + "|" + format_rfc3339(f.onset) + "\n";
    }
    return out;
  };
  const std::string expected = print(study.run());
  EXPECT_FALSE(expected.empty());
  std::mt19937 random(11);
  for (int round = 0; round < 3; ++round) {
    std::vector<LogRecord> logs = study.log.records;
    std::vector<SpanRecord> spans = study.spans.records();
    std::shuffle(logs.begin(), logs.end(), random);
    std::shuffle(spans.begin(), spans.end(), random);
    LogDigester log_digester(kClock);
    log_digester.add(0, logs);
    TraceDigester trace_digester(kClock);
    trace_digester.add(0, spans);
    EXPECT_EQ(print(find_flow_breaks(log_digester.finish(), trace_digester.finish())), expected);
  }
}

TEST(FlowBreak, survives_hostile_requests) {
  Study study;
  for (int i = 0; i < 60; ++i) {
    const TimePoint at = (i % 2 == 0 ? kBaseline : kWindow) + seconds(i);
    const std::string t = std::to_string(i % 7);
    study.spans.add(t, "a", "b", "cart", "one", at, -seconds(1));
    study.spans.add(t, "b", "a", "", "", at, seconds(0));
    for (int depth = 0; depth < 70; ++depth) {
      study.spans.add(t, "d" + std::to_string(depth), "d" + std::to_string(depth - 1), "web", "deep", at, seconds(1));
    }
    study.log.add(t, "a", "cart", kNoTime, "");
    study.log.add(t, "no such span", "", at, std::string("\xff\0\x80", 3));
    study.log.add("", "", "cart", at, "untraced");
  }
  for (const Finding& f : study.run()) {
    EXPECT_TRUE(std::isfinite(f.strength) && f.effect >= 0 && f.effect <= 1) << f.key;
  }
  EXPECT_TRUE(find_flow_breaks(LogDigester(kClock).finish(), TraceDigester(kClock).finish()).empty());
}

}  // namespace
}  // namespace fa
