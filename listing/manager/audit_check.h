// Audit check: whether the audit log is whole and as it was written.
#pragma once

#include "listing/manager/audit_checkpoint.h"
#include "listing/store/environment.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace fairlist {

struct AuditFault {
    std::uint64_t number = 0;  // the first record that is not as it should be
    std::string what;          // "record 17 was changed: ..."
};

struct AuditVerdict {
    std::uint64_t records = 0;       // that are good, from the first on
    std::uint64_t checkpoints = 0;   // that were compared
    std::uint64_t signed_up_to = 0;  // the last record that a checkpoint vouches for; 0: none
    std::optional<AuditFault> fault;
};

// Walks the chain from the first record to the head, and compares it with the store's checkpoints
// and with `published` ones. With `trusted`, checkpoints of other keys are a fault: whoever can
// rewrite the log can sign it with a key of his own. One snapshot; about 2 million records a
// second.
[[nodiscard]] AuditVerdict check_audit(const store::Txn& txn,
                                       std::span<const AuditCheckpoint> published,
                                       const std::optional<AuditPublicKey>& trusted);

}  // namespace fairlist
