#include "listing/manager/ledger_check.h"

#include "listing/manager/entry_query.h"
#include "listing/manager/hit_book.h"
#include "listing/store/bytes.h"
#include "listing/store/figure_records.h"
#include "listing/store/ledger_records.h"
#include "listing/store/records.h"
#include "listing/store/registry.h"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <utility>

namespace fairlist {

using store::Bytes;
using store::EvidenceSide;
using store::Table;

namespace {

constexpr std::size_t kPageEntries = 5000;

using Place = std::pair<std::string, std::string>;  // list, subject

class LedgerCheck {
  public:
    LedgerCheck(const store::Txn& txn, const std::function<void(std::string)>& note)
        : txn_(txn), note_(note), names_(store::read_names(txn)) {}

    LedgerTally run() {
        read_index();
        check_listings();
        check_subjects();
        check_ends();
        check_hits();
        check_evidence();
        check_figures();
        for (const auto& [place, until] : entries_) {
            note_(fmt::format("ledger: {} answers on {} as a listing, but no open listing says so",
                              place.second, place.first));
        }
        return tally_;
    }

  private:
    // The entries that stand in the index for listings.
    void read_index() {
        if (!store::find_source(txn_, kListingSource)) {
            return;
        }
        EntryFilter filter;
        filter.source = kListingSource;
        filter.include_expired = true;
        std::string after;
        do {
            const auto page = page_entries(txn_, filter, after, kPageEntries, Time{1});
            if (!page) {
                note_("ledger: " + page.error().message);
                return;
            }
            for (const EntryView& view : page->entries) {
                entries_[{view.list, to_string(view.entry.subject)}] = view.entry.until;
            }
            after = page->next;
        } while (!after.empty());
    }

    void check_listings() {
        store::Cursor cursor(txn_, Table::Listings);
        std::uint64_t last = 0;
        for (bool found = cursor.first(); found; found = cursor.next()) {
            last = store::key_number(cursor.key()).value_or(0);
            ++tally_.listings;
            const auto record = store::decode_listing(last, cursor.value());
            if (!record) {
                note_(fmt::format("ledger: listing {} is malformed", last));
                continue;
            }
            check_listing(*record);
        }
        check_last("listing_last", last);
    }

    void check_listing(const store::ListingRecord& record) {
        const Listing& listing = record.listing;
        check_events(listing);
        if (has_ended(listing.state)) {
            return;
        }
        const auto bytes =
            txn_.get(Table::ListingSubjects, store::subject_key(record.list, listing.subject));
        const auto known = bytes ? store::decode_subject_record(*bytes) : std::nullopt;
        if (!known || known->listing != listing.id) {
            note_(fmt::format("ledger: listing {} is {}, but not the latest of {}", listing.id,
                              to_string(listing.state), to_string(listing.subject)));
        }
        const bool has_end =
            txn_.get(Table::ListingEnds, store::end_key(listing.until, listing.id)).has_value();
        if (has_end != listing.until.is_set()) {
            note_(fmt::format("ledger: listing {} ends {}, but its end is not noted", listing.id,
                              to_string(listing.until)));
        }
        check_entry(record);
    }

    void check_entry(const store::ListingRecord& record) {
        const Listing& listing = record.listing;
        if (listing.state != ListingState::Open) {
            return;
        }
        ++tally_.open;
        ++open_in_[record.list];
        const auto entry = entries_.find({names_.list(record.list), to_string(listing.subject)});
        if (entry == entries_.end()) {
            note_(fmt::format("ledger: listing {} is open, but {} does not answer", listing.id,
                              to_string(listing.subject)));
            return;
        }
        if (entry->second != shown_until(listing)) {
            note_(fmt::format("ledger: listing {} ends {}, but {} answers until {}", listing.id,
                              to_string(listing.until), to_string(listing.subject),
                              to_string(entry->second)));
        }
        entries_.erase(entry);
    }

    void check_events(const Listing& listing) {
        const auto bytes =
            txn_.get(Table::ListingEvents, store::event_key(listing.id, listing.events));
        const auto event = bytes ? store::decode_event(*bytes) : std::nullopt;
        if (!event || event->state != listing.state || event->until != listing.until) {
            note_(fmt::format("ledger: listing {} is {}, but its last event does not say so",
                              listing.id, to_string(listing.state)));
        }
        for (std::uint32_t number = 1; number < listing.events; ++number) {
            const auto earlier =
                txn_.get(Table::ListingEvents, store::event_key(listing.id, number));
            if (!earlier || !store::decode_event(*earlier)) {
                note_(fmt::format("ledger: listing {}: event {} is missing or malformed",
                                  listing.id, number));
            }
        }
        if (txn_.get(Table::ListingEvents, store::event_key(listing.id, listing.events + 1))) {
            note_(fmt::format("ledger: listing {} has more than its {} events", listing.id,
                              listing.events));
        }
    }

    void check_subjects() {
        store::Cursor cursor(txn_, Table::ListingSubjects);
        for (bool found = cursor.first(); found; found = cursor.next()) {
            const auto key = store::key_subject(cursor.key());
            const auto record = store::decode_subject_record(cursor.value());
            if (!key || !record) {
                note_("ledger: a record of a subject is malformed");
                continue;
            }
            if (record->listing == 0) {
                continue;
            }
            const auto bytes = txn_.get(Table::Listings, store::number_key(record->listing));
            const auto listing =
                bytes ? store::decode_listing(record->listing, *bytes) : std::nullopt;
            if (!listing || listing->listing.state != record->state ||
                listing->listing.subject != key->second || listing->list != key->first) {
                note_(fmt::format("ledger: {} names listing {}, which says otherwise",
                                  to_string(key->second), record->listing));
            }
        }
    }

