#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <string>

/// Folders for the files of one test. Private to tests here.
namespace fa {

/// A new one, in memory where the system has a place for that: what waits for the disk after every write is tested for
/// what it writes, and a busy disk makes a second of it a minute. Nothing in it can be executed.
inline std::filesystem::path make_memory_folder() {
  const std::filesystem::path memory = "/dev/shm";
  const bool usable = ::access(memory.c_str(), R_OK | W_OK | X_OK) == 0;
  std::string name = ((usable ? memory : std::filesystem::temp_directory_path()) / "fa-store-XXXXXX").string();
  EXPECT_NE(::mkdtemp(name.data()), nullptr);
  return name;
}

/// One that is removed with all that is in it when the test ends.
class TestFolder : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "fa-store-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path folder_;
};

class MemoryTestFolder : public TestFolder {
 protected:
  void SetUp() override { folder_ = make_memory_folder(); }
};

}  // namespace fa
