#include "server/api/blast.h"
#include "server/api/listing_access.h"
#include "server/api/route_tables.h"
#include "server/shown/listing_json.h"

#include <fmt/format.h>

#include <functional>
#include <string>
#include <utility>

namespace fairlist::api {

namespace {

using http::Method;
using http::Role;

struct Opening {
    NewListing listing;
    std::string why;
};

std::expected<Opening, Fault> opening_of(Call& call) {
    auto body = Body::parse(call.request);
    if (!body) {
        return std::unexpected(body.error());
    }
    const std::string name = body->need_text("list", 64);
    const std::string subject = body->need_text("subject", 300);
    const bool whole_tld = body->flag("whole_tld");
    Opening opening;
    opening.why = body->text("why", 500).value_or("");
    opening.listing.until = body->end(call.now);
    opening.listing.reason = reason_of(*body);
    auto target = target_of(call, *body, {name, subject, whole_tld});
    if (!target) {
        return std::unexpected(target.error());
    }
    opening.listing.list = name;
    opening.listing.code = target->code;
    opening.listing.subject = std::move(target->subject);
    return opening;
}

Answer open(Call& call) {
    const auto opening = opening_of(call);
    if (!opening) {
        return std::unexpected(opening.error());
    }
    const auto listing = call.books.ledger.open(call.actor(opening->why), opening->listing);
    if (!listing) {
        return refuse(listing.error());
    }
    return created(listing_object(*listing, call.now), fmt::format("/v1/listings/{}", listing->id));
}

// The members that changes take; each asks for those that it has.
struct Wanted {
    std::string why;
    Time until;
    bool no_end = false;
    std::string reason;
};
using Read = std::function<void(Body& body, Wanted& wanted, Time now)>;
using Step = std::function<Result<Listing>(Call& call, const Actor& actor, std::uint64_t id,
                                           const Wanted& wanted)>;

Handle change(Read read, Step step) {
    return [read = std::move(read), step = std::move(step)](Call& call) -> Answer {
        const auto found = find_listing(call);
        auto body = Body::parse(call.request);
        if (!found || !body) {
            return std::unexpected(found ? body.error() : found.error());
        }
        Wanted wanted;
        wanted.why = body->text("why", 500).value_or("");
        if (read) {
            read(*body, wanted, call.now);
        }
        if (auto good = body->done(); !good) {
            return std::unexpected(good.error());
        }
        const auto listing = step(call, call.actor(wanted.why), found->id, wanted);
        if (!listing) {
            return refuse(listing.error());
        }
        return reply(listing_object(*listing, call.now));
    };
}

void read_extension(Body& body, Wanted& wanted, Time now) {
    wanted.until = body.end(now);
    wanted.no_end = body.flag("no_end");
    if (wanted.no_end == wanted.until.is_set()) {
        body.fault("until", "expected one of \"until\", \"for\" and \"no_end\"");
    }
}

void read_exemption(Body& body, Wanted& wanted, Time now) {
    wanted.until = body.end(now);
    wanted.reason = reason_of(body);
    if (wanted.reason.empty()) {
        body.fault("reason", "missing: why the subject is taken out");
    }
}

SecondPerson when_wide(std::string action) {
    return [action = std::move(action)](Call& call) -> std::expected<std::optional<Blast>, Fault> {
        const auto listing = find_listing(call);
        if (!listing) {
            return std::unexpected(listing.error());
        }
        return blast_of(call, action, listing->subject);
    };
}

std::expected<std::optional<Blast>, Fault> open_when_wide(Call& call) {
    const auto opening = opening_of(call);
    if (!opening) {
        return std::unexpected(opening.error());
    }
    return blast_of(call, "listing.open", opening->listing.subject);
}

ApiRoute row(std::string verb, std::string summary, std::string takes, Handle handle) {
    return {.method = Method::Post,
            .pattern = "/v1/listings/{id}/" + verb,
            .roles = {Role::Operator},
            .summary = std::move(summary),
            .statuses = {200, 404},
            .handle = std::move(handle),
            .answers = "Listing",
            .takes = std::move(takes),
            .body_bytes_max = kSmallBody,
            .state = "/v1/listings/{id}"};
}

}  // namespace

std::vector<ApiRoute> listing_change_routes() {
    std::vector<ApiRoute> rows = {
        {.method = Method::Post,
         .pattern = "/v1/listings",
         .roles = {Role::Operator},
         .summary = "Opens a listing, or extends the one that there is",
         .statuses = {201, 404},
         .handle = open,
         .answers = "Listing",
         .takes = "NewListing",
         .body_bytes_max = kSmallBody,
         .second_person = open_when_wide},
        row("suspend", "Keeps a listing from answering", "Why",
            change({}, [](Call& call, const Actor& actor, std::uint64_t id,
                          const Wanted&) { return call.books.ledger.suspend(actor, id); })),
        row("resume", "Lets a suspended listing answer again", "Why",
            change({}, [](Call& call, const Actor& actor, std::uint64_t id,
                          const Wanted&) { return call.books.ledger.resume(actor, id); })),
        row("extend", "Gives a listing another end", "Extension",
            change(read_extension,
                   [](Call& call, const Actor& actor, std::uint64_t id, const Wanted& wanted) {
                       return call.books.ledger.extend(actor, id, wanted.until);
                   })),
        row("remove", "Ends a listing", "Why",
            change({}, [](Call& call, const Actor& actor, std::uint64_t id,
                          const Wanted&) { return call.books.ledger.remove(actor, id); })),
        row("exempt", "Ends a listing and keeps its subject out", "Exempting",
            change(read_exemption,
                   [](Call& call, const Actor& actor, std::uint64_t id, const Wanted& wanted) {
                       return call.books.ledger.exempt(actor, id, wanted.until, wanted.reason);
                   })),
    };
    // A wide listing was opened by two: it takes two to let it answer again, to end it, and to
    // prolong it.
    for (ApiRoute& route : rows) {
        if (route.pattern.ends_with("/remove") || route.pattern.ends_with("/exempt") ||
            route.pattern.ends_with("/resume") || route.pattern.ends_with("/extend")) {
            route.second_person =
                when_wide("listing." + route.pattern.substr(route.pattern.rfind('/') + 1));
        }
    }
    return rows;
}

}  // namespace fairlist::api