    void check_ends() {
        store::Cursor cursor(txn_, Table::ListingEnds);
        for (bool found = cursor.first(); found; found = cursor.next()) {
            const auto end = store::key_end(cursor.key());
            const auto bytes =
                end ? txn_.get(Table::Listings, store::number_key(end->listing)) : std::nullopt;
            const auto record = bytes ? store::decode_listing(end->listing, *bytes) : std::nullopt;
            if (!record || record->listing.until != end->until ||
                has_ended(record->listing.state)) {
                note_(fmt::format("ledger: an end is noted for listing {}, which has none then",
                                  end ? end->listing : 0));
            }
        }
    }

    void check_hits() {
        std::uint64_t identities = 0;
        std::uint64_t last = 0;
        store::Cursor cursor(txn_, Table::Hits);
        for (bool found = cursor.first(); found; found = cursor.next()) {
            last = store::key_number(cursor.key()).value_or(0);
            ++tally_.hits;
            const auto hit = store::decode_hit(cursor.value());
            if (!hit) {
                note_(fmt::format("ledger: hit {} is malformed", last));
                continue;
            }
            identities += check_hit(last, *hit);
        }
        check_last("hit_last", last);
        if (txn_.count(Table::HitKeys) != tally_.hits) {
            note_(fmt::format("ledger: {} hits, but {} keys of hits", tally_.hits,
                              txn_.count(Table::HitKeys)));
        }
        if (txn_.count(Table::HitIdentities) != identities) {
            note_(fmt::format("ledger: hits name {} identities, but {} are noted", identities,
                              txn_.count(Table::HitIdentities)));
        }
    }

    // How many identities it names.
    std::uint64_t check_hit(std::uint64_t number, const Hit& hit) {
        const Bytes key(reinterpret_cast<const char*>(hit.key.data()), hit.key.size());
        store::ByteReader known(txn_.get(Table::HitKeys, key).value_or(Bytes{}));
        if (known.u64() != number) {
            note_(fmt::format("ledger: the key of hit {} is not noted", number));
        }
        const auto identities = identities_of(hit);
        for (const Subject& identity : identities) {
            if (!txn_.get(Table::HitIdentities, store::identity_key(identity, hit.time, number))) {
                note_(
                    fmt::format("ledger: hit {} is not noted for {}", number, to_string(identity)));
            }
        }
        return identities.size();
    }

    void check_evidence() {
        store::Cursor cursor(txn_, Table::ListingHits);
        const std::string listings(1, static_cast<char>(EvidenceSide::OfListing));
        std::uint64_t pairs = 0;
        for (bool found = cursor.first(); found && cursor.key().starts_with(listings);
             found = cursor.next()) {
            ++pairs;
            const std::uint64_t listing =
                store::key_number(cursor.key().substr(1, sizeof(std::uint64_t))).value_or(0);
            const std::uint64_t hit = store::key_evidence(cursor.key()).value_or(0);
            const bool is_whole = txn_.get(Table::Listings, store::number_key(listing)) &&
                                  txn_.get(Table::Hits, store::number_key(hit)) &&
                                  txn_.get(Table::ListingHits,
                                           store::evidence_key(EvidenceSide::OfHit, hit, listing));
            if (!is_whole) {
                note_(fmt::format("ledger: listing {} rests on hit {}: one of them is missing",
                                  listing, hit));
            }
        }
        if (txn_.count(Table::ListingHits) != 2 * pairs) {
            note_(fmt::format("ledger: {} pairs of listing and hit, but {} keys of them", pairs,
                              txn_.count(Table::ListingHits)));
        }
    }

    // The stock of each list, by the last day of each network, is what is open.
    void check_figures() {
        std::map<std::pair<ListId, std::uint32_t>, std::uint64_t> last;
        for (const auto& [key, figure] : store::read_figures(txn_)) {
            if (key.reason.empty()) {
                last[{key.list, key.asn}] = figure.listed_at_end;  // days come in order
            }
        }
        std::map<ListId, std::uint64_t> stock;
        for (const auto& [key, listed] : last) {
            stock[key.first] += listed;
        }
        for (const auto& [list, name] : names_.lists) {
            if (stock[list] != open_in_[list]) {
                note_(fmt::format("ledger: figures count {} open listings on {}, there are {}",
                                  stock[list], name, open_in_[list]));
            }
        }
    }

    // Numbers are never given twice.
    void check_last(Bytes key, std::uint64_t last) {
        store::ByteReader in(txn_.get(Table::Meta, key).value_or(Bytes{}));
        const std::uint64_t said = in.u64();
        if (said < last) {
            note_(fmt::format("ledger: {} says {}, but there is {}", key, said, last));
        }
    }

    const store::Txn& txn_;
    const std::function<void(std::string)>& note_;
    store::Names names_;
    std::map<Place, Time> entries_;
    std::map<ListId, std::uint64_t> open_in_;
    LedgerTally tally_;
};

}  // namespace

LedgerTally check_ledger(const store::Txn& txn, const std::function<void(std::string)>& note) {
    return LedgerCheck(txn, note).run();
}

}  // namespace fairlist
