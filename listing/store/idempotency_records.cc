#include "listing/store/idempotency_records.h"

#include "listing/base/check.h"
#include "listing/store/bytes.h"

#include <algorithm>

namespace fairlist::store {

namespace {

constexpr std::uint8_t kRecordVersion = 1;
constexpr std::uint8_t kAnswerVersion = 1;

Hash32 to_hash(Bytes bytes) noexcept {
    Hash32 hash{};
    std::copy_n(bytes.begin(), std::min(bytes.size(), hash.size()), hash.begin());
    return hash;
}

}  // namespace

std::string encode(const IdempotencyRecord& record) {
    ByteWriter out;
    out.u8(kRecordVersion);
    out.u32(record.made.seconds);
    out.u64(record.run);
    out.bytes(as_bytes(record.request));
    out.bytes(record.answer);
    return out.bytes();
}

std::optional<IdempotencyRecord> decode_idempotency(Bytes bytes) {
    ByteReader in(bytes);
    const std::uint8_t version = in.u8();
    IdempotencyRecord record;
    record.made = {in.u32()};
    record.run = in.u64();
    record.request = to_hash(in.bytes(record.request.size()));
    if (!in.ok() || version != kRecordVersion) {
        return std::nullopt;
    }
    record.answer = in.rest();
    return record;
}

std::string encode(const KeptAnswer& answer) {
    FAIRLIST_CHECK(answer.headers.size() <= kKeptHeadersMax);
    FAIRLIST_CHECK(answer.body.size() <= kKeptBodyBytesMax);
    ByteWriter out;
    out.u8(kAnswerVersion);
    out.u16(answer.status);
    out.text(answer.content_type);
    out.u16(static_cast<std::uint16_t>(answer.headers.size()));
    for (const auto& [name, value] : answer.headers) {
        out.text(name);
        out.text(value);
    }
    out.bytes(answer.body);
    return out.bytes();
}

std::optional<KeptAnswer> decode_kept_answer(Bytes bytes) {
    ByteReader in(bytes);
    const std::uint8_t version = in.u8();
    KeptAnswer answer;
    answer.status = in.u16();
    answer.content_type = in.text();
    const std::uint16_t headers = in.u16();
    if (headers > kKeptHeadersMax) {
        return std::nullopt;
    }
    for (std::uint16_t left = headers; left != 0 && in.ok(); --left) {
        std::string name(in.text());
        answer.headers.emplace_back(std::move(name), std::string(in.text()));
    }
    if (!in.ok() || version != kAnswerVersion) {
        return std::nullopt;
    }
    answer.body = in.rest();
    return answer;
}

std::string idempotency_key(const Hash32& name) {
    return kIdempotencyRecord + std::string(as_bytes(name));
}

std::string idempotency_time_key(Time made, const Hash32& name) {
    std::string key(1, kIdempotencyTime);
    for (unsigned shift = 32; shift != 0; shift -= 8) {
        key.push_back(static_cast<char>(made.seconds >> (shift - 8)));
    }
    return key.append(as_bytes(name));
}

std::optional<IdempotencyTime> idempotency_time(Bytes key) noexcept {
    constexpr std::size_t kTimeBytes = 4;
    IdempotencyTime out;
    if (key.size() != 1 + kTimeBytes + out.name.size() || key.front() != kIdempotencyTime) {
        return std::nullopt;
    }
    for (const char byte : key.substr(1, kTimeBytes)) {
        out.made.seconds = out.made.seconds << 8U | static_cast<std::uint8_t>(byte);
    }
    out.name = to_hash(key.substr(1 + kTimeBytes));
    return out;
}

}  // namespace fairlist::store
