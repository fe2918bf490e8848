#include "server/api/blast.h"
#include "server/api/body.h"
#include "server/api/route_tables.h"
#include "server/shown/json_values.h"
#include "server/shown/provider_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace fairlist::api {

namespace {

namespace json = boost::json;
using http::Method;
using http::Role;

std::expected<Provider, Fault> find(Call& call, const std::string& slug) {
    auto provider = call.books.providers.find(slug);
    if (!provider) {
        return refuse(404, "not-found", fmt::format("provider \"{}\": there is none", slug));
    }
    return *std::move(provider);
}

json::object shown(Call& call, const Provider& provider) {
    return provider_object(provider, call.books.providers.held(provider.slug));
}

Answer list(Call& call) {
    json::array all;
    for (const Provider& provider : call.books.providers.list()) {
        all.emplace_back(shown(call, provider));
    }
    return reply(json::object{{"providers", std::move(all)}});
}

Answer show(Call& call) {
    const auto provider = find(call, call.path_value("provider"));
    if (!provider) {
        return std::unexpected(provider.error());
    }
    return reply(shown(call, *provider));
}

// All members but the slug; one that is not there is empty.
void read_members(Body& body, Provider& provider) {
    const auto text = [&](std::string_view key) {
        return body.text(key, kProviderTextBytesMax).value_or("");
    };
    provider.name = text("name");
    for (const std::uint64_t asn : body.numbers("asns", UINT32_MAX)) {
        provider.asns.push_back(static_cast<std::uint32_t>(asn));
    }
    provider.abuse = text("abuse");
    provider.postmaster = text("postmaster");
    provider.support = text("support");
    provider.webhook = text("webhook");
    provider.policy_url = text("policy_url");
    provider.space_url = text("space_url");
    provider.space_format = text("space_format");
    provider.shows_standing = body.flag("shows_standing");
    std::size_t index = 0;
    for (const std::string& name : body.texts("domains", kProviderTextBytesMax)) {
        if (auto domain = parse_domain(name)) {
            provider.domains.push_back(*std::move(domain));
        } else {
            body.fault(fmt::format("domains[{}]", index), domain.error().message);
        }
        ++index;
    }
}

Answer add(Call& call) {
    auto body = Body::parse(call.request);
    if (!body) {
        return std::unexpected(body.error());
    }
    Provider wanted;
    wanted.slug = body->need_text("slug", 64);
    const std::string why = body->text("why", 500).value_or("");
    read_members(*body, wanted);
    if (auto good = body->done(); !good) {
        return std::unexpected(good.error());
    }
    const auto provider = call.books.providers.add(call.actor(why), wanted);
    if (!provider) {
        return refuse(provider.error());
    }
    return created(shown(call, *provider), "/v1/providers/" + provider->slug);
}

Answer change(Call& call) {
    const auto known = find(call, call.path_value("provider"));
    auto body = Body::parse(call.request);
    if (!known || !body) {
        return std::unexpected(known ? body.error() : known.error());
    }
    Provider wanted;
    wanted.slug = known->slug;
    const std::string why = body->text("why", 500).value_or("");
    read_members(*body, wanted);
    if (auto good = body->done(); !good) {
        return std::unexpected(good.error());
    }
    const auto provider = call.books.providers.change(call.actor(why), wanted);
    if (!provider) {
        return refuse(provider.error());
    }
    return reply(shown(call, *provider));
}

// What its policies list goes with its space.
Answer remove(Call& call) {
    const std::string& slug = call.path_value("provider");
    const Actor actor = call.actor(call.query_value("why"));
    const auto removed = call.books.providers.remove(actor, slug);
    if (!removed) {
        return refuse(removed.error());
    }
    static_cast<void>(call.books.policies.refresh(actor));
    json::array tokens;
    for (const std::string& name : call.stores.vault.revoke_tokens_of(slug)) {
        tokens.emplace_back(name);
    }
    return reply(
        json::object{{"slug", slug}, {"change", "removed"}, {"revoked_tokens", std::move(tokens)}});
}

Answer space_of(Call& call, const std::string& slug) {
    const auto page = call.page();
    const auto after = call.query_prefix("after");
    if (!page || !after) {
        return std::unexpected(page ? after.error() : page.error());
    }
    auto ranges = call.books.providers.space(slug, *after, page->limit + 1);
    const bool more = ranges.size() > page->limit;
    if (more) {
        ranges.resize(page->limit);
    }
    Reply out = reply(json::object{{"ranges", json_values::array_of(ranges, held_range_object)}});
    call.put_next(out, more ? to_string(ranges.back().prefix) : "");
    return out;
}

Answer space(Call& call) {
    const auto provider = find(call, call.path_value("provider"));
    return provider ? space_of(call, provider->slug) : std::unexpected(provider.error());
}

Answer own_space(Call& call) {
    const auto slug = call.provider();
    return slug ? space_of(call, *slug) : std::unexpected(slug.error());
}

struct SpaceBody {
    std::vector<Prefix> prefixes;
    bool take = false;
    std::string why;
};

std::expected<SpaceBody, Fault> space_body(Call& call) {
    auto body = Body::parse(call.request);
    if (!body) {
        return std::unexpected(body.error());
    }
    SpaceBody wanted;
    wanted.prefixes = body->prefixes("prefixes");
    wanted.take = body->flag("take");
    wanted.why = body->text("why", 500).value_or("");
    if (wanted.prefixes.empty()) {
        body->fault("prefixes", "missing");
    }
    if (auto good = body->done(); !good) {
        return std::unexpected(good.error());
    }
    return wanted;
}

Answer give_space(Call& call) {
    const auto provider = find(call, call.path_value("provider"));
    const auto wanted = space_body(call);
    if (!provider || !wanted) {
        return std::unexpected(provider ? wanted.error() : provider.error());
    }
    const Actor actor = call.actor(wanted->why);
    const auto change =
        call.books.providers.add_space(actor, provider->slug, wanted->prefixes, wanted->take);
    if (!change) {
        return refuse(change.error());
    }
    static_cast<void>(call.books.policies.refresh(actor));
    return reply(space_change_object(*change));
}

std::expected<std::optional<Blast>, Fault> give_when_wide(Call& call) {
    const auto provider = find(call, call.path_value("provider"));
    const auto wanted = space_body(call);
    if (!provider || !wanted) {
        return std::unexpected(provider ? wanted.error() : provider.error());
    }
    if (std::ranges::none_of(wanted->prefixes, is_wide_space)) {
        return std::nullopt;
    }
    return Blast{"provider.space", blast_text(call, wanted->prefixes)};
}

Answer take_space(Call& call) {
    const auto provider = find(call, call.path_value("provider"));
    const auto prefix = call.query_prefix("prefix");
    if (!provider || !prefix) {
        return std::unexpected(provider ? prefix.error() : provider.error());
    }
    if (!*prefix) {
        return refuse(400, "bad-query", "prefix: missing");
    }
    const Actor actor = call.actor(call.query_value("why"));
    const auto change =
        call.books.providers.remove_space(actor, provider->slug, std::span(&**prefix, 1));
    if (!change) {
        return refuse(change.error());
    }
    if (change->removed == 0) {
        return refuse(404, "not-found", fmt::format("{}: not held", to_string(**prefix)));
    }
    static_cast<void>(call.books.policies.refresh(actor));
    return reply(space_change_object(*change));
}

ApiRoute row(Method method, std::string pattern, std::string summary, std::string answers,
             Handle handle) {
    return {.method = method,
            .pattern = std::move(pattern),
            .roles = {Role::Operator},
            .summary = std::move(summary),
            .statuses = {200, 404},
            .handle = std::move(handle),
            .answers = std::move(answers)};
}

}  // namespace

