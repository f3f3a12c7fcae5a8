#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "net/http.h"

namespace fa::test {

/// Runs a script of this folder with the shared folder and a file of `input` as its arguments: what it prints, one line
/// each. nullopt where Python, the shared folder or botocore is missing.
std::optional<std::vector<std::string>> run_python_check(const std::string& script, const std::string& input);

/// An answer of the stand-in, to be held against the published service model (check_answer.py).
struct GivenAnswer {
  std::string service;
  std::string operation;
  HttpResponse response;
};
/// What is unknown, missing or of another type in the answers; nullopt as above.
std::optional<std::vector<std::string>> check_answers(const std::vector<GivenAnswer>& answers);

}  // namespace fa::test
