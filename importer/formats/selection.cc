#include "importer/formats/selection.h"

#include "importer/formats/excerpt.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>

namespace fairlist::importer {

namespace {

constexpr std::size_t kTermsMax = 64;

bool same_without_case(std::string_view a, std::string_view b) noexcept {
    const auto lower = [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    };
    return std::ranges::equal(a, b, {}, lower, lower);
}

// Calls `text(piece)` and `placeholder(name)` in order. "{{" and an unclosed "{" are text.
template <typename OnText, typename OnPlaceholder>
void walk_template(std::string_view rest, OnText&& on_text, OnPlaceholder&& on_placeholder) {
    while (!rest.empty()) {
        const std::size_t open = rest.find('{');
        on_text(rest.substr(0, open));
        if (open == std::string_view::npos) {
            return;
        }
        rest.remove_prefix(open);
        const std::size_t close = rest.find('}');
        if (rest.starts_with("{{")) {
            on_text(rest.substr(0, 2));
            rest.remove_prefix(2);
        } else if (close == std::string_view::npos) {
            on_text(rest);
            return;
        } else {
            on_placeholder(rest.substr(1, close - 1));
            rest.remove_prefix(close + 1);
        }
    }
}

}  // namespace

bool Selection::wants(std::span<const Attribute> attributes) const noexcept {
    return std::ranges::all_of(terms_, [&](const Term& wanted) {
        return std::ranges::any_of(terms_, [&](const Term& term) {
            return term.key == wanted.key &&
                   std::ranges::any_of(attributes, [&](const Attribute& attribute) {
                       return attribute.key == term.key &&
                              same_without_case(attribute.value, term.value);
                   });
        });
    });
}

Result<void> Selection::check_keys(std::span<const std::string_view> known) const {
    for (const Term& term : terms_) {
        if (std::ranges::find(known, term.key) == known.end()) {
            return fail(
                Errc::NotFound,
                known.empty()
                    ? fmt::format("select \"{}={}\": this format has no attributes",
                                  excerpt(term.key), excerpt(term.value))
                    : fmt::format("select \"{}={}\": this format has the attributes {}",
                                  excerpt(term.key), excerpt(term.value), fmt::join(known, ", ")));
        }
    }
    return {};
}

Result<Selection> parse_selection(std::span<const std::string> terms) {
    if (terms.size() > kTermsMax) {
        return fail(Errc::OutOfRange,
                    fmt::format("select: {} terms, at most {}", terms.size(), kTermsMax));
    }
    Selection selection;
    for (const std::string& term : terms) {
        const std::size_t equals = term.find('=');
        if (equals == std::string::npos || equals == 0) {
            return fail(Errc::Malformed, fmt::format("select \"{}\": expected key=value, such as "
                                                     "service=EC2",
                                                     excerpt(term)));
        }
        selection.terms_.push_back({term.substr(0, equals), term.substr(equals + 1)});
    }
    return selection;
}

std::string fill_attributes(std::string_view reason_template,
                            std::span<const Attribute> attributes) {
    std::string out;
    walk_template(
        reason_template, [&](std::string_view text) { out += text; },
        [&](std::string_view name) {
            const auto found = std::ranges::find(attributes, name, &Attribute::key);
            out +=
                found == attributes.end() ? fmt::format("{{{}}}", name) : as_template(found->value);
        });
    return out;
}

bool names_attribute(std::string_view reason_template, std::span<const std::string_view> keys) {
    bool found = false;
    walk_template(
        reason_template, [](std::string_view) {},
        [&](std::string_view name) { found |= std::ranges::find(keys, name) != keys.end(); });
    return found;
}

std::string as_template(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        out += c;
        if (c == '{') {
            out += c;
        }
    }
    return out;
}

}  // namespace fairlist::importer
