#include "listing/model/list.h"

#include <fmt/format.h>

#include <algorithm>
#include <expected>
#include <utility>

namespace fairlist {

namespace {
constexpr std::size_t kListNameBytesMax = 32;
}

Result<std::string> parse_list_name(std::string_view text) {
    const auto is_letter = [](char c) {
        return c >= 'a' && c <= 'z';
    };
    const bool good = !text.empty() && text.size() <= kListNameBytesMax &&
                      is_letter(text.front()) && std::ranges::all_of(text, [&](char c) {
                          return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-';
                      });
    if (!good) {
        return fail(Errc::Malformed, fmt::format("name \"{}\": expected 1 to 32 of a-z 0-9 _ -, "
                                                 "starting with a letter",
                                                 text.substr(0, 64)));
    }
    return std::string(text);
}

std::string_view to_string(ListKind kind) noexcept {
    switch (kind) {
        case ListKind::Address:
            return "address";
        case ListKind::Domain:
            return "domain";
        case ListKind::Hash:
            return "hash";
    }
    return "?";
}

std::string_view to_string(MatchRule rule) noexcept {
    switch (rule) {
        case MatchRule::MostSpecific:
            return "most-specific";
        case MatchRule::All:
            return "all";
        case MatchRule::OctetStep:
            return "octet-step";
    }
    return "?";
}

Result<Subject> parse_subject(ListKind kind, std::string_view text, bool allow_host_bits) {
    const auto widen = [](auto parsed) -> Result<Subject> {
        if (!parsed) {
            return std::unexpected(parsed.error());
        }
        return Subject(std::move(*parsed));
    };
    switch (kind) {
        case ListKind::Address:
            return widen(parse_prefix(text, allow_host_bits));
        case ListKind::Domain:
            return widen(parse_name_subject(text));
        case ListKind::Hash:
            break;
    }
    return widen(parse_digest(text));
}

ListKind kind_of(const Subject& subject) noexcept {
    return static_cast<ListKind>(subject.index() + 1);
}

}  // namespace fairlist
