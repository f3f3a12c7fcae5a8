#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace fa {

/// What the caller should do about an error, not where it came from.
enum class ErrorCode {
  kInvalidInput,  ///< The bytes or arguments are wrong; asking again will not help.
  kNotFound,      ///< The thing asked for does not exist.
  kUnreadable,    ///< It exists but cannot be read (permission, I/O error, broken compression).
  kLimit,         ///< A documented limit was hit; raise it or send less.
  kCancelled,     ///< The user or the deadline stopped the work.
  kDenied,        ///< The other side does not allow it: credentials or permissions must change.
  kUnavailable,   ///< A service did not answer, failed or throttled, after all retries; later it may work.
  kInternal,      ///< A bug of ours.
};

/// An error a person reads: what happened, to what, and what to do next.
struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;
  /// What the other side calls it (`ThrottlingException`); empty where there is no such name. For code, not for people.
  std::string reason = {};
};

/// A value or an Error. Absence of data is never an error.
template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(ErrorCode code, std::string message) {
  return tl::unexpected<Error>(Error{code, std::move(message)});
}

}  // namespace fa
