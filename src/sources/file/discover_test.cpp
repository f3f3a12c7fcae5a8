#include "sources/file/discover.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "base/file_descriptor.h"
#include "sources/file/test_support.h"

namespace fa {
namespace {

namespace fs = std::filesystem;
using test::TempFolder;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

InputSet discover(const std::vector<std::string>& arguments) { return discover_inputs(arguments, {}, {}); }

std::vector<std::string> names(const InputSet& set) {
  std::vector<std::string> out;
  for (const auto& file : set.files) {
    out.push_back(file.name);
  }
  return out;
}

TEST(Discover, AnIncidentFolderGivesItsFilesByRelativeName) {
  const TempFolder folder;
  folder.write("case/incident.json", "{}");
  folder.write("case/logs.jsonl", "12345");
  folder.write("case/sub/metrics.csv", "a");
  folder.write("case/.hidden", "a");
  folder.write("case/.git/config", "a");
  const std::string path = folder.path() / "case";
  for (const std::string& argument : {path, path + "/"}) {
    const InputSet set = discover({argument});
    EXPECT_THAT(names(set), ElementsAre("logs.jsonl", "sub/metrics.csv"));
    EXPECT_EQ(set.files[0].size, 5U);
    ASSERT_TRUE(set.incident_file);
    EXPECT_TRUE(fs::equivalent(*set.incident_file, path + "/incident.json"));
    EXPECT_THAT(set.gaps, IsEmpty());
  }
}

TEST(Discover, FilesKeepTheNameTheyWereGivenAndIncidentJsonIsNeverTelemetry) {
  const TempFolder folder;
  const std::string log = folder.write("app.log", "x");
  const std::string incident = folder.write("incident.json", "{}");
  const std::string hidden = folder.write(".secret.log", "x");
  const InputSet set = discover({incident, log, hidden});
  EXPECT_THAT(names(set), ElementsAre(hidden, log));
  EXPECT_EQ(set.incident_file, fs::path(incident));
}

TEST(Discover, TheOrderOfArgumentsChangesNothing) {
  const TempFolder folder;
  folder.write("a/logs.jsonl", "1");
  folder.write("a/only-a.jsonl", "1");
  folder.write("b/logs.jsonl", "2");
  const std::string single = folder.write("c.log", "3");
  std::vector<std::string> arguments = {folder.path() / "a", folder.path() / "b", single, folder.path() / "missing"};
  const InputSet reference = discover(arguments);
  EXPECT_THAT(names(reference),
              ElementsAre(folder.path() / "a/logs.jsonl", folder.path() / "b/logs.jsonl", single, "only-a.jsonl"));
  std::sort(arguments.begin(), arguments.end());
  do {
    const InputSet set = discover(arguments);
    EXPECT_EQ(names(set), names(reference));
    ASSERT_EQ(set.gaps.size(), 1U);
  } while (std::next_permutation(arguments.begin(), arguments.end()));
}

TEST(Discover, OneFileUnderSeveralNamesIsReadOnce) {
  const TempFolder folder;
  const std::string log = folder.write("d/app-2026.log", "x");
  fs::create_symlink("app-2026.log", folder.path() / "d/app-current.log");
  fs::create_hard_link(log, folder.path() / "d/app-hard.log");
  const InputSet set = discover({folder.path() / "d", log, folder.path() / "d/../d", log});
  EXPECT_THAT(names(set), ElementsAre(log));
  EXPECT_THAT(names(discover({folder.path() / "d"})), ElementsAre("app-2026.log"));
}

TEST(Discover, SymbolicLinksAreFollowedAndCirclesEnd) {
  const TempFolder folder;
  const TempFolder elsewhere;
  elsewhere.write("far.log", "x");
  folder.write("real/app.log", "x");
  fs::create_symlink("..", folder.path() / "real/up");
  fs::create_symlink("real", folder.path() / "alias");
  fs::create_symlink(elsewhere.path(), folder.path() / "other");
  fs::create_symlink("self", folder.path() / "self");
  const InputSet set = discover({folder.path()});
  EXPECT_THAT(names(set), ElementsAre("other/far.log", "real/app.log"));
  ASSERT_EQ(set.gaps.size(), 1U);
  EXPECT_EQ(set.gaps[0].source, "self");
  EXPECT_THAT(set.gaps[0].error, HasSubstr("circle"));
}

TEST(Discover, WhatCannotBeReadIsAGapAndTheRestStays) {
  const TempFolder folder;
  folder.write("d/good.log", "x");
  fs::create_symlink("nowhere", folder.path() / "d/dangling.log");
  ASSERT_EQ(mkfifo((folder.path() / "d/pipe").c_str(), 0600), 0);
  const InputSet set = discover({folder.path() / "d", "/dev/null", folder.path() / "d/good.log/x", ""});
  EXPECT_THAT(names(set), ElementsAre("good.log"));
  ASSERT_EQ(set.gaps.size(), 5U);
  EXPECT_EQ(set.gaps[0].source, "");
  EXPECT_THAT(set.gaps[0].error, HasSubstr("does not exist"));
  EXPECT_EQ(set.gaps[1].source, "/dev/null");
  EXPECT_THAT(set.gaps[1].error, AllOf(HasSubstr("a device"), HasSubstr("standard input")));
  EXPECT_THAT(set.gaps[2].error, HasSubstr("Not a directory"));
  EXPECT_EQ(set.gaps[3].source, "dangling.log");
  EXPECT_THAT(set.gaps[3].error, HasSubstr("symbolic link to something that does not exist"));
  EXPECT_EQ(set.gaps[4].source, "pipe");
  EXPECT_THAT(set.gaps[4].error, HasSubstr("a named pipe"));
}

TEST(Discover, AnEmptyFolderIsSaid) {
  const TempFolder folder;
  folder.write("d/.hidden", "x");
  const InputSet set = discover({folder.path() / "d"});
  EXPECT_THAT(set.files, IsEmpty());
  ASSERT_EQ(set.gaps.size(), 1U);
  EXPECT_THAT(set.gaps[0].error, HasSubstr("holds no files"));
}

TEST(Discover, OfSeveralIncidentFilesTheOneAtTheTopCounts) {
  const TempFolder folder;
  folder.write("incident.json", "{}");
  folder.write("one/incident.json", "{}");
  folder.write("two/incident.json", "{}");
  EXPECT_EQ(discover({folder.path()}).incident_file, folder.path() / "incident.json");
  fs::remove(folder.path() / "incident.json");
  const InputSet ambiguous = discover({folder.path()});
  EXPECT_FALSE(ambiguous.incident_file);
  ASSERT_EQ(ambiguous.gaps.size(), 1U);
  EXPECT_THAT(ambiguous.gaps[0].error, AllOf(HasSubstr("2 incident.json files"), HasSubstr("one incident folder")));
  EXPECT_FALSE(discover({folder.path() / "two", folder.path() / "one"}).incident_file);
  fs::remove(folder.path() / "one/incident.json");
  EXPECT_EQ(discover({folder.path()}).incident_file, folder.path() / "two/incident.json");
}

TEST(Discover, NamesAreSafeToPrintAndStayUnique) {
  const TempFolder folder;
  folder.write("d/a\x1b[31m.log", "1");
  folder.write("d/a\\x1b[31m.log", "2");
  folder.write("d/new\nline.log", "3");
  folder.write("d/\xFF.log", "4");
  EXPECT_THAT(names(discover({folder.path() / "d"})),
              testing::UnorderedElementsAre("a\\x1b[31m.log", "a\\x1b[31m.log (2)", "new\\nline.log", "\uFFFD.log"));
}

TEST(Discover, StandardInputCanBeReadAgain) {
  const TempFolder folder;
  int pipe_ends[2] = {-1, -1};
  ASSERT_EQ(pipe(pipe_ends), 0);
  const FileDescriptor out(pipe_ends[0]);
  {
    const FileDescriptor in(pipe_ends[1]);
    ASSERT_EQ(write(in.get(), "hello\n", 6), 6);
  }
  const InputSet set = discover_inputs(std::vector<std::string>{"-", "-"}, {out.get(), folder.path()}, {});
  ASSERT_THAT(names(set), ElementsAre("-"));
  EXPECT_EQ(set.files[0].size, 6U);
  EXPECT_TRUE(fs::is_empty(folder.path())) << "the copy has no name";
  for (int i = 0; i < 2; ++i) {
    auto stream = open_file_stream(set.files[0].path);
    ASSERT_TRUE(stream);
    EXPECT_EQ(test::drain(**stream).text, "hello\n");
  }
}

TEST(Discover, StandardInputThatFailsOrCannotBeSpooledIsAGap) {
  const TempFolder folder;
  const FileDescriptor directory(open(folder.path().c_str(), O_RDONLY));
  InputSet set = discover_inputs(std::vector<std::string>{"-"}, {directory.get(), folder.path()}, {});
  ASSERT_EQ(set.gaps.size(), 1U);
  EXPECT_THAT(set.gaps[0].error, HasSubstr("reading failed at byte 0"));
  set = discover_inputs(std::vector<std::string>{"-"}, {directory.get(), folder.path() / "missing"}, {});
  ASSERT_EQ(set.gaps.size(), 1U);
  EXPECT_THAT(set.gaps[0].error, HasSubstr("TMPDIR"));
}

TEST(Discover, AStopEndsWaitingForStandardInput) {
  int pipe_ends[2] = {-1, -1};
  ASSERT_EQ(pipe(pipe_ends), 0);
  const FileDescriptor out(pipe_ends[0]);
  const FileDescriptor in(pipe_ends[1]);
  std::stop_source stop;
  stop.request_stop();
  const Context context{stop.get_token(), std::nullopt};
  const InputSet set = discover_inputs(std::vector<std::string>{"-"}, {out.get(), {}}, context);
  ASSERT_EQ(set.gaps.size(), 1U);
  EXPECT_THAT(set.gaps[0].error, HasSubstr("stopped"));
}

}  // namespace
}  // namespace fa