std::vector<ApiRoute> provider_routes() {
    const std::vector<QueryKey> kWhy = {{"why", "for the audit log"}};
    ApiRoute all = row(Method::Get, "/v1/providers", "The providers", "Providers", list);
    all.statuses = {200};
    ApiRoute one = row(Method::Get, "/v1/providers/{provider}", "One of them", "Provider", show);
    ApiRoute make = row(Method::Post, "/v1/providers", "Makes a provider", "Provider", add);
    make.statuses = {201};
    make.takes = "NewProvider";
    make.body_bytes_max = kSmallBody;
    ApiRoute edit = row(Method::Put, "/v1/providers/{provider}",
                        "Sets all that is known of a provider; send If-Match", "Provider", change);
    edit.takes = "ProviderMembers";
    edit.body_bytes_max = kSmallBody;
    ApiRoute drop = row(Method::Delete, "/v1/providers/{provider}",
                        "Removes a provider with its space, its policies and its tokens",
                        "ProviderRemoval", remove);
    drop.query = kWhy;
    ApiRoute held = row(Method::Get, "/v1/providers/{provider}/space",
                        "The space that it holds, by prefix", "Space", space);
    held.query = paged();
    ApiRoute give = row(Method::Post, "/v1/providers/{provider}/space", "Gives it space",
                        "SpaceChange", give_space);
    give.takes = "NewSpace";
    give.body_bytes_max = std::size_t{1} << 20U;
    give.second_person = give_when_wide;
    ApiRoute take = row(Method::Delete, "/v1/providers/{provider}/space",
                        "Takes a range of its space away", "SpaceChange", take_space);
    take.query = {{"prefix", "exactly this range"}, {"why", "for the audit log"}};
    ApiRoute own = row(Method::Get, "/v1/provider/space", "The space that one holds oneself",
                       "Space", own_space);
    own.roles = {Role::Provider};
    own.statuses = {200};
    own.query = paged();
    return {all, one, make, edit, drop, held, give, take, own};
}

}  // namespace fairlist::api
