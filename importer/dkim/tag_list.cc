#include "importer/dkim/tag_list.h"

#include <algorithm>
#include <iterator>

namespace fairlist::importer {

namespace {

constexpr bool is_alpha(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// tag-name = ALPHA *ALNUMPUNC
bool is_tag_name(std::string_view name) noexcept {
    return !name.empty() && is_alpha(name.front()) && std::ranges::all_of(name, [](char c) {
        return is_alpha(c) || (c >= '0' && c <= '9') || c == '_';
    });
}

// A CR alone is no white space: readers disagree about it.
bool is_clean(std::string_view text) noexcept {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const bool lone_cr = c == '\r' && (i + 1 == text.size() || text[i + 1] != '\n');
        const bool control = static_cast<unsigned char>(c) < 0x20 && !is_folding_space(c);
        if (lone_cr || control || c == '\x7f') {
            return false;
        }
    }
    return true;
}

}  // namespace

const Tag* TagList::find(std::string_view name) const noexcept {
    const auto found = std::ranges::find(tags_, name, &Tag::name);
    return found == tags_.end() ? nullptr : &*found;
}

std::optional<std::string_view> TagList::value(std::string_view name) const noexcept {
    const Tag* tag = find(name);
    return tag == nullptr ? std::nullopt : std::optional(tag->value);
}

Result<TagList> parse_tag_list(std::string_view text) {
    if (text.size() > kTagListBytesMax) {
        return fail(Errc::OutOfRange, "a tag list of more than 16 KiB");
    }
    if (!is_clean(text)) {
        return fail(Errc::Malformed, "a control character in the tag list");
    }
    TagList list;
    std::string_view rest = text;
    while (true) {
        const std::size_t end = rest.find(';');
        const std::string_view spec = rest.substr(0, end);
        // One ";" may end the list.
        if (end == std::string_view::npos && trim_folding_space(spec).empty() &&
            !list.tags_.empty()) {
            return list;
        }
        const std::size_t equals = spec.find('=');
        const std::string_view name = trim_folding_space(spec.substr(0, equals));
        if (equals == std::string_view::npos || !is_tag_name(name)) {
            return fail(Errc::Malformed, "something between semicolons that is no \"name=value\"");
        }
        if (list.find(name) != nullptr) {
            return fail(Errc::Malformed, "a tag that stands twice");
        }
        if (list.tags_.size() == kTagsMax) {
            return fail(Errc::OutOfRange, "more than 64 tags");
        }
        const std::string_view whole = spec.substr(equals + 1);
        list.tags_.push_back({name, trim_folding_space(whole), whole});
        if (end == std::string_view::npos) {
            return list;
        }
        rest.remove_prefix(end + 1);
    }
}

std::string_view trim_folding_space(std::string_view text) noexcept {
    while (!text.empty() && is_folding_space(text.front())) {
        text.remove_prefix(1);
    }
    while (!text.empty() && is_folding_space(text.back())) {
        text.remove_suffix(1);
    }
    return text;
}

std::string without_folding_space(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    std::ranges::remove_copy_if(text, std::back_inserter(out), is_folding_space);
    return out;
}

std::vector<std::string_view> split_at_colons(std::string_view text) {
    std::vector<std::string_view> parts;
    while (true) {
        const std::size_t colon = text.find(':');
        parts.push_back(trim_folding_space(text.substr(0, colon)));
        if (colon == std::string_view::npos) {
            return parts;
        }
        text.remove_prefix(colon + 1);
    }
}

}  // namespace fairlist::importer
