#include "listing/store/records.h"

#include "listing/store/bytes.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace fairlist::store {

namespace {

constexpr std::uint8_t kVerdictVersion = 1;
constexpr std::uint8_t kVerdictExempt = 0x01;

// Head octet of a scoped mark.
constexpr std::uint8_t kScopeBits = 0x03;
constexpr std::uint8_t kMarkExempt = 0x04;
constexpr std::uint8_t kMarkHasUntil = 0x08;

std::uint16_t raw(ListId id) noexcept {
    return static_cast<std::uint16_t>(id);
}
std::uint16_t raw(SourceId id) noexcept {
    return static_cast<std::uint16_t>(id);
}

void write_big_endian(ByteWriter& out, std::uint64_t value) {
    for (unsigned i = 0; i < 8; ++i) {
        out.u8(static_cast<std::uint8_t>(value >> (56 - 8 * i)));
    }
}

std::uint64_t read_big_endian(ByteReader& in) noexcept {
    std::uint64_t value = 0;
    for (unsigned i = 0; i < 8; ++i) {
        value = value << 8U | in.u8();
    }
    return value;
}

}  // namespace

std::string encode(const Verdict& verdict) {
    ByteWriter out;
    out.u8(kVerdictVersion);
    out.u8(verdict.exempt ? kVerdictExempt : 0);
    out.u16(raw(verdict.list));
    out.u16(raw(verdict.source));
    out.u32(verdict.code.value);
    out.u32(verdict.ttl_seconds);
    out.bytes(verdict.reason);
    return out.bytes();
}

std::optional<VerdictRecord> decode_verdict(Bytes bytes) noexcept {
    ByteReader in(bytes);
    const std::uint8_t version = in.u8();
    VerdictRecord record;
    record.exempt = (in.u8() & kVerdictExempt) != 0;
    record.list = ListId{in.u16()};
    record.source = SourceId{in.u16()};
    record.code = ReturnCode{in.u32()};
    record.ttl_seconds = in.u32();
    record.reason = in.rest();
    if (!in.ok() || version != kVerdictVersion) {
        return std::nullopt;
    }
    return record;
}

Verdict to_verdict(const VerdictRecord& record) {
    return {record.list, record.source,      record.exempt,
            record.code, record.ttl_seconds, std::string(record.reason)};
}

bool ScopedMarkReader::next(ScopedMark& mark) noexcept {
    if (rest_.empty()) {
        return false;
    }
    ByteReader in(rest_);
    const std::uint8_t head = in.u8();
    mark.scope = static_cast<NameScope>(head & kScopeBits);
    mark.exempt = (head & kMarkExempt) != 0;
    mark.verdict = in.u32();
    mark.since = Time{in.u32()};
    mark.until = Time{(head & kMarkHasUntil) != 0 ? in.u32() : 0};
    rest_ = in.rest();
    return in.ok();
}

std::vector<ScopedMark> decode_marks(Bytes value) {
    std::vector<ScopedMark> marks;
    ScopedMarkReader reader(value);
    ScopedMark mark;
    while (reader.next(mark)) {
        marks.push_back(mark);
    }
    return marks;
}

std::string encode(const std::vector<ScopedMark>& marks) {
    ByteWriter out;
    for (const ScopedMark& mark : marks) {
        out.u8(static_cast<std::uint8_t>(static_cast<unsigned>(mark.scope) |
                                         (mark.exempt ? kMarkExempt : 0U) |
                                         (mark.until.is_set() ? kMarkHasUntil : 0U)));
        out.u32(mark.verdict);
        out.u32(mark.since.seconds);
        if (mark.until.is_set()) {
            out.u32(mark.until.seconds);
        }
    }
    return out.bytes();
}

std::string digest_bytes(const Digest& digest) {
    ByteWriter out;
    out.u8(static_cast<std::uint8_t>(digest.kind));
    for (std::size_t i = 0; i < digest.size; ++i) {
        out.u8(digest.bytes[i]);
    }
    return out.bytes();
}

std::optional<Digest> digest_from_bytes(Bytes key) noexcept {
    ByteReader in(key);
    Digest digest;
    digest.kind = static_cast<DigestClass>(in.u8());
    const Bytes raw_bytes = in.rest();
    if (!in.ok() || (raw_bytes.size() != kSha1Bytes && raw_bytes.size() != kSha256Bytes)) {
        return std::nullopt;
    }
    digest.size = static_cast<std::uint8_t>(raw_bytes.size());
    std::ranges::copy(raw_bytes, digest.bytes.begin());
    return digest;
}

std::string number_key(std::uint64_t number) {
    ByteWriter out;
    write_big_endian(out, number);
    return out.bytes();
}

std::optional<std::uint64_t> key_number(Bytes key) noexcept {
    ByteReader in(key);
    const std::uint64_t number = read_big_endian(in);
    if (!in.ok() || !in.at_end()) {
        return std::nullopt;
    }
    return number;
}

std::string encode(const Subject& subject) {
    ByteWriter out;
    out.u8(static_cast<std::uint8_t>(kind_of(subject)));
    if (const auto* prefix = std::get_if<Prefix>(&subject)) {
        write_big_endian(out, prefix->base.high);
        write_big_endian(out, prefix->base.low);
        out.u8(prefix->length);
    } else if (const auto* name = std::get_if<NameSubject>(&subject)) {
        out.u8(static_cast<std::uint8_t>(name->scope));
        out.bytes(to_key(name->name));
    } else {
        out.bytes(digest_bytes(std::get<Digest>(subject)));
    }
    return out.bytes();
}

std::optional<Subject> decode_subject(Bytes bytes) {
    ByteReader in(bytes);
    const auto kind = static_cast<ListKind>(in.u8());
    if (kind == ListKind::Address) {
        const std::uint64_t high = read_big_endian(in);
        const std::uint64_t low = read_big_endian(in);
        const std::uint8_t length = in.u8();
        if (!in.ok() || length > 128) {
            return std::nullopt;
        }
        return Subject(Prefix::of({high, low}, length));
    }
    if (kind == ListKind::Domain) {
        const auto scope = static_cast<NameScope>(in.u8());
        auto name = domain_from_key(in.rest());
        if (!in.ok() || !name) {
            return std::nullopt;
        }
        return Subject(NameSubject{std::move(*name), scope});
    }
    const auto digest = digest_from_bytes(in.rest());
    if (!in.ok() || !digest) {
        return std::nullopt;
    }
    return Subject(*digest);
}

}  // namespace fairlist::store
