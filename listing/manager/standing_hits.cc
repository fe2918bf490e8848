#include "listing/manager/standing_hits.h"

#include "listing/model/hit.h"
#include "listing/store/bytes.h"
#include "listing/store/ledger_records.h"
#include "listing/store/records.h"

#include <algorithm>
#include <string>
#include <variant>

namespace fairlist {

using store::Bytes;
using store::Cursor;
using store::Table;

namespace {

constexpr std::size_t kLengthBytes = 2;  // in front of the subject in a key
constexpr std::size_t kTimeBytes = 4;
constexpr std::size_t kTailBytes = kTimeBytes + 8;  // time and number behind it

// The part of the key that names the identity.
Bytes head_of(Bytes key) noexcept {
    return key.substr(0, key.size() - std::min(key.size(), kTailBytes));
}

std::optional<Prefix> prefix_of(Bytes key) {
    const Bytes head = head_of(key);
    const auto subject = store::decode_subject(head.substr(std::min(head.size(), kLengthBytes)));
    const auto* prefix = subject ? std::get_if<Prefix>(&*subject) : nullptr;
    return prefix != nullptr ? std::optional(*prefix) : std::nullopt;
}

// Of a key of an identity.
Time time_of(Bytes key) noexcept {
    std::uint32_t seconds = 0;
    for (const char byte : key.substr(key.size() - kTailBytes, kTimeBytes)) {
        seconds = seconds << 8U | static_cast<std::uint8_t>(byte);
    }
    return {seconds};
}

// The identities of addresses that begin in first..last, whatever their hits are.
void walk_identities(const store::Txn& txn, const Address& first, const Address& last,
                     const std::function<void(const Prefix&)>& each) {
    Cursor cursor(txn, Table::HitIdentities);
    bool found = cursor.seek_at_least(store::identity_key(Prefix{first, 0}));
    while (found) {
        const auto identity = prefix_of(cursor.key());
        if (!identity || identity->base > last) {
            return;
        }
        each(*identity);
        found = cursor.seek_at_least(store::identity_key(*identity, Time{UINT32_MAX}, UINT64_MAX));
        if (found && prefix_of(cursor.key()) == identity) {
            found = cursor.next();
        }
    }
}

// A link to an address accuses it as well, but nothing was sent from there.
bool is_sent_from(const Prefix& identity, const store::IdentityHit& hit) {
    const auto sender = hit.address ? std::optional(identity_of(*hit.address)) : std::nullopt;
    return sender == Subject(identity);
}

std::uint64_t count_sent(const store::Txn& txn, const Prefix& identity, HitTimes times) {
    const std::string head = store::identity_key(identity);
    std::uint64_t count = 0;
    Cursor cursor(txn, Table::HitIdentities);
    for (bool found = cursor.seek_at_least(store::identity_key(identity, times.after, UINT64_MAX));
         found && cursor.key().starts_with(head) && time_of(cursor.key()) <= times.until;
         found = cursor.next()) {
        if (time_of(cursor.key()) <= times.after) {
            continue;
        }
        const auto hit = store::decode_identity_hit(cursor.key(), cursor.value());
        count += hit && is_sent_from(identity, *hit) ? 1U : 0U;
    }
    return count;
}

std::optional<HitSpan> span_of(const store::Txn& txn, const Subject& identity, HitTimes times) {
    const std::string head = store::identity_key(identity);
    const auto is_within = [&](const Cursor& cursor) {
        return cursor.key().starts_with(head) && cursor.key().size() == head.size() + kTailBytes &&
               time_of(cursor.key()) > times.after && time_of(cursor.key()) <= times.until;
    };
    Cursor cursor(txn, Table::HitIdentities);
    bool found = cursor.seek_at_least(store::identity_key(identity, times.after, UINT64_MAX));
    if (found && cursor.key().starts_with(head) && time_of(cursor.key()) == times.after) {
        found = cursor.next();
    }
    if (!found || !is_within(cursor)) {
        return std::nullopt;
    }
    HitSpan span{time_of(cursor.key()), {}};
    span.last = span.first;
    const bool is_behind =
        cursor.seek_at_least(store::identity_key(identity, times.until, UINT64_MAX));
    found = is_behind && is_within(cursor) ? true : is_behind ? cursor.previous() : cursor.last();
    if (found && is_within(cursor)) {
        span.last = time_of(cursor.key());
    }
    return span;
}

}  // namespace

void walk_accused(const store::Txn& txn, const Address& first, const Address& last, HitTimes times,
                  const std::function<void(const Prefix& identity, std::uint64_t hits)>& each) {
    walk_identities(txn, first, last, [&](const Prefix& identity) {
        if (const std::uint64_t hits = count_sent(txn, identity, times)) {
            each(identity, hits);
        }
    });
}

std::optional<HitSpan> hit_span(const store::Txn& txn, const Subject& subject, HitTimes times) {
    const auto* prefix = std::get_if<Prefix>(&subject);
    if (prefix == nullptr) {
        return span_of(txn, subject, times);
    }
    const Subject identity = identity_of(prefix->base);
    if (std::get<Prefix>(identity).contains(*prefix)) {
        return span_of(txn, identity, times);
    }
    std::optional<HitSpan> whole;
    walk_identities(txn, prefix->base, prefix->last(), [&](const Prefix& each) {
        const auto span = prefix->contains(each) ? span_of(txn, each, times) : std::nullopt;
        if (span && !whole) {
            whole = span;
        } else if (span) {
            whole = HitSpan{std::min(whole->first, span->first), std::max(whole->last, span->last)};
        }
    });
    return whole;
}

}  // namespace fairlist
