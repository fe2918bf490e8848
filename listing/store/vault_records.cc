#include "listing/store/vault_records.h"

#include "listing/base/check.h"
#include "listing/store/bytes.h"
#include "listing/store/fields.h"

#include <algorithm>
#include <array>
#include <utility>

namespace fairlist::store {

namespace {

constexpr std::uint8_t kTrapVersion = 1;
constexpr std::uint8_t kMailVersion = 1;
constexpr std::uint8_t kQueueVersion = 1;
constexpr std::uint8_t kTokenVersion = 2;  // 1 had no provider

constexpr std::uint8_t kMailHasPeer = 0x01;

Hash32 to_hash(Bytes bytes) noexcept {
    Hash32 hash{};
    std::copy_n(bytes.begin(), std::min(bytes.size(), hash.size()), hash.begin());
    return hash;
}

MailRecipient read_recipient(ByteReader& in) {
    MailRecipient recipient;
    recipient.trap = in.u32();
    for (std::uint16_t left = in.u16(); left != 0 && in.ok(); --left) {
        recipient.addresses.emplace_back(in.text());
    }
    return recipient;
}

bool is_known(TrapKind kind) noexcept {
    return kind == TrapKind::Trap || kind == TrapKind::Report;
}
bool is_known(TrapState state) noexcept {
    return state == TrapState::Active || state == TrapState::Retired;
}
bool is_known(TokenRole role) noexcept {
    return role >= TokenRole::Machine && role <= TokenRole::Operator;
}

}  // namespace

std::string encode(const Trap& trap) {
    FAIRLIST_CHECK(is_known(trap.kind) && is_known(trap.state));
    ByteWriter out;
    out.u8(kTrapVersion);
    out.u8(static_cast<std::uint8_t>(trap.kind));
    out.u8(static_cast<std::uint8_t>(trap.state));
    out.u16(trap.weight);
    out.u32(trap.added.seconds);
    out.u32(trap.retired.seconds);
    out.text(trap.address);
    out.text(trap.note);
    return out.bytes();
}

std::optional<Trap> decode_trap(std::uint32_t number, Bytes bytes) {
    ByteReader in(bytes);
    Trap trap;
    trap.number = number;
    const std::uint8_t version = in.u8();
    trap.kind = static_cast<TrapKind>(in.u8());
    trap.state = static_cast<TrapState>(in.u8());
    trap.weight = in.u16();
    trap.added = Time{in.u32()};
    trap.retired = Time{in.u32()};
    trap.address = in.text();
    trap.note = in.text();
    if (!in.ok() || !in.at_end() || version != kTrapVersion || !is_known(trap.kind) ||
        !is_known(trap.state)) {
        return std::nullopt;
    }
    return trap;
}

std::string encode(const VaultMail& mail) {
    return encode(mail, mail.recipients, mail.stored);
}

std::string encode(const VaultMail& mail, std::span<const MailRecipient> recipients, Time stored) {
    FAIRLIST_CHECK(recipients.size() <= kMailRecipientsMax);
    ByteWriter out;
    out.u8(kMailVersion);
    out.u8(mail.peer ? kMailHasPeer : 0);
    out.u32(mail.received.seconds);
    out.u32(stored.seconds);
    if (mail.peer) {
        write_address(out, *mail.peer);
    }
    out.text(mail.sensor);
    out.text(mail.helo);
    out.text(mail.peer_name);
    out.text(mail.sender);
    out.u16(static_cast<std::uint16_t>(recipients.size()));
    for (const MailRecipient& recipient : recipients) {
        out.u32(recipient.trap);
        out.u16(static_cast<std::uint16_t>(recipient.addresses.size()));
        for (const std::string& address : recipient.addresses) {
            out.text(address);
        }
    }
    out.bytes(as_bytes(mail.content));
    out.u32(mail.bytes);
    out.bytes(mail.packed);
    return out.bytes();
}

std::optional<VaultMail> decode_mail(Bytes bytes) {
    ByteReader in(bytes);
    VaultMail mail;
    const std::uint8_t version = in.u8();
    const std::uint8_t flags = in.u8();
    mail.received = Time{in.u32()};
    mail.stored = Time{in.u32()};
    if ((flags & kMailHasPeer) != 0) {
        mail.peer = read_address(in);
    }
    mail.sensor = in.text();
    mail.helo = in.text();
    mail.peer_name = in.text();
    mail.sender = in.text();
    const std::uint16_t count = in.u16();
    for (std::uint16_t left = count; left != 0 && in.ok(); --left) {
        mail.recipients.push_back(read_recipient(in));
    }
    mail.content = to_hash(in.bytes(mail.content.size()));
    mail.bytes = in.u32();
    mail.packed = in.rest();
    if (!in.ok() || version != kMailVersion || count > kMailRecipientsMax) {
        return std::nullopt;
    }
    return mail;
}

std::optional<Time> mail_stored(Bytes bytes) noexcept {
    ByteReader in(bytes);
    const std::uint8_t version = in.u8();
    static_cast<void>(in.u8());   // flags
    static_cast<void>(in.u32());  // received
    const Time stored{in.u32()};
    return in.ok() && version == kMailVersion ? std::optional(stored) : std::nullopt;
}

std::string encode(const QueueMark& mark) {
    if (mark == QueueMark{}) {
        return {};
    }
    ByteWriter out;
    out.u8(kQueueVersion);
    out.u8(mark.tries);
    out.u32(mark.last.seconds);
    out.text(mark.error);
    return out.bytes();
}

std::optional<QueueMark> decode_queue_mark(Bytes bytes) {
    if (bytes.empty()) {
        return QueueMark{};
    }
    ByteReader in(bytes);
    QueueMark mark;
    const std::uint8_t version = in.u8();
    mark.tries = in.u8();
    mark.last = Time{in.u32()};
    mark.error = in.text();
    if (!in.ok() || !in.at_end() || version != kQueueVersion) {
        return std::nullopt;
    }
    return mark;
}

std::string encode(const TokenRecord& token) {
    FAIRLIST_CHECK(is_known(token.role));
    ByteWriter out;
    out.u8(kTokenVersion);
    out.u8(static_cast<std::uint8_t>(token.role));
    out.u32(token.added.seconds);
    out.u32(token.expires.seconds);
    out.u32(token.used.seconds);
    out.bytes(as_bytes(token.hash));
    out.text(token.note);
    out.text(token.provider);
    return out.bytes();
}

std::optional<TokenRecord> decode_token(Bytes bytes) {
    ByteReader in(bytes);
    TokenRecord token;
    const std::uint8_t version = in.u8();
    token.role = static_cast<TokenRole>(in.u8());
    token.added = Time{in.u32()};
    token.expires = Time{in.u32()};
    token.used = Time{in.u32()};
    token.hash = to_hash(in.bytes(token.hash.size()));
    token.note = in.text();
    if (version > 1) {
        token.provider = in.text();
    }
    if (!in.ok() || !in.at_end() || version == 0 || version > kTokenVersion ||
        !is_known(token.role)) {
        return std::nullopt;
    }
    return token;
}

std::string trap_key(std::uint32_t number) {
    ByteWriter out;
    for (unsigned shift = 24;; shift -= 8) {
        out.u8(static_cast<std::uint8_t>(number >> shift));
        if (shift == 0) {
            return out.bytes();
        }
    }
}

std::optional<std::uint32_t> trap_number(Bytes key) noexcept {
    ByteReader in(key);
    std::uint32_t number = 0;
    for (int i = 0; i < 4; ++i) {
        number = number << 8U | in.u8();
    }
    return in.ok() && in.at_end() ? std::optional(number) : std::nullopt;
}

}  // namespace fairlist::store
