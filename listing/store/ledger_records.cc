#include "listing/store/ledger_records.h"

#include "listing/store/bytes.h"
#include "listing/store/fields.h"
#include "listing/store/records.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace fairlist::store {

namespace {

constexpr std::uint8_t kHitVersion = 1;
constexpr std::uint8_t kListingVersion = 1;
constexpr std::uint8_t kEventVersion = 1;
constexpr std::uint8_t kIdentityVersion = 1;
constexpr std::size_t kWhyBytesMax = 2000;

// Bits of the flags of a hit.
constexpr unsigned kHasAddress = 1;
constexpr unsigned kHasSigner = 2;

void write_names(ByteWriter& out, const std::optional<Address>& address,
                 const std::optional<DomainName>& signer) {
    out.u8(static_cast<std::uint8_t>((address ? kHasAddress : 0U) | (signer ? kHasSigner : 0U)));
    if (address) {
        write_address(out, *address);
    }
    if (signer) {
        out.text(signer->text());
    }
}

// False: the signer is no domain name.
bool read_names(ByteReader& in, std::optional<Address>& address,
                std::optional<DomainName>& signer) {
    const unsigned flags = in.u8();
    if ((flags & kHasAddress) != 0) {
        address = read_address(in);
    }
    if ((flags & kHasSigner) == 0) {
        return true;
    }
    auto name = parse_domain(in.text());
    if (!name) {
        return false;
    }
    signer = std::move(*name);
    return true;
}

void write_texts(ByteWriter& out, const std::vector<std::string>& texts, std::size_t count_max) {
    const std::size_t count = std::min(texts.size(), count_max);
    out.u16(static_cast<std::uint16_t>(count));
    for (std::size_t i = 0; i < count; ++i) {
        write_cut(out, texts[i], kHitStepBytesMax);
    }
}

std::vector<std::string> read_texts(ByteReader& in) {
    std::vector<std::string> texts;
    const std::uint16_t count = in.u16();
    for (std::uint16_t i = 0; i < count && in.ok(); ++i) {
        texts.emplace_back(in.text());
    }
    return texts;
}

}  // namespace

std::string encode_hit(const Hit& hit) {
    ByteWriter out;
    out.u8(kHitVersion);
    for (const std::uint8_t byte : hit.key) {
        out.u8(byte);
    }
    out.u32(hit.time.seconds);
    out.u8(static_cast<std::uint8_t>(hit.kind));
    out.u64(hit.mail);
    out.u32(hit.trap);
    out.u16(hit.weight);
    out.u64(hit.subject_hash);
    write_names(out, hit.address, hit.signer);
    write_cut(out, hit.sensor, kHitTextBytesMax);
    write_cut(out, hit.helo, kHitTextBytesMax);
    write_cut(out, hit.peer_name, kHitTextBytesMax);
    const std::size_t links = std::min(hit.links.size(), kHitLinksMax);
    out.u16(static_cast<std::uint16_t>(links));
    for (std::size_t i = 0; i < links; ++i) {
        out.text(encode(hit.links[i]));
    }
    write_texts(out, hit.steps, kHitStepsMax);
    return out.bytes();
}

std::optional<Hit> decode_hit(Bytes bytes) {
    ByteReader in(bytes);
    Hit hit;
    bool good = in.u8() == kHitVersion;
    for (std::uint8_t& byte : hit.key) {
        byte = in.u8();
    }
    hit.time = Time{in.u32()};
    hit.kind = static_cast<HitKind>(in.u8());
    hit.mail = in.u64();
    hit.trap = in.u32();
    hit.weight = in.u16();
    hit.subject_hash = in.u64();
    good = read_names(in, hit.address, hit.signer) && good;
    hit.sensor = in.text();
    hit.helo = in.text();
    hit.peer_name = in.text();
    const std::uint16_t links = in.u16();
    for (std::uint16_t i = 0; i < links && in.ok(); ++i) {
        auto link = decode_subject(in.text());
        good = link.has_value() && good;
        if (link) {
            hit.links.push_back(std::move(*link));
        }
    }
    hit.steps = read_texts(in);
    return good && in.ok() ? std::optional(std::move(hit)) : std::nullopt;
}

