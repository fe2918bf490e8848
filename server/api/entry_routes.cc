#include "server/api/blast.h"
#include "server/api/listing_access.h"
#include "server/api/route_tables.h"
#include "server/shown/entry_json.h"
#include "server/shown/json_values.h"

#include <fmt/format.h>

#include <string>
#include <utility>

namespace fairlist::api {

namespace {

namespace json = boost::json;
using http::Method;
using http::Role;

constexpr std::uint32_t kTtlMax = 0x7FFFFFFF;  // RFC 2181 section 8

Answer list(Call& call) {
    EntryFilter filter;
    const auto page = call.page();
    const auto within = call.query_prefix("within");
    const auto exemptions = call.query_flag("exemptions");
    const auto expired = call.query_flag("expired");
    if (!page || !within || !exemptions || !expired) {
        return std::unexpected(!page         ? page.error()
                               : !within     ? within.error()
                               : !exemptions ? exemptions.error()
                                             : expired.error());
    }
    if (const std::string name = call.query_value("list"); !name.empty()) {
        if (const auto known = find_list(call, name); !known) {
            return std::unexpected(known.error());
        }
        filter.list = name;
    }
    if (const std::string source = call.query_value("source"); !source.empty()) {
        filter.source = source;
    }
    filter.within = *within;
    filter.exemptions_only = *exemptions;
    filter.include_expired = *expired;
    const auto found = call.books.manager.entries(filter, page->after, page->limit);
    if (!found) {
        return found.error().code == Errc::NotFound
                   ? refuse(found.error())
                   : refuse(400, "bad-query", found.error().message);
    }
    const auto make = [&](const EntryView& view) {
        return entry_object(view, code_of(view, call.config()));
    };
    Reply out = reply(json::object{{"entries", json_values::array_of(found->entries, make)}});
    call.put_next(out, found->next);
    return out;
}

struct Adding {
    std::string list;
    std::string source;
    std::string why;
    NewEntry entry;
};

std::expected<Adding, Fault> adding_of(Call& call) {
    auto body = Body::parse(call.request);
    if (!body) {
        return std::unexpected(body.error());
    }
    Adding adding;
    adding.list = body->need_text("list", 64);
    adding.source = body->text("source", 64).value_or("manual");
    adding.why = body->text("why", 500).value_or("");
    const std::string subject = body->need_text("subject", 300);
    const bool whole_tld = body->flag("whole_tld");
    adding.entry.exempt = body->flag("exempt");
    adding.entry.until = body->end(call.now);
    adding.entry.reason = reason_of(*body);
    adding.entry.ttl_seconds =
        static_cast<std::uint32_t>(body->number("ttl_seconds", kTtlMax).value_or(0));
    if (!parse_list_name(adding.source) || adding.source == kListingSource) {
        body->fault("source",
                    "expected 1 to 32 of a-z 0-9 _ -, a letter first, and not "
                    "\"listing\"");
    }
    auto target = target_of(call, *body, {adding.list, subject, whole_tld});
    if (!target) {
        return std::unexpected(target.error());
    }
    adding.entry.code = target->code;
    adding.entry.subject = std::move(target->subject);
    return adding;
}

std::string_view word_of(ChangeKind kind) noexcept {
    switch (kind) {
        case ChangeKind::Added:
            return "added";
        case ChangeKind::Changed:
            return "changed";
        case ChangeKind::Removed:
            return "removed";
        case ChangeKind::Unchanged:
            break;
    }
    return "unchanged";
}

Answer add(Call& call) {
    const auto adding = adding_of(call);
    if (!adding) {
        return std::unexpected(adding.error());
    }
    const auto change = call.books.manager.add(call.actor(adding->why), adding->list,
                                               adding->source, adding->entry);
    if (!change) {
        return refuse(change.error());
    }
    return reply(json::object{{"list", adding->list},
                              {"source", adding->source},
                              {"subject", to_string(adding->entry.subject)},
                              {"change", word_of(*change)}});
}

std::expected<std::optional<Blast>, Fault> add_when_wide(Call& call) {
    const auto adding = adding_of(call);
    if (!adding) {
        return std::unexpected(adding.error());
    }
    return blast_of(call, adding->entry.exempt ? "entry.exempt" : "entry.add",
                    adding->entry.subject);
}

struct Removing {
    std::string list;
    std::optional<std::string> source;
    Subject subject;
    bool exemptions = false;
};

std::expected<Removing, Fault> removing_of(const Call& call) {
    Removing removing;
    removing.list = call.query_value("list");
    if (const std::string source = call.query_value("source"); !source.empty()) {
        removing.source = source;
    }
    const auto exemptions = call.query_flag("exemptions");
    const auto list = find_list(call, removing.list);
    if (!exemptions || !list) {
        return std::unexpected(exemptions ? list.error() : exemptions.error());
    }
    removing.exemptions = *exemptions;
    auto subject = parse_subject((*list)->kind, call.query_value("subject"));
    if (!subject) {
        return refuse(400, "bad-query", "subject: " + subject.error().message);
    }
    removing.subject = *std::move(subject);
    return removing;
}

Answer remove(Call& call) {
    const auto removing = removing_of(call);
    if (!removing) {
        return std::unexpected(removing.error());
    }
    const auto removed = call.books.manager.remove(
        call.actor(call.query_value("why")), removing->list,
        removing->source ? std::optional<std::string_view>(*removing->source) : std::nullopt,
        removing->subject, removing->exemptions);
    if (!removed) {
        return refuse(removed.error());
    }
    if (*removed == 0) {
        return refuse(404, "not-found",
                      fmt::format("{}: list {} has no such entry", to_string(removing->subject),
                                  removing->list));
    }
    return reply(json::object{{"list", removing->list},
                              {"subject", to_string(removing->subject)},
                              {"removed", *removed}});
}

std::expected<std::optional<Blast>, Fault> remove_when_wide(Call& call) {
    const auto removing = removing_of(call);
    if (!removing) {
        return std::unexpected(removing.error());
    }
    return blast_of(call, "entry.remove", removing->subject);
}

}  // namespace

std::vector<ApiRoute> entry_routes() {
    const std::vector<Role> roles = {Role::Operator};
    return {
        {.method = Method::Get,
         .pattern = "/v1/entries",
         .roles = roles,
         .summary = "Entries of the index, by subject",
         .statuses = {200, 404},
         .handle = list,
         .query = paged({{"list", "only of this list"},
                         {"source", "only of this source"},
                         {"within", "only inside of this prefix"},
                         {"exemptions", "true: exemptions alone"},
                         {"expired", "true: also those that have ended"}}),
         .answers = "Entries"},
        {.method = Method::Post,
         .pattern = "/v1/entries",
         .roles = roles,
         .summary = "Adds an entry or an exemption, or changes it",
         .statuses = {200, 404},
         .handle = add,
         .answers = "EntryChange",
         .takes = "NewEntry",
         .body_bytes_max = kSmallBody,
         .second_person = add_when_wide},
        {.method = Method::Delete,
         .pattern = "/v1/entries",
         .roles = roles,
         .summary = "Removes the entries, or exemptions, of exactly one subject",
         .statuses = {200, 404},
         .handle = remove,
         .query = {{"list", "of this list"},
                   {"subject", "of exactly this subject"},
                   {"source", "only of this source; without it of all"},
                   {"exemptions", "true: exemptions instead of entries"},
                   {"why", "for the audit log"}},
         .answers = "EntryRemoval",
         .second_person = remove_when_wide},
    };
}

}  // namespace fairlist::api
