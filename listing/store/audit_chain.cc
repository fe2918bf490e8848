#include "listing/store/audit_chain.h"

#include "listing/store/bytes.h"
#include "listing/store/records.h"

#include <sodium.h>

#include <algorithm>
#include <string_view>

namespace fairlist::store {

namespace {

constexpr std::uint8_t kAuditVersion = 1;
constexpr Bytes kHeadKey = "audit_head";
constexpr std::string_view kCutMark = "...";

static_assert(std::tuple_size_v<AuditHash> == crypto_generichash_BYTES);

Bytes as_bytes(const AuditHash& hash) noexcept {
    return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

AuditHash to_hash(Bytes bytes) noexcept {
    AuditHash hash{};
    std::copy_n(bytes.begin(), std::min(bytes.size(), hash.size()), hash.begin());
    return hash;
}

void write_text(ByteWriter& out, std::string_view text) {
    if (text.size() <= kAuditTextBytesMax) {
        out.text(text);
        return;
    }
    out.text(std::string(text.substr(0, kAuditTextBytesMax)).append(kCutMark));
}

// Without the hash.
std::string encode(const AuditRecord& record, const AuditHash& previous) {
    ByteWriter out;
    out.u8(kAuditVersion);
    out.u32(record.time.seconds);
    out.bytes(as_bytes(previous));
    write_text(out, record.actor);
    write_text(out, record.from);
    write_text(out, record.action);
    write_text(out, record.why);
    const std::size_t count = std::min(record.details.size(), kAuditDetailsMax);
    out.u16(static_cast<std::uint16_t>(count));
    for (std::size_t i = 0; i < count; ++i) {
        write_text(out, record.details[i].first);
        write_text(out, record.details[i].second);
    }
    return out.bytes();
}

}  // namespace

AuditHash audit_hash(std::uint64_t number, Bytes record_without_hash) noexcept {
    const std::string key = number_key(number);
    crypto_generichash_state state;
    AuditHash hash{};
    crypto_generichash_init(&state, nullptr, 0, hash.size());
    for (const Bytes part : {Bytes(key), record_without_hash}) {
        crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(part.data()),
                                  part.size());
    }
    crypto_generichash_final(&state, hash.data(), hash.size());
    return hash;
}

AuditHead audit_head(const Txn& txn) {
    ByteReader in(txn.get(Table::Meta, kHeadKey).value_or(Bytes{}));
    AuditHead head;
    head.number = in.u64();
    head.hash = to_hash(in.bytes(head.hash.size()));
    return in.ok() ? head : AuditHead{};
}

std::uint64_t append_audit(WriteTxn& txn, const AuditRecord& record) {
    const AuditHead head = audit_head(txn);
    const std::uint64_t number = head.number + 1;
    std::string bytes = encode(record, head.hash);
    const AuditHash hash = audit_hash(number, bytes);
    bytes.append(as_bytes(hash));
    txn.append(Table::Audit, number_key(number), bytes);
    ByteWriter next;
    next.u64(number);
    next.bytes(as_bytes(hash));
    txn.put(Table::Meta, kHeadKey, next.bytes());
    return number;
}

std::optional<AuditRecord> decode_audit(std::uint64_t number, Bytes bytes) {
    ByteReader in(bytes);
    AuditRecord record;
    record.number = number;
    const std::uint8_t version = in.u8();
    record.time = Time{in.u32()};
    record.previous = to_hash(in.bytes(record.previous.size()));
    record.actor = in.text();
    record.from = in.text();
    record.action = in.text();
    record.why = in.text();
    for (std::uint16_t left = in.u16(); left != 0 && in.ok(); --left) {
        const std::string_view name = in.text();
        record.details.emplace_back(name, in.text());
    }
    record.hash = to_hash(in.bytes(record.hash.size()));
    if (version != kAuditVersion || !in.ok() || !in.at_end()) {
        return std::nullopt;
    }
    return record;
}

std::optional<AuditRecord> read_audit(const Txn& txn, std::uint64_t number) {
    const auto bytes = txn.get(Table::Audit, number_key(number));
    return bytes ? decode_audit(number, *bytes) : std::nullopt;
}

AuditWalk::AuditWalk(const Txn& txn) : cursor_(txn, Table::Audit) {}

std::optional<RawAudit> AuditWalk::next() {
    const bool found = started_ ? cursor_.next() : cursor_.first();
    started_ = true;
    // A key of another size is a record that nobody wrote: number 0 is none that there can be.
    return found ? std::optional(RawAudit{key_number(cursor_.key()).value_or(0), cursor_.value()})
                 : std::nullopt;
}

}  // namespace fairlist::store
