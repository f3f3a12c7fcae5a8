#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"

namespace fa {

/// How well the templates of one log file were found.
struct TemplateScore {
  std::string system;  ///< Name of its folder.
  std::size_t lines = 0;
  double grouping = 0;  ///< Share of lines whose group holds exactly the lines of their true template.
  double parsing = 0;   ///< Share of lines whose template is, letter for letter, the true one.
};

/// Mines the templates of every log below `root` that comes with true ones: `<x>.content.txt`, the messages, and
/// `<x>.log_structured_corrected.csv`, whose last column holds the template of each (LogPAI's LogHub, Zhu et al., ISSRE
/// 2023); both may be compressed. One configuration for all, which is the program's. Sorted by system; empty where
/// there are none.
Result<std::vector<TemplateScore>> evaluate_templates(const std::filesystem::path& root);

/// A table with the average and the worst; empty for no scores.
std::string render_templates_text(const std::vector<TemplateScore>& scores);

}  // namespace fa
