// Audit key file: the secret key that signs checkpoints, 128 hex digits in a file of its own.
#pragma once

#include "listing/base/result.h"
#include "listing/manager/audit_checkpoint.h"

#include <filesystem>

namespace fairlist::cli {

// Errors: NotFound (none configured, or no such file), Refused (others than the owner and the group
// may read it), Malformed.
[[nodiscard]] Result<AuditSecretKey> read_audit_key(const std::filesystem::path& file);
// Readable for the owner alone, and durable. Errors: Conflict (exists), Io.
[[nodiscard]] Result<void> write_audit_key(const std::filesystem::path& file,
                                           const AuditSecretKey& key);

}  // namespace fairlist::cli
