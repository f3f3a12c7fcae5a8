#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "store/blob_store_conformance.h"
#include "store/child_test_rig.h"
#include "store/test_folder.h"

namespace fa {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class FolderPlace final : public BlobStorePlace {
 public:
  ~FolderPlace() override { fs::remove_all(folder_); }
  FolderPlace() = default;
  FolderPlace(const FolderPlace&) = delete;
  FolderPlace& operator=(const FolderPlace&) = delete;
  Result<std::unique_ptr<BlobStore>> open() override { return open_blob_folder(folder_ / "made" / "blobs"); }

 private:
  fs::path folder_ = make_memory_folder();
};

}  // namespace

INSTANTIATE_TEST_SUITE_P(Folder, BlobStoreConformance,
                         testing::Values(BlobStoreFactory([] { return std::make_unique<FolderPlace>(); })),
                         [](const auto&) { return std::string("Folder"); });

namespace {

class BlobFolderFiles : public MemoryTestFolder {
 protected:
  [[nodiscard]] fs::path root() const { return folder_ / "blobs"; }
  std::unique_ptr<BlobStore> opened() {
    auto blobs = open_blob_folder(root());
    EXPECT_TRUE(blobs.has_value()) << (blobs ? "" : blobs.error().message);
    return blobs ? std::move(*blobs) : nullptr;
  }
  /// Paths below the root.
  std::vector<std::string> all_below() {
    std::vector<std::string> paths;
    for (const auto& entry : fs::recursive_directory_iterator(root())) {
      paths.push_back(fs::relative(entry.path(), root()).string());
    }
    return paths;
  }
};

TEST_F(BlobFolderFiles, may_lie_behind_a_link) {
  fs::create_directory(folder_ / "private");
  fs::create_directory_symlink("private", folder_ / "data");
  const auto blobs = open_blob_folder(folder_ / "data" / "blobs");
  ASSERT_TRUE(blobs) << blobs.error().message;
  EXPECT_TRUE((*blobs)->put("runs/J/report.json", "x"));
  EXPECT_TRUE(fs::exists(folder_ / "private" / "blobs" / "runs" / "J" / "report.json"));
}

TEST_F(BlobFolderFiles, are_for_their_owner_only) {
  const auto blobs = opened();
  ASSERT_TRUE(blobs->put("runs/J/report.json", "x"));
  ASSERT_TRUE(blobs->begin_folder("runs/J/collected"));
  ASSERT_TRUE(blobs->finish_folder("runs/J/collected"));
  const std::pair<const char*, unsigned> rights[] = {
      {"", 0700}, {"runs", 0700}, {"runs/J", 0700}, {"runs/J/report.json", 0600}, {"runs/J/collected", 0700}};
  for (const auto& [path, mode] : rights) {
    struct stat info {};
    ASSERT_EQ(::stat((root() / path).c_str(), &info), 0) << path;
    EXPECT_EQ(info.st_mode & 0777U, mode) << path;
  }
}

TEST_F(BlobFolderFiles, leave_nothing_behind) {
  const auto blobs = opened();
  ASSERT_TRUE(blobs->put("runs/J/report.json", "x"));
  ASSERT_TRUE(blobs->put("runs/J/report.json", "y"));
  ASSERT_TRUE(blobs->begin_folder("runs/J/collected"));
  ASSERT_TRUE(blobs->begin_folder("runs/J/collected"));
  ASSERT_TRUE(blobs->finish_folder("runs/J/collected"));
  ASSERT_TRUE(blobs->remove("runs/J"));
  EXPECT_THAT(all_below(), testing::UnorderedElementsAre("~gone", "runs"));
}

TEST_F(BlobFolderFiles, end_a_removal_that_was_cut_off) {
  opened();
  fs::create_directories(root() / "~gone" / "17-1" / "collected");
  opened();
  EXPECT_THAT(all_below(), testing::ElementsAre("~gone"));
}

TEST_F(BlobFolderFiles, survive_what_was_collected) {
  const auto blobs = opened();
  const fs::path begun = blobs->begin_folder("runs/J/collected").value();
  fs::create_symlink("/nowhere", begun / "link");
  ASSERT_EQ(::mkfifo((begun / "pipe").c_str(), 0600), 0);
  fs::create_directories(begun / "a" / "b");
  std::ofstream(begun / "a" / "b" / "c") << "x";
  const auto finished = blobs->finish_folder("runs/J/collected");
  ASSERT_TRUE(finished) << finished.error().message;
  EXPECT_TRUE(fs::exists(blobs->folder("runs/J/collected").value() / "a" / "b" / "c"));
}

TEST_F(BlobFolderFiles, do_not_follow_links) {
  const auto blobs = opened();
  std::ofstream(folder_ / "outside") << "outside";
  fs::create_directories(folder_ / "elsewhere");
  fs::create_symlink(folder_ / "outside", root() / "link");
  fs::create_symlink(folder_ / "elsewhere", root() / "folder");
  EXPECT_FALSE(blobs->get("link"));
  EXPECT_FALSE(blobs->folder("folder"));
  ASSERT_TRUE(blobs->put("link", "x"));
  ASSERT_TRUE(blobs->remove("folder"));
  std::ifstream in(folder_ / "outside");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), "outside");
  EXPECT_TRUE(fs::exists(folder_ / "elsewhere"));
}

