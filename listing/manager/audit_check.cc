#include "listing/manager/audit_check.h"

#include "listing/store/audit_chain.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace fairlist {

using store::AuditHash;
using store::AuditHead;
using store::RawAudit;

namespace {

AuditFault fault(std::uint64_t number, const std::string& what) {
    return {number, fmt::format("record {} {}", number, what)};
}

struct Expected {
    std::uint64_t number = 1;
    AuditHash previous{};
};

// Moves `expected` behind the record.
std::optional<AuditFault> check_record(const RawAudit& raw, Expected& expected) {
    if (raw.number == 0) {
        return fault(expected.number, "has a stranger beside it: a key that is no number");
    }
    if (raw.number != expected.number) {
        return fault(expected.number,
                     fmt::format("is missing: the next one that is there is {}", raw.number));
    }
    const auto record = store::decode_audit(raw.number, raw.bytes);
    if (!record) {
        return fault(raw.number, "was changed: its bytes are no record");
    }
    const store::Bytes signed_bytes = raw.bytes.substr(0, raw.bytes.size() - record->hash.size());
    if (store::audit_hash(raw.number, signed_bytes) != record->hash) {
        return fault(raw.number,
                     "was changed, or stands in another's place: its hash does not fit");
    }
    if (record->previous != expected.previous) {
        return fault(raw.number, fmt::format("does not follow record {} as it is: one of them was "
                                             "written anew",
                                             raw.number - 1));
    }
    expected.number = raw.number + 1;
    expected.previous = record->hash;
    return std::nullopt;
}

// Those whose signature or key does not hold are a fault of their own.
std::optional<AuditFault> check_signature(const AuditCheckpoint& checkpoint,
                                          const std::optional<AuditPublicKey>& trusted) {
    if (!has_good_signature(checkpoint)) {
        return fault(checkpoint.number, fmt::format("has a checkpoint of {} whose signature does "
                                                    "not hold",
                                                    to_string(checkpoint.time)));
    }
    if (trusted && checkpoint.key != *trusted) {
        return fault(checkpoint.number,
                     fmt::format("has a checkpoint of {} signed by another key, {}",
                                 to_string(checkpoint.time), to_hex(checkpoint.key)));
    }
    return std::nullopt;
}

std::optional<AuditFault> compare(const AuditCheckpoint& checkpoint, const AuditHash& hash) {
    if (checkpoint.hash == hash) {
        return std::nullopt;
    }
    return fault(checkpoint.number,
                 fmt::format("or one before it was written anew: the checkpoint of {} signed "
                             "another",
                             to_string(checkpoint.time)));
}

std::optional<AuditFault> check_end(const AuditHead& head, const Expected& expected,
                                    const AuditCheckpoint* beyond) {
    const std::uint64_t last = expected.number - 1;
    if (head.number > last) {
        return fault(expected.number,
                     fmt::format("is missing: the log was cut off, it went up to {}", head.number));
    }
    if (beyond != nullptr) {
        return fault(expected.number,
                     fmt::format("is missing: the log was cut off, a checkpoint of {} signed "
                                 "record {}",
                                 to_string(beyond->time), beyond->number));
    }
    if (head.number < last || head.hash != expected.previous) {
        return fault(last, "is not the head that the store names");
    }
    return std::nullopt;
}

std::vector<AuditCheckpoint> sorted(const store::Txn& txn,
                                    std::span<const AuditCheckpoint> published) {
    std::vector<AuditCheckpoint> all = read_checkpoints(txn);
    all.insert(all.end(), published.begin(), published.end());
    std::ranges::sort(all, {}, &AuditCheckpoint::number);
    return all;
}

}  // namespace

AuditVerdict check_audit(const store::Txn& txn, std::span<const AuditCheckpoint> published,
                         const std::optional<AuditPublicKey>& trusted) {
    AuditVerdict verdict;
    const std::vector<AuditCheckpoint> checkpoints = sorted(txn, published);
    auto next = checkpoints.begin();
    for (const AuditCheckpoint& checkpoint : checkpoints) {
        if ((verdict.fault = check_signature(checkpoint, trusted))) {
            return verdict;
        }
    }
    Expected expected;
    store::AuditWalk walk(txn);
    while (const auto raw = walk.next()) {
        if ((verdict.fault = check_record(*raw, expected))) {
            return verdict;
        }
        for (; next != checkpoints.end() && next->number == raw->number; ++next) {
            if ((verdict.fault = compare(*next, expected.previous))) {
                return verdict;
            }
            ++verdict.checkpoints;
            verdict.signed_up_to = raw->number;
        }
        ++verdict.records;
    }
    verdict.fault =
        check_end(store::audit_head(txn), expected, next == checkpoints.end() ? nullptr : &*next);
    return verdict;
}

}  // namespace fairlist
