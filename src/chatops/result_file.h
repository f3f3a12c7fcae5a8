#pragma once

#include <string>
#include <vector>

namespace fa::chatops {

/// A file that goes into a thread with a result.
struct ResultFile {
  std::string name;   ///< With its ending; unique in its result.
  std::string title;  ///< Shown above it; unique in its thread.
  std::string bytes;
  std::string alt_text = {};  ///< What a picture shows, in words, for screen readers; empty for other files.
  /// It shall be seen by everybody: it stands in the channel itself, unless the request was made in a thread.
  bool for_channel = false;
};

/// Files in the order in which they are shown, and what could not be made.
struct ResultFiles {
  std::vector<ResultFile> files;
  std::vector<std::string> missing;  ///< For the log: which one and why. No words of people or logs.
};

}  // namespace fa::chatops
