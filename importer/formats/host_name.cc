#include "importer/formats/host_name.h"

#include "importer/formats/excerpt.h"

#include <fmt/format.h>

#include <algorithm>

namespace fairlist::importer {

Result<NameSubject> parse_host_name(std::string_view text) {
    auto name = parse_name_subject(text);
    if (!name) {
        return name;
    }
    const bool clean = std::ranges::all_of(name->name.text(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    });
    if (!clean) {
        return fail(Errc::Malformed, fmt::format("\"{}\" is no domain name: expected letters, "
                                                 "digits, hyphens and dots",
                                                 excerpt(text)));
    }
    return name;
}

}  // namespace fairlist::importer
