#include "listing/manager/provider_store.h"
#include "tools/fairlist/entry_options.h"
#include "tools/fairlist/intake_json.h"
#include "tools/fairlist/intake_verbs.h"
#include "tools/fairlist/session.h"
#include "tools/fairlist/table.h"
#include "tools/fairlist/terminal.h"

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

namespace fairlist::cli {

namespace {

store::TokenRole role_of(const std::string& word) noexcept {
    if (word == "operator") {
        return store::TokenRole::Operator;
    }
    return word == "provider" ? store::TokenRole::Provider : store::TokenRole::Machine;
}

std::string end_of(const store::TokenRecord& record, Time now) {
    if (!record.expires.is_set()) {
        return "when revoked";
    }
    return to_string(record.expires) + (now < record.expires ? "" : " (has ended)");
}

Result<void> check_provider_is_known(Session& session, const std::string& provider) {
    if (provider.empty() || find_provider(store::ReadTxn(session.environment()), provider)) {
        return {};
    }
    return fail(Errc::NotFound, fmt::format("provider \"{}\": there is none; \"fairlist provider "
                                            "add\" makes it",
                                            provider.substr(0, 64)));
}

AuditNote added_note(const NewToken& token) {
    AuditNote note{"token.add",
                   {{"token", token.name}, {"role", std::string(role_word(token.role))}}};
    if (!token.provider.empty()) {
        note.details.emplace_back("provider", token.provider);
    }
    note.details.emplace_back("expires", to_string(token.expires));
    return note;
}

std::string text_of(const std::vector<Token>& tokens, Time now) {
    Table table({{"NAME"}, {"ROLE"}, {"PROVIDER"}, {"ADDED"}, {"ENDS"}, {"LAST USED"}, {"NOTE"}});
    for (const Token& token : tokens) {
        table.add({token.name, std::string(role_word(token.record.role)), token.record.provider,
                   to_string(token.record.added), end_of(token.record, now),
                   to_string(token.record.used), token.record.note});
    }
    return table.text();
}

}  // namespace

ExitStatus run_token_add(Session& session, const TokenAddOptions& options) {
    NewToken wanted{options.name, role_of(options.role), {}, options.note, options.provider};
    const auto end = end_option("", options.duration, now());
    if (!end) {
        return session.report(end.error(), ExitStatus::Usage);
    }
    wanted.expires = *end;
    // First: a token that cannot be put on record is not made.
    if (const auto manager = session.manager(); !manager) {
        return session.report(manager.error());
    }
    if (const auto known = check_provider_is_known(session, wanted.provider); !known) {
        return session.report(known.error());
    }
    const auto vault = session.vault();
    if (!vault) {
        return session.report(vault.error());
    }
    const auto text = (*vault)->add_token(wanted);
    if (!text) {
        return session.report(text.error());
    }
    session.note(added_note(wanted));
    if (session.json()) {
        print(new_token_json(wanted, *text));
        return ExitStatus::Done;
    }
    print(*text + "\n");
    print_error(
        fmt::format("fairlist: this token of {} is shown once and kept nowhere\n", wanted.name));
    return ExitStatus::Done;
}

ExitStatus run_token_list(Session& session) {
    const auto vault = session.vault_reader();
    if (!vault) {
        return session.report(vault.error());
    }
    const std::vector<Token> tokens = (*vault)->tokens();
    print(session.json() ? tokens_json(tokens) : text_of(tokens, now()));
    return ExitStatus::Done;
}

ExitStatus run_token_revoke(Session& session, const std::string& name) {
    if (const auto manager = session.manager(); !manager) {
        return session.report(manager.error());
    }
    const auto vault = session.known_vault();
    if (!vault) {
        return session.report(vault.error());
    }
    if (const auto revoked = (*vault)->revoke_token(name); !revoked) {
        return session.report(revoked.error());
    }
    session.note({"token.revoke", {{"token", name}}});
    print(session.json() ? revoked_token_json(name) : fmt::format("revoked the token {}\n", name));
    return ExitStatus::Done;
}

}  // namespace fairlist::cli
