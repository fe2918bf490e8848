#include "importer/formats/host_name.h"

#include "importer/formats/excerpt.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace fairlist::importer {

namespace {

// What people put into lists of names by mistake; empty: neither of these.
std::string_view mistaken_for(std::string_view name) {
    if (parse_prefix(name, true)) {
        return "an address";
    }
    if (name.find('/') != std::string_view::npos) {
        return "a URL";
    }
    return name.find('@') != std::string_view::npos ? "an e-mail address" : "";
}

bool is_clean(std::string_view name) noexcept {
    return std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    });
}

}  // namespace

Result<NameSubject> parse_host_name(std::string_view text) {
    auto name = parse_name_subject(text);
    if (!name) {
        return name;
    }
    const std::string& plain = name->name.text();
    if (const std::string_view what = mistaken_for(plain); !what.empty()) {
        return fail(Errc::Malformed,
                    fmt::format("\"{}\": is {}, expected a domain name", excerpt(text), what));
    }
    if (!is_clean(plain)) {
        return fail(Errc::Malformed, fmt::format("\"{}\" is no domain name: expected letters, "
                                                 "digits, hyphens and dots",
                                                 excerpt(text)));
    }
    return name;
}

}  // namespace fairlist::importer
