#include "importer/intake/prepared_mail.h"

#include "importer/intake/mail_content.h"
#include "importer/intake/packed_mail.h"
#include "listing/base/check.h"

#include <algorithm>

namespace fairlist::importer {

namespace {

std::string cut(const std::string& text) {
    return text.substr(0, store::kEnvelopeTextBytesMax);
}

// The place of the trap in the mail; it gets one when it has none.
std::size_t place_of(std::uint32_t trap, std::vector<store::MailRecipient>& recipients) {
    const auto known = std::ranges::find(recipients, trap, &store::MailRecipient::trap);
    const auto place = static_cast<std::size_t>(known - recipients.begin());
    if (known == recipients.end()) {
        recipients.push_back({trap, {}});
    }
    return place;
}

}  // namespace

PreparedMail place_recipients(const Vault& vault, std::span<const std::string> recipients) {
    PreparedMail prepared;
    for (std::size_t i = 0; i < recipients.size(); ++i) {
        if (i >= store::kMailRecipientsMax) {
            prepared.places.push_back({std::nullopt, Delivery::TemporaryFailure});
            continue;
        }
        const auto address = parse_trap_address(recipients[i]);
        const auto trap =
            address && !address->local.empty() ? vault.find_trap(*address) : std::nullopt;
        if (!trap) {
            prepared.places.push_back({std::nullopt, Delivery::Refused});
            continue;
        }
        const std::size_t place = place_of(trap->number, prepared.mail.recipients);
        prepared.mail.recipients[place].addresses.push_back(to_string(*address));
        prepared.places.push_back({place, Delivery::Stored});
    }
    return prepared;
}

void pack_into(store::VaultMail& mail, const Vault& vault, std::string_view bytes,
               const MailOrigin& origin) {
    mail.received = origin.received.is_set() ? origin.received : vault.time();
    mail.sensor = origin.sensor.substr(0, kHitTextBytesMax);
    mail.peer = origin.envelope.peer;
    mail.helo = cut(origin.envelope.helo);
    mail.peer_name = cut(origin.envelope.peer_name);
    mail.sender = cut(origin.envelope.sender);
    mail.content = content_of(vault, bytes);
    mail.bytes = static_cast<std::uint32_t>(bytes.size());
    mail.packed = pack_mail(bytes);
}

std::vector<Delivery> deliveries_of(const PreparedMail& prepared,
                                    std::span<const MailReceipt> receipts) {
    FAIRLIST_CHECK(receipts.size() == prepared.mail.recipients.size());
    std::vector<Delivery> deliveries;
    for (const RecipientPlace& place : prepared.places) {
        if (!place.trap) {
            deliveries.push_back(place.otherwise);
        } else {
            deliveries.push_back(receipts[*place.trap].duplicate ? Delivery::Duplicate
                                                                 : Delivery::Stored);
        }
    }
    return deliveries;
}

std::vector<Delivery> deliveries_failed(const PreparedMail& prepared, Delivery failure) {
    std::vector<Delivery> deliveries;
    for (const RecipientPlace& place : prepared.places) {
        deliveries.push_back(place.trap ? failure : place.otherwise);
    }
    return deliveries;
}

}  // namespace fairlist::importer
