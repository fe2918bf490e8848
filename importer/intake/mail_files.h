// Mail files: mails of traps that lie in a Maildir, an mbox or a file of their own, into the vault.
#pragma once

#include "importer/intake/packed_mail.h"
#include "listing/base/result.h"
#include "listing/manager/vault.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace fairlist::importer {

inline constexpr std::size_t kFileFaultsMax = 20;
inline constexpr std::size_t kMaildirMailsMax = 1'000'000;

struct MailFilesReport {
    std::uint64_t mails = 0;  // that were read
    std::uint64_t stored = 0;
    std::uint64_t duplicates = 0;
    std::uint64_t without_trap = 0;  // no recipient is told, or none is a trap
    std::uint64_t too_large = 0;
    std::uint64_t removed = 0;        // files
    std::vector<std::string> faults;  // of files that could not be read or removed
    std::uint64_t more_faults = 0;    // that are not kept
};

struct MailFilesOptions {
    // Whose mails these are, by its number; not set: as the delivery says (DeliveryHead).
    std::optional<std::uint32_t> trap;
    // Removes the files of a Maildir, and a file with a single mail, once their mails are durable
    // (also those stored before). An mbox stays: something may be writing to it.
    bool remove = false;
    std::size_t mail_bytes_max = kMailBytesMax;
    // After each batch.
    std::function<void(const MailFilesReport&)> progress = [](const MailFilesReport&) {
    };
};

// A folder with `new` and `cur` is a Maildir; a file is an mbox when it begins with "From ", else
// one mail; gzip and zstd are undone. The time of a mail is that of its "From " line or its file,
// but never later than now. The path never gets into the vault: a mailbox is named after its trap.
//
// Errors: NotFound (file, trap), Refused (a folder that is no Maildir), Io. Faults of single files
// are in the report. Throws store::StoreError: what was stored before stays.
[[nodiscard]] Result<MailFilesReport> take_mail_files(Vault& vault,
                                                      const std::filesystem::path& path,
                                                      const MailFilesOptions& options);

}  // namespace fairlist::importer
