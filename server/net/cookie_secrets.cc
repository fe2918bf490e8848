#include "server/net/cookie_secrets.h"

#include <fmt/format.h>
#include <sodium.h>

#include <fstream>
#include <optional>
#include <string>

namespace fairlist::net {

namespace {

constexpr std::size_t kLinesMax = 1000;

std::optional<dns::CookieSecret> parse_secret(const std::string& line) {
    dns::CookieSecret secret{};
    std::size_t size = 0;
    const char* end = nullptr;
    const bool is_hex = sodium_hex2bin(secret.data(), secret.size(), line.data(), line.size(),
                                       nullptr, &size, &end) == 0;
    if (!is_hex || size != secret.size() || end != line.data() + line.size()) {
        return std::nullopt;
    }
    return secret;
}

}  // namespace

Result<std::vector<dns::CookieSecret>> read_cookie_secrets(const std::filesystem::path& file) {
    std::ifstream in(file);
    if (!in) {
        return fail(Errc::Io,
                    fmt::format("cookie_secret_file \"{}\": cannot be read", file.string()));
    }
    std::vector<dns::CookieSecret> secrets;
    std::string line;
    for (std::size_t number = 1; number <= kLinesMax && std::getline(in, line); ++number) {
        if (line.empty() || line.starts_with('#')) {
            continue;
        }
        // A faulty line is a damaged secret: it is not quoted.
        const std::optional<dns::CookieSecret> secret = parse_secret(line);
        if (!secret) {
            return fail(Errc::Malformed, fmt::format("{}:{}: expected 32 hexadecimal digits",
                                                     file.string(), number));
        }
        secrets.push_back(*secret);
    }
    if (secrets.empty() || secrets.size() > dns::kCookieSecretsMax) {
        return fail(Errc::OutOfRange,
                    fmt::format("cookie_secret_file \"{}\": {} secrets, expected 1 to {}",
                                file.string(), secrets.size(), dns::kCookieSecretsMax));
    }
    return secrets;
}

dns::CookieSecret make_random_cookie_secret() {
    dns::CookieSecret secret{};
    randombytes_buf(secret.data(), secret.size());
    return secret;
}

}  // namespace fairlist::net
