#include "importer/fetch/resolve.h"

#include <fmt/format.h>

#include <array>
#include <memory>
#include <netdb.h>
#include <sys/socket.h>

namespace fairlist::importer {

namespace {

struct AddrinfoFree {
    void operator()(addrinfo* list) const noexcept { ::freeaddrinfo(list); }
};

}  // namespace

Result<std::string> resolve_allowed(const std::string& host, const AddressGuard& guard) {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const int code = ::getaddrinfo(host.c_str(), nullptr, &hints, &found);
    if (code != 0) {
        return fail(Errc::NotFound, fmt::format("host \"{}\": {}", host, ::gai_strerror(code)));
    }
    const std::unique_ptr<addrinfo, AddrinfoFree> list(found);
    std::string why;
    for (const addrinfo* one = list.get(); one != nullptr; one = one->ai_next) {
        why = guard.refusal(*one->ai_addr);
        std::array<char, NI_MAXHOST> text{};
        const bool printed =
            why.empty() && ::getnameinfo(one->ai_addr, one->ai_addrlen, text.data(), text.size(),
                                         nullptr, 0, NI_NUMERICHOST) == 0;
        if (printed) {
            return std::string(text.data());
        }
    }
    return fail(Errc::Refused, refused_address(why, false));
}

}  // namespace fairlist::importer
