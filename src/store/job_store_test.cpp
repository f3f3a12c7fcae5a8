#include "store/job_store.h"

#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>
#include <string_view>

#include "store/child_test_rig.h"
#include "store/job_store_conformance_requests.h"
#include "store/job_store_conformance_work.h"
#include "store/sqlite_job_store.h"
#include "store/store.h"
#include "store/test_folder.h"

namespace fa {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class SqlitePlace final : public JobStorePlace {
 public:
  ~SqlitePlace() override { fs::remove_all(folder_); }
  SqlitePlace() = default;
  SqlitePlace(const SqlitePlace&) = delete;
  SqlitePlace& operator=(const SqlitePlace&) = delete;
  Result<std::unique_ptr<JobStore>> open(JobLimits limits) override {
    return open_job_store(folder_ / "jobs.db", limits);
  }

 private:
  fs::path folder_ = make_memory_folder();
};

}  // namespace

INSTANTIATE_TEST_SUITE_P(Sqlite, JobStoreConformance,
                         testing::Values(JobStoreFactory([] { return std::make_unique<SqlitePlace>(); })),
                         [](const auto&) { return std::string("File"); });

namespace {

std::string bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

class JobStoreFile : public MemoryTestFolder {
 protected:
  [[nodiscard]] fs::path file() const { return folder_ / "jobs.db"; }

