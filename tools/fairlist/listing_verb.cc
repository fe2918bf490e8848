#include "server/shown/listing_json.h"
#include "tools/fairlist/ledger_verbs.h"
#include "tools/fairlist/listing_reference.h"
#include "tools/fairlist/listing_text.h"
#include "tools/fairlist/session.h"
#include "tools/fairlist/terminal.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <expected>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fairlist::cli {

namespace {

// What --all asks for at a time, so that no read transaction lasts long.
constexpr std::size_t kPageListings = 5000;

// Requires: a name of a state, or nothing.
std::optional<ListingState> state_of(const std::string& name) {
    for (const ListingState state :
         {ListingState::Noticed, ListingState::Open, ListingState::Suspended, ListingState::Expired,
          ListingState::Removed, ListingState::Exempted}) {
        if (to_string(state) == name) {
            return state;
        }
    }
    return std::nullopt;
}

Result<ListingFilter> filter_of(Session& session, const ListingListOptions& options) {
    ListingFilter filter;
    if (!options.list.empty()) {
        if (const auto list = session.list(options.list); !list) {
            return std::unexpected(list.error());
        }
        filter.list = options.list;
    }
    if (!options.within.empty()) {
        const auto prefix = parse_prefix(options.within);
        if (!prefix) {
            return fail_in("--within", prefix.error());
        }
        filter.within = *prefix;
    }
    filter.state = state_of(options.state);
    filter.ended = options.ended;
    return filter;
}

// Hands page after page to `each`; returns the token of what is left, empty when nothing is. Ends:
// every page moves the token forward.
template <typename Each>
Result<std::string> walk_pages(Ledger& ledger, const ListingListOptions& options,
                               const ListingFilter& filter, const Each& each) {
    std::string after = options.after;
    do {
        auto page = ledger.page(filter, after, options.all ? kPageListings : options.limit);
        if (!page) {
            return std::unexpected(page.error());
        }
        after = page->next;
        each(std::move(page->listings));
    } while (options.all && !after.empty());
    return after;
}

// The listings that the words name, and the ledger that has them.
struct Found {
    Ledger* ledger = nullptr;
    const config::Config* config = nullptr;
    std::vector<Listing> listings;
};

Result<Found> find(Session& session, const std::string& reference, const std::string& list) {
    if (!list.empty()) {
        if (const auto known = session.list(list); !known) {
            return std::unexpected(known.error());
        }
    }
    const auto ledger = session.ledger_reader();
    if (!ledger) {
        return std::unexpected(ledger.error());
    }
    const config::Config& config = **session.config();
    auto listings = find_listings(**ledger, {config.lists, list}, reference);
    if (!listings) {
        return std::unexpected(listings.error());
    }
    return Found{*ledger, &config, std::move(*listings)};
}

}  // namespace

ExitStatus run_listing_list(Session& session, const ListingListOptions& options) {
    const auto filter = filter_of(session, options);
    if (!filter) {
        const bool typed_wrong = filter.error().code == Errc::Malformed && !options.within.empty();
        return session.report(filter.error(), typed_wrong ? ExitStatus::Usage : ExitStatus::Failed);
    }
    const auto ledger = session.ledger_reader();
    if (!ledger) {
        return session.report(ledger.error());
    }
    ListingPage all;
    const auto left = walk_pages(**ledger, options, *filter, [&](std::vector<Listing> listings) {
        if (session.json()) {
            std::ranges::move(listings, std::back_inserter(all.listings));
        } else {
            print(listings_table(listings, now()));
        }
    });
    if (!left) {
        return session.report(left.error());
    }
    if (session.json()) {
        all.next = *left;
        print(listings_json(all, now()));
    } else if (!left->empty()) {
        print_error(fmt::format("fairlist: there are more; go on with --after {}\n", *left));
    }
    return ExitStatus::Done;
}

ExitStatus run_listing_show(Session& session, const ListingShowOptions& options) {
    const auto found = find(session, options.reference, options.list);
    if (!found) {
        return session.report(found.error());
    }
    std::vector<ListingView> views;
    for (const Listing& listing : found->listings) {
        views.push_back(view_listing(*found->ledger, *found->config, listing));
    }
    if (session.json()) {
        print(listing_views_json(views, now()));
        return ExitStatus::Done;
    }
    for (const ListingView& view : views) {
        print(listing_text(view, now()));
    }
    return ExitStatus::Done;
}

ExitStatus run_listing_history(Session& session, const ListingShowOptions& options) {
    const auto found = find(session, options.reference, options.list);
    if (!found) {
        return session.report(found.error());
    }
    std::vector<ListingHistory> histories;
    for (const Listing& listing : found->listings) {
        histories.push_back({listing, found->ledger->history(listing.id), {}});
    }
    if (session.json()) {
        print(histories_json(histories, now()));
        return ExitStatus::Done;
    }
    for (const ListingHistory& history : histories) {
        print(history_text(history.listing, history.events, now()));
    }
    return ExitStatus::Done;
}

ExitStatus explain_listing(Session& session, const std::string& reference) {
    const auto found = find(session, reference, "");
    if (!found) {
        return session.report(found.error());
    }
    std::vector<ListingHistory> explained;
    for (const Listing& listing : found->listings) {
        ListingHistory history{listing, found->ledger->history(listing.id), {}};
        for (const StoredHit& stored : found->ledger->evidence(listing.id, kSummaryHitsMax)) {
            history.hits.push_back(show_hit(stored, false));
        }
        explained.push_back(std::move(history));
    }
    if (session.json()) {
        print(listing_explanations_json(explained, now()));
        return ExitStatus::Done;
    }
    for (const ListingHistory& history : explained) {
        print(listing_explanation(history.listing, history.events, history.hits, now()));
    }
    return ExitStatus::Done;
}

}  // namespace fairlist::cli
