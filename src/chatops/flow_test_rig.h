#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "chatops/edge.h"
#include "chatops/work.h"
#include "chatops/workers.h"
#include "report/sample_report.h"
#include "support/fakes.h"
#include "support/slack/fake_slack_api.h"

/// The Slack app with its real stores, and everything outside of it made up. Private to tests here.
namespace fa::chatops {

/// Finds what it is told to find, and counts how often it was asked.
class FakeInvestigator final : public Investigator {
 public:
  Result<void> collect(const AnalysisRequest& request, const std::filesystem::path&, const OnProgress& progress,
                       const Context& context) override {
    ++collected;
    last = request;
    progress(1, 2);
    if (on_collect) on_collect();
    if (context.stop.stop_requested()) return fail(ErrorCode::kCancelled, "stopped");
    if (collect_error) return tl::unexpected(*collect_error);
    return {};
  }
  Result<Report> analyse(const AnalysisRequest& request, const std::filesystem::path&, const std::function<void()>&,
                         const Context&) override {
    ++analysed;
    if (analyse_error) return tl::unexpected(*analyse_error);
    Report report = sample_report(request.language);
    report.incident.id = request.id;
    return report;
  }
  Result<Report> answer(const AnalysisRequest& request, const std::filesystem::path&, const std::string& question,
                        const Context&) override {
    asked = question;
    if (answer_error) return tl::unexpected(*answer_error);
    Report report = sample_report(request.language);
    report.incident.id = request.id;
    return report;
  }
  Result<void> decide(const std::string& incident, bool confirmed, const std::string& cause,
                      const std::string&) override {
    if (decide_error) return tl::unexpected(*decide_error);
    decided = incident + (confirmed ? " confirmed " : " rejected ") + cause;
    return {};
  }

  std::atomic<int> collected{0};
  std::atomic<int> analysed{0};
  AnalysisRequest last;
  std::function<void()> on_collect;
  std::string asked;
  std::string decided;
  std::optional<Error> collect_error;
  std::optional<Error> analyse_error;
  std::optional<Error> answer_error;
  std::optional<Error> decide_error;
};

/// One file of each kind; of pictures only the beginning.
class FakeRenderer final : public ReportRenderer {
 public:
  ResultFiles render(const Report& report, const std::string& time_zone, const Context&) override {
    ++rendered;
    const std::string name = "fa2-" + report.incident.id;
    ResultFiles out;
    out.files = {{name + "-diagram.png", "diagram " + name, "\x89PNG", "checkout calls orders-db"},
                 {name + ".pdf", "report " + name + ".pdf", "%PDF-1.5"},
                 {name + ".html", "report " + name + ".html", "<html>" + time_zone + "</html>"}};
    out.missing = {"charts.png: no font"};
    return out;
  }

  int rendered = 0;
};

/// Answers what it is told to answer, and counts how often it was asked.
class FakeAnalyst final : public Analyst {
 public:
  Result<void> collect(const AnalystRequest& request, const std::filesystem::path& folder, const OnProgress& progress,
                       const Context&) override {
    ++collected;
    last = request;
    progress(1, 3);
    if (collect_error) return tl::unexpected(*collect_error);
    std::ofstream(folder / "metrics.json") << "{}";
    return {};
  }
  Result<Answer> answer(const AnalystRequest& request, const std::filesystem::path& folder,
                        const std::function<void()>& asking_model, const Context&) override {
    ++answered;
    asking_model();
    if (answer_error) return tl::unexpected(*answer_error);
    EXPECT_TRUE(std::filesystem::exists(folder / "metrics.json"));
    const std::string name = "fa2-" + request.id;
    Answer out;
    out.headline = "The CPU of orders-db doubled";
    out.markdown =
        "**M1** CPUUtilization rose from 20 to 41 percent <!channel>.\n\n| metric | now |\n|---|---|\n| CPU | 41 |";
    out.files.files = {
        {name + "-charts.png", "charts " + name, "\x89PNG", "CPU of orders-db"},
        {name + ".pdf", "answer " + name, "%PDF-1.5", "", request.inquiry.kind == InquiryKind::kFindings}};
    out.usage.sources = {{"CloudWatch metrics", 7, 0, 0, 0}};
    out.gaps = 1;
    return out;
  }

