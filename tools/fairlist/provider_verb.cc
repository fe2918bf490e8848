#include "importer/networks/network_text.h"
#include "listing/model/domain.h"
#include "tools/fairlist/prefix_document.h"
#include "tools/fairlist/provider_access.h"
#include "tools/fairlist/provider_json.h"
#include "tools/fairlist/provider_verbs.h"
#include "tools/fairlist/session.h"
#include "tools/fairlist/table.h"
#include "tools/fairlist/terminal.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fairlist::cli {

namespace {

// "--asn -" takes all away.
bool is_none(const std::vector<std::string>& values) {
    return values.size() == 1 && values.front() == "-";
}

Result<void> set_asns(Provider& provider, const std::vector<std::string>& values) {
    if (values.empty()) {
        return {};
    }
    provider.asns.clear();
    for (const std::string& value : is_none(values) ? std::vector<std::string>{} : values) {
        const auto asn = importer::parse_asn(value);
        if (!asn) {
            return fail_in("--asn", asn.error());
        }
        provider.asns.push_back(*asn);
    }
    return {};
}

Result<void> set_domains(Provider& provider, const std::vector<std::string>& values) {
    if (values.empty()) {
        return {};
    }
    provider.domains.clear();
    for (const std::string& value : is_none(values) ? std::vector<std::string>{} : values) {
        auto name = parse_domain(value);
        if (!name) {
            return fail_in("--domain", name.error());
        }
        provider.domains.push_back(std::move(*name));
    }
    return {};
}

Result<Provider> with_options(Provider provider, const ProviderFieldOptions& options) {
    const auto set = [](std::string& field, const std::optional<std::string>& value) {
        if (value) {
            field = *value;
        }
    };
    set(provider.name, options.name);
    set(provider.abuse, options.abuse);
    set(provider.postmaster, options.postmaster);
    set(provider.support, options.support);
    set(provider.webhook, options.webhook);
    set(provider.policy_url, options.policy_url);
    set(provider.space_url, options.space_url);
    set(provider.space_format, options.space_format);
    if (options.shows_standing || options.hides_standing) {
        provider.shows_standing = options.shows_standing;
    }
    if (const auto good = set_asns(provider, options.asns); !good) {
        return std::unexpected(good.error());
    }
    if (const auto good = set_domains(provider, options.domains); !good) {
        return std::unexpected(good.error());
    }
    if (const auto good = check_prefix_format(parse_prefix_format(provider.space_format)); !good) {
        return fail_in("--space-format", good.error());
    }
    return provider;
}

std::string held_text(const ProviderBook::Held& held) {
    return fmt::format("{}: {} IPv4 addresses, {} of IPv6", counted(held.ranges, "range"),
                       grouped(held.v4), counted(held.v6_64s, "/64"));
}

std::string full_text(const ShownProvider& shown) {
    const Provider& provider = shown.provider;
    std::string text;
    const auto line = [&](std::string_view name, const std::string& value) {
        if (!value.empty()) {
            text += fmt::format("{:<14}{}\n", name, printable(value));
        }
    };
    line("provider", provider.slug);
    line("name", provider.name);
    line("ASNs", fmt::format("{}", fmt::join(provider.asns, ", ")));
    line("abuse", provider.abuse);
    line("postmaster", provider.postmaster);
    line("support", provider.support);
    line("webhook", provider.webhook);
    line("policy URL", provider.policy_url);
    line("space URL", provider.space_url);
    line("space format", provider.space_format);
    std::string domains;
    for (const DomainName& name : provider.domains) {
        domains += (domains.empty() ? "" : ", ") + name.text();
    }
    line("domains", domains);
    line("standing", provider.shows_standing ? "shown to everybody" : "");
    line("space", held_text(shown.held));
    line("added", to_string(provider.added));
    line("changed", to_string(provider.changed));
    return text;
}

std::string table_of(const std::vector<ShownProvider>& all) {
    Table table({{"PROVIDER"},
                 {"RANGES", true},
                 {"IPV4 ADDRESSES", true},
                 {"IPV6 /64S", true},
                 {"ABUSE"},
                 {"NAME"}});
    for (const ShownProvider& shown : all) {
        table.add({shown.provider.slug, grouped(shown.held.ranges), grouped(shown.held.v4),
                   grouped(shown.held.v6_64s), shown.provider.abuse, shown.provider.name});
    }
    return table.text();
}

ShownProvider shown(ProviderBooks& books, Provider provider) {
    ShownProvider out{std::move(provider), {}};
    out.held = books.providers.held(out.provider.slug);
    return out;
}

ExitStatus print_provider(Session& session, const ShownProvider& provider) {
    print(session.json() ? provider_json(provider) : full_text(provider));
    return ExitStatus::Done;
}

// Those of a provider that is gone. A site without a vault has none.
Result<void> revoke_tokens(Session& session, const std::string& slug) {
    const auto vault = session.known_vault();
    if (!vault) {
        return vault.error().code == Errc::NotFound ? Result<void>{}
                                                    : std::unexpected(vault.error());
    }
    for (const std::string& name : (*vault)->revoke_tokens_of(slug)) {
        session.note({"token.revoke", {{"token", name}, {"provider", slug}}});
    }
    return {};
}

}  // namespace

