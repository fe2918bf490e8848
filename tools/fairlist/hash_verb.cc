#include "server/shown/dns_name.h"
#include "tools/fairlist/canonical_form.h"
#include "tools/fairlist/digest_maker.h"
#include "tools/fairlist/json_output.h"
#include "tools/fairlist/session.h"
#include "tools/fairlist/terminal.h"
#include "tools/fairlist/verbs.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <expected>
#include <string>
#include <utility>
#include <vector>

namespace fairlist::cli {

namespace {

Result<MadeDigest> make(const std::string& kind, const std::string& value,
                        const std::vector<DomainName>& zones) {
    Result<std::string> canonical = value;
    Result<Digest> digest = Digest{};
    if (kind == "file") {
        digest = digest_file(value);
    } else {
        canonical = kind == "email" ? canonical_email(value) : canonical_url(value);
        if (!canonical) {
            return std::unexpected(canonical.error());
        }
        digest = kind == "email" ? digest_email(*canonical) : digest_url(*canonical);
    }
    if (!digest) {
        return std::unexpected(digest.error());
    }
    MadeDigest made{value, *canonical, to_string(*digest), {}};
    for (const DomainName& zone : zones) {
        if (auto name = name_to_ask(*digest, zone)) {
            made.names.push_back(std::move(*name));
        }
    }
    return made;
}

bool has_hash_list(const ZoneSpec& zone, const Session& session) {
    return std::ranges::any_of(zone.lists, [&](const std::string& name) {
        const ListSpec* list = session.find_list(name);
        return list != nullptr && list->kind == ListKind::Hash;
    });
}

// The named zone, else those of the configuration; digests can be made without either.
Result<std::vector<DomainName>> zones_to_ask(Session& session, const std::string& zone) {
    std::vector<DomainName> zones;
    if (!zone.empty()) {
        auto name = parse_domain(zone);
        if (!name) {
            return fail_in("--zone", name.error());
        }
        zones.push_back(std::move(*name));
        return zones;
    }
    const bool named = !session.globals().config_file.empty();
    if (!named && !find_config("")) {
        return zones;
    }
    const auto config = session.config();
    if (!config) {
        return std::unexpected(config.error());
    }
    for (const ZoneSpec& spec : (*config)->zones) {
        if (spec.origin && has_hash_list(spec, session)) {
            zones.push_back(*spec.origin);
        }
    }
    return zones;
}

std::string text_of(const MadeDigest& made) {
    std::string text = fmt::format("{}\n  of    {}\n", made.digest, printable(made.canonical));
    for (const std::string& name : made.names) {
        text += fmt::format("  name  {}\n", name);
    }
    return text;
}

}  // namespace

ExitStatus run_hash(Session& session, const HashOptions& options) {
    const auto zones = zones_to_ask(session, options.zone);
    if (!zones) {
        return session.report(zones.error());
    }
    std::vector<MadeDigest> made;
    std::size_t failed = 0;
    for (const std::string& value : options.values) {
        if (auto one = make(options.kind, value, *zones)) {
            made.push_back(std::move(*one));
        } else {
            ++failed;
            static_cast<void>(session.report(one.error()));
        }
    }
    if (session.json()) {
        print(digests_json(made));
    } else {
        for (const MadeDigest& one : made) {
            print(text_of(one));
        }
    }
    return status_of(made.size(), failed);
}

}  // namespace fairlist::cli
