#include "server/app/told_listing.h"

#include "server/shown/listing_view.h"
#include "server/shown/shown_hit.h"

#include <string>
#include <variant>

namespace fairlist::app {

namespace {

void put_evidence(outbox::ToldListing& told, const EvidenceSummary& evidence) {
    told.hits = evidence.hits;
    told.first_hit = evidence.first;
    told.last_hit = evidence.last;
    told.kinds = evidence.kinds;
    told.helos = evidence.helos;
    told.names = evidence.names;
}

std::string customer_of(Ledger& ledger, const Prefix& prefix, const std::string& provider) {
    const auto ground = ledger.ground();
    const PolicyQuote* quote = ground->quote(prefix);
    const bool is_own =
        quote != nullptr && quote->voice == PolicyVoice::Provider && quote->provider == provider;
    return is_own ? quote->range.customer : "";
}

}  // namespace

outbox::ToldListing tell_listing(Ledger& ledger, std::span<const ListSpec> lists,
                                 const ProviderReport& report) {
    outbox::ToldListing told;
    told.report = report.id;
    told.cause = to_string(report.cause);
    told.list = report.list;
    told.subject = to_string(report.subject);
    told.since = hour_of(report.made);
    if (const auto* prefix = std::get_if<Prefix>(&report.subject)) {
        told.address = to_string(prefix->base);
        told.customer = customer_of(ledger, *prefix, report.provider);
    }
    const auto listing = ledger.find(report.listing);
    if (!listing) {
        return told;
    }
    told.since = shown_since(*listing);
    told.until = shown_until(*listing);
    put_evidence(told, summarize(*listing, ledger.evidence(listing->id, kSummaryHitsMax)));
    told.reason = shown_reason(lists, *listing);
    return told;
}

}  // namespace fairlist::app
