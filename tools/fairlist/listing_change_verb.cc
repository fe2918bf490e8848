#include "server/shown/listing_json.h"
#include "tools/fairlist/entry_options.h"
#include "tools/fairlist/ledger_verbs.h"
#include "tools/fairlist/listing_reference.h"
#include "tools/fairlist/session.h"
#include "tools/fairlist/subject_input.h"
#include "tools/fairlist/terminal.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <iostream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fairlist::cli {

namespace {

using Step = std::function<Result<Listing>(Ledger& ledger, const Actor& actor, std::uint64_t id)>;

void print_outcomes(const std::vector<ListingOutcome>& outcomes) {
    for (const ListingOutcome& outcome : outcomes) {
        if (outcome.error) {
            const std::string where = outcome.where.empty() ? "" : outcome.where + ": ";
            print_error(printable("fairlist: " + where + outcome.error->message) + "\n");
        }
        if (!outcome.listing) {
            continue;
        }
        const Listing& listing = *outcome.listing;
        const std::string until = !has_ended(listing.state) && listing.until.is_set()
                                      ? "  until " + to_string(listing.until)
                                      : "";
        print(fmt::format("{:<9}  {}  {}  {}{}\n", outcome.change, listing.id, listing.list,
                          to_string(listing.subject), until));
    }
}

ExitStatus report(Session& session, const std::vector<ListingOutcome>& outcomes) {
    if (session.json()) {
        print(listing_outcomes_json(outcomes, now()));
    } else {
        print_outcomes(outcomes);
    }
    const auto failed = static_cast<std::size_t>(
        std::ranges::count_if(outcomes, [](const auto& one) { return one.error.has_value(); }));
    return status_of(outcomes.size() - failed, failed);
}

ListingOutcome outcome_of(const SubjectText& given, std::string_view change,
                          Result<Listing> listing) {
    if (!listing) {
        return {given.text, given.where, "", std::nullopt, listing.error()};
    }
    return {given.text, given.where, std::string(change), std::move(*listing), std::nullopt};
}

// Runs `step` for each listing that is named; one that fails does not stop the others.
ExitStatus change_listings(Session& session, const ListingChangeOptions& options,
                           std::string_view change, const Step& step) {
    if (!options.list.empty()) {
        if (const auto list = session.list(options.list); !list) {
            return session.report(list.error());
        }
    }
    const auto given = gather_subjects(options.references, std::cin);
    if (!given) {
        return session.report(given.error());
    }
    if (given->empty()) {
        return session.report({Errc::Malformed, "no listing: nothing was given"},
                              ExitStatus::Usage);
    }
    const auto ledger = session.ledger();
    if (!ledger) {
        return session.report(ledger.error());
    }
    const ListingQuery query{(*session.config())->lists, options.list};
    const Actor actor = session.actor();
    std::vector<ListingOutcome> outcomes;
    for (const SubjectText& text : *given) {
        const auto listing = find_listing(**ledger, query, text.text);
        outcomes.push_back(
            outcome_of(text, change, listing ? step(**ledger, actor, listing->id) : listing));
    }
    return report(session, outcomes);
}

// As the list takes it: one subject, and not by mistake a whole top-level domain.
Result<NewListing> new_listing(const ListSpec& list, const ListingOpenOptions& options) {
    NewListing wanted;
    wanted.list = list.name;
    wanted.reason = options.reason;
    if (const auto good = check_reason_option("--reason", options.reason); !good) {
        return std::unexpected(good.error());
    }
    if (!options.code.empty()) {
        const auto code = parse_code(options.code, list.foreign_codes);
        if (!code) {
            return fail_in("--code", code.error());
        }
        wanted.code = *code;
    }
    const auto until = end_option(options.until, options.duration, now());
    if (!until) {
        return std::unexpected(until.error());
    }
    wanted.until = *until;
    return wanted;
}

Result<Subject> subject_of(const ListSpec& list, const ListingOpenOptions& options) {
    auto subject = parse_subject(list.kind, options.subject);
    if (!subject) {
        return fail(subject.error().code,
                    fmt::format("{}; list {} is of kind {}", subject.error().message, list.name,
                                to_string(list.kind)));
    }
    if (const auto good = check_name(*subject, options.yes); !good) {
        return std::unexpected(good.error());
    }
    return subject;
}

// The last event says whether it was opened or extended.
Result<Listing> open_listing(Session& session, Ledger& ledger, const NewListing& wanted,
                             std::string& change) {
    auto listing = ledger.open(session.actor(), wanted);
    if (!listing) {
        return std::unexpected(with_remedy(listing.error(), **session.config(), wanted.subject));
    }
    change = to_string(ledger.history(listing->id).back().action);
    return listing;
}

}  // namespace

ExitStatus run_listing_open(Session& session, const ListingOpenOptions& options) {
    const auto list = session.list(options.list);
    if (!list) {
        return session.report(list.error());
    }
    auto wanted = new_listing(**list, options);
    if (!wanted) {
        return session.report(wanted.error(), ExitStatus::Usage);
    }
    const auto subject = subject_of(**list, options);
    if (!subject) {
        return session.report(subject.error());
    }
    wanted->subject = *subject;
    const auto ledger = session.ledger_with_networks();
    if (!ledger) {
        return session.report(ledger.error());
    }
    std::string change;
    auto listing = open_listing(session, **ledger, *wanted, change);
    return report(session, {outcome_of({options.subject, ""}, change, std::move(listing))});
}

ExitStatus run_listing_suspend(Session& session, const ListingChangeOptions& options) {
    return change_listings(session, options, "suspended",
                           [](Ledger& ledger, const Actor& actor, std::uint64_t id) {
                               return ledger.suspend(actor, id);
                           });
}

ExitStatus run_listing_resume(Session& session, const ListingChangeOptions& options) {
    return change_listings(session, options, "resumed",
                           [](Ledger& ledger, const Actor& actor, std::uint64_t id) {
                               return ledger.resume(actor, id);
                           });
}

ExitStatus run_listing_remove(Session& session, const ListingChangeOptions& options) {
    return change_listings(session, options, "removed",
                           [](Ledger& ledger, const Actor& actor, std::uint64_t id) {
                               return ledger.remove(actor, id);
                           });
}

ExitStatus run_listing_extend(Session& session, const ListingChangeOptions& options) {
    if (options.until.empty() && options.duration.empty() && !options.no_end) {
        return session.report(
            {Errc::Malformed, "no end: expected one of --for, --until and --no-end"},
            ExitStatus::Usage);
    }
    const auto until = end_option(options.until, options.duration, now());
    if (!until) {
        return session.report(until.error(), ExitStatus::Usage);
    }
    return change_listings(session, options, "extended",
                           [&](Ledger& ledger, const Actor& actor, std::uint64_t id) {
                               return ledger.extend(actor, id, *until);
                           });
}

ExitStatus run_listing_exempt(Session& session, const ListingChangeOptions& options) {
    const auto until = end_option(options.until, options.duration, now());
    if (!until) {
        return session.report(until.error(), ExitStatus::Usage);
    }
    if (options.reason.empty()) {
        return session.report(
            {Errc::Malformed, "--reason \"\": expected why the subject is taken out"},
            ExitStatus::Usage);
    }
    if (const auto good = check_reason_option("--reason", options.reason); !good) {
        return session.report(good.error(), ExitStatus::Usage);
    }
    return change_listings(session, options, "exempted",
                           [&](Ledger& ledger, const Actor& actor, std::uint64_t id) {
                               return ledger.exempt(actor, id, *until, options.reason);
                           });
}

}  // namespace fairlist::cli
