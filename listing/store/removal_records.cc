#include "listing/store/removal_records.h"

#include "listing/store/bytes.h"
#include "listing/store/fields.h"
#include "listing/store/ledger_records.h"
#include "listing/store/records.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace fairlist::store {

namespace {

constexpr std::uint8_t kRemovalVersion = 1;
constexpr std::uint8_t kSecretVersion = 1;
constexpr unsigned kAttested = 1;
constexpr unsigned kMailing = 2;
constexpr unsigned kForgotten = 4;
constexpr std::uint8_t kRequesterHead = 1;
constexpr std::uint8_t kLimitHead = 2;
constexpr std::size_t kNumberBytes = 8;

Hash32 read_hash(ByteReader& in) {
    Hash32 hash{};
    for (std::uint8_t& byte : hash) {
        byte = in.u8();
    }
    return hash;
}

bool is_known(RemovalState state) noexcept {
    return state >= RemovalState::Proving && state <= RemovalState::Moot;
}

bool is_known(const Check& check) noexcept {
    return check.kind >= CheckKind::Ptr && check.kind <= CheckKind::OtherLists &&
           check.result >= CheckResult::Passed && check.result <= CheckResult::NotAsked;
}

void write_checks(ByteWriter& out, const std::vector<Check>& checks) {
    const std::size_t count = std::min(checks.size(), kCheckKinds.size());
    out.u8(static_cast<std::uint8_t>(count));
    for (std::size_t i = 0; i < count; ++i) {
        out.u8(static_cast<std::uint8_t>(checks[i].kind));
        out.u8(static_cast<std::uint8_t>(checks[i].result));
        write_cut(out, checks[i].seen, kCheckTextBytesMax);
        write_cut(out, checks[i].remedy, kCheckTextBytesMax);
    }
}

bool read_checks(ByteReader& in, std::vector<Check>& checks) {
    bool good = true;
    for (unsigned left = in.u8(); left != 0 && in.ok(); --left) {
        Check check;
        check.kind = static_cast<CheckKind>(in.u8());
        check.result = static_cast<CheckResult>(in.u8());
        check.seen = in.text();
        check.remedy = in.text();
        good = good && is_known(check);
        checks.push_back(std::move(check));
    }
    return good;
}

void write_events(ByteWriter& out, const std::vector<RemovalEvent>& events) {
    const std::size_t count = std::min(events.size(), kRemovalEventsMax);
    out.u8(static_cast<std::uint8_t>(count));
    for (std::size_t i = 0; i < count; ++i) {
        out.u32(events[i].time.seconds);
        out.u8(static_cast<std::uint8_t>(events[i].state));
        write_cut(out, events[i].actor, kRemovalNameBytesMax);
        write_cut(out, events[i].why, kRemovalTextBytesMax);
    }
}

bool read_events(ByteReader& in, std::vector<RemovalEvent>& events) {
    bool good = true;
    for (unsigned left = in.u8(); left != 0 && in.ok(); --left) {
        RemovalEvent event;
        event.time = Time{in.u32()};
        event.state = static_cast<RemovalState>(in.u8());
        event.actor = in.text();
        event.why = in.text();
        good = good && is_known(event.state);
        events.push_back(std::move(event));
    }
    return good;
}

}  // namespace

std::string encode_removal(const RemovalRecord& record) {
    const Removal& removal = record.removal;
    ByteWriter out;
    out.u8(kRemovalVersion);
    out.u8(static_cast<std::uint8_t>(removal.state));
    out.u8(static_cast<std::uint8_t>(removal.proof));
    out.u8(static_cast<std::uint8_t>((removal.attested ? kAttested : 0U) |
                                     (record.mailing ? kMailing : 0U) |
                                     (record.forgotten ? kForgotten : 0U)));
    out.u16(static_cast<std::uint16_t>(record.list));
    out.u64(removal.listing);
    out.u32(removal.made.seconds);
    out.u32(removal.changed.seconds);
    out.u32(removal.until.seconds);
    out.u32(removal.due.seconds);
    out.u32(record.look.seconds);
    out.u32(removal.step);
    out.text(encode(removal.subject));
    write_cut(out, removal.provider, kRemovalNameBytesMax);
    write_cut(out, removal.helo, kRemovalNameBytesMax);
    write_cut(out, removal.mail_domain, kRemovalNameBytesMax);
    write_cut(out, removal.statement, kRemovalTextBytesMax);
    write_cut(out, removal.outcome, kRemovalTextBytesMax);
    write_checks(out, removal.checks);
    write_events(out, removal.events);
    return out.bytes();
}

std::optional<RemovalRecord> decode_removal(std::uint64_t id, Bytes bytes) {
    ByteReader in(bytes);
    RemovalRecord record;
    Removal& removal = record.removal;
    const std::uint8_t version = in.u8();
    removal.id = id;
    removal.state = static_cast<RemovalState>(in.u8());
    removal.proof = static_cast<ProofKind>(in.u8());
    const unsigned flags = in.u8();
    removal.attested = (flags & kAttested) != 0;
    record.mailing = (flags & kMailing) != 0;
    record.forgotten = (flags & kForgotten) != 0;
    record.list = ListId{in.u16()};
    removal.listing = in.u64();
    removal.made = Time{in.u32()};
    removal.changed = Time{in.u32()};
    removal.until = Time{in.u32()};
    removal.due = Time{in.u32()};
    record.look = Time{in.u32()};
    removal.step = in.u32();
    auto subject = decode_subject(in.text());
    removal.provider = in.text();
    removal.helo = in.text();
    removal.mail_domain = in.text();
    removal.statement = in.text();
    removal.outcome = in.text();
    const bool checks = read_checks(in, removal.checks);
    const bool events = read_events(in, removal.events);
    const bool is_proof =
        removal.proof >= ProofKind::Address && removal.proof <= ProofKind::Operator;
    if (!in.ok() || !in.at_end() || version != kRemovalVersion || !subject || !checks || !events ||
        !is_known(removal.state) || !is_proof) {
        return std::nullopt;
    }
    removal.subject = std::move(*subject);
    return record;
}

