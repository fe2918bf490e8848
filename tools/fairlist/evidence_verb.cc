#include "server/shown/listing_json.h"
#include "tools/fairlist/ledger_verbs.h"
#include "tools/fairlist/listing_reference.h"
#include "tools/fairlist/listing_text.h"
#include "tools/fairlist/session.h"
#include "tools/fairlist/terminal.h"

#include <fmt/format.h>

#include <cstdint>
#include <expected>
#include <string>
#include <utility>
#include <vector>

namespace fairlist::cli {

namespace {

struct Evidence {
    std::uint64_t listing = 0;  // 0: a hit was asked for
    std::vector<StoredHit> hits;
};

Result<Evidence> find(Session& session, Ledger& ledger, const EvidenceOptions& options) {
    if (options.hit) {
        auto hit = ledger.hit(*options.hit);
        if (!hit) {
            return fail(Errc::NotFound,
                        fmt::format("hit {}: there is none, or it was forgotten", *options.hit));
        }
        return Evidence{0, {std::move(*hit)}};
    }
    const auto listing = find_listing(ledger, {(*session.config())->lists, ""}, options.listing);
    if (!listing) {
        return std::unexpected(listing.error());
    }
    return Evidence{listing->id, ledger.evidence(listing->id, options.limit)};
}

// On record before anything is shown.
void note(Session& session, Ledger& ledger, const Evidence& evidence) {
    std::vector<std::uint64_t> numbers;
    numbers.reserve(evidence.hits.size());
    for (const StoredHit& stored : evidence.hits) {
        numbers.push_back(stored.number);
    }
    ledger.note_access(session.actor(), evidence.listing, numbers);
}

}  // namespace

ExitStatus run_evidence_show(Session& session, const EvidenceOptions& options) {
    if (!options.hit && options.listing.empty()) {
        return session.report(
            {Errc::Malformed, "no evidence: expected a hit's number, or --listing"},
            ExitStatus::Usage);
    }
    if (options.full && session.globals().why.empty()) {
        return session.report({Errc::Malformed,
                               "--full: expected --why as well: who reads evidence in full, and "
                               "why, stands in the audit log"},
                              ExitStatus::Usage);
    }
    const auto ledger = options.full ? session.ledger() : session.ledger_reader();
    if (!ledger) {
        return session.report(ledger.error());
    }
    const auto evidence = find(session, **ledger, options);
    if (!evidence) {
        return session.report(evidence.error());
    }
    if (options.full && !evidence->hits.empty()) {
        note(session, **ledger, *evidence);
    }
    std::vector<ShownHit> shown;
    for (const StoredHit& stored : evidence->hits) {
        shown.push_back(show_hit(stored, options.full));
    }
    if (session.json()) {
        print(hits_json(shown));
        return ExitStatus::Done;
    }
    if (shown.empty()) {
        print(fmt::format("listing {}: no hits are kept\n", evidence->listing));
    }
    for (const ShownHit& hit : shown) {
        print(hit_text(hit));
    }
    return ExitStatus::Done;
}

}  // namespace fairlist::cli