  int collected = 0;
  int answered = 0;
  AnalystRequest last;
  std::optional<Error> collect_error;
  std::optional<Error> answer_error;
};

class FlowTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "fa-chatops-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder = name;
    for (const char* counter :
         {"fa2_requests_total", "fa2_refused_total", "fa2_forms_opened_total", "fa2_jobs_ended_total",
          "fa2_analyses_total", "fa2_source_calls_total", "fa2_gaps_total", "fa2_model_tokens_total",
          "fa2_spent_usd_total", "fa2_inquiries_total"}) {
      metrics.describe_counter(counter, counter);
    }
    metrics.describe_histogram("fa2_job_seconds", "fa2_job_seconds");
    metrics.describe_histogram("fa2_ack_seconds", "fa2_ack_seconds");
    open_stores();
    build();
  }
  void TearDown() override {
    work.reset();
    edge.reset();
    errands.reset();
    jobs.reset();
    std::filesystem::remove_all(folder);
  }

  void open_stores() {
    auto opened = open_job_store(folder / "jobs.db", JobLimits{});
    ASSERT_TRUE(opened) << opened.error().message;
    jobs = std::move(*opened);
    auto kept = open_blob_folder(folder / "blobs");
    ASSERT_TRUE(kept) << kept.error().message;
    blobs = std::move(*kept);
  }
  /// Makes the app anew, after `settings` were changed.
  void build() {
    errands = std::make_unique<Errands>(2, 100, std::chrono::seconds(30));
    directory = std::make_unique<Directory>(settings, slack, clock);
    edge =
        std::make_unique<Edge>(Edge::Parts{settings, *jobs, slack, *directory, *errands, clock, log, metrics, [] {}});
    edge->set_identity({"T1", "UBOT", "BBOT"});
    work =
        std::make_unique<Work>(Work::Parts{settings, *jobs, *blobs, slack, investigator, renderer, analyst, *directory,
                                           clock, log, metrics, Nanoseconds{0}, std::chrono::minutes(30)});
  }

  /// Claims and does one job of a lane; what it came to is written down as the workers do. False: nothing to do.
  bool do_next(JobLane lane) {
    const auto job = jobs->claim(lane, "test", std::chrono::minutes(2), clock.now());
    EXPECT_TRUE(job) << job.error().message;
    if (!job || !*job) return false;
    last_end = work->run(**job, Context{});
    const JobClaim claim{(*job)->id, (*job)->fence};
    if (last_end.kind == JobEnd::Kind::kDone) {
      EXPECT_TRUE(jobs->finish(claim, last_end.next, clock.now()));
    } else if (last_end.kind == JobEnd::Kind::kAgain) {
      EXPECT_TRUE(jobs->put_back(claim, last_end.error, clock.now()));
    } else {
      EXPECT_TRUE(jobs->give_up(claim, last_end.error, last_end.next, clock.now()));
    }
    return true;
  }
  /// Does everything there is to do, and a bounded number of times.
  void do_all() {
    for (int i = 0; i < 100; ++i) {
      if (!do_next(JobLane::kQuick) && !do_next(JobLane::kAnalysis)) return;
      ASSERT_NE(last_end.kind, JobEnd::Kind::kAgain) << last_end.error;
    }
    FAIL() << "there is always more to do";
  }

  static constexpr TimePoint kNow = TimePoint(std::chrono::seconds(1'795'000'020));  // 2026-11-18 10:27:00 UTC
  std::filesystem::path folder;
  test::FakeClock clock{kNow};
  test::FakeSleeper sleeper{&clock};
  test::FixedRandom random;
  std::string logged;
  server::Log log{clock, [this](std::string_view line) { logged += line; }};
  server::Metrics metrics;
  Settings settings;
  test::FakeSlackApi slack;
  FakeInvestigator investigator;
  FakeRenderer renderer;
  FakeAnalyst analyst;
  std::unique_ptr<JobStore> jobs;
  std::unique_ptr<BlobStore> blobs;
  std::unique_ptr<Errands> errands;
  std::unique_ptr<Directory> directory;
  std::unique_ptr<Edge> edge;
  std::unique_ptr<Work> work;
  JobEnd last_end;
};

}  // namespace fa::chatops