std::string encode_identity_hit(const Hit& hit) {
    ByteWriter out;
    out.u8(kIdentityVersion);
    out.u8(static_cast<std::uint8_t>(hit.kind));
    out.u32(hit.trap);
    out.u16(hit.weight);
    write_names(out, hit.address, hit.signer);
    write_cut(out, hit.sensor, kHitTextBytesMax);
    return out.bytes();
}

std::optional<IdentityHit> decode_identity_hit(Bytes key, Bytes value) {
    constexpr std::size_t kTailBytes = 12;
    if (key.size() < kTailBytes) {
        return std::nullopt;
    }
    IdentityHit hit;
    ByteReader tail(key.substr(key.size() - kTailBytes));
    hit.time = Time{read_big<std::uint32_t>(tail)};
    hit.number = key_number(tail.rest()).value_or(0);
    ByteReader in(value);
    bool good = in.u8() == kIdentityVersion;
    hit.kind = static_cast<HitKind>(in.u8());
    hit.trap = in.u32();
    hit.weight = in.u16();
    good = read_names(in, hit.address, hit.signer) && good;
    hit.sensor = in.text();
    return good && in.ok() ? std::optional(std::move(hit)) : std::nullopt;
}

std::uint32_t trap_of_identity_hit(Bytes value) noexcept {
    ByteReader in(value);
    const std::uint8_t version = in.u8();
    static_cast<void>(in.u8());
    const std::uint32_t trap = in.u32();
    return in.ok() && version == kIdentityVersion ? trap : 0;
}

// The length in front keeps the keys of a name apart from those of the names below it.
std::string identity_key(const Subject& identity) {
    const std::string subject = encode(identity);
    ByteWriter out;
    out.u8(static_cast<std::uint8_t>(subject.size() >> 8U));
    out.u8(static_cast<std::uint8_t>(subject.size()));
    out.bytes(subject);
    return out.bytes();
}

std::string identity_key(const Subject& identity, Time time, std::uint64_t number) {
    ByteWriter out;
    out.bytes(identity_key(identity));
    write_big(out, time.seconds);
    out.bytes(number_key(number));
    return out.bytes();
}

std::string encode_listing(const ListingRecord& record) {
    const Listing& listing = record.listing;
    ByteWriter out;
    out.u8(kListingVersion);
    out.u8(static_cast<std::uint8_t>(listing.state));
    out.u16(static_cast<std::uint16_t>(record.list));
    out.u32(listing.opened.seconds);
    out.u32(listing.changed.seconds);
    out.u32(listing.until.seconds);
    out.u32(listing.notice_until.seconds);
    out.u32(listing.code.value);
    out.u32(listing.ttl_seconds);
    out.u64(listing.earlier);
    out.u32(listing.times);
    out.u64(listing.hits);
    out.u32(listing.last_hit.seconds);
    out.u32(listing.asn);
    out.u32(listing.events);
    write_cut(out, listing.opened_by, kHitTextBytesMax);
    write_cut(out, listing.rule, kHitTextBytesMax);
    write_cut(out, listing.reason, kReasonBytesMax);
    out.text(encode(listing.subject));
    return out.bytes();
}

std::optional<ListingRecord> decode_listing(std::uint64_t id, Bytes bytes) {
    ByteReader in(bytes);
    ListingRecord record;
    Listing& listing = record.listing;
    const std::uint8_t version = in.u8();
    listing.id = id;
    listing.state = static_cast<ListingState>(in.u8());
    record.list = ListId{in.u16()};
    listing.opened = Time{in.u32()};
    listing.changed = Time{in.u32()};
    listing.until = Time{in.u32()};
    listing.notice_until = Time{in.u32()};
    listing.code = ReturnCode{in.u32()};
    listing.ttl_seconds = in.u32();
    listing.earlier = in.u64();
    listing.times = in.u32();
    listing.hits = in.u64();
    listing.last_hit = Time{in.u32()};
    listing.asn = in.u32();
    listing.events = in.u32();
    listing.opened_by = in.text();
    listing.rule = in.text();
    listing.reason = in.text();
    auto subject = decode_subject(in.text());
    if (!in.ok() || version != kListingVersion || !subject) {
        return std::nullopt;
    }
    listing.subject = std::move(*subject);
    return record;
}

