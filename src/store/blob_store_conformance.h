#pragma once

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "store/job_store.h"

/// What every BlobStore must do, as tests. A store instantiates them in one .cpp of its test program:
///   INSTANTIATE_TEST_SUITE_P(Folder, BlobStoreConformance, testing::Values(BlobStoreFactory{...}));
/// Only for tests.
namespace fa {

/// A durable place for the blobs of one test.
class BlobStorePlace {
 public:
  virtual ~BlobStorePlace() = default;
  /// The store at this place, with what it holds; the one opened before is gone by now.
  virtual Result<std::unique_ptr<BlobStore>> open() = 0;
};

using BlobStoreFactory = std::function<std::unique_ptr<BlobStorePlace>()>;

class BlobStoreConformance : public testing::TestWithParam<BlobStoreFactory> {
 protected:
  void SetUp() override {
    place_ = GetParam()();
    open();
  }
  void open() {
    blobs_.reset();
    auto opened = place_->open();
    ASSERT_TRUE(opened) << opened.error().message;
    blobs_ = std::move(*opened);
  }
  std::string got(const std::string& key) {
    const auto bytes = blobs_->get(key);
    return bytes ? *bytes : "no: " + bytes.error().message;
  }
  void collect(const std::string& key, const std::string& file, const std::string& text) {
    const auto folder = blobs_->begin_folder(key);
    ASSERT_TRUE(folder) << folder.error().message;
    EXPECT_TRUE(std::filesystem::is_empty(*folder));
    std::filesystem::create_directories((*folder / file).parent_path());
    std::ofstream(*folder / file) << text;
  }
  /// A file of a finished folder; empty where there is none.
  std::string collected(const std::string& key, const std::string& file) {
    const auto folder = blobs_->folder(key);
    if (!folder) return "";
    std::ifstream in(*folder / file);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  template <class T>
  static void expect_error(const Result<T>& result, ErrorCode code) {
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, code) << result.error().message;
  }

