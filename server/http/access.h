// Access: who asks, what tells us, and whom a route lets in.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fairlist::http {

enum class Role : std::uint8_t {
    Public,    // anybody, without a token
    Machine,   // a sensor that sends hits and reports
    Provider,  // who answers for listed addresses
    Operator,
};

struct Principal {
    std::string name;
    Role role = Role::Public;  // let in nowhere, unless set
    std::string provider{};    // whom the token speaks for; of the role Provider only
};

// Whose token it is; implemented by the store of tokens.
class TokenCheck {
  public:
    virtual ~TokenCheck() = default;
    // Nothing for a token that is unknown or no longer valid. That takes as long as for one that is
    // known is up to the implementation. `bearer_token` has 1 to kTokenBytesMax characters of RFC
    // 6750 section 2.1.
    //
    // Thread: several workers ask at the same time. May throw when the store is broken: 503.
    [[nodiscard]] virtual std::optional<Principal> principal(std::string_view bearer_token) = 0;
};

// Whom a route lets in. There is no default: a route that does not say so does not compile.
class Roles {
  public:
    // Requires: Public only by itself.
    template <std::same_as<Role>... More>
    Roles(Role first, More... more)  // NOLINT(google-explicit-constructor): reads as data
        : bits_((bit(first) | ... | bit(more))) {
        check();
    }

    // Nobody has to say who he is.
    [[nodiscard]] bool is_open() const noexcept { return contains(Role::Public); }
    [[nodiscard]] bool contains(Role role) const noexcept { return (bits_ & bit(role)) != 0; }

  private:
    void check() const noexcept;
    [[nodiscard]] static constexpr unsigned bit(Role role) noexcept {
        return 1U << static_cast<unsigned>(role);
    }

    unsigned bits_;
};

}  // namespace fairlist::http
