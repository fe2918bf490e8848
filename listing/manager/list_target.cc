#include "listing/manager/list_target.h"

#include "listing/store/registry.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <variant>

namespace fairlist {

namespace {

std::unexpected<Error> bad(Errc code, const ListSpec& spec, const Subject& subject,
                           std::string_view why) {
    return fail(code, fmt::format("{} in list \"{}\": {}", to_string(subject), spec.name, why));
}

}  // namespace

Result<ListTarget> find_list_target(const store::Txn& txn, const std::vector<ListSpec>& lists,
                                    std::string_view name) {
    const auto spec = std::ranges::find(lists, name, &ListSpec::name);
    const auto registered = store::find_list(txn, name);
    if (spec == lists.end() || !registered) {
        return fail(Errc::NotFound, fmt::format("list \"{}\": not in the configuration", name));
    }
    return ListTarget{registered->id, &*spec};
}

Result<void> check_kind(const ListSpec& spec, const Subject& subject) {
    if (kind_of(subject) != spec.kind) {
        return bad(Errc::Malformed, spec, subject,
                   fmt::format("the list holds {} entries", to_string(spec.kind)));
    }
    return {};
}

Result<void> check_entry(const ListSpec& spec, const NewEntry& entry,
                         const ProtectedSpace& protected_space) {
    if (auto good = check_kind(spec, entry.subject); !good) {
        return good;
    }
    if (entry.reason.size() > kReasonBytesMax) {
        return bad(Errc::OutOfRange, spec, entry.subject,
                   fmt::format("the reason has {} bytes, at most {} are kept", entry.reason.size(),
                               kReasonBytesMax));
    }
    if (entry.code.is_set() && !spec.foreign_codes && !is_listing_code(entry.code)) {
        return bad(Errc::Refused, spec, entry.subject,
                   fmt::format("code {} is none that a list may answer (RFC 5782 section 2.1)",
                               to_string(entry.code)));
    }
    if (entry.exempt) {
        return {};
    }
    if (const auto* name = std::get_if<NameSubject>(&entry.subject)) {
        if (const auto why = ProtectedSpace::refusal(*name); !why.empty()) {
            return bad(Errc::Refused, spec, entry.subject, fmt::format("protected name: {}", why));
        }
    }
    if (const auto* prefix = std::get_if<Prefix>(&entry.subject)) {
        if (const auto why = protected_space.refusal(*prefix); !why.empty()) {
            return bad(Errc::Refused, spec, entry.subject, fmt::format("protected space: {}", why));
        }
    }
    return {};
}

}  // namespace fairlist
