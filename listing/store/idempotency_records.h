// Idempotency records: the bytes of requests that were answered and of their answers, in the vault.
// Layout: FORMAT.md.
#pragma once

#include "listing/base/time.h"
#include "listing/store/environment.h"
#include "listing/store/keyed_hash.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fairlist::store {

struct IdempotencyRecord {
    Time made;
    std::uint64_t run = 0;  // the process that answers; 0: answered
    Hash32 request{};       // keyed hash of the request
    std::string answer;     // sealed; empty while it is answered

    friend bool operator==(const IdempotencyRecord&, const IdempotencyRecord&) = default;
};

struct KeptAnswer {
    std::uint16_t status = 200;
    std::string content_type;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;

    friend bool operator==(const KeptAnswer&, const KeptAnswer&) = default;
};

inline constexpr std::size_t kKeptHeadersMax = 32;
inline constexpr std::size_t kKeptBodyBytesMax = std::size_t{1} << 20U;

// Requires: within the limits.
[[nodiscard]] std::string encode(const IdempotencyRecord& record);
[[nodiscard]] std::string encode(const KeptAnswer& answer);
// Nothing when the bytes are no record of a version we know.
[[nodiscard]] std::optional<IdempotencyRecord> decode_idempotency(Bytes bytes);
[[nodiscard]] std::optional<KeptAnswer> decode_kept_answer(Bytes bytes);

// Keys: of a record, and of its place in the order of time.
[[nodiscard]] std::string idempotency_key(const Hash32& name);
[[nodiscard]] std::string idempotency_time_key(Time made, const Hash32& name);
struct IdempotencyTime {
    Time made;
    Hash32 name{};
};
[[nodiscard]] std::optional<IdempotencyTime> idempotency_time(Bytes key) noexcept;
inline constexpr char kIdempotencyRecord = 'k';
inline constexpr char kIdempotencyTime = 't';

}  // namespace fairlist::store
