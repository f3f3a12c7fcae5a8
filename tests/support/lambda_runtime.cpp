#include "support/lambda_runtime.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

#include "base/json.h"

namespace fa::test {
namespace {

constexpr std::string_view kApi = "/2018-06-01/runtime";

std::string base64(std::string_view bytes) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    unsigned group = 0;
    for (std::size_t k = 0; k < 3; ++k)
      group = group << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k) out += i + k > bytes.size() ? '=' : kDigits[group >> (18 - 6 * k) & 63U];
  }
  return out;
}

ServerAnswer status_answer(int status) {
  ServerAnswer answer;
  answer.response.status = status;
  answer.response.body = "{}";
  return answer;
}

LambdaRuntime::Outcome failed_with(const char* type, const std::string& what) { return {false, what, type}; }

}  // namespace

LambdaRuntime::LambdaRuntime(std::string program, std::map<std::string, std::string> environment)
    : program_(std::move(program)), environment_(std::move(environment)) {
  server_ = std::make_unique<HttpServer>([this](const HttpRequest& request) { return answer(request); });
  later_thread_ = std::jthread([this](const std::stop_token& stop) { serve_later(stop); });
}

LambdaRuntime::~LambdaRuntime() {
  {
    const std::scoped_lock lock(mutex_);
    closing_ = true;
    later_.clear();
  }
  changed_.notify_all();
  later_thread_.request_stop();
  changed_.notify_all();
  kill_program();
  if (later_thread_.joinable()) later_thread_.join();
  server_.reset();
}

bool LambdaRuntime::has_ended() {
  if (pid_ > 0 && ::waitpid(pid_, nullptr, WNOHANG) == pid_) pid_ = -1;
  return pid_ <= 0;
}

void LambdaRuntime::kill_program() {
  const std::scoped_lock lock(mutex_);
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  pid_ = -1;
  changed_.notify_all();
}

void LambdaRuntime::start_if_ended() {
  if (!has_ended()) return;
  ++starts_;
  // Each start has an address of its own: a killed program's waiting request must not take its successor's event.
  environment_["AWS_LAMBDA_RUNTIME_API"] =
      server_->url().substr(std::string_view("http://").size()) + "/" + std::to_string(starts_);
  std::vector<std::string> variables;
  for (const auto& [name, value] : environment_) variables.push_back(name + "=" + value);
  std::vector<char*> envp;
  for (std::string& variable : variables) envp.push_back(variable.data());
  envp.push_back(nullptr);
  std::string command = "lambda";
  char* argv[] = {program_.data(), command.data(), nullptr};
  const std::string log = (folder_.path() / "log").string();
  pid_ = ::fork();
  if (pid_ != 0) return;
  const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  const int nowhere = ::open("/dev/null", O_RDWR);
  ::dup2(out, STDERR_FILENO);
  ::dup2(nowhere, STDIN_FILENO);
  ::dup2(nowhere, STDOUT_FILENO);
  ::execve(argv[0], argv, envp.data());
  ::_exit(127);
}

ServerAnswer LambdaRuntime::next_event(int start) {
  std::unique_lock lock(mutex_);
  while (!closing_ && start == starts_ && !(event_ && !event_->given)) changed_.wait(lock);
  if (closing_ || start != starts_) return status_answer(500);
  event_->given = true;
  ServerAnswer answer;
  const auto deadline = std::chrono::system_clock::now() + event_->timeout;
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(deadline.time_since_epoch()).count();
  answer.response.status = 200;
  answer.response.body = event_->payload;
  answer.response.headers = {{"Content-Type", "application/json"},
                             {"Lambda-Runtime-Aws-Request-Id", event_->id},
                             {"Lambda-Runtime-Deadline-Ms", std::to_string(milliseconds)},
                             {"Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:region:account:function:played"}};
  return answer;
}

ServerAnswer LambdaRuntime::answer(const HttpRequest& request) {
  const std::size_t slash = request.url.find('/', 1);
  if (slash == std::string::npos) return status_answer(404);
  const int start = std::atoi(request.url.substr(1, slash - 1).c_str());
  const std::string path = request.url.substr(slash);
  if (path == std::string(kApi) + "/invocation/next" && request.method == "GET") return next_event(start);
  const std::string type(find_header(request.headers, "Lambda-Runtime-Function-Error-Type").value_or(""));
  const std::scoped_lock lock(mutex_);
  if (start != starts_) return status_answer(410);
  if (path == std::string(kApi) + "/init/error") {
    init_errors_.push_back({false, request.body, type});
    return status_answer(202);
  }
  const std::string of_event = std::string(kApi) + "/invocation/" + (event_ ? event_->id : "none");
  const bool is_answer = path == of_event + "/response";
  if (!is_answer && path != of_event + "/error") return status_answer(400);
  if (is_answer && request.body.size() > most_answer_bytes) return status_answer(413);
  event_->outcome = Outcome{is_answer, request.body, type};
  changed_.notify_all();
  return status_answer(202);
}