TEST_F(BlobFolderFiles, keep_the_old_bytes_where_new_ones_do_not_fit) {
  ChildProcess child([&](const Say& say) {
    ::signal(SIGXFSZ, SIG_IGN);
    auto blobs = open_blob_folder(root());
    if (!blobs || !(*blobs)->put("a", "old")) return say("not opened");
    const rlimit small{10'000, RLIM_INFINITY};
    ::setrlimit(RLIMIT_FSIZE, &small);
    const auto refused = (*blobs)->put("a", std::string(50'000, 'x'));
    const auto kept = (*blobs)->get("a");
    const rlimit none{RLIM_INFINITY, RLIM_INFINITY};
    ::setrlimit(RLIMIT_FSIZE, &none);
    if (refused || refused.error().code != ErrorCode::kUnreadable) return say("written");
    say(kept.value_or("nothing") + ", " + refused.error().message);
    if (!(*blobs)->put("b", std::string(50'000, 'x'))) say(", does not recover");
  });
  EXPECT_THAT(child.hear_all(), AllOf(testing::StartsWith("old, cannot write"), HasSubstr(root().string()),
                                      testing::Not(HasSubstr("recover"))));
  EXPECT_THAT(all_below(), testing::UnorderedElementsAre("~gone", "a", "b"));
}

TEST_F(BlobFolderFiles, tell_that_a_place_cannot_be_used) {
  std::ofstream(folder_ / "file") << "x";
  for (const fs::path& path : {folder_ / "file", folder_ / "file" / "below", fs::path("/proc/fa2")}) {
    const auto blobs = open_blob_folder(path);
    ASSERT_FALSE(blobs) << path;
    EXPECT_EQ(blobs.error().code, ErrorCode::kUnreadable);
    EXPECT_THAT(blobs.error().message, HasSubstr(path.string()));
  }
}

TEST_F(BlobFolderFiles, tell_a_file_from_a_folder) {
  const auto blobs = opened();
  ASSERT_TRUE(blobs->put("a", "x"));
  ASSERT_TRUE(blobs->put("b/c", "x"));
  EXPECT_EQ(blobs->put("a/below", "x").error().code, ErrorCode::kUnreadable);
  EXPECT_EQ(blobs->put("b", "x").error().code, ErrorCode::kUnreadable);
  EXPECT_EQ(blobs->folder("a").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(blobs->get("b").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(blobs->get("b/c").value(), "x");
}

}  // namespace
}  // namespace fa
