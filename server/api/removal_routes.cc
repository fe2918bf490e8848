#include "server/api/body.h"
#include "server/api/removal_json.h"
#include "server/api/route_tables.h"
#include "server/shown/json_values.h"
#include "server/shown/subject_guess.h"

#include <fmt/format.h>

#include <utility>

namespace fairlist::api {

namespace {

namespace json = boost::json;
using http::Method;
using http::Role;

constexpr std::size_t kCodeBytesMax = 100;
constexpr std::size_t kNameBytesMax = 255;

// Which list, what, and the party's own words: the same whoever asks.
void read_common(Body& body, NewRemoval& wanted) {
    wanted.list = body.text("list", 64).value_or("");
    const std::string subject = body.need_text("subject", 300);
    wanted.helo = body.text("helo", kNameBytesMax).value_or("");
    wanted.mail_domain = body.text("mail_domain", kNameBytesMax).value_or("");
    wanted.statement = body.text("statement", kRemovalTextBytesMax).value_or("");
    if (!subject.empty()) {
        wanted.subject = body.take("subject", guess_subject(subject));
    }
}

Answer opened(const Result<std::vector<OpenedRemoval>>& found) {
    if (!found) {
        const Error& error = found.error();
        return error.code == Errc::OutOfRange ? refuse(429, "too-many", error.message)
                                              : refuse(error);
    }
    json::array removals;
    for (const OpenedRemoval& one : *found) {
        json::object shown = removal_object(one.removal, RemovalView::Requester);
        shown["key"] = json_values::text(one.key);
        shown["challenge"] = json_values::text_or_null(one.challenge);
        removals.emplace_back(std::move(shown));
    }
    Reply out = reply(json::object{{"removals", std::move(removals)}});
    out.status = 201;
    return out;
}

// By who is listed, with a proof of one's own.
Answer open(Call& call) {
    auto body = Body::parse(call.request);
    if (!body) {
        return std::unexpected(body.error());
    }
    NewRemoval wanted;
    read_common(*body, wanted);
    const std::string proof = body->text("proof", 16).value_or("address");
    wanted.proof = body->take("proof", parse_proof_kind(proof));
    if (wanted.proof == ProofKind::Provider || wanted.proof == ProofKind::Operator) {
        body->fault("proof", "expected address, mail or dns; who has a token asks with it");
    }
    wanted.mailbox = body->text("mailbox", 16).value_or("postmaster");
    if (auto good = body->done(); !good) {
        return std::unexpected(good.error());
    }
    if (!call.request.unix_peer) {
        wanted.peer = call.request.peer;
    }
    return opened(call.books.removals.open(call.actor(), wanted));
}

Answer shown(const Result<Removal>& removal, RemovalView view) {
    return removal ? Answer(reply(removal_object(*removal, view))) : refuse(removal.error());
}

Answer status(Call& call) {
    return shown(call.books.removals.status(call.path_value("key")), RemovalView::Requester);
}

Answer prove(Call& call) {
    auto body = Body::parse(call.request);
    if (!body) {
        return std::unexpected(body.error());
    }
    const std::string code = body->need_text("code", kCodeBytesMax);
    if (auto good = body->done(); !good) {
        return std::unexpected(good.error());
    }
    return shown(call.books.removals.prove(call.path_value("key"), code), RemovalView::Requester);
}

Answer appeal(Call& call) {
    auto body = Body::parse(call.request);
    if (!body) {
        return std::unexpected(body.error());
    }
    const std::string why = body->need_text("why", kRemovalTextBytesMax);
    if (auto good = body->done(); !good) {
        return std::unexpected(good.error());
    }
    return shown(call.books.removals.appeal(call.path_value("key"), why), RemovalView::Requester);
}

std::expected<RemovalFilter, Fault> filter_of(const Call& call) {
    RemovalFilter filter;
    const auto open_only = call.query_flag("open");
    if (!open_only) {
        return std::unexpected(open_only.error());
    }
    filter.open_only = *open_only;
    if (const std::string word = call.query_value("state"); !word.empty()) {
        const auto state = parse_removal_state(word);
        if (!state) {
            return refuse(400, "bad-query", "state: " + state.error().message);
        }
        filter.state = *state;
    }
    if (const std::string name = call.query_value("list"); !name.empty()) {
        if (const auto known = find_list(call, name); !known) {
            return std::unexpected(known.error());
        }
        filter.list = name;
    }
    return filter;
}

Answer page_of(Call& call, RemovalFilter filter, RemovalView view) {
    const auto page = call.page();
    if (!page) {
        return std::unexpected(page.error());
    }
    const auto found = call.books.removals.page(filter, page->after, page->limit);
    if (!found) {
        return refuse(400, "bad-query", found.error().message);
    }
    const auto make = [&](const Removal& removal) {
        return removal_object(removal, view);
    };
    Reply out = reply(json::object{{"removals", json_values::array_of(found->removals, make)}});
    call.put_next(out, found->next);
    return out;
}

Answer queue(Call& call) {
    auto filter = filter_of(call);
    return filter ? page_of(call, *std::move(filter), RemovalView::Operator)
                  : std::unexpected(filter.error());
}

Answer own_queue(Call& call) {
    auto filter = filter_of(call);
    auto slug = call.provider();
    if (!filter || !slug) {
        return std::unexpected(filter ? slug.error() : filter.error());
    }
    filter->provider = *std::move(slug);
    return page_of(call, *std::move(filter), RemovalView::Provider);
}

// One of another's space is none. `provider` empty: any.
std::expected<Removal, Fault> find(Call& call, const std::string& provider) {
    const auto id = call.path_number("id");
    if (!id) {
        return std::unexpected(id.error());
    }
    auto removal = call.books.removals.find(*id);
    if (!removal || (!provider.empty() && removal->provider != provider)) {
        return refuse(404, "not-found", fmt::format("removal {}: there is none", *id));
    }
    return *std::move(removal);
}

Answer show(Call& call) {
    const auto removal = find(call, "");
    return removal ? Answer(reply(removal_object(*removal, RemovalView::Operator)))
                   : std::unexpected(removal.error());
}

Answer decide(Call& call, const std::string& provider, bool grant) {
    const auto removal = find(call, provider);
    auto body = Body::parse(call.request);
    if (!removal || !body) {
        return std::unexpected(removal ? body.error() : removal.error());
    }
    const std::string why = body->need_text("why", kRemovalTextBytesMax);
    if (auto good = body->done(); !good) {
        return std::unexpected(good.error());
    }
    RemovalDesk& desk = call.books.removals;
    const Actor actor = call.actor(why);
    return shown(grant ? desk.grant(actor, removal->id, why, provider)
                       : desk.refuse(actor, removal->id, why, provider),
                 provider.empty() ? RemovalView::Operator : RemovalView::Provider);
}

Answer own_open(Call& call) {
    const auto slug = call.provider();
    auto body = Body::parse(call.request);
    if (!slug || !body) {
        return std::unexpected(slug ? body.error() : slug.error());
    }
    NewRemoval wanted;
    wanted.proof = ProofKind::Provider;
    wanted.provider = *slug;
    read_common(*body, wanted);
    wanted.attested = body->flag("attested");
    if (auto good = body->done(); !good) {
        return std::unexpected(good.error());
    }
    return opened(call.books.removals.open(call.actor(), wanted));
}

Answer own_grant(Call& call) {
    const auto slug = call.provider();
    return slug ? decide(call, *slug, true) : std::unexpected(slug.error());
}

// A provider's word for all of its listings within a prefix.
Answer attest(Call& call) {
    const auto slug = call.provider();
    auto body = Body::parse(call.request);
    if (!slug || !body) {
        return std::unexpected(slug ? body.error() : slug.error());
    }
    const auto within = body->need_prefix("prefix");
    const std::string text = body->need_text("text", kRemovalTextBytesMax);
    if (auto good = body->done(); !good) {
        return std::unexpected(good.error());
    }
    const auto attested =
        call.books.removals.attest(call.actor(text), *slug, *within, text, kPageMax);
    if (!attested) {
        return refuse(attested.error());
    }
    json::array out;
    for (const RemovalDesk::Attested& one : *attested) {
        json::object shown{{"listing", one.listing},
                           {"subject", json_values::text(to_string(one.subject))},
                           {"list", json_values::text(one.list)}};
        if (one.result) {
            shown["removal"] = removal_object(*one.result, RemovalView::Provider);
        } else {
            shown["error"] = json_values::error_object(one.result.error());
        }
        out.emplace_back(std::move(shown));
    }
    return reply(json::object{{"attests", std::move(out)}});
}

ApiRoute get(std::string pattern, Role role, std::string summary, std::string answers,
             Handle handle) {
    return {.method = Method::Get,
            .pattern = std::move(pattern),
            .roles = {role},
            .summary = std::move(summary),
            .statuses = {200, 404},
            .handle = std::move(handle),
            .answers = std::move(answers),
            .bucket = role == Role::Public ? Bucket::Lookup : Bucket::None};
}

ApiRoute post(std::string pattern, Role role, std::string summary, std::string answers,
              std::string takes, Handle handle) {
    return {.method = Method::Post,
            .pattern = std::move(pattern),
            .roles = {role},
            .summary = std::move(summary),
            .statuses = {200, 404, 403},
            .handle = std::move(handle),
            .answers = std::move(answers),
            .takes = std::move(takes),
            .body_bytes_max = kSmallBody,
            .bucket = role == Role::Public ? Bucket::Request : Bucket::None};
}

}  // namespace

std::vector<ApiRoute> removal_routes() {
    const std::vector<QueryKey> kKeys = {{"open", "true: only those that have not ended"},
                                         {"state", "only in this state"},
                                         {"list", "only of this list"}};
    ApiRoute ask = post("/v1/removals", Role::Public,
                        "Asks for removal; the address that asks may be the proof",
                        "OpenedRemovals", "NewRemoval", open);
    ask.statuses = {201, 404, 403};
    ApiRoute all = get("/v1/removal-queue", Role::Operator,
                       "Requests for removal; those that wait for a person, first due first",
                       "Removals", queue);
    all.query = paged(kKeys);
    ApiRoute mine = get("/v1/provider/removals", Role::Provider,
                        "Requests for removal in one's own space", "Removals", own_queue);
    mine.query = paged(kKeys);
    ApiRoute ask_own = post("/v1/provider/removals", Role::Provider,
                            "Asks for removal of what is in one's own space", "OpenedRemovals",
                            "NewOwnRemoval", own_open);
    ask_own.statuses = {201, 404};
    return {
        ask,
        get("/v1/removals/{key}", Role::Public, "How a request is doing, by the key that it gave",
            "Removal", status),
        post("/v1/removals/{key}/proof", Role::Public, "The code that was mailed", "Removal",
             "Proof", prove),
        post("/v1/removals/{key}/appeal", Role::Public, "Asks that a person decides", "Removal",
             "Appeal", appeal),
        all,
        get("/v1/removal-queue/{id}", Role::Operator, "One of them", "Removal", show),
        post("/v1/removal-queue/{id}/grant", Role::Operator, "Grants it", "Removal", "Appeal",
             [](Call& call) { return decide(call, "", true); }),
        post("/v1/removal-queue/{id}/refuse", Role::Operator, "Refuses it", "Removal", "Appeal",
             [](Call& call) { return decide(call, "", false); }),
        mine,
        ask_own,
        post("/v1/provider/removals/{id}/grant", Role::Provider, "Grants one in one's own space",
             "Removal", "Appeal", own_grant),
        post("/v1/provider/attests", Role::Provider,
             "Says that all listings within a prefix are fixed", "Attests", "Attest", attest),
    };
}

}  // namespace fairlist::api
