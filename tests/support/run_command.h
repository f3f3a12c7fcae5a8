#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace fa::test {

/// How a program ended and what it wrote.
struct CommandResult {
  int status = -1;  ///< Exit status; 128 + signal when a signal ended it.
  std::string out;
  std::string err;
  long peak_megabytes = 0;  ///< Most memory it held at once (resident).
};

/// Runs a program to its end in `folder`, away from any terminal, with empty standard input (or that file) and none of
/// the caller's environment but what the sanitizers read. Fails the current test when the program cannot be started.
CommandResult run_command(const std::vector<std::string>& arguments, const std::filesystem::path& folder,
                          const std::filesystem::path& input = "/dev/null");

/// The same with the built fa2 in front of the arguments.
CommandResult run_fa2(std::vector<std::string> arguments, const std::filesystem::path& folder,
                      const std::filesystem::path& input = "/dev/null");

/// All bytes of a file; empty when it cannot be read.
std::string file_bytes(const std::filesystem::path& path);

/// A folder that is gone after the test.
class TempFolder {
 public:
  TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  ~TempFolder();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// Writes a file below the folder and says where.
  [[nodiscard]] std::filesystem::path write(const std::string& name, const std::string& bytes) const;

 private:
  std::filesystem::path path_;
};

}  // namespace fa::test
