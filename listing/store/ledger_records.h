// Ledger records: hits, listings and their events, byte by byte as FORMAT.md has them.
#pragma once

#include "listing/model/entry.h"
#include "listing/model/hit.h"
#include "listing/model/listing.h"
#include "listing/store/environment.h"

#include <cstdint>
#include <optional>
#include <string>

namespace fairlist::store {

// Texts longer than the model allows are cut.
[[nodiscard]] std::string encode_hit(const Hit& hit);
// Nothing when the bytes are no hit of a version we know; the same of the others below.
[[nodiscard]] std::optional<Hit> decode_hit(Bytes bytes);

// What a rule needs of a hit that it counts, by the identity that the hit names.
struct IdentityHit {
    std::uint64_t number = 0;
    Time time;
    HitKind kind = HitKind::Mail;
    std::uint32_t trap = 0;
    std::uint16_t weight = kHitWeightOne;
    std::string sensor;
    std::optional<Address> address;
    std::optional<DomainName> signer;
};
[[nodiscard]] std::string encode_identity_hit(const Hit& hit);
[[nodiscard]] std::optional<IdentityHit> decode_identity_hit(Bytes key, Bytes value);

// The trap alone, without the cost of the rest; 0: none, or malformed.
[[nodiscard]] std::uint32_t trap_of_identity_hit(Bytes value) noexcept;

// All keys of one identity begin with this, and no other's do.
[[nodiscard]] std::string identity_key(const Subject& identity);
[[nodiscard]] std::string identity_key(const Subject& identity, Time time, std::uint64_t number);

// A listing as it lies in the table: the list by its number.
struct ListingRecord {
    ListId list{};
    Listing listing;  // without the list's name
};
[[nodiscard]] std::string encode_listing(const ListingRecord& record);
[[nodiscard]] std::optional<ListingRecord> decode_listing(std::uint64_t id, Bytes bytes);

[[nodiscard]] std::string encode_event(const ListingEvent& event);
[[nodiscard]] std::optional<ListingEvent> decode_event(Bytes bytes);
[[nodiscard]] std::string event_key(std::uint64_t listing, std::uint32_t event);

// The latest listing of a subject in a list, and when a try to list it was last refused.
struct SubjectRecord {
    std::uint64_t listing = 0;  // 0: none was ever
    ListingState state = ListingState::Expired;
    Time refused;
};
[[nodiscard]] std::string encode_subject_record(const SubjectRecord& record);
[[nodiscard]] std::optional<SubjectRecord> decode_subject_record(Bytes bytes);
// Of one list addresses stand in order, wider prefixes before those that they hold.
[[nodiscard]] std::string subject_key(ListId list, const Subject& subject);
[[nodiscard]] std::optional<std::pair<ListId, Subject>> key_subject(Bytes key);

// Which hits a listing rests on, and back: each pair stands twice.
enum class EvidenceSide : std::uint8_t { OfListing = 0, OfHit = 1 };
// All keys of one listing (or of one hit) begin with this.
[[nodiscard]] std::string evidence_key(EvidenceSide side, std::uint64_t number);
[[nodiscard]] std::string evidence_key(EvidenceSide side, std::uint64_t number,
                                       std::uint64_t other);
// The second number of such a key.
[[nodiscard]] std::optional<std::uint64_t> key_evidence(Bytes key) noexcept;

[[nodiscard]] std::string end_key(Time until, std::uint64_t listing);
struct ListingEnd {
    Time until;
    std::uint64_t listing = 0;
};
[[nodiscard]] std::optional<ListingEnd> key_end(Bytes key) noexcept;

}  // namespace fairlist::store
