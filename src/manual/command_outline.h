#pragma once

#include <string>
#include <vector>

namespace fa::manual {

/// An option or a positional argument of a command, as its users see it.
struct OptionOutline {
  std::vector<std::string> names;    ///< `--from`, `-h`; of a positional its name (`PATH`) alone.
  std::string value;                 ///< Placeholder of its value (`TEXT`); empty: a flag.
  std::vector<std::string> choices;  ///< All values it takes; empty: any.
  std::string description;
  std::string group;  ///< Heading it stands under; empty: the first one.
  bool positional = false;
  bool required = false;
  bool repeats = false;
};

/// A command with all below it, in the order in which they are declared. Hidden ones are left out.
struct CommandOutline {
  std::string name;  ///< With those above it: `fa2 knowledge add`.
  std::string description;
  std::vector<OptionOutline> options;
  std::vector<CommandOutline> children;
};

}  // namespace fa::manual
