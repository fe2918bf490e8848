// Stored mails: what a vault holds, for tests.
#pragma once

#include "importer/intake/packed_mail.h"
#include "listing/manager/vault.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace fairlist::test {

struct StoredMail {
    std::uint64_t number = 0;
    store::VaultMail record;
    std::string bytes;
};

// All of them: numbers are given without gaps, unless mails were trimmed.
inline std::vector<StoredMail> stored_mails(const Vault& vault) {
    std::vector<StoredMail> mails;
    for (std::uint64_t number = 1; mails.size() < vault.status().mails; ++number) {
        if (auto mail = vault.mail(number)) {
            auto bytes = importer::unpack_mail(mail->packed, mail->bytes).value();
            mails.push_back({number, std::move(*mail), std::move(bytes)});
        }
    }
    return mails;
}

}  // namespace fairlist::test