std::string encode_event(const ListingEvent& event) {
    ByteWriter out;
    out.u8(kEventVersion);
    out.u8(static_cast<std::uint8_t>(event.action));
    out.u8(static_cast<std::uint8_t>(event.state));
    out.u32(event.time.seconds);
    out.u32(event.until.seconds);
    write_cut(out, event.actor, kHitTextBytesMax);
    write_cut(out, event.why, kWhyBytesMax);
    write_texts(out, event.steps, kEventStepsMax);
    const std::size_t hits = std::min(event.hits.size(), kEventHitsMax);
    out.u16(static_cast<std::uint16_t>(hits));
    for (std::size_t i = 0; i < hits; ++i) {
        out.u64(event.hits[i]);
    }
    return out.bytes();
}

std::optional<ListingEvent> decode_event(Bytes bytes) {
    ByteReader in(bytes);
    ListingEvent event;
    const std::uint8_t version = in.u8();
    event.action = static_cast<ListingAction>(in.u8());
    event.state = static_cast<ListingState>(in.u8());
    event.time = Time{in.u32()};
    event.until = Time{in.u32()};
    event.actor = in.text();
    event.why = in.text();
    event.steps = read_texts(in);
    const std::uint16_t hits = in.u16();
    for (std::uint16_t i = 0; i < hits && in.ok(); ++i) {
        event.hits.push_back(in.u64());
    }
    return in.ok() && version == kEventVersion ? std::optional(std::move(event)) : std::nullopt;
}

std::string event_key(std::uint64_t listing, std::uint32_t event) {
    ByteWriter out;
    out.bytes(number_key(listing));
    write_big(out, event);
    return out.bytes();
}

std::string encode_subject_record(const SubjectRecord& record) {
    ByteWriter out;
    out.u64(record.listing);
    out.u8(static_cast<std::uint8_t>(record.state));
    out.u32(record.refused.seconds);
    return out.bytes();
}

std::optional<SubjectRecord> decode_subject_record(Bytes bytes) {
    ByteReader in(bytes);
    SubjectRecord record;
    record.listing = in.u64();
    record.state = static_cast<ListingState>(in.u8());
    record.refused = Time{in.u32()};
    return in.ok() ? std::optional(record) : std::nullopt;
}

std::string subject_key(ListId list, const Subject& subject) {
    ByteWriter out;
    out.u8(static_cast<std::uint8_t>(static_cast<unsigned>(list) >> 8U));
    out.u8(static_cast<std::uint8_t>(list));
    out.bytes(encode(subject));
    return out.bytes();
}

std::optional<std::pair<ListId, Subject>> key_subject(Bytes key) {
    ByteReader in(key);
    const unsigned high = in.u8();
    const unsigned low = in.u8();
    auto subject = decode_subject(in.rest());
    if (!in.ok() || !subject) {
        return std::nullopt;
    }
    return std::pair(static_cast<ListId>(high << 8U | low), std::move(*subject));
}

std::string evidence_key(EvidenceSide side, std::uint64_t number) {
    ByteWriter out;
    out.u8(static_cast<std::uint8_t>(side));
    out.bytes(number_key(number));
    return out.bytes();
}

std::string evidence_key(EvidenceSide side, std::uint64_t number, std::uint64_t other) {
    return evidence_key(side, number) + number_key(other);
}

std::optional<std::uint64_t> key_evidence(Bytes key) noexcept {
    constexpr std::size_t kHeadBytes = 9;
    return key.size() < kHeadBytes ? std::nullopt : key_number(key.substr(kHeadBytes));
}

std::string end_key(Time until, std::uint64_t listing) {
    ByteWriter out;
    write_big(out, until.seconds);
    out.bytes(number_key(listing));
    return out.bytes();
}

std::optional<ListingEnd> key_end(Bytes key) noexcept {
    ByteReader in(key);
    const Time until{read_big<std::uint32_t>(in)};
    const auto number = key_number(in.rest());
    if (!in.ok() || !number) {
        return std::nullopt;
    }
    return ListingEnd{until, *number};
}

}  // namespace fairlist::store