LambdaRuntime::Outcome LambdaRuntime::run(const std::string& payload, std::chrono::milliseconds timeout) {
  const std::scoped_lock alone(one_at_a_time_);
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  std::unique_lock lock(mutex_);
  start_if_ended();
  event_ = Event{"request-" + std::to_string(++events_), payload, timeout};
  changed_.notify_all();
  while (!event_->outcome && !closing_ && !has_ended() && std::chrono::steady_clock::now() < deadline) {
    changed_.wait_for(lock, std::chrono::milliseconds(20));
  }
  Outcome outcome = failed_with("Sandbox.Timedout", "Task timed out");
  if (event_->outcome) {
    outcome = std::move(*event_->outcome);
  } else if (has_ended()) {
    outcome = failed_with("Runtime.ExitError", "the program ended");
  }
  const bool kill = outcome.error_type == "Sandbox.Timedout";
  event_.reset();
  lock.unlock();
  if (kill) kill_program();
  return outcome;
}

LambdaRuntime::Outcome LambdaRuntime::invoke(const std::string& payload, std::chrono::milliseconds timeout) {
  return run(payload, timeout);
}

void LambdaRuntime::invoke_later(const std::string& payload) {
  const std::scoped_lock lock(mutex_);
  later_.push_back(payload);
  changed_.notify_all();
}

void LambdaRuntime::serve_later(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    std::string payload;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, stop, [&] { return !later_.empty(); });
      if (later_.empty()) return;
      payload = later_.front();
      later_.pop_front();
      later_runs_ = true;
    }
    for (int tries = 0; tries < 3 && !stop.stop_requested(); ++tries) {
      if (run(payload, std::chrono::seconds(60)).answered) break;
    }
    const std::scoped_lock lock(mutex_);
    later_runs_ = false;
    changed_.notify_all();
  }
}

void LambdaRuntime::wait_until_idle() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return later_.empty() && !later_runs_; });
}

std::string LambdaRuntime::log() const { return file_bytes(folder_.path() / "log"); }

int LambdaRuntime::starts() const {
  const std::scoped_lock lock(mutex_);
  return starts_;
}

std::vector<LambdaRuntime::Outcome> LambdaRuntime::init_errors() const {
  const std::scoped_lock lock(mutex_);
  return init_errors_;
}

std::string gateway_event(const HttpRequest& request, const std::string& version, bool base64_body) {
  const std::size_t mark = request.url.find('?');
  const std::string path = request.url.substr(0, mark);
  const std::string query = mark == std::string::npos ? std::string() : request.url.substr(mark + 1);
  Json headers = Json::object();
  Json multiple = Json::object();
  for (const auto& [name, value] : request.headers) {
    std::string key = name;
    // HTTP APIs and function URLs write names in small letters.
    for (char& c : key) c = version == "2.0" && c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    headers[key] = value;
    multiple[key] = Json::array({value});
  }
  const std::string body = base64_body ? base64(request.body) : request.body;
  Json event;
  if (version == "2.0") {
    event = {{"version", "2.0"},
             {"rawPath", "/live" + path},
             {"rawQueryString", query},
             {"headers", headers},
             {"requestContext",
              {{"stage", "live"},
               {"http", {{"method", request.method}, {"path", "/live" + path}, {"sourceIp", "192.0.2.7"}}}}}};
  } else {
    event = {{"resource", "/{proxy+}"},
             {"path", path},
             {"httpMethod", request.method},
             {"headers", headers},
             {"multiValueHeaders", multiple},
             {"queryStringParameters", nullptr},
             {"pathParameters", {{"proxy", path.substr(1)}}},
             {"requestContext", {{"stage", "prod"}, {"identity", {{"sourceIp", "192.0.2.7"}}}}}};
  }
  event["body"] = body.empty() ? Json() : Json(body);
  event["isBase64Encoded"] = base64_body;
  return json_text(event);
}

HttpResponse gateway_response(const LambdaRuntime::Outcome& outcome) {
  HttpResponse response;
  response.status = 502;
  const Json json = outcome.answered ? parse_json(outcome.body) : Json();
  if (!json.is_object() || !json.contains("statusCode")) return response;
  response.status = json.at("statusCode").get<int>();
  response.body = json.value("body", std::string());
  for (const auto& [name, value] : json.at("headers").items())
    response.headers.emplace_back(name, value.get<std::string>());
  return response;
}

}  // namespace fa::test
