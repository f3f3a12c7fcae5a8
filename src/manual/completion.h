#pragma once

#include <string>

#include "manual/command_outline.h"

/// What shells load to complete command lines: commands, options, and values where they are known; else file names.
/// Pure.
namespace fa::manual {

[[nodiscard]] std::string bash_completion(const CommandOutline& program);
[[nodiscard]] std::string zsh_completion(const CommandOutline& program);
[[nodiscard]] std::string fish_completion(const CommandOutline& program);

}  // namespace fa::manual