std::string encode(const RemovalMark& mark) {
    ByteWriter out;
    out.u8(static_cast<std::uint8_t>(mark.state));
    out.u32(mark.made.seconds);
    out.u32(mark.granted.seconds);
    return out.bytes();
}

std::optional<RemovalMark> decode_removal_mark(Bytes bytes) {
    ByteReader in(bytes);
    RemovalMark mark;
    mark.state = static_cast<RemovalState>(in.u8());
    mark.made = Time{in.u32()};
    mark.granted = Time{in.u32()};
    return in.ok() && in.at_end() && is_known(mark.state) ? std::optional(mark) : std::nullopt;
}

std::string removal_subject_key(ListId list, const Subject& subject) {
    ByteWriter out;
    out.u8(static_cast<std::uint8_t>(static_cast<unsigned>(list) >> 8U));
    out.u8(static_cast<std::uint8_t>(list));
    out.bytes(identity_key(subject));
    return out.bytes();
}

std::string removal_subject_key(ListId list, const Subject& subject, std::uint64_t id) {
    return removal_subject_key(list, subject) + number_key(id);
}

std::optional<std::uint64_t> key_removal(Bytes key) noexcept {
    return key.size() < kNumberBytes ? std::nullopt
                                     : key_number(key.substr(key.size() - kNumberBytes));
}

std::string removal_time_key(RemovalQueue queue, Time time, std::uint64_t id) {
    ByteWriter out;
    out.u8(static_cast<std::uint8_t>(queue));
    write_big(out, time.seconds);
    out.bytes(number_key(id));
    return out.bytes();
}

std::optional<RemovalDue> key_removal_time(Bytes key) noexcept {
    ByteReader in(key);
    RemovalDue due;
    due.queue = static_cast<RemovalQueue>(in.u8());
    due.time = Time{read_big<std::uint32_t>(in)};
    const auto id = key_number(in.rest());
    if (!in.ok() || !id || due.queue < RemovalQueue::Look || due.queue > RemovalQueue::Forget) {
        return std::nullopt;
    }
    due.id = *id;
    return due;
}

std::vector<std::string> removal_time_keys(const RemovalRecord& record) {
    const Removal& removal = record.removal;
    std::vector<std::string> keys;
    const auto add = [&](RemovalQueue queue, Time time) {
        keys.push_back(removal_time_key(queue, time, removal.id));
    };
    if (record.look.is_set()) {
        add(RemovalQueue::Look, record.look);
    }
    if (record.mailing) {
        add(RemovalQueue::Mail, removal.made);
    }
    if (removal.state == RemovalState::Granted) {
        add(RemovalQueue::Clock, removal.until);
        add(RemovalQueue::Watch, removal.until);
    } else if (removal.state == RemovalState::Proving || removal.state == RemovalState::Waiting) {
        add(RemovalQueue::Clock, removal.until);
    } else if (removal.state == RemovalState::Operator) {
        add(RemovalQueue::Clock, removal.due);
    }
    if (has_ended(removal.state) && !record.forgotten) {
        add(RemovalQueue::Forget, removal.changed);
    }
    return keys;
}

std::string encode(const RemovalSecret& secret) {
    ByteWriter out;
    out.u8(kSecretVersion);
    out.u8(secret.tries);
    out.u32(secret.made.seconds);
    out.u32(secret.code_until.seconds);
    write_address(out, secret.peer);
    write_address(out, secret.party);
    out.bytes(as_bytes(secret.key));
    out.bytes(as_bytes(secret.code));
    write_cut(out, secret.actor, kRemovalNameBytesMax);
    out.text(secret.code_text);
    out.text(secret.mail_to);
    out.text(secret.mailbox);
    return out.bytes();
}

std::optional<RemovalSecret> decode_removal_secret(Bytes bytes) {
    ByteReader in(bytes);
    RemovalSecret secret;
    const std::uint8_t version = in.u8();
    secret.tries = in.u8();
    secret.made = Time{in.u32()};
    secret.code_until = Time{in.u32()};
    secret.peer = read_address(in);
    secret.party = read_address(in);
    secret.key = read_hash(in);
    secret.code = read_hash(in);
    secret.actor = in.text();
    secret.code_text = in.text();
    secret.mail_to = in.text();
    secret.mailbox = in.text();
    return in.ok() && in.at_end() && version == kSecretVersion ? std::optional(std::move(secret))
                                                               : std::nullopt;
}

std::string requester_key(const Hash32& hash) {
    ByteWriter out;
    out.u8(kRequesterHead);
    out.bytes(as_bytes(hash));
    return out.bytes();
}

std::string limit_key(std::uint32_t day, const Hash32& hash) {
    ByteWriter out;
    out.u8(kLimitHead);
    write_big(out, day);
    out.bytes(as_bytes(hash));
    return out.bytes();
}

std::optional<std::uint32_t> limit_day(Bytes key) noexcept {
    ByteReader in(key);
    const std::uint8_t head = in.u8();
    const std::uint32_t day = read_big<std::uint32_t>(in);
    return in.ok() && head == kLimitHead ? std::optional(day) : std::nullopt;
}

}  // namespace fairlist::store
