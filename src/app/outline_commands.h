#pragma once

#include "manual/command_outline.h"

namespace CLI {
class App;
}

namespace fa {

/// The commands and options as they are declared, for manual pages and completions. Hidden ones are left out.
manual::CommandOutline outline_commands(const CLI::App& program);

}  // namespace fa
