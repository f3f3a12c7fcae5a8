#include "sources/file/discover.h"

#include <fmt/core.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "model/collection.h"
#include "sources/file/byte_stream.h"
#include "sources/file/shown_name.h"
#include "sources/file/spool.h"

namespace fa {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kIncidentFileName = "incident.json";

/// What makes two paths the same file or folder.
using FileId = std::pair<dev_t, ino_t>;

struct Candidate {
  InputFile file;
  FileId id;
  bool through_link = false;
  std::string argument;  ///< The folder it was found in; empty for files named directly.
};

struct IncidentCandidate {
  fs::path path;
  bool at_top = false;  ///< Directly inside an argument, or an argument itself.
};

std::string why_unreadable(int error_number) {
  switch (error_number) {
    case ENOENT:
      return "it does not exist; check the spelling and the folder fa2 was started in";
    case EACCES:
      return "permission denied; make it readable for this user";
    case ELOOP:
      return "its symbolic links lead in a circle";
    default:
      return system_error_text(error_number);
  }
}

std::string_view kind_of(mode_t mode) {
  if (S_ISFIFO(mode)) {
    return "a named pipe";
  }
  if (S_ISSOCK(mode)) {
    return "a socket";
  }
  return "a device";
}

class Discovery {
 public:
  Discovery(const DiscoverOptions& options, const Context& context) : options_(options), context_(context) {}

  void add_argument(const std::string& argument) {
    if (argument == "-") {
      add_stdin();
      return;
    }
    struct stat info {};
    if (::stat(argument.c_str(), &info) != 0) {
      add_gap(argument, why_unreadable(errno));
    } else if (S_ISDIR(info.st_mode)) {
      add_folder(argument, info);
    } else {
      add_file({argument, argument, {}, false, true, {}}, info);
    }
  }

