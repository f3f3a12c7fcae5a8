#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fa {

/// An exception as a message tells it. Views into the message.
struct ExceptionText {
  std::string_view type;          ///< Outermost type as written.
  std::string_view root_type;     ///< Innermost cause; `type` when there is no chain.
  std::string_view root_message;  ///< First line of its message; may be empty.
  std::string_view root_frame;    ///< First frame of the innermost cause; empty when there is none.
};

/// Finds the exception or error chain of a message: Java (`Caused by:`, `Wrapped by:`, `nested exception is`), Python
/// tracebacks with their two kinds of chains, Go and Rust panics, Node.js (`[cause]:`), .NET (`--->`), Ruby, and
/// `SomeException: message` inside ordinary text. Looks at the first 256 KiB. nullopt when the text names none.
[[nodiscard]] std::optional<ExceptionText> find_exception(std::string_view message);

}  // namespace fa
