/// A file that a released fa2 wrote is brought up to date when it is opened, and nothing of it is lost.
///
/// testdata/store-N.db and jobs-N.db were written by the fa2 whose format is N, and are never changed. Those of the
/// newest format are written by UPDATE_GOLDEN=1 before it is released.
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <vector>

#include "store/database_file.h"
#include "store/database_format.h"
#include "store/document.h"
#include "store/job_store.h"
#include "store/sqlite_job_store.h"
#include "store/store.h"
#include "store/test_folder.h"

namespace fa {
namespace {

namespace fs = std::filesystem;

const fs::path kTestData = FA_PROJECT_DIR "/src/store/testdata";
constexpr TimePoint kWhen = TimePoint(std::chrono::seconds(1'800'000'000));

void write_store(const fs::path& file) {
  const auto store = Store::open(file);
  ASSERT_TRUE(store) << store.error().message;
  ASSERT_TRUE(
      (*store)->put_document({"runbook.md", "abc", 0}, cut_document("# Orders\nrestart the pool 障害", "runbook.md")));
  PastIncident incident;
  incident.id = "orders-1";
  incident.kept_at = kWhen;
  incident.headline = "orders waited for db";
  incident.subject = "db";
  incident.mechanism = "lock_contention";
  incident.request = R"({"path":"x"})";
  incident.report = R"({"headline":"h"})";
  incident.features = {{"entity:db", 2}, {"metric:wait", 1}};
  ASSERT_TRUE((*store)->put_incident(incident));
  ASSERT_TRUE((*store)->decide("orders-1", PastIncident::Outcome::kConfirmed, "a long migration", "stopped it", kWhen));
  ASSERT_TRUE((*store)->add_turn("orders-1", {"why?", "because"}));
  ASSERT_TRUE((*store)->reserve_spending("2026-11", 0.25, 10));
}

void expect_store(const fs::path& file) {
  const auto store = Store::open(file);
  ASSERT_TRUE(store) << store.error().message;
  for (const char* word : {"pool", "障害"}) {
    const auto found = (*store)->search_passages(word, 5);
    ASSERT_TRUE(found && found->size() == 1U) << word;
    EXPECT_EQ(found->front().document, "runbook.md");
  }
  const auto incident = (*store)->incident("orders-1");
  ASSERT_TRUE(incident) << incident.error().message;
  EXPECT_EQ(incident->cause, "a long migration");
  EXPECT_EQ(incident->report, R"({"headline":"h"})");
  EXPECT_EQ((*store)->similar({{"entity:db", 2}}, "", 3, 0.1).value().size(), 1U);
  EXPECT_EQ((*store)->turns("orders-1").value().size(), 1U);
  EXPECT_DOUBLE_EQ((*store)->spent("2026-11").value(), 0.25);
}

NewJob job_of(const std::string& id, JobLane lane) {
  NewJob job;
  job.id = id;
  job.kind = "acknowledge";
  job.lane = lane;
  job.group = "C1";
  job.thread = "C1:17.5";
  job.payload = R"({"text":"é"})";
  return job;
}

void write_jobs(const fs::path& file) {
  const auto jobs = open_job_store(file, {});
  ASSERT_TRUE(jobs) << jobs.error().message;
  ASSERT_TRUE(
      (*jobs)->accept({"key-1"}, {job_of("waits", JobLane::kAnalysis), job_of("runs", JobLane::kQuick)}, kWhen));
  const auto claim = (*jobs)->claim(JobLane::kQuick, "owner", std::chrono::minutes(2), kWhen);
  ASSERT_TRUE(claim && *claim);
  const JobClaim holder{(*claim)->id, (*claim)->fence};
  ASSERT_TRUE((*jobs)->save_stage(holder, "collected", R"({"n":1})"));
  ASSERT_TRUE((*jobs)->begin_delivery(holder, "delivery-1"));
  ASSERT_TRUE((*jobs)->finish_delivery(holder, "delivery-1", R"({"ts":"1"})"));
  ASSERT_TRUE((*jobs)->audit({kWhen, "T1", "C1", "U1", "analyse", "waits"}));
}

void expect_jobs(const fs::path& file) {
  const auto jobs = open_job_store(file, {});
  ASSERT_TRUE(jobs) << jobs.error().message;
  const auto runs = (*jobs)->job("runs");
  ASSERT_TRUE(runs) << runs.error().message;
  EXPECT_EQ(runs->stage, "collected");
  EXPECT_EQ(runs->payload, R"({"text":"é"})");
  EXPECT_EQ((*jobs)->delivered("delivery-1").value(), R"({"ts":"1"})");
  EXPECT_EQ((*jobs)->audit_log(10).value().size(), 1U);
  EXPECT_EQ((*jobs)->counts(JobLane::kAnalysis).value().queued, 1U);
  ASSERT_TRUE((*jobs)->release_all());
  EXPECT_TRUE((*jobs)->claim(JobLane::kQuick, "next", std::chrono::minutes(2), kWhen).value());
}

struct Kind {
  const char* name;
  std::size_t newest;
  void (*write)(const fs::path&);
  void (*expect)(const fs::path&);
};

class ReleasedFormats : public MemoryTestFolder {
 protected:
  [[nodiscard]] std::vector<Kind> kinds() const {
    return {{"store", kStoreDatabase.migrations.size(), write_store, expect_store},
            {"jobs", kJobStoreFormat, write_jobs, expect_jobs}};
  }
};

TEST_F(ReleasedFormats, files_of_every_one_are_read_and_brought_up_to_date) {
  for (const Kind& kind : kinds()) {
    for (std::size_t format = 1; format <= kind.newest; ++format) {
      const std::string name = fmt::format("{}-{}.db", kind.name, format);
      SCOPED_TRACE(name);
      if (format == kind.newest && std::getenv("UPDATE_GOLDEN") != nullptr) {
        kind.write(folder_ / name);
        fs::create_directories(kTestData);
        fs::copy_file(folder_ / name, kTestData / name, fs::copy_options::overwrite_existing);
      }
      ASSERT_TRUE(fs::exists(kTestData / name)) << "UPDATE_GOLDEN=1 writes it; commit it before the release";
      fs::copy_file(kTestData / name, folder_ / name, fs::copy_options::overwrite_existing);
      const auto before = database_format(folder_ / name);
      ASSERT_TRUE(before && *before);
      EXPECT_EQ((*before)->format, format);
      kind.expect(folder_ / name);
      EXPECT_EQ(database_format(folder_ / name).value()->format, kind.newest);
    }
  }
}

TEST_F(ReleasedFormats, a_new_file_in_use_is_no_fault) {
  const auto jobs = open_job_store(folder_ / "jobs.db", {});
  ASSERT_TRUE(jobs) << jobs.error().message;
  EXPECT_TRUE(database_format(folder_ / "jobs.db"));
}

TEST_F(ReleasedFormats, a_file_that_is_none_of_ours_is_told_apart) {
  EXPECT_FALSE(database_format(folder_ / "missing.db").value());
  std::ofstream(folder_ / "text") << "no database";
  EXPECT_FALSE(database_format(folder_ / "text"));
  std::ofstream(folder_ / "other") << "SQLite format 3" << std::string(200, '\0');
  EXPECT_FALSE(database_format(folder_ / "other"));
}

}  // namespace
}  // namespace fa
