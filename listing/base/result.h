// Result<T>: the value of an operation that may fail for an expected reason.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <utility>

namespace fairlist {

enum class Errc : std::uint8_t {
    Malformed,   // input bytes or text break their grammar
    OutOfRange,  // well formed, but outside the allowed limits
    NotFound,
    Conflict,  // contradicts the current state (duplicate, illegal transition, held by a guard)
    Refused,   // forbidden by a rule (protected space, access)
    Io,
};

struct Error {
    Errc code;
    std::string message;  // lower case, no full stop, no newline: callers add context
};

template <typename T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(Errc code, std::string message) {
    return std::unexpected(Error{code, std::move(message)});
}

// The same error with where it happened in front: "feed drop: line 3: ...".
inline std::unexpected<Error> fail_in(const std::string& where, const Error& error) {
    return std::unexpected(Error{error.code, where + ": " + error.message});
}

}  // namespace fairlist
