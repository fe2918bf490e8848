// Prepared mail: an incoming mail made ready for the vault: packed, hashed, its traps found.
#pragma once

#include "importer/lmtp/mail_sink.h"
#include "listing/base/time.h"
#include "listing/manager/vault.h"
#include "listing/store/vault_records.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::importer {

// Without its bytes.
struct MailOrigin {
    Envelope envelope;
    std::string sensor;
    Time received;  // not set: now
};

// Where a recipient stands: its place among the mail's traps, or what becomes of it instead.
struct RecipientPlace {
    std::optional<std::size_t> trap;
    Delivery otherwise = Delivery::Refused;
};

struct PreparedMail {
    store::VaultMail mail;
    std::vector<RecipientPlace> places;  // of the recipients as they came
};

// The traps of the recipients: no packing, no hashing. Recipients over kMailRecipientsMax are to
// come again in another mail.
[[nodiscard]] PreparedMail place_recipients(const Vault& vault,
                                            std::span<const std::string> recipients);

// All of a mail but its recipients. Requires: at most kMailBytesMax bytes.
void pack_into(store::VaultMail& mail, const Vault& vault, std::string_view bytes,
               const MailOrigin& origin);

// `receipts`: of the mail's traps, as Vault::store_mails() gives them.
[[nodiscard]] std::vector<Delivery> deliveries_of(const PreparedMail& prepared,
                                                  std::span<const MailReceipt> receipts);
// The same when nothing could be stored.
[[nodiscard]] std::vector<Delivery> deliveries_failed(const PreparedMail& prepared,
                                                      Delivery failure);

}  // namespace fairlist::importer
