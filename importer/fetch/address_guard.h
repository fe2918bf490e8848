// AddressGuard: which addresses a fetch may connect to.
#pragma once

#include "listing/model/prefix.h"

#include <span>
#include <string>
#include <vector>

struct sockaddr;

namespace fairlist::importer {

// A source is fetched from the public Internet; whoever controls its name, its redirects or its
// DNS must not reach the operator's own network through us.
struct AddressGuard {
    bool allow_private = false;   // no check at all; of redirects only those to the same host
    std::vector<Prefix> allowed;  // private space that may be reached all the same

    // Why this address must not be connected to; empty when it may be.
    [[nodiscard]] std::string refusal(const sockaddr& address) const;
};

// The message for an address that was refused; `redirected` there, nothing lifts the refusal.
[[nodiscard]] std::string refused_address(const std::string& why, bool redirected);

}  // namespace fairlist::importer
