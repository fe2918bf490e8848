#include "importer/intake/mail_delivery.h"

#include "importer/intake/prepared_mail.h"
#include "importer/reports/report_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <exception>
#include <span>
#include <utility>

namespace fairlist::importer {

namespace {

constexpr std::string_view kSensor = "pipe";
constexpr std::size_t kReadBytes = std::size_t{64} << 10U;

bool says_nothing(std::string_view text) noexcept {
    constexpr std::array<std::string_view, 4> kNothing = {"", "-", "unknown", "[UNAVAILABLE]"};
    return std::ranges::find(kNothing, text) != kNothing.end();
}

std::string told(std::string_view text) {
    return says_nothing(text) ? std::string() : printable(text, kHitTextBytesMax);
}

DeliveryResult deliver(Vault& vault, const IncomingMail& mail) {
    if (mail.bytes.empty()) {
        return {DeliveryExit::BadData, 0, 0, "the mail is empty"};
    }
    if (mail.bytes.size() > kMailBytesMax) {
        return {DeliveryExit::BadData, 0, 0,
                fmt::format("the mail is larger than {} bytes", kMailBytesMax)};
    }
    PreparedMail prepared = place_recipients(vault, mail.recipients);
    const auto postponed = std::ranges::count_if(prepared.places, [](const RecipientPlace& place) {
        return !place.trap && place.otherwise == Delivery::TemporaryFailure;
    });
    if (postponed != 0) {
        return {DeliveryExit::TemporaryFailure, 0, 0,
                fmt::format("more than {} recipients", store::kMailRecipientsMax)};
    }
    if (prepared.mail.recipients.empty()) {
        return {DeliveryExit::NoUser, 0, 0, "no such trap"};
    }
    pack_into(prepared.mail, vault, mail.bytes, {mail.envelope, std::string(kSensor), {}});
    const auto receipts = vault.store_mails(std::span(&prepared.mail, 1));
    DeliveryResult result{DeliveryExit::Stored, 0, 0, ""};
    for (const Delivery delivery : deliveries_of(prepared, receipts.front())) {
        result.stored += delivery == Delivery::Stored ? 1U : 0U;
        result.duplicates += delivery == Delivery::Duplicate ? 1U : 0U;
    }
    return result;
}

}  // namespace

DeliveryResult deliver_one(Vault& vault, const IncomingMail& mail) noexcept {
    try {
        return deliver(vault, mail);
    } catch (const std::exception& broken) {
        DeliveryResult result;
        try {
            result.message = fmt::format("not stored, try again: {}", broken.what());
        } catch (const std::exception&) {
            result.message.clear();  // no memory for words: the exit says it
        }
        return result;
    }
}

Result<Envelope> pipe_envelope(std::string_view peer, std::string_view helo,
                               std::string_view peer_name, std::string_view sender) {
    Envelope envelope;
    if (!says_nothing(peer)) {
        std::string_view text = peer;
        if (text.starts_with('[') && text.ends_with(']')) {
            text = text.substr(1, text.size() - 2);
        }
        if (text.starts_with("IPv6:")) {
            text.remove_prefix(5);
        }
        const auto address = parse_address(text);
        if (!address) {
            return std::unexpected(address.error());
        }
        envelope.peer = *address;
    }
    envelope.helo = told(helo);
    envelope.peer_name = told(peer_name);
    envelope.sender = told(sender);
    return envelope;
}

Result<std::string> read_bounded(ByteStream& source, std::size_t bytes_max) {
    std::string mail;
    std::array<char, kReadBytes> buffer{};
    while (true) {
        const auto size = source.read(buffer);
        if (!size) {
            return std::unexpected(size.error());
        }
        if (*size == 0) {
            return mail;
        }
        if (mail.size() + *size > bytes_max) {
            return fail(Errc::OutOfRange, fmt::format("mail of more than {} bytes", bytes_max));
        }
        mail.append(buffer.data(), *size);
    }
}

}  // namespace fairlist::importer
