#include "importer/fetch/url.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <array>
#include <memory>
#include <string_view>

namespace fairlist::importer {

namespace {

struct CurlUrlFree {
    void operator()(CURLU* url) const noexcept { curl_url_cleanup(url); }
};
using CurlUrl = std::unique_ptr<CURLU, CurlUrlFree>;

struct SchemeRow {
    std::string_view prefix;
    Scheme scheme;
};
constexpr std::array kRemoteSchemes = std::to_array<SchemeRow>(
    {{"https://", Scheme::Https}, {"http://", Scheme::Http}, {"rsync://", Scheme::Rsync}});

std::string part_of(CURLU* url, CURLUPart part) {
    char* text = nullptr;
    if (curl_url_get(url, part, &text, 0) != CURLUE_OK) {
        return {};
    }
    std::string copy(text);
    curl_free(text);
    return copy;
}

std::string without_brackets(std::string host) {
    if (host.starts_with('[') && host.ends_with(']')) {
        return host.substr(1, host.size() - 2);
    }
    return host;
}

// Queries often carry keys ("?apikey=..."), so they are not shown either.
std::string shown_form(CURLU* url) {
    curl_url_set(url, CURLUPART_USER, nullptr, 0);
    curl_url_set(url, CURLUPART_PASSWORD, nullptr, 0);
    const bool has_query = curl_url_set(url, CURLUPART_QUERY, nullptr, 0) == CURLUE_OK;
    return has_query ? part_of(url, CURLUPART_URL) : std::string("(url)");
}

Result<Url> parse_remote(const std::string& text, Scheme scheme) {
    const CurlUrl handle(curl_url());
    const CURLUcode code =
        curl_url_set(handle.get(), CURLUPART_URL, text.c_str(), CURLU_NON_SUPPORT_SCHEME);
    Url url;
    url.scheme = scheme;
    url.text = text;
    if (code == CURLUE_OK) {
        url.host = without_brackets(part_of(handle.get(), CURLUPART_HOST));
        url.port = part_of(handle.get(), CURLUPART_PORT);
        url.path = part_of(handle.get(), CURLUPART_PATH);
        url.shown = shown_form(handle.get());
    }
    if (url.host.empty()) {
        return fail(Errc::Malformed,
                    fmt::format("url of scheme {}: {}", text.substr(0, text.find(':')),
                                code == CURLUE_OK ? "no host" : curl_url_strerror(code)));
    }
    return url;
}

}  // namespace

Result<Url> parse_url(const std::string& text) {
    for (const SchemeRow& row : kRemoteSchemes) {
        if (text.starts_with(row.prefix)) {
            return parse_remote(text, row.scheme);
        }
    }
    if (text == "-") {
        return Url{Scheme::StandardInput, text, {}, {}, {}, "standard input"};
    }
    if (text.empty() || text.find("://") != std::string::npos) {
        const bool is_file = text.starts_with("file:///");
        if (!is_file) {
            return fail(Errc::Malformed,
                        fmt::format("url \"{}\": expected https, http, rsync, file, a path or -",
                                    text.substr(0, text.find("://"))));
        }
        return Url{Scheme::File, text.substr(7), {}, {}, {}, text.substr(7)};
    }
    const std::string path = text.starts_with("file:") ? text.substr(5) : text;
    return Url{Scheme::File, path, {}, {}, {}, path};
}

}  // namespace fairlist::importer