  std::unique_ptr<BlobStorePlace> place_;
  std::unique_ptr<BlobStore> blobs_;
};

TEST_P(BlobStoreConformance, keeps_bytes) {
  std::string bytes;
  for (int i = 0; i < 300'000; ++i) bytes += static_cast<char>(i * 7 % 256);
  ASSERT_TRUE(blobs_->put("runs/J-1/report.json", bytes));
  ASSERT_TRUE(blobs_->put("empty", ""));
  open();
  EXPECT_EQ(got("runs/J-1/report.json"), bytes);
  EXPECT_EQ(got("empty"), "");
  ASSERT_TRUE(blobs_->put("runs/J-1/report.json", "short")) << "replaced";
  EXPECT_EQ(got("runs/J-1/report.json"), "short");
  expect_error(blobs_->get("runs/J-1/other.json"), ErrorCode::kNotFound);
  expect_error(blobs_->get("runs/J-2/report.json"), ErrorCode::kNotFound);
  expect_error(blobs_->get("empty/below"), ErrorCode::kNotFound);
}

TEST_P(BlobStoreConformance, shows_a_folder_when_it_is_finished) {
  const std::string key = "runs/J-1/collected";
  expect_error(blobs_->folder(key), ErrorCode::kNotFound);
  expect_error(blobs_->finish_folder(key), ErrorCode::kNotFound);
  collect(key, "logs/a.log", "one");
  expect_error(blobs_->folder(key), ErrorCode::kNotFound);
  ASSERT_TRUE(blobs_->finish_folder(key));
  open();
  EXPECT_EQ(collected(key, "logs/a.log"), "one");
  EXPECT_EQ(collected(key, "logs/b.log"), "");
  expect_error(blobs_->get(key), ErrorCode::kNotFound);
  expect_error(blobs_->finish_folder(key), ErrorCode::kNotFound);
}

TEST_P(BlobStoreConformance, begins_a_folder_anew) {
  const std::string key = "runs/J-1/collected";
  collect(key, "a.log", "of an attempt that was cut off");
  open();
  expect_error(blobs_->folder(key), ErrorCode::kNotFound);
  collect(key, "b.log", "whole");
  ASSERT_TRUE(blobs_->finish_folder(key));
  EXPECT_EQ(collected(key, "a.log"), "");
  EXPECT_EQ(collected(key, "b.log"), "whole");
  collect(key, "c.log", "a third attempt");
  expect_error(blobs_->folder(key), ErrorCode::kNotFound);
  ASSERT_TRUE(blobs_->finish_folder(key));
  EXPECT_EQ(collected(key, "b.log"), "");
  EXPECT_EQ(collected(key, "c.log"), "a third attempt");
}

TEST_P(BlobStoreConformance, removes_all_below_a_key) {
  ASSERT_TRUE(blobs_->put("runs/J-1/report.json", "1"));
  ASSERT_TRUE(blobs_->put("runs/J-10/report.json", "10"));
  collect("runs/J-1/collected", "a.log", "x");
  ASSERT_TRUE(blobs_->finish_folder("runs/J-1/collected"));
  collect("runs/J-1/begun", "a.log", "x");
  ASSERT_TRUE(blobs_->remove("runs/J-1"));
  ASSERT_TRUE(blobs_->remove("runs/J-1")) << "nothing there is no error";
  ASSERT_TRUE(blobs_->remove("nothing/there"));
  open();
  expect_error(blobs_->get("runs/J-1/report.json"), ErrorCode::kNotFound);
  expect_error(blobs_->folder("runs/J-1/collected"), ErrorCode::kNotFound);
  expect_error(blobs_->finish_folder("runs/J-1/begun"), ErrorCode::kNotFound);
  EXPECT_EQ(got("runs/J-10/report.json"), "10");
  ASSERT_TRUE(blobs_->put("runs/J-1/report.json", "again"));
  EXPECT_EQ(got("runs/J-1/report.json"), "again");
}

TEST_P(BlobStoreConformance, takes_keys_and_nothing_that_leads_elsewhere) {
  const std::string long_part(200, 'a');
  for (const std::string& key : {std::string("a"), std::string("A-b_9"), std::string("a/b.c/.d/e-f"), long_part}) {
    SCOPED_TRACE(key);
    EXPECT_TRUE(blobs_->put(key + "/x.json", key));
    EXPECT_EQ(got(key + "/x.json"), key);
  }
  const std::string nul("a\0b", 3);
  for (const std::string& key : {std::string(""),
                                 std::string("/"),
                                 std::string("/a"),
                                 std::string("a/"),
                                 std::string("a//b"),
                                 std::string(".."),
                                 std::string("."),
                                 std::string("a/.."),
                                 std::string("a/../b"),
                                 std::string("a/."),
                                 std::string("a/./b"),
                                 std::string("../a"),
                                 std::string("a..b"),
                                 std::string("a/b..c"),
                                 std::string("/etc/passwd"),
                                 std::string(".a"),
                                 std::string("a.b"),
                                 std::string("a b"),
                                 std::string("a\\b"),
                                 std::string("a\nb"),
                                 std::string("a~new"),
                                 std::string("a/b~begun"),
                                 std::string("~gone/x"),
                                 std::string("a:b"),
                                 std::string("a/\xC3\xA9"),
                                 std::string("a/\xFF"),
                                 std::string("%2e%2e/a"),
                                 std::string("a/*"),
                                 nul,
                                 long_part + "a",
                                 std::string(2000, 'a')}) {
    SCOPED_TRACE(key);
    expect_error(blobs_->put(key, "x"), ErrorCode::kInvalidInput);
    expect_error(blobs_->get(key), ErrorCode::kInvalidInput);
    expect_error(blobs_->begin_folder(key), ErrorCode::kInvalidInput);
    expect_error(blobs_->finish_folder(key), ErrorCode::kInvalidInput);
    expect_error(blobs_->folder(key), ErrorCode::kInvalidInput);
    expect_error(blobs_->remove(key), ErrorCode::kInvalidInput);
  }
  EXPECT_EQ(got("a/x.json"), "a") << "nothing was removed";
}

TEST_P(BlobStoreConformance, serves_many_threads_with_keys_of_their_own) {
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([this, thread] {
      for (int i = 0; i < 10; ++i) {
        const std::string run = fmt::format("runs/J{}-{}", thread, i);
        EXPECT_TRUE(blobs_->put(run + "/report.json", run));
        collect(run + "/collected", "a.log", run);
        EXPECT_TRUE(blobs_->finish_folder(run + "/collected"));
        EXPECT_EQ(collected(run + "/collected", "a.log"), run);
        if (i % 2 == 0) {
          EXPECT_TRUE(blobs_->remove(run));
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (int i = 0; i < 10; ++i) {
    const std::string run = fmt::format("runs/J3-{}", i);
    EXPECT_EQ(blobs_->get(run + "/report.json").has_value(), i % 2 == 1) << run;
  }
}

}  // namespace fa
