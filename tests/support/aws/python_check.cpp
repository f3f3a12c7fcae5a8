/// Hands captured requests to check_request.py of ../shared/tools, and answers to check_answer.py, all in one process.
#include "support/aws/python_check.h"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "base/text.h"
#include "support/aws/json_fields.h"
#include "support/aws/stand_in.h"
#include "support/aws/wire.h"

namespace fa::test {

std::optional<std::vector<std::string>> run_python_check(const std::string& script, const std::string& input) {
  namespace fs = std::filesystem;
  const fs::path root = FA_PROJECT_DIR;
  if (!fs::exists("/usr/bin/python3") || !fs::exists(root / "../shared/tools/check_request.py")) return std::nullopt;
  std::string file = (fs::temp_directory_path() / "fa2-check-XXXXXX").string();
  const int descriptor = mkstemp(file.data());
  if (descriptor < 0) return std::vector<std::string>{"cannot make a temporary file " + file};
  close(descriptor);
  std::ofstream(file, std::ios::binary) << input;
  const std::string command = "/usr/bin/python3 '" + (root / "tests/support/aws" / script).string() + "' '" +
                              (root / "../shared").string() + "' '" + file + "' 2>&1";
  std::vector<std::string> lines;
  std::string text;
  int status = -1;
  if (FILE* pipe = popen(command.c_str(), "r"); pipe != nullptr) {
    std::array<char, 4096> buffer{};
    for (std::size_t n = 0; (n = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) text.append(buffer.data(), n);
    status = pclose(pipe);
  }
  fs::remove(file);
  constexpr int kBotocoreMissing = 3;
  if (WIFEXITED(status) && WEXITSTATUS(status) == kBotocoreMissing) return std::nullopt;
  for (const std::string_view line : split(text, '\n')) {
    if (!trim(line).empty()) lines.emplace_back(line);
  }
  if (lines.empty() && (!WIFEXITED(status) || WEXITSTATUS(status) != 0)) {
    lines.push_back(script + " ended with status " + std::to_string(status));
  }
  return lines;
}

std::optional<std::vector<std::string>> check_requests(const std::vector<CapturedRequest>& requests) {
  Json list = Json::array();
  for (const CapturedRequest& captured : requests) {
    Json headers = Json::object();
    for (const auto& [name, value] : captured.request.headers) headers[name] = value;
    bool has_host = false;
    for (const auto& [name, value] : captured.request.headers) has_host = has_host || iequals(name, "host");
    if (!has_host) headers["Host"] = captured.host;
    list.push_back(Json{{"service", captured.service},
                        {"operation", captured.operation},
                        {"request",
                         {{"method", captured.request.method},
                          {"path", captured.request.url},
                          {"headers", std::move(headers)},
                          {"body_base64", wire::base64_encode(captured.request.body)}}}});
  }
  return run_python_check("check_requests.py", dump(list));
}

std::optional<std::vector<std::string>> check_answers(const std::vector<GivenAnswer>& answers) {
  Json list = Json::array();
  for (const GivenAnswer& answer : answers) {
    Json headers = Json::object();
    for (const auto& [name, value] : answer.response.headers) headers[name] = value;
    list.push_back(Json{{"service", answer.service},
                        {"operation", answer.operation},
                        {"status", answer.response.status},
                        {"headers", std::move(headers)},
                        {"body_base64", wire::base64_encode(answer.response.body)}});
  }
  return run_python_check("check_answer.py", dump(list));
}

}  // namespace fa::test
