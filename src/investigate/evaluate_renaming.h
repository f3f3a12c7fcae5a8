#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/context.h"
#include "base/result.h"

namespace fa {

/// Replaces names by words without meaning, to show that an answer does not rest on what things are called. The word of
/// a name depends on the seed and the name alone, so that it is the same in every file and incident.
class Renaming {
 public:
  explicit Renaming(std::uint64_t seed) : seed_(seed) {}

  /// A name of a service, instance or host: replaced wherever it stands by itself, in whatever case.
  void add_name(std::string_view name);
  /// A name of a metric: replaced where it is all of a quoted string, since such names are ordinary words otherwise.
  void add_metric(std::string_view name);

  [[nodiscard]] std::string word_of(std::string_view name) const;
  [[nodiscard]] std::string apply(std::string_view text) const;

 private:
  [[nodiscard]] std::size_t match(std::string_view text, std::size_t at) const;

  std::uint64_t seed_;
  std::unordered_map<std::string, std::string> words_;    ///< Lower-case names and their words.
  std::unordered_map<std::string, std::string> metrics_;  ///< As they are written.
  /// Lengths of names (longest first) by their first two letters.
  std::unordered_map<std::string, std::vector<std::size_t>> lengths_;
};

/// A copy of an incident folder under other names, deleted with this object. Compressed files are copied plain.
class RenamedFolder {
 public:
  /// `renaming` learns the names in the folder. Needs a writable folder for temporary files.
  static Result<RenamedFolder> make(const std::filesystem::path& folder, Renaming& renaming, const Context& context);
  RenamedFolder(RenamedFolder&& other) noexcept;
  RenamedFolder& operator=(RenamedFolder&&) = delete;
  ~RenamedFolder();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  explicit RenamedFolder(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

}  // namespace fa
