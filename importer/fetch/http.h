// HttpFetch: one conditional GET of a source into a file, by libcurl.
#pragma once

#include "importer/fetch/address_guard.h"
#include "importer/fetch/url.h"
#include "listing/base/result.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace fairlist::importer {

inline constexpr long kRedirectsMax = 3;

struct HttpRequest {
    Url url;
    std::string etag;            // of the version we have; empty: none
    std::string last_modified;   // as its server wrote it
    std::filesystem::path file;  // made anew
    std::uint64_t bytes_max = 1ULL << 30U;
    std::uint32_t timeout_s = 300;  // for all of it
    std::uint32_t connect_timeout_s = 30;
    std::uint32_t stall_timeout_s = 30;  // less than kBytesPerSecondMin for this long ends it
    AddressGuard guard;
    std::function<void(std::uint64_t bytes)> progress;  // may be empty
};

inline constexpr long kBytesPerSecondMin = 100;

struct HttpResponse {
    bool unchanged = false;  // 304 (RFC 9110 section 15.4.5): nothing was written
    std::string etag;
    std::string last_modified;
};

// Redirects go to the same scheme or to https. No proxy, no .netrc, no cookies. Errors: Refused
// (address), OutOfRange (size), NotFound (404, 410), Io (everything else).
[[nodiscard]] Result<HttpResponse> http_fetch(const HttpRequest& request);

}  // namespace fairlist::importer
