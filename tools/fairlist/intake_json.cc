#include "tools/fairlist/intake_json.h"

#include "server/shown/json_values.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

namespace fairlist::cli {

namespace {

namespace json = boost::json;
using namespace json_values;

json::object trap_object(const ShownTrap& trap) {
    json::object out{{"number", trap.number},
                     {"domain", text(trap.domain)},
                     {"weight", text(trap.weight)},
                     {"kind", text(to_string(trap.kind))},
                     {"state", text(to_string(trap.state))},
                     {"added", time(trap.added)},
                     {"retired", time(trap.retired)}};
    if (trap.secret) {
        out["full"] = json::object{{"address", text(trap.secret->address)},
                                   {"note", text_or_null(trap.secret->note)}};
    }
    return out;
}

json::object outcome_object(const TrapOutcome& outcome) {
    json::object out{{"where", text_or_null(outcome.where)},
                     {"number", number_or_null(outcome.number)}};
    if (outcome.error) {
        out["error"] = error_object(*outcome.error);
    } else {
        out["change"] = text(outcome.change);
        out["domain"] = text(outcome.domain);
    }
    return out;
}

json::object files_object(const MailFilesResult& result) {
    json::object out{{"path", text(result.path)}};
    if (!result.report) {
        out["error"] = error_object(result.report.error());
        return out;
    }
    const importer::MailFilesReport& report = *result.report;
    out["mails"] = report.mails;
    out["stored"] = report.stored;
    out["duplicates"] = report.duplicates;
    out["without_trap"] = report.without_trap;
    out["too_large"] = report.too_large;
    out["removed"] = report.removed;
    out["faults"] = texts(report.faults);
    out["more_faults"] = report.more_faults;
    return out;
}

json::object effect_object(const RuleEffect& effect) {
    return {{"rule", text(effect.rule)},
            {"list", text(effect.list)},
            {"subject", text(to_string(effect.subject))},
            {"outcome", text(rules::to_string(effect.outcome))},
            {"listing", number_or_null(effect.listing)},
            {"steps", texts(effect.steps)}};
}

json::object hit_object(const RecordedView& view) {
    return {{"number", view.number},
            {"accused", texts(view.accused)},
            {"effects", array_of(view.effects, effect_object)}};
}

json::object effects_object(const EffectCounts& counts) {
    return {{"opened", counts.opened},
            {"extended", counts.extended},
            {"noticed", counts.noticed},
            {"refused", counts.refused}};
}

json::object parked_object(const QueuedMail& mail) {
    return {{"number", mail.number},
            {"tries", mail.mark.tries},
            {"last", time(mail.mark.last)},
            {"error", text(mail.mark.error)}};
}

json::value optional_text(const std::optional<std::string>& value) {
    return value ? text(*value) : json::value(nullptr);
}

}  // namespace

std::string_view role_word(store::TokenRole role) noexcept {
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

std::string traps_json(const TrapPage& page) {
    return document(json::object{{"traps", array_of(page.traps, trap_object)},
                                 {"next", number_or_null(page.next)}});
}

std::string trap_outcomes_json(const std::vector<TrapOutcome>& outcomes) {
    return document(json::object{{"results", array_of(outcomes, outcome_object)}});
}

std::string trap_import_json(const std::string& file, const TrapImport& import) {
    return document(json::object{{"file", text(file)},
                                 {"added", import.added},
                                 {"known", import.known},
                                 {"rejected", import.faults.size() + import.more_faults},
                                 {"faults", texts(import.faults)}});
}

std::string delivery_json(const importer::DeliveryResult& result) {
    return document(json::object{{"exit", static_cast<unsigned>(result.exit)},
                                 {"stored", result.stored},
                                 {"duplicates", result.duplicates},
                                 {"message", text_or_null(result.message)}});
}

std::string mail_files_json(const std::vector<MailFilesResult>& results) {
    return document(json::object{{"results", array_of(results, files_object)}});
}

std::string judged_json(const Judged& judged) {
    const JudgingTotals& totals = judged.totals;
    return document(json::object{{"judged", totals.judged},
                                 {"failed", totals.failed},
                                 {"parked", totals.parked},
                                 {"waiting", totals.waiting},
                                 {"halted", optional_text(totals.halted)},
                                 {"hits", totals.hits},
                                 {"duplicates", totals.duplicates},
                                 {"listings", effects_object(judged.effects)},
                                 {"new_hits", array_of(judged.hits, hit_object)}});
}

std::string vault_json(const VaultReport& report) {
    const VaultStatus& status = report.status;
    json::object out{{"vault", text(report.vault)},
                     {"format_version", status.format_version},
                     {"file_bytes", status.file_bytes},
                     {"traps", status.traps},
                     {"retired", status.traps - status.addresses},
                     {"mails", status.mails},
                     {"queued", status.queued},
                     {"parked", status.parked},
                     {"tokens", status.tokens}};
    if (report.parked) {
        out["parked_mails"] = array_of(*report.parked, parked_object);
    }
    return document(out);
}

std::string mail_outcomes_json(const std::vector<MailOutcome>& outcomes) {
    const auto make = [](const MailOutcome& outcome) {
        json::object out{{"number", outcome.number}};
        if (outcome.error) {
            out["error"] = error_object(*outcome.error);
        } else {
            out["change"] = "queued";
        }
        return out;
    };
    return document(json::object{{"results", array_of(outcomes, make)}});
}

std::string hit_import_json(const std::string& sensor, const HitImportTotals& totals) {
    const auto make = [](const HitFault& fault) {
        return json::object{{"where", text(fault.where)}, {"error", error_object(fault.error)}};
    };
    return document(json::object{{"sensor", text(sensor)},
                                 {"hits", totals.hits},
                                 {"duplicates", totals.duplicates},
                                 {"rejected", totals.rejected},
                                 {"refused", totals.refused},
                                 {"listings", effects_object(totals.effects)},
                                 {"faults", array_of(totals.faults, make)},
                                 {"stopped", optional_text(totals.stopped)}});
}

std::string new_token_json(const NewToken& token, const std::string& secret) {
    return document(json::object{{"name", text(token.name)},
                                 {"role", text(role_word(token.role))},
                                 {"provider", text_or_null(token.provider)},
                                 {"expires", time(token.expires)},
                                 {"token", text(secret)}});
}

std::string tokens_json(const std::vector<Token>& tokens) {
    const auto make = [](const Token& token) {
        return json::object{{"name", text(token.name)},
                            {"role", text(role_word(token.record.role))},
                            {"provider", text_or_null(token.record.provider)},
                            {"added", time(token.record.added)},
                            {"expires", time(token.record.expires)},
                            {"used", time(token.record.used)},
                            {"note", text_or_null(token.record.note)}};
    };
    return document(json::object{{"tokens", array_of(tokens, make)}});
}

std::string revoked_token_json(const std::string& name) {
    return document(json::object{{"name", text(name)}, {"change", "revoked"}});
}

}  // namespace fairlist::cli
