#include "base/file_descriptor.h"

#include <fcntl.h>
#include <gtest/gtest.h>

namespace fa {
namespace {

int open_something() { return ::open("/dev/null", O_RDONLY | O_CLOEXEC); }

bool is_open(int fd) { return ::fcntl(fd, F_GETFD) >= 0; }

TEST(FileDescriptor, holds_nothing_or_a_descriptor) {
  EXPECT_FALSE(FileDescriptor());
  EXPECT_FALSE(FileDescriptor(-1));
  EXPECT_EQ(FileDescriptor().get(), -1);
  EXPECT_TRUE(FileDescriptor(open_something()));
}

TEST(FileDescriptor, closes_at_its_end_at_a_reset_and_when_another_takes_its_place) {
  const int first = open_something();
  const int second = open_something();
  const int third = open_something();
  {
    FileDescriptor fd(first);
    EXPECT_TRUE(is_open(first));
    fd.reset(second);
    EXPECT_FALSE(is_open(first));
    EXPECT_EQ(fd.get(), second);
    fd = FileDescriptor(third);
    EXPECT_FALSE(is_open(second));
  }
  EXPECT_FALSE(is_open(third));
}

TEST(FileDescriptor, moves_without_closing) {
  const int number = open_something();
  FileDescriptor from(number);
  FileDescriptor through(std::move(from));
  EXPECT_FALSE(from);  // NOLINT(bugprone-use-after-move): it holds none, which is promised
  FileDescriptor to;
  to = std::move(through);
  EXPECT_EQ(to.get(), number);
  FileDescriptor& same = to;
  to = std::move(same);
  EXPECT_EQ(to.get(), number) << "given to itself it stays";
  EXPECT_TRUE(is_open(number));
  to.reset();
  EXPECT_FALSE(is_open(number));
}

}  // namespace
}  // namespace fa
