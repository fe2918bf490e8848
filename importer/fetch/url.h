// Url: the address of a source, taken apart.
#pragma once

#include "listing/base/result.h"

#include <cstdint>
#include <string>

namespace fairlist::importer {

enum class Scheme : std::uint8_t { File, StandardInput, Http, Https, Rsync };

struct Url {
    Scheme scheme = Scheme::File;
    std::string text;   // as given; for File the path
    std::string host;   // of http, https and rsync, without brackets
    std::string port;   // empty: the scheme's
    std::string path;   // of rsync: "/module/list.txt"
    std::string shown;  // for messages: without user name and password
};

// "/path", "file:/path", "-", "https://...", "http://...", "rsync://...". A relative path is one
// too. Error: another scheme, or no host.
[[nodiscard]] Result<Url> parse_url(const std::string& text);

}  // namespace fairlist::importer