ExitStatus run_provider_add(Session& session, const ProviderFieldOptions& options) {
    Provider wanted;
    wanted.slug = options.slug;
    wanted.name = options.slug;
    const auto provider = with_options(std::move(wanted), options);
    if (!provider) {
        return session.report(provider.error(), ExitStatus::Usage);
    }
    auto books = open_books(session);
    if (!books) {
        return session.report(books.error());
    }
    auto added = (*books)->providers.add(session.actor(), *provider);
    if (!added) {
        return session.report(added.error());
    }
    return print_provider(session, shown(**books, std::move(*added)));
}

ExitStatus run_provider_change(Session& session, const ProviderFieldOptions& options) {
    auto books = open_books(session);
    if (!books) {
        return session.report(books.error());
    }
    auto before = find_provider(**books, options.slug);
    if (!before) {
        return session.report(before.error());
    }
    const auto provider = with_options(std::move(*before), options);
    if (!provider) {
        return session.report(provider.error(), ExitStatus::Usage);
    }
    auto changed = (*books)->providers.change(session.actor(), *provider);
    if (!changed) {
        return session.report(changed.error());
    }
    return print_provider(session, shown(**books, std::move(*changed)));
}

ExitStatus run_provider_show(Session& session, const std::string& slug) {
    auto books = read_books(session);
    if (!books) {
        return session.report(books.error());
    }
    auto provider = find_provider(**books, slug);
    if (!provider) {
        return session.report(provider.error());
    }
    return print_provider(session, shown(**books, std::move(*provider)));
}

ExitStatus run_provider_list(Session& session) {
    auto books = read_books(session);
    if (!books) {
        return session.report(books.error());
    }
    std::vector<ShownProvider> all;
    for (Provider& provider : (*books)->providers.list()) {
        all.push_back(shown(**books, std::move(provider)));
    }
    print(session.json() ? providers_json(all) : table_of(all));
    return ExitStatus::Done;
}

ExitStatus run_provider_remove(Session& session, const ProviderRemoveOptions& options) {
    auto books = options.yes ? open_books(session) : read_books(session);
    if (!books) {
        return session.report(books.error());
    }
    const auto provider = find_provider(**books, options.slug);
    if (!provider) {
        return session.report(provider.error());
    }
    const ProviderBook::Held held = (*books)->providers.held(options.slug);
    if (!options.yes) {
        return session.report(
            {Errc::Conflict, fmt::format("provider {}: holds {}; remove it, its policies and its "
                                         "tokens with --yes",
                                         options.slug, held_text(held))});
    }
    if (const auto removed = (*books)->providers.remove(session.actor(), options.slug); !removed) {
        return session.report(removed.error());
    }
    (*books)->policies.refresh(session.actor());
    if (const auto revoked = revoke_tokens(session, options.slug); !revoked) {
        return session.report(revoked.error());
    }
    print(session.json()
              ? removed_provider_json(options.slug, true, held)
              : fmt::format("removed the provider {} with {}\n", options.slug, held_text(held)));
    return ExitStatus::Done;
}

}  // namespace fairlist::cli
