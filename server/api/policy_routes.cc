#include "importer/policy/policy_document.h"
#include "server/api/body.h"
#include "server/api/route_tables.h"
#include "server/http/sensor_routes.h"
#include "server/shown/json_values.h"
#include "server/shown/provider_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <utility>

namespace fairlist::api {

namespace {

namespace json = boost::json;
using http::Method;
using http::Role;

constexpr std::size_t kPolicyBody = std::size_t{64} << 20U;
constexpr std::uint32_t kConflictSeconds = 30 * 86400;

// Whose policy a route is about: the token's own, or the one of the path.
using Whose = std::function<std::expected<std::string, Fault>(Call&)>;

std::expected<std::string, Fault> own(Call& call) {
    return call.provider();
}

std::expected<std::string, Fault> named(Call& call) {
    const std::string& slug = call.path_value("provider");
    if (!call.books.providers.find(slug)) {
        return refuse(404, "not-found", fmt::format("provider \"{}\": there is none", slug));
    }
    return slug;
}

// A provider speaks for itself; what an operator sends stands where the provider is silent.
PolicyVoice voice_of(const Call& call) {
    return call.request.principal->role == Role::Provider ? PolicyVoice::Provider
                                                          : PolicyVoice::Operator;
}

std::expected<PolicyVoice, Fault> shown_voice(const Call& call) {
    const std::string word = call.query_value("voice");
    if (word.empty() || word == to_string(PolicyVoice::Provider)) {
        return PolicyVoice::Provider;
    }
    if (word == to_string(PolicyVoice::Operator)) {
        return PolicyVoice::Operator;
    }
    return refuse(400, "bad-query", "voice: expected provider or operator");
}

bool wants_csv(const Call& call) {
    return call.request.accept.find("text/csv") != std::string::npos;
}

Answer show(Call& call, const Whose& whose) {
    const auto slug = whose(call);
    const auto voice = shown_voice(call);
    if (!slug || !voice) {
        return std::unexpected(slug ? voice.error() : slug.error());
    }
    const auto policy = call.books.policies.in_force(*slug, *voice);
    if (!policy) {
        return refuse(404, "not-found", "no policy is in force");
    }
    Reply out;
    out.content_type = wants_csv(call) ? "text/csv; charset=utf-8" : "application/json";
    out.bytes = wants_csv(call) ? importer::to_csv(*policy) : importer::to_json(*policy);
    out.headers.emplace_back("Vary", "Accept");
    return out;
}

// Every fault with its place; warnings come along with what was taken.
std::expected<importer::PolicyReading, Fault> read_document(const Call& call) {
    const std::string type = http::media_type(call.request.content_type);
    if (type != "application/json" && type != "text/csv") {
        return refuse(415, "", "the content type is neither application/json nor text/csv");
    }
    importer::PolicyReading reading = importer::read_policy(call.request.body);
    if (reading.faults_total == 0) {
        return reading;
    }
    auto refused = refuse(400, "faulty-policy",
                          fmt::format("the policy has {} fault{}", reading.faults_total,
                                      reading.faults_total == 1 ? "" : "s"));
    for (const importer::PolicyFault& fault : reading.faults) {
        if (!fault.is_warning) {
            refused.error().problem.errors.push_back(
                {fault.line, fault.what, fault.column, fault.where});
        }
    }
    return refused;
}

json::array warnings_of(const importer::PolicyReading& reading) {
    json::array out;
    for (const importer::PolicyFault& fault : reading.faults) {
        out.push_back(json::object{{"line", fault.line},
                                   {"column", fault.column},
                                   {"where", json_values::text(fault.where)},
                                   {"why", json_values::text(fault.what)}});
    }
    return out;
}

Answer put(Call& call, const Whose& whose) {
    const auto slug = whose(call);
    const auto dry_run = call.query_flag("dry_run");
    if (!slug || !dry_run) {
        return std::unexpected(slug ? dry_run.error() : slug.error());
    }
    const auto reading = read_document(call);
    if (!reading) {
        return std::unexpected(reading.error());
    }
    const auto import = call.books.policies.import(call.actor(), *slug, voice_of(call),
                                                   reading->policy, *dry_run, false);
    if (!import) {
        return refuse(import.error());
    }
    json::object document = policy_import_object(*import);
    document["dry_run"] = *dry_run;
    document["warnings"] = warnings_of(*reading);
    return reply(std::move(document));
}

Answer versions(Call& call, const Whose& whose) {
    const auto slug = whose(call);
    if (!slug) {
        return std::unexpected(slug.error());
    }
    return reply(
        json::object{{"versions", json_values::array_of(call.books.policies.versions(*slug),
                                                        policy_version_object)}});
}

Answer show_conflicts(Call& call, const Whose& whose) {
    const auto slug = whose(call);
    const auto page = call.page();
    if (!slug || !page) {
        return std::unexpected(slug ? page.error() : slug.error());
    }
    const Time from{call.now.seconds - std::min(call.now.seconds, kConflictSeconds)};
    const PolicyConflicts shown = call.books.policies.conflicts(*slug, from, page->limit);
    return reply(
        json::object{{"conflicts", json_values::array_of(shown.found, policy_conflict_object)},
                     {"hits_looked_at", shown.hits_looked_at},
                     {"whole", shown.is_whole}});
}

Answer approve(Call& call) {
    const auto slug = named(call);
    const auto voice = shown_voice(call);
    if (!slug || !voice) {
        return std::unexpected(slug ? voice.error() : slug.error());
    }
    const auto import = call.books.policies.approve(call.actor(), *slug, *voice);
    return import ? Answer(reply(policy_import_object(*import))) : refuse(import.error());
}

Answer withdraw(Call& call, const Whose& whose) {
    const auto slug = whose(call);
    if (!slug) {
        return std::unexpected(slug.error());
    }
    const auto import =
        call.books.policies.withdraw(call.actor(call.query_value("why")), *slug, voice_of(call));
    return import ? Answer(reply(policy_import_object(*import))) : refuse(import.error());
}

Answer exemptions(Call& call) {
    const auto slug = own(call);
    const auto page = call.page();
    const auto after = call.query_prefix("after");
    if (!slug || !page || !after) {
        return std::unexpected(!slug ? slug.error() : !page ? page.error() : after.error());
    }
    auto found = call.books.policies.granted(*slug, *after, page->limit + 1);
    const bool more = found.size() > page->limit;
    if (more) {
        found.resize(page->limit);
    }
    Reply out = reply(json::object{{"exemptions", json_values::array_of(found, exemption_object)}});
    call.put_next(out, more ? to_string(found.back().prefix) : "");
    return out;
}

Answer grant_exemption(Call& call) {
    const auto slug = own(call);
    auto body = Body::parse(call.request);
    if (!slug || !body) {
        return std::unexpected(slug ? body.error() : slug.error());
    }
    PolicyExemption exemption;
    const auto prefix = body->need_prefix("prefix");
    exemption.reason = body->need_text("reason", kPolicyTextBytesMax);
    exemption.customer = body->text("customer", kPolicyWordBytesMax).value_or("");
    exemption.until = body->end(call.now);
    if (auto good = body->done(); !good) {
        return std::unexpected(good.error());
    }
    exemption.prefix = *prefix;
    const auto granted = call.books.policies.grant_exemption(call.actor(), *slug, exemption);
    if (!granted) {
        return refuse(granted.error());
    }
    return created(exemption_object(exemption), "/v1/provider/exemptions");
}

Answer end_exemption(Call& call) {
    const auto slug = own(call);
    const auto prefix = call.query_prefix("prefix");
    if (!slug || !prefix) {
        return std::unexpected(slug ? prefix.error() : slug.error());
    }
    if (!*prefix) {
        return refuse(400, "bad-query", "prefix: missing");
    }
    const auto ended = call.books.policies.end_exemption(call.actor(), *slug, **prefix);
    if (!ended) {
        return refuse(ended.error());
    }
    return reply(json::object{{"prefix", to_string(**prefix)}, {"change", "removed"}});
}

struct Row {
    Method method;
    std::string pattern;
    Role role;
    std::string summary;
    std::string answers;
};

ApiRoute make(Row row, Handle handle) {
    return {.method = row.method,
            .pattern = std::move(row.pattern),
            .roles = {row.role},
            .summary = std::move(row.summary),
            .statuses = {200, 404},
            .handle = std::move(handle),
            .answers = std::move(row.answers)};
}

using Of = Answer (*)(Call&, const Whose&);
Handle of(Of step, Whose whose) {
    return [step, whose = std::move(whose)](Call& call) {
        return step(call, whose);
    };
}

// The same for a provider of its own, and for an operator of any.
void add_rows(std::vector<ApiRoute>& rows, const std::string& base, Role role, const Whose& whose) {
    ApiRoute get = make({Method::Get, base, role,
                         "The policy in force, as JSON, or as CSV by Accept: text/csv", ""},
                        of(show, whose));
    get.content_types = {"application/json", "text/csv"};
    get.query = {{"voice", "provider, or operator for what was made where it is silent"}};
    ApiRoute set = make(
        {Method::Put, base, role,
         "Puts a policy in force; with dry_run it says what that would change", "PolicyImport"},
        of(put, whose));
    set.takes = "Policy";
    set.body_bytes_max = kPolicyBody;
    set.query = {{"dry_run", "true: nothing is changed"}};
    set.statuses = {200, 404};
    ApiRoute end =
        make({Method::Delete, base, role, "Takes the policy out of force", "PolicyImport"},
             of(withdraw, whose));
    end.query = {{"why", "for the audit log"}};
    ApiRoute past = make({Method::Get, base + "/versions", role,
                          "All of its versions, newest first", "PolicyVersions"},
                         of(versions, whose));
    ApiRoute contrary =
        make({Method::Get, base + "/conflicts", role,
              "Where what it says and what was seen do not agree", "PolicyConflicts"},
             of(show_conflicts, whose));
    contrary.query = {{"limit", "how many at most, 1 to 1000; 100 when it is not given"}};
    for (ApiRoute* route : {&get, &set, &end, &past, &contrary}) {
        rows.push_back(std::move(*route));
    }
}

}  // namespace

std::vector<ApiRoute> policy_routes() {
    std::vector<ApiRoute> rows;
    add_rows(rows, "/v1/provider/policy", Role::Provider, own);
    add_rows(rows, "/v1/providers/{provider}/policy", Role::Operator, named);
    ApiRoute held = make({Method::Post, "/v1/providers/{provider}/policy/approve", Role::Operator,
                          "Puts the version in force that the guard holds", "PolicyImport"},
                         approve);
    held.query = {{"voice", "provider or operator"}};
    held.state = "/v1/providers/{provider}/policy";
    const std::string base = "/v1/provider/exemptions";
    ApiRoute list = make({Method::Get, base, Role::Provider,
                          "The exemptions that were granted by call", "Exemptions"},
                         exemptions);
    list.query = paged();
    ApiRoute grant = make({Method::Post, base, Role::Provider,
                           "Exempts a customer's mail server from one's own policy", "Exemption"},
                          grant_exemption);
    grant.takes = "NewExemption";
    grant.body_bytes_max = kSmallBody;
    grant.statuses = {201, 404};
    ApiRoute end =
        make({Method::Delete, base, Role::Provider, "Ends such an exemption", "ExemptionChange"},
             end_exemption);
    end.query = {{"prefix", "exactly this one"}};
    for (ApiRoute* route : {&held, &list, &grant, &end}) {
        rows.push_back(std::move(*route));
    }
    return rows;
}

}  // namespace fairlist::api
