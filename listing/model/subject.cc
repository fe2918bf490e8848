#include "listing/model/subject.h"

#include <expected>
#include <utility>

namespace fairlist {

Result<NameSubject> parse_name_subject(std::string_view text) {
    NameScope scope = NameScope::Exact;
    if (text.starts_with("*.")) {
        scope = NameScope::Below;
        text.remove_prefix(2);
    } else if (text.starts_with('.')) {
        scope = NameScope::ExactAndBelow;
        text.remove_prefix(1);
    }
    auto name = parse_domain(text);
    if (!name) {
        return std::unexpected(name.error());
    }
    return NameSubject{std::move(*name), scope};
}

std::string to_string(const NameSubject& subject) {
    switch (subject.scope) {
        case NameScope::Below:
            return "*." + subject.name.text();
        case NameScope::ExactAndBelow:
            return "." + subject.name.text();
        case NameScope::Exact:
            break;
    }
    return subject.name.text();
}

std::string to_string(const Subject& subject) {
    return std::visit([](const auto& value) { return to_string(value); }, subject);
}

}  // namespace fairlist
