// Audit chain: who changed what, from where and why, each record bound to the one before by a hash.
#pragma once

#include "listing/base/time.h"
#include "listing/store/environment.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fairlist::store {

// BLAKE2b-256 (RFC 7693).
using AuditHash = std::array<std::uint8_t, 32>;

struct AuditRecord {
    std::uint64_t number = 0;  // from 1, without gaps
    Time time;
    std::string actor;   // "operator:anna", "feed:drop", "rule:expiry"
    std::string from;    // where the actor was: "terminal pts/3", "ssh 192.0.2.7"
    std::string action;  // "entry.add"; the names are in fairlist(1)
    std::string why;     // as the actor gave it
    // What was touched, what it was before and what after; by name, in this order.
    std::vector<std::pair<std::string, std::string>> details;
    AuditHash previous{};  // the hash of the record before; zero in the first
    AuditHash hash{};      // of the number and everything above
};

struct AuditHead {
    std::uint64_t number = 0;  // 0: nothing was audited yet
    AuditHash hash{};
};

// Texts longer than this are cut, and say so at their end.
inline constexpr std::size_t kAuditTextBytesMax = 2000;
inline constexpr std::size_t kAuditDetailsMax = 64;

[[nodiscard]] AuditHead audit_head(const Txn& txn);

// Appends under the next number, which it returns; number, previous and hash of `record` are not
// looked at.
std::uint64_t append_audit(WriteTxn& txn, const AuditRecord& record);

// Nothing when there is no such record, or when its bytes are none.
[[nodiscard]] std::optional<AuditRecord> read_audit(const Txn& txn, std::uint64_t number);

// The hash that these bytes of a record must have under this number.
[[nodiscard]] AuditHash audit_hash(std::uint64_t number, Bytes record_without_hash) noexcept;

// The numbers that the table has, in order, with the bytes of each: for who checks the chain.
struct RawAudit {
    std::uint64_t number = 0;
    Bytes bytes;
};
class AuditWalk {
  public:
    explicit AuditWalk(const Txn& txn);
    // Nothing at the end.
    [[nodiscard]] std::optional<RawAudit> next();

  private:
    Cursor cursor_;
    bool started_ = false;
};
[[nodiscard]] std::optional<AuditRecord> decode_audit(std::uint64_t number, Bytes bytes);

}  // namespace fairlist::store