  InputSet finish() {
    if (left_out_ > 0) {
      add_gap("(all arguments)",
              fmt::format("{} files beyond the first {} were left out; give fewer or smaller folders", left_out_,
                          kMaxInputFiles));
    }
    drop_repeated_files();
    make_names_unique();
    for (auto& candidate : candidates_) {
      out_.files.push_back(std::move(candidate.file));
    }
    std::sort(out_.files.begin(), out_.files.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    choose_incident_file();
    for (auto& [id, path] : collection_files_) out_.collection_files.push_back(std::move(path));
    std::sort(out_.collection_files.begin(), out_.collection_files.end());
    std::stable_sort(out_.gaps.begin(), out_.gaps.end(),
                     [](const Gap& a, const Gap& b) { return a.source < b.source; });
    return std::move(out_);
  }

 private:
  struct Place {
    fs::path path;
    std::string name;
    std::string argument;
    bool through_link = false;
    bool at_top = false;
    FileId id = {};
  };

  void add_gap(std::string_view name, std::string error, std::string impact = "Nothing of it was used.") {
    out_.gaps.push_back({shown_name(name), {}, std::move(error), std::move(impact)});
  }

  void add_stdin() {
    auto spooled = spool(options_.stdin_fd, options_.spool_folder, context_);
    if (!spooled) {
      add_gap("-", spooled.error().message);
      return;
    }
    if (spooled->fault) {
      add_gap("-", spooled->fault->message, "What standard input gave before was used; the rest is missing.");
    }
    struct stat info {};
    static_cast<void>(::fstat(spooled->file.get(), &info));
    candidates_.push_back({{"-", spooled->path(), spooled->size}, {info.st_dev, info.st_ino}, false, {}});
    out_.spooled_stdin = std::move(spooled->file);
  }

  void add_file(Place place, const struct stat& info) {
    if (!S_ISREG(info.st_mode)) {
      add_gap(place.name, fmt::format("it is {}, not a file; send its content to '-' (standard input) instead",
                                      kind_of(info.st_mode)));
    } else if (place.path.filename() == kIncidentFileName) {
      auto& known =
          incident_files_.try_emplace({info.st_dev, info.st_ino}, IncidentCandidate{place.path}).first->second;
      known.at_top = known.at_top || place.at_top;
    } else if (place.path.filename() == kCollectionFileName) {
      collection_files_.try_emplace({info.st_dev, info.st_ino}, place.path);
    } else if (candidates_.size() >= kMaxInputFiles) {
      ++left_out_;
    } else {
      candidates_.push_back({{std::move(place.name), std::move(place.path), static_cast<std::uint64_t>(info.st_size)},
                             {info.st_dev, info.st_ino},
                             place.through_link,
                             std::move(place.argument)});
    }
  }

  /// Real folders first, then what symbolic links lead to and was not seen: names do not depend on the links then, and
  /// a circle ends by itself.
  void add_folder(const std::string& argument, const struct stat& info) {
    const auto known =
        candidates_.size() + incident_files_.size() + collection_files_.size() + out_.gaps.size() + left_out_;
    std::set<FileId> seen;
    std::vector<Place> folders = {{argument, "", argument, false, true, {info.st_dev, info.st_ino}}};
    std::vector<Place> linked;
    while (!folders.empty() || !linked.empty()) {
      if (context_.stopped()) {
        add_gap(argument, "looking through it was stopped", "Files not listed in the coverage were not used.");
        return;
      }
      auto& next = folders.empty() ? linked : folders;
      const Place folder = std::move(next.back());
      next.pop_back();
      if (seen.insert(folder.id).second) {
        list_folder(folder, folders, linked);
      }
    }
    if (candidates_.size() + incident_files_.size() + collection_files_.size() + out_.gaps.size() + left_out_ ==
        known) {
      add_gap(argument, "the folder holds no files (hidden ones are left out); give the folder the data lies in");
    }
  }

  void list_folder(const Place& folder, std::vector<Place>& folders, std::vector<Place>& linked) {
    std::error_code error;
    std::vector<fs::path> entries;
    for (fs::directory_iterator it(folder.path, error), end; !error && it != end; it.increment(error)) {
      if (!it->path().filename().native().starts_with('.')) {
        entries.push_back(it->path());
      }
    }
    if (error) {
      add_gap(folder.name.empty() ? folder.argument : folder.name,
              fmt::format("the folder cannot be listed: {}", why_unreadable(error.value())),
              "Files inside that were not listed were not used.");
    }
    std::sort(entries.begin(), entries.end());
    for (auto& path : entries) {
      const std::string name = path.filename().native();
      Place place{std::move(path), folder.name.empty() ? name : folder.name + '/' + name,
                  folder.argument, folder.through_link,
                  folder.at_top,   {}};
      struct stat info {};
      struct stat link {};
      if (::lstat(place.path.c_str(), &link) != 0) {
        add_gap(place.name, why_unreadable(errno));
        continue;
      }
      const bool is_link = S_ISLNK(link.st_mode);
      if (::stat(place.path.c_str(), &info) != 0) {
        add_gap(place.name,
                is_link && errno == ENOENT
                    ? "it is a symbolic link to something that does not exist; restore it or remove the link"
                    : why_unreadable(errno));
        continue;
      }
      place.through_link = place.through_link || is_link;
      if (!S_ISDIR(info.st_mode)) {
        add_file(std::move(place), info);
      } else {
        place.at_top = false;
        place.id = {info.st_dev, info.st_ino};
        (is_link ? linked : folders).push_back(std::move(place));
      }
    }
  }

  /// Several names for one file (links, arguments inside each other) would count its records twice.
  void drop_repeated_files() {
    std::sort(candidates_.begin(), candidates_.end(), [](const Candidate& a, const Candidate& b) {
      return std::tie(a.id, a.through_link, a.file.name, a.file.path) <
             std::tie(b.id, b.through_link, b.file.name, b.file.path);
    });
    candidates_.erase(std::unique(candidates_.begin(), candidates_.end(),
                                  [](const Candidate& a, const Candidate& b) { return a.id == b.id; }),
                      candidates_.end());
  }

  /// Equal relative names from several folders get their argument in front, all of them, so that none depends on the
  /// order of the arguments. What is still equal then (names that differ in unprintable bytes) is numbered.
  void make_names_unique() {
    std::map<std::string, std::size_t> uses;
    for (const auto& candidate : candidates_) {
      ++uses[candidate.file.name];
    }
    for (auto& candidate : candidates_) {
      if (uses[candidate.file.name] > 1 && !candidate.argument.empty()) {
        candidate.file.name = (fs::path(candidate.argument) / candidate.file.name).lexically_normal().string();
      }
      candidate.file.name = shown_name(candidate.file.name);
    }
    std::sort(candidates_.begin(), candidates_.end(), [](const Candidate& a, const Candidate& b) {
      return std::tie(a.file.name, a.file.path) < std::tie(b.file.name, b.file.path);
    });
    std::set<std::string> taken;
    for (auto& candidate : candidates_) {
      const std::string base = candidate.file.name;
      for (int number = 2; !taken.insert(candidate.file.name).second; ++number) {
        candidate.file.name = fmt::format("{} ({})", base, number);
      }
    }
  }

  void choose_incident_file() {
    std::vector<IncidentCandidate> choices;
    for (const auto& [id, candidate] : incident_files_) {
      choices.push_back(candidate);
    }
    const auto top_end =
        std::partition(choices.begin(), choices.end(), [](const IncidentCandidate& c) { return c.at_top; });
    if (top_end != choices.begin()) {
      choices.erase(top_end, choices.end());
    }
    if (choices.size() == 1) {
      out_.incident_file = choices.front().path;
    } else if (choices.size() > 1) {
      std::sort(choices.begin(), choices.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
      add_gap(choices.front().path.native(),
              fmt::format("there are {} incident.json files (another is {}); give one incident folder at a time",
                          choices.size(), shown_name(choices[1].path.native())),
              "None of them was used: window, baseline and alarm are found from the data.");
    }
  }

  const DiscoverOptions& options_;
  const Context& context_;
  InputSet out_;
  std::vector<Candidate> candidates_;
  std::map<FileId, IncidentCandidate> incident_files_;
  std::map<FileId, fs::path> collection_files_;
  std::size_t left_out_ = 0;
};

}  // namespace

InputSet discover_inputs(std::span<const std::string> arguments, const DiscoverOptions& options,
                         const Context& context) {
  // Sorted, so that everything decided first come first served below is decided by name.
  const std::set<std::string> sorted(arguments.begin(), arguments.end());
  Discovery discovery(options, context);
  for (const auto& argument : sorted) {
    discovery.add_argument(argument);
  }
  return discovery.finish();
}

}  // namespace fa
