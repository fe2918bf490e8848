// Records: the values of the small tables, byte by byte as FORMAT.md has them.
#pragma once

#include "listing/base/result.h"
#include "listing/base/time.h"
#include "listing/model/entry.h"
#include "listing/model/list.h"
#include "listing/store/environment.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::store {

// A verdict as it lies in the table; `reason` points into the store.
struct VerdictRecord {
    ListId list{};
    SourceId source{};
    bool exempt = false;
    ReturnCode code;
    std::uint32_t ttl_seconds = 0;
    std::string_view reason;
};

[[nodiscard]] std::string encode(const Verdict& verdict);
// Nothing when the bytes are no verdict of a version we know.
[[nodiscard]] std::optional<VerdictRecord> decode_verdict(Bytes bytes) noexcept;
[[nodiscard]] Verdict to_verdict(const VerdictRecord& record);

// What the index holds of one entry beside its subject: 16 bytes on disk in a node's palette.
struct Mark {
    std::uint32_t verdict = 0;  // number in the table of verdicts, from 1
    bool exempt = false;
    ListId list{};
    SourceId source{};
    Time since;
    Time until;

    friend auto operator<=>(const Mark&, const Mark&) noexcept = default;

    [[nodiscard]] bool is_live(Time now) const noexcept { return !until.is_set() || now < until; }
};

// A name or digest with one of its marks, as the values of those tables hold them.
struct ScopedMark {
    NameScope scope = NameScope::Exact;  // digests: Exact
    std::uint32_t verdict = 0;
    bool exempt = false;
    Time since;
    Time until;

    friend auto operator<=>(const ScopedMark&, const ScopedMark&) noexcept = default;

    [[nodiscard]] bool is_live(Time now) const noexcept { return !until.is_set() || now < until; }
};

// Reads marks one by one; malformed bytes end the sequence.
class ScopedMarkReader {
  public:
    explicit ScopedMarkReader(Bytes value) noexcept : rest_(value) {}
    [[nodiscard]] bool next(ScopedMark& mark) noexcept;

  private:
    Bytes rest_;
};
[[nodiscard]] std::vector<ScopedMark> decode_marks(Bytes value);
[[nodiscard]] std::string encode(const std::vector<ScopedMark>& marks);

// Parts of keys.
[[nodiscard]] std::string digest_bytes(const Digest& digest);
[[nodiscard]] std::optional<Digest> digest_from_bytes(Bytes key) noexcept;
[[nodiscard]] std::string number_key(std::uint64_t number);
[[nodiscard]] std::optional<std::uint64_t> key_number(Bytes key) noexcept;

// A subject inside a journal record.
[[nodiscard]] std::string encode(const Subject& subject);
[[nodiscard]] std::optional<Subject> decode_subject(Bytes bytes);

}  // namespace fairlist::store
