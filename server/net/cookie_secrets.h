// The secrets that server cookies are made with, from a file that several servers share.
#pragma once

#include "listing/base/result.h"
#include "server/dns/cookie.h"

#include <filesystem>
#include <vector>

namespace fairlist::net {

// 32 hexadecimal digits a line, newest first; blank lines and those that begin with "#" are left
// out. Errors: Io; Malformed with file and line; OutOfRange for none or more than
// dns::kCookieSecretsMax.
[[nodiscard]] Result<std::vector<dns::CookieSecret>> read_cookie_secrets(
    const std::filesystem::path& file);

// For a server that stands alone: clients get new cookies after each start.
[[nodiscard]] dns::CookieSecret make_random_cookie_secret();

}  // namespace fairlist::net
