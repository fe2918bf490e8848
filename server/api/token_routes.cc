#include "listing/manager/audit_note.h"
#include "server/api/body.h"
#include "server/api/route_tables.h"
#include "server/shown/json_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace fairlist::api {

namespace {

namespace json = boost::json;
using namespace json_values;
using http::Method;
using http::Role;

std::string_view word_of(store::TokenRole role) noexcept {
    switch (role) {
        case store::TokenRole::Machine:
            return "machine";
        case store::TokenRole::Provider:
            return "provider";
        case store::TokenRole::Operator:
            break;
    }
    return "operator";
}

Answer list(Call& call) {
    const auto make = [](const Token& token) {
        return json::object{{"name", text(token.name)},
                            {"role", text(word_of(token.record.role))},
                            {"provider", text_or_null(token.record.provider)},
                            {"added", time(token.record.added)},
                            {"expires", time(token.record.expires)},
                            {"used", time(token.record.used)},
                            {"note", text_or_null(token.record.note)}};
    };
    return reply(json::object{{"tokens", array_of(call.stores.vault.tokens(), make)}});
}

std::expected<NewToken, Fault> wanted_of(Call& call) {
    auto body = Body::parse(call.request);
    if (!body) {
        return std::unexpected(body.error());
    }
    NewToken token;
    token.name = body->need_text("name", 64);
    const std::string role = body->need_text("role", 16);
    token.provider = body->text("provider", 64).value_or("");
    token.note = body->text("note", kTrapNoteBytesMax).value_or("");
    token.expires = body->end(call.now);
    if (role == "provider") {
        token.role = store::TokenRole::Provider;
    } else if (role == "operator") {
        token.role = store::TokenRole::Operator;
    } else if (role != "machine" && !role.empty()) {
        body->fault("role", "expected machine, provider or operator");
    }
    const bool is_of_provider = token.role == store::TokenRole::Provider;
    if (is_of_provider != !token.provider.empty()) {
        body->fault("provider", is_of_provider ? "missing: whom the token speaks for"
                                               : "only a token of the role provider has one");
    }
    if (auto good = body->done(); !good) {
        return std::unexpected(good.error());
    }
    if (is_of_provider && !call.books.providers.find(token.provider)) {
        return refuse(404, "not-found",
                      fmt::format("provider \"{}\": there is none", token.provider));
    }
    return token;
}

// The only time that the token is shown.
Answer add(Call& call) {
    const auto wanted = wanted_of(call);
    if (!wanted) {
        return std::unexpected(wanted.error());
    }
    const auto secret = call.stores.vault.add_token(*wanted);
    if (!secret) {
        return refuse(secret.error());
    }
    AuditNote note{"token.add",
                   {{"name", wanted->name}, {"role", std::string(word_of(wanted->role))}}};
    if (!wanted->provider.empty()) {
        note.details.emplace_back("provider", wanted->provider);
    }
    if (wanted->expires.is_set()) {
        note.details.emplace_back("expires", to_string(wanted->expires));
    }
    note_audit(call.stores.store, call.actor(), call.now, note);
    return created(json::object{{"name", text(wanted->name)},
                                {"role", text(word_of(wanted->role))},
                                {"provider", text_or_null(wanted->provider)},
                                {"expires", time(wanted->expires)},
                                {"token", text(*secret)}},
                   "/v1/tokens");
}

Answer revoke(Call& call) {
    const std::string& name = call.path_value("name");
    const auto revoked = call.stores.vault.revoke_token(name);
    if (!revoked) {
        return refuse(revoked.error());
    }
    note_audit(call.stores.store, call.actor(call.query_value("why")), call.now,
               {"token.revoke", {{"name", name}}});
    return reply(json::object{{"name", text(name)}, {"change", "revoked"}});
}

}  // namespace

std::vector<ApiRoute> token_routes() {
    const std::vector<Role> roles = {Role::Operator};
    return {
        {.method = Method::Get,
         .pattern = "/v1/tokens",
         .roles = roles,
         .summary = "Who may speak to the API; never a token itself",
         .statuses = {200},
         .handle = list,
         .answers = "Tokens"},
        {.method = Method::Post,
         .pattern = "/v1/tokens",
         .roles = roles,
         .summary = "Makes a token, and shows it this once",
         .statuses = {201, 404},
         .handle = add,
         .answers = "NewTokenShown",
         .takes = "NewToken",
         .body_bytes_max = kSmallBody},
        {.method = Method::Delete,
         .pattern = "/v1/tokens/{name}",
         .roles = roles,
         .summary = "Revokes a token: it is let in nowhere from now on",
         .statuses = {200, 404},
         .handle = revoke,
         .query = {{"why", "for the audit log"}},
         .answers = "TokenChange"},
    };
}

}  // namespace fairlist::api
