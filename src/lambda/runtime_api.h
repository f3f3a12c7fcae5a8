#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "base/context.h"
#include "base/result.h"
#include "base/time.h"
#include "net/http.h"

/// AWS Lambda from inside a function. Contract:
/// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html (version 2018-06-01).
namespace fa::lambda {

/// What Lambda asks of the function.
struct Invocation {
  std::string id;                ///< The request's id; the same when Lambda repeats it.
  std::string payload;           ///< JSON, whatever whoever invoked it sent.
  TimePoint deadline = kNoTime;  ///< When Lambda kills the function; kNoTime where it was not told.
};

/// How the function failed, for whoever invoked it.
struct FunctionError {
  std::string type;     ///< A stable name without spaces: `Fa2.Unavailable`.
  std::string message;  ///< For a person, in any language.
};

/// Answers above it are refused: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
inline constexpr std::size_t kMostAnswerBytes = std::size_t{6} << 20;

/// The Runtime API of the machine that the function runs on. Not thread-safe: one invocation at a time. Borrows the
/// client. Errors: kUnavailable when it does not answer or gives up on the function, kLimit for an answer that is too
/// large, kInvalidInput for one it does not take (it may have come too late), kCancelled.
class RuntimeApi {
 public:
  /// `address`: host and port, as AWS_LAMBDA_RUNTIME_API has them.
  RuntimeApi(HttpClient& http, const std::string& address);

  /// Waits for the next invocation, however long that takes: Lambda freezes the process meanwhile.
  Result<Invocation> next(const Context& context);
  /// `answer`: a JSON document.
  Result<void> respond(const Invocation& invocation, std::string answer, const Context& context);
  Result<void> fail(const Invocation& invocation, const FunctionError& error, const Context& context);
  /// The function could not be set up; the process must end behind it.
  Result<void> fail_init(const FunctionError& error, const Context& context);

 private:
  Result<void> post(const std::string& path, std::string body, const std::string& error_type, const Context& context);
  HttpClient& http_;
  std::string base_;
};

/// The name of an error's code, for FunctionError: `Fa2.NotFound`.
[[nodiscard]] FunctionError function_error(const Error& error);

}  // namespace fa::lambda
