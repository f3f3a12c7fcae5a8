#include "chatops/work.h"

#include <gmock/gmock.h>

#include "chatops/flow_test_rig.h"
#include "chatops/flow_texts.h"
#include "chatops/job_payloads.h"

namespace fa::chatops {
namespace {

using testing::HasSubstr;
using testing::Not;

class WorkTest : public FlowTest {
 protected:
  static AnalysisOrder order() {
    AnalysisOrder o;
    o.place = {"T1", "C1", "100.1"};
    o.user = "U1";
    o.input = {"orders answers 503", {kNow - std::chrono::minutes(30), kNow}};
    o.alarm = {"arn:aws:cloudwatch:us-east-1:1:alarm:x", "orders", "5XX", "Sum"};
    o.form_ts = "100.2";
    return o;
  }
  void submit(const AnalysisOrder& o, const std::string& key = "k") {
    const NewJob job = acknowledge_job(key, o);
    run = job.id.substr(4);
    ASSERT_TRUE(jobs->accept({key}, {job}, clock.now()));
  }
  [[nodiscard]] JobState state_of(const std::string& id) const {
    const auto job = jobs->job(id);
    EXPECT_TRUE(job) << id;
    return job ? job->state : JobState::kQueued;
  }
  [[nodiscard]] std::string all_posted() const {
    std::string all;
    for (const auto& sent : slack.posted()) all += sent.message.text + "\n" + sent.message.blocks + "\n";
    return all;
  }
  std::string run;
};

TEST_F(WorkTest, an_analysis_is_acknowledged_reported_and_attached) {
  submit(order());
  do_all();
  EXPECT_EQ(state_of(run), JobState::kDone);
  EXPECT_EQ(investigator.collected, 1);
  EXPECT_EQ(investigator.analysed, 1);
  EXPECT_EQ(investigator.last.id, run);
  EXPECT_EQ(investigator.last.description, "orders answers 503");
  EXPECT_EQ(investigator.last.alarm_arn, order().alarm.arn);
  ASSERT_TRUE(investigator.last.alarm);
  EXPECT_EQ(investigator.last.alarm->metric, "5XX");
  const auto posted = slack.posted();
  ASSERT_GE(posted.size(), 2U);
  EXPECT_EQ(posted[0].message.delivery_id, "ack-" + run + "/progress");
  for (const auto& sent : posted) {
    EXPECT_EQ(sent.message.channel, "C1");
    EXPECT_EQ(sent.message.thread_ts, "100.1");
  }
  const auto files = slack.files();
  ASSERT_EQ(files.size(), 3U);
  EXPECT_EQ(files[0].name, "fa2-" + run + "-diagram.png");
  EXPECT_EQ(files[0].alt_text, "checkout calls orders-db");
  EXPECT_THAT(files[1].bytes, HasSubstr("%PDF"));
  EXPECT_THAT(files[2].bytes, HasSubstr("<html>UTC"));
  for (const auto& file : files) EXPECT_EQ(file.thread_ts, "100.1");
  // A picture that cannot be made is no failure.
  EXPECT_THAT(logged, HasSubstr("charts.png: no font"));
  // The form is closed first, and the progress message says at the end that it is done.
  const auto updates = slack.updates();
  ASSERT_GE(updates.size(), 2U);
  EXPECT_EQ(updates.front().first.ts, "100.2");
  EXPECT_EQ(updates.back().first.ts, posted[0].ts);
}

TEST_F(WorkTest, without_a_thread_the_acknowledgement_begins_one) {
  AnalysisOrder o = order();
  o.place.thread_ts.clear();
  o.form_ts.clear();
  submit(o);
  do_all();
  const auto posted = slack.posted();
  ASSERT_GE(posted.size(), 2U);
  EXPECT_EQ(posted[0].message.thread_ts, "");
  EXPECT_EQ(posted[1].message.thread_ts, posted[0].ts);
  const auto in_thread = jobs->latest_in_thread("C1:" + posted[0].ts, std::string(kAnalyseJob));
  ASSERT_TRUE(in_thread && *in_thread);
  EXPECT_EQ((*in_thread)->id, run);
}

TEST_F(WorkTest, where_the_app_is_no_member_the_person_gets_the_answer) {
  AnalysisOrder o = order();
  o.place.thread_ts.clear();
  o.form_ts.clear();
  slack.fail_next("chat.postMessage", {{ErrorCode::kDenied, "invite me", "not_in_channel"}, false});
  submit(o);
  do_all();
  EXPECT_EQ(state_of(run), JobState::kDone);
  for (const auto& sent : slack.posted()) EXPECT_EQ(sent.message.channel, "U1");
  EXPECT_THAT(all_posted(), HasSubstr("not a member"));
}

TEST_F(WorkTest, a_failed_analysis_offers_the_form_again_with_what_was_typed) {
  investigator.collect_error = Error{ErrorCode::kDenied, "No credentials. Run aws sso login.", ""};
  submit(order());
  do_all();
  EXPECT_EQ(state_of(run), JobState::kFailed);
  EXPECT_EQ(investigator.analysed, 0);
  const auto posted = slack.posted();
  ASSERT_EQ(posted.size(), 2U);
  EXPECT_THAT(posted[1].message.blocks, HasSubstr("orders answers 503"));
  EXPECT_THAT(posted[1].message.blocks, HasSubstr("No credentials. Run aws sso login."));
  EXPECT_THAT(posted[1].message.blocks, HasSubstr(kAnalyseAction));
  EXPECT_THAT(slack.updates().back().second.blocks, HasSubstr("No credentials"));
  EXPECT_TRUE(slack.files().empty());
}

TEST_F(WorkTest, what_may_pass_is_tried_again_from_the_last_stage) {
  submit(order());
  ASSERT_TRUE(do_next(JobLane::kQuick));
  investigator.analyse_error = Error{ErrorCode::kUnavailable, "busy", ""};
  ASSERT_TRUE(do_next(JobLane::kAnalysis));
  EXPECT_EQ(last_end.kind, JobEnd::Kind::kAgain);
  investigator.analyse_error.reset();
  do_all();
  EXPECT_EQ(investigator.collected, 1);
  EXPECT_EQ(investigator.analysed, 2);
  EXPECT_EQ(state_of(run), JobState::kDone);
}

TEST_F(WorkTest, delivering_goes_on_where_it_stopped) {
  submit(order());
  ASSERT_TRUE(do_next(JobLane::kQuick));
  slack.fail_next("files.getUploadURLExternal", {{ErrorCode::kUnavailable, "down", ""}, false});
  ASSERT_TRUE(do_next(JobLane::kAnalysis));
  EXPECT_EQ(last_end.kind, JobEnd::Kind::kAgain);
  EXPECT_TRUE(last_end.delivering);
  const std::size_t before = slack.posted().size();
  do_all();
  EXPECT_EQ(slack.posted().size(), before);
  EXPECT_EQ(slack.files().size(), 3U);
  EXPECT_EQ(investigator.analysed, 1);
  EXPECT_EQ(renderer.rendered, 1);
}

TEST_F(WorkTest, never_an_error_after_an_answer) {
  submit(order());
  const Error refused{ErrorCode::kDenied, "The app lacks files:write.", "missing_scope"};
  for (int i = 0; i < 3; ++i) slack.fail_next("files.getUploadURLExternal", {refused, false});
  do_all();
  EXPECT_EQ(state_of(run), JobState::kDone);
  EXPECT_THAT(slack.posted().back().message.blocks, HasSubstr("The answer above is complete"));
  EXPECT_THAT(all_posted(), Not(HasSubstr("The analysis failed")));
}

TEST_F(WorkTest, a_report_that_slack_refuses_is_not_told_as_a_failed_analysis) {
  submit(order());
  ASSERT_TRUE(do_next(JobLane::kQuick));
  slack.fail_next("chat.postMessage", {{ErrorCode::kInvalidInput, "invalid_blocks", "invalid_blocks"}, false});
  ASSERT_TRUE(do_next(JobLane::kAnalysis));
  EXPECT_EQ(last_end.kind, JobEnd::Kind::kFailed);
  EXPECT_TRUE(last_end.next.empty());
}

TEST_F(WorkTest, an_analysis_that_is_interrupted_again_and_again_says_so) {
  submit(order());
  ASSERT_TRUE(do_next(JobLane::kQuick));
  for (int i = 0; i < 4; ++i) {
    ASSERT_TRUE(jobs->claim(JobLane::kAnalysis, "killed", std::chrono::minutes(2), clock.now()));
    ASSERT_TRUE(jobs->release_all());
  }
  const auto job = jobs->claim(JobLane::kAnalysis, "test", std::chrono::minutes(2), clock.now());
  ASSERT_TRUE(job && *job);
  const JobEnd end = work->interrupted(**job);
  EXPECT_EQ(end.kind, JobEnd::Kind::kFailed);
  ASSERT_EQ(end.next.size(), 1U);
  ASSERT_TRUE(jobs->give_up({(*job)->id, (*job)->fence}, end.error, end.next, clock.now()));
  do_all();
  EXPECT_THAT(slack.posted().back().message.blocks, HasSubstr("interrupted 4 times"));
}

TEST_F(WorkTest, an_alarm_gets_a_form_and_the_same_alarm_joins_it) {
  FormOffer offer;
  offer.place = {"T1", "C1", "7.1"};
  offer.alarm_key = "orders-5xx";
  offer.alarm_name = "orders-5xx";
  offer.input = order().input;
  for (int i = 0; i < 3; ++i) {
    offer.place.thread_ts = "7." + std::to_string(i);
    const std::string key = "m" + std::to_string(i);
    ASSERT_TRUE(jobs->accept({key}, {offer_form_job(key, offer)}, clock.now()));
    do_all();
    clock.advance(std::chrono::minutes(20));
  }
  const auto posted = slack.posted();
  ASSERT_EQ(posted.size(), 3U);
  EXPECT_THAT(posted[0].message.blocks, HasSubstr(kAnalyseAction));
  EXPECT_THAT(posted[1].message.blocks, Not(HasSubstr(kAnalyseAction)));
  EXPECT_THAT(posted[2].message.blocks, HasSubstr("number 3"));
  EXPECT_THAT(posted[2].message.blocks, HasSubstr("p" + posted[0].ts));
  clock.advance(std::chrono::hours(1));
  ASSERT_TRUE(jobs->accept({"later"}, {offer_form_job("later", offer)}, clock.now()));
  do_all();
  EXPECT_THAT(slack.posted().back().message.blocks, HasSubstr(kAnalyseAction));
}

TEST_F(WorkTest, an_alarm_from_elsewhere_is_announced_and_may_start_at_once) {
  FormOffer offer;
  offer.place = {"", "C9", ""};
  offer.alarm_key = "sns-alarm";
  offer.announce = true;
  offer.announcement = "orders-5xx is in ALARM <!channel>";
  offer.input = order().input;
  offer.start_at_once = true;
  ASSERT_TRUE(jobs->accept({"s"}, {offer_form_job("s", offer)}, clock.now()));
  do_all();
  const auto posted = slack.posted();
  ASSERT_GE(posted.size(), 3U);
  EXPECT_EQ(posted[0].message.thread_ts, "");
  EXPECT_THAT(posted[0].message.text, Not(HasSubstr("<!channel>")));
  EXPECT_EQ(posted[1].message.thread_ts, posted[0].ts);
  EXPECT_EQ(investigator.analysed, 1);
}

TEST_F(WorkTest, a_flapping_alarm_from_elsewhere_goes_on_in_its_thread) {
  FormOffer offer;
  offer.place = {"", "C9", ""};
  offer.alarm_key = "flaps";
  offer.announce = true;
  offer.announcement = "orders-5xx";
  offer.input = order().input;
  for (const char* key : {"f1", "f2", "f3"}) {
    ASSERT_TRUE(jobs->accept({key}, {offer_form_job(key, offer)}, clock.now()));
    do_all();
  }
  const auto posted = slack.posted();
  ASSERT_EQ(posted.size(), 4U);  // alarm, form, and two notes
  for (std::size_t i = 1; i < posted.size(); ++i) EXPECT_EQ(posted[i].message.thread_ts, posted[0].ts);
  EXPECT_THAT(posted[3].message.blocks, HasSubstr("number 3"));
}

TEST_F(WorkTest, whoever_presses_the_button_reads_their_own_language) {
  slack.add_user({"U1", "Asia/Tokyo", "ja-JP", false});
  submit(order());
  do_all();
  EXPECT_EQ(investigator.last.language, Language::kJapanese);
  EXPECT_THAT(slack.posted().front().message.blocks, HasSubstr("Asia/Tokyo"));
}

TEST_F(WorkTest, questions_are_about_the_thread_or_begin_an_analysis) {
  submit(order());
  do_all();
  const auto ask = [&](const std::string& key, const std::string& thread) {
    const NewJob job = answer_job(key, {{"T1", "C1", thread}, "U1", "", "was it the database?", Reader{}});
    EXPECT_TRUE(jobs->accept({key}, {job}, clock.now()));
    do_all();
    return slack.posted().back().message;
  };
  EXPECT_EQ(ask("q1", "100.1").thread_ts, "100.1");
  EXPECT_EQ(investigator.asked, "was it the database?");
  const slack::Message form = ask("q2", "999.9");
  EXPECT_THAT(form.blocks, HasSubstr(kAnalyseAction));
  EXPECT_THAT(form.blocks, HasSubstr("was it the database?"));
  investigator.answer_error = Error{ErrorCode::kNotFound, "No language model is configured.", "no model"};
  EXPECT_THAT(ask("q3", "100.1").blocks, HasSubstr("No language model is configured."));
}

TEST_F(WorkTest, decisions_are_kept_and_thanked_for_in_the_readers_language) {
  const auto decide = [&](const std::string& key, bool confirmed, const std::string& cause, Language language) {
    const NewJob job =
        decide_job(key, {{"T1", "C1", "100.1"}, "U1", "run-1", confirmed, cause, "", Reader{language, "UTC"}});
    EXPECT_TRUE(jobs->accept({key}, {job}, clock.now()));
    do_all();
    return slack.posted().back().message.blocks;
  };
  EXPECT_THAT(decide("d1", true, "egress policy", Language::kEnglish), HasSubstr("egress policy"));
  EXPECT_EQ(investigator.decided, "run-1 confirmed egress policy");
  EXPECT_THAT(decide("d2", false, "", Language::kJapanese), HasSubstr("誤った回答として記録しました"));
  EXPECT_EQ(investigator.decided, "run-1 rejected ");
  investigator.decide_error = Error{ErrorCode::kNotFound, "There is no memory.", "no memory"};
  EXPECT_THAT(decide("d3", true, "x", Language::kEnglish), HasSubstr("There is no memory."));
}

TEST_F(WorkTest, a_damaged_job_fails_and_the_next_one_is_done) {
  NewJob broken = acknowledge_job("broken", order());
  broken.payload = "{\"run\": 1}";
  ASSERT_TRUE(jobs->accept({"broken"}, {broken}, clock.now()));
  NewJob unknown = broken;
  unknown.id = "unknown-kind";
  unknown.kind = "of_a_newer_version";
  ASSERT_TRUE(jobs->accept({"unknown"}, {unknown}, clock.now()));
  submit(order(), "good");
  do_all();
  EXPECT_EQ(state_of(broken.id), JobState::kFailed);
  EXPECT_EQ(state_of("unknown-kind"), JobState::kFailed);
  EXPECT_EQ(state_of(run), JobState::kDone);
}

TEST_F(WorkTest, attempts_before_the_report_do_not_count_against_its_delivery) {
  submit(order());
  ASSERT_TRUE(do_next(JobLane::kQuick));
  slack.fail_next("files.getUploadURLExternal", {{ErrorCode::kUnavailable, "down", ""}, false});
  ASSERT_TRUE(do_next(JobLane::kAnalysis));
  ASSERT_TRUE(last_end.delivering);
  WorkersOptions options;
  options.owner = "w";
  options.max_attempts = 40;
  for (int i = 0; i < options.max_attempts; ++i) {
    ASSERT_TRUE(jobs->release_all());
    ASSERT_TRUE(jobs->claim(JobLane::kAnalysis, "killed", std::chrono::minutes(2), clock.now()));
  }
  ASSERT_TRUE(jobs->release_all());
  Workers workers(options, *jobs, *work, clock, sleeper, random, log, metrics);
  workers.wake();
  while (state_of(run) == JobState::kQueued || state_of(run) == JobState::kRunning) std::this_thread::yield();
  workers.drain(std::chrono::seconds(60));
  EXPECT_EQ(state_of(run), JobState::kDone);
  EXPECT_EQ(investigator.analysed, 1);
}

TEST_F(WorkTest, workers_do_everything_and_put_back_what_a_drain_stops) {
  submit(order());
  WorkersOptions options;
  options.owner = "w";
  std::stop_source entered;
  investigator.on_collect = [&] { entered.request_stop(); };
  {
    Workers workers(options, *jobs, *work, clock, sleeper, random, log, metrics);
    workers.wake();
    // Waits for the job itself, not for time.
    while (state_of("ack-" + run) != JobState::kDone || !jobs->job(run) || state_of(run) != JobState::kDone) {
      std::this_thread::yield();
    }
    workers.drain(std::chrono::seconds(60));
    EXPECT_EQ(workers.running(), 0U);
  }
  EXPECT_TRUE(entered.stop_requested());
  EXPECT_EQ(investigator.analysed, 1);

  submit(order(), "second");
  std::atomic<bool> collecting{false};
  std::atomic<bool> go_on{false};
  investigator.on_collect = [&] {
    collecting = true;
    while (!go_on) std::this_thread::yield();
  };
  Workers workers(options, *jobs, *work, clock, sleeper, random, log, metrics);
  while (!collecting) std::this_thread::yield();
  std::jthread drain([&] { workers.drain(Nanoseconds{0}); });
  go_on = true;
  drain.join();
  EXPECT_TRUE(state_of(run) == JobState::kQueued || state_of(run) == JobState::kDone);
}

}  // namespace
}  // namespace fa::chatops