  std::unique_ptr<JobStore> opened(SqliteJobOptions options = {}) {
    auto store = open_sqlite_job_store(file(), {}, options);
    EXPECT_TRUE(store.has_value()) << (store ? "" : store.error().message);
    return store ? std::move(*store) : nullptr;
  }
  void refused(ErrorCode code, std::string_view why) {
    const auto store = open_job_store(file(), {});
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().code, code) << store.error().message;
    EXPECT_THAT(store.error().message, HasSubstr(std::string(why)));
    EXPECT_THAT(store.error().message, HasSubstr(file().string()));
  }
  /// Another program's connection to the file, closed with the test.
  void sql(const char* text) {
    if (other_ == nullptr) {
      ASSERT_EQ(sqlite3_open(file().c_str(), &other_), SQLITE_OK);
    }
    EXPECT_EQ(sqlite3_exec(other_, text, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(other_);
  }
  void leave() {
    sqlite3_close(other_);
    other_ = nullptr;
  }
  void TearDown() override {
    leave();
    MemoryTestFolder::TearDown();
  }

 private:
  sqlite3* other_ = nullptr;
};

Result<Accepted> accept_one(JobStore& store, const std::string& id, std::size_t payload = 10) {
  NewJob job = some_job(id);
  job.payload = std::string(payload, 'x');
  return store.accept({"request " + id}, {job}, at_second(0));
}

TEST_F(JobStoreFile, is_for_its_owner_only) {
  const auto store = opened();
  for (const char* name : {"jobs.db", "jobs.db-wal", "jobs.db-shm", "jobs.db.lock"}) {
    struct stat info {};
    ASSERT_EQ(::stat((folder_ / name).c_str(), &info), 0) << name;
    EXPECT_EQ(info.st_mode & 0777U, 0600U) << name;
  }
}

TEST_F(JobStoreFile, is_opened_once_at_a_time) {
  auto store = opened();
  const std::string own_id = fmt::format("process {})", ::getpid());
  refused(ErrorCode::kUnavailable, own_id);
  fs::create_symlink(file(), folder_ / "link.db");
  const auto by_link = open_job_store(folder_ / "link.db", {});
  ASSERT_FALSE(by_link) << "there is one lock, whatever way leads to the file";
  EXPECT_EQ(by_link.error().code, ErrorCode::kUnavailable);

  ChildProcess child([&](const Say& say) {
    const auto second = open_job_store(file(), {});
    say(second ? "opened" : second.error().message);
  });
  EXPECT_THAT(child.hear_all(), AllOf(HasSubstr(own_id), HasSubstr(file().string())));
  EXPECT_TRUE(accept_one(*store, "A")) << "the holder does not notice";
  store.reset();
  EXPECT_TRUE(opened()->job("A"));
}

TEST_F(JobStoreFile, is_free_when_its_holder_is_killed) {
  ChildProcess child([&](const Say& say) {
    const auto store = open_job_store(file(), {});
    say(store && accept_one(**store, "A") ? "holds\n" : "failed\n");
    ::pause();
  });
  ASSERT_EQ(child.hear('\n'), "holds\n");
  refused(ErrorCode::kUnavailable, fmt::format("process {})", child.pid()));
  child.kill();
  EXPECT_TRUE(opened()->job("A"));
}

TEST_F(JobStoreFile, refuses_files_that_are_none_of_ours) {
  const auto untouched = [&](std::string_view why) {
    leave();
    const std::string before = bytes_of(file());
    refused(ErrorCode::kUnreadable, why);
    EXPECT_EQ(bytes_of(file()), before);
    fs::remove(file());
  };
  std::ofstream(file()) << std::string(5000, 'x');
  untouched("not a job store of fa2");
  sql("CREATE TABLE t (x); PRAGMA user_version = 1;");
  untouched("another program");
  ASSERT_TRUE(Store::open(file()));
  untouched("another program");
  opened();
  sql("PRAGMA user_version = 99;");
  leave();
  const auto newer = open_job_store(file(), {});
  ASSERT_FALSE(newer);
  EXPECT_THAT(newer.error().message, HasSubstr("newer fa2"));
  fs::remove(file());
  EXPECT_TRUE(accept_one(*opened(), "A")) << "and the place can be used when they are gone";
}

TEST_F(JobStoreFile, tells_damage_when_it_is_opened) {
  {
    auto store = opened();
    for (int i = 0; i < 30; ++i) ASSERT_TRUE(accept_one(*store, fmt::format("J{}", i), 5000));
  }
  const std::string whole = bytes_of(file());
  ASSERT_GT(whole.size(), 100'000U);
  const auto damaged = [&](const std::string& bytes) {
    std::ofstream(file(), std::ios::binary) << bytes;
    refused(ErrorCode::kUnreadable, "");
  };
  for (const std::size_t size :
       {std::size_t{50}, std::size_t{100}, std::size_t{4096}, whole.size() / 2, whole.size() - 4096}) {
    SCOPED_TRACE(size);
    damaged(whole.substr(0, size));
  }
  for (const std::size_t at : {std::size_t{0}, std::size_t{100}, std::size_t{4096}, whole.size() / 2 / 4096 * 4096}) {
    SCOPED_TRACE(at);
    std::string bytes = whole;
    bytes.replace(at, 4096, 4096, '\x5A');
    damaged(bytes);
  }
  std::ofstream(file(), std::ios::binary) << whole;
  EXPECT_TRUE(opened()->job("J29")) << "restored from a backup";
}

TEST_F(JobStoreFile, tells_that_a_folder_cannot_be_written) {
  ASSERT_EQ(::chmod(folder_.c_str(), 0555), 0);
  ChildProcess child([&](const Say& say) {
    if (::geteuid() == 0 && ::setuid(65534) != 0) say("cannot become another user");
    const auto store = open_job_store(file(), {});
    say(store ? "opened" : store.error().code == ErrorCode::kUnreadable ? store.error().message : "another error");
  });
  EXPECT_THAT(child.hear_all(), AllOf(HasSubstr(file().string()), HasSubstr("cannot")));
  ASSERT_EQ(::chmod(folder_.c_str(), 0700), 0);
  EXPECT_TRUE(accept_one(*opened(), "A"));
}

TEST_F(JobStoreFile, changes_nothing_on_a_full_disk_and_goes_on_when_there_is_room) {
  constexpr int kPages = 120;
  std::size_t kept = 0;
  {
    auto store = opened({1000, kPages});
    ASSERT_TRUE(store->accept({"r"}, {some_job("held", JobLane::kAnalysis)}, at_second(0)));
    const auto held = store->claim(JobLane::kAnalysis, "A", std::chrono::minutes(1), at_second(0));
    ASSERT_TRUE(held && *held);
    const JobClaim claim{"held", (*held)->fence};
    Result<Accepted> accepted = Accepted{};
    for (kept = 0; kept < 1000; ++kept) {
      accepted = accept_one(*store, fmt::format("J{}", kept), 20'000);
      if (!accepted) break;
    }
    ASSERT_FALSE(accepted);
    EXPECT_EQ(accepted.error().code, ErrorCode::kUnreadable) << accepted.error().message;
    EXPECT_THAT(accepted.error().message, AllOf(HasSubstr("full"), HasSubstr(file().string())));
    const auto finished = store->finish(claim,
                                        {some_job("N", JobLane::kQuick),
                                         [] {
                                           NewJob large = some_job("L");
                                           large.payload = std::string(100'000, 'x');
                                           return large;
                                         }()},
                                        at_second(1));
    ASSERT_FALSE(finished);
    EXPECT_EQ(finished.error().code, ErrorCode::kUnreadable);
    EXPECT_EQ(store->job("held")->state, JobState::kRunning);
    EXPECT_FALSE(store->job("N"));
    EXPECT_EQ(store->counts(JobLane::kQuick)->queued, kept);
    for (int i = 0; i < 20; ++i) (void)accept_one(*store, fmt::format("small {}", i), 4000);
    const auto check = store->check(at_second(2));
    ASSERT_FALSE(check) << "told before a job is lost";
    EXPECT_EQ(check.error().code, ErrorCode::kUnreadable);
    EXPECT_TRUE(store->save_stage(claim, "collected", "{}")) << "what needs no room still works";
  }
  auto store = opened();
  const std::string refused_job = fmt::format("J{}", kept);
  EXPECT_FALSE(store->job(refused_job));
  EXPECT_TRUE(store->check(at_second(3)));
  const auto again = accept_one(*store, refused_job, 20'000);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_TRUE(again->is_new) << "the refused request left no key";
}

TEST_F(JobStoreFile, tells_each_of_many_threads_what_became_of_its_job_on_a_full_disk) {
  constexpr int kThreads = 4;
  constexpr int kEach = 15;
  auto store = opened({1000, 150});
  std::vector<std::vector<std::string>> stored(kThreads);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        const std::string id = fmt::format("{}-{}", t, i);
        if (accept_one(*store, id, 20'000)) stored[static_cast<std::size_t>(t)].push_back(id);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::size_t all = 0;
  for (const auto& ids : stored) {
    all += ids.size();
    for (const std::string& id : ids) EXPECT_TRUE(store->job(id)) << id;
  }
  EXPECT_GT(all, 0U);
  EXPECT_LT(all, static_cast<std::size_t>(kThreads * kEach));
  EXPECT_EQ(store->counts(JobLane::kQuick)->queued, all) << "what was refused is not there";
}

TEST_F(JobStoreFile, changes_nothing_where_the_journal_cannot_grow) {
  ChildProcess child([&](const Say& say) {
    ::signal(SIGXFSZ, SIG_IGN);
    auto store = open_job_store(file(), {});
    if (!store || !accept_one(**store, "A")) return say("not opened");
    const rlimit small{static_cast<rlim_t>(fs::file_size(file().string() + "-wal") + 10'000), RLIM_INFINITY};
    ::setrlimit(RLIMIT_FSIZE, &small);
    const auto refused = accept_one(**store, "B", 100'000);
    if (refused || refused.error().code != ErrorCode::kUnreadable) return say("accepted");
    if ((*store)->job("B") || !(*store)->job("A")) return say("changed");
    const rlimit none{RLIM_INFINITY, RLIM_INFINITY};
    ::setrlimit(RLIMIT_FSIZE, &none);
    const auto again = accept_one(**store, "B", 100'000);
    if (!again || !again->is_new) return say("does not recover");
    say("refused, then accepted");
  });
  EXPECT_EQ(child.hear_all(), "refused, then accepted");
  EXPECT_EQ(opened()->job("B")->payload.size(), 100'000U);
}

TEST_F(JobStoreFile, tells_that_another_connection_locks_it_and_goes_on_afterwards) {
  auto store = opened({10, 0});
  ASSERT_TRUE(accept_one(*store, "A"));
  const auto claimed = store->claim(JobLane::kQuick, "A", std::chrono::minutes(1), at_second(0));
  ASSERT_TRUE(claimed && *claimed);
  const JobClaim claim{"A", (*claimed)->fence};
  sql("BEGIN IMMEDIATE; UPDATE jobs SET error = 'x';");
  const auto locked = [&](const auto& result) {
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::kUnavailable) << result.error().message;
    EXPECT_THAT(result.error().message, HasSubstr("locked"));
  };
  locked(accept_one(*store, "B"));
  locked(store->claim(JobLane::kQuick, "A", std::chrono::minutes(1), at_second(0)));
  locked(store->finish(claim, {}, at_second(1)));
  locked(store->begin_delivery(claim, "A/0"));
  locked(store->audit({}));
  locked(store->check(at_second(1)));
  locked(store->prune(at_second(9), at_second(9)));
  locked(store->release_all());
  EXPECT_EQ(store->job("A")->state, JobState::kRunning) << "reading needs no lock";
  sql("ROLLBACK;");
  EXPECT_TRUE(accept_one(*store, "B")->is_new);
  EXPECT_EQ(store->begin_delivery(claim, "A/0")->state, Delivery::State::kNew);
  EXPECT_TRUE(store->finish(claim, {}, at_second(1)));
}

}  // namespace
}  // namespace fa
