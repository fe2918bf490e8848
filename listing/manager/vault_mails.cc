#include "listing/base/check.h"
#include "listing/manager/vault.h"
#include "listing/manager/vault_counter.h"
#include "listing/store/records.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace fairlist {

namespace {

using store::Bytes;
using store::Table;

constexpr std::size_t kQueueErrorBytesMax = 500;

std::string number_value(std::uint64_t number) {
    store::ByteWriter out;
    out.u64(number);
    return out.bytes();
}

std::uint64_t read_number(Bytes bytes) noexcept {
    return store::ByteReader(bytes).u64();
}

std::string parked_key(std::uint64_t number) {
    return store::number_key(number | store::kParkedBit);
}

// What cannot be read counts as tried: it must not be tried for ever.
store::QueueMark read_mark(Bytes bytes) {
    return store::decode_queue_mark(bytes).value_or(
        store::QueueMark{UINT8_MAX, {}, "its mark in the queue is damaged"});
}

// What is due, from `from` while the keys are below `end`.
template <typename IsDue>
std::vector<QueuedMail> read_queue(const store::Txn& txn, std::uint64_t from, std::uint64_t end,
                                   std::size_t limit, IsDue is_due) {
    std::vector<QueuedMail> found;
    store::Cursor cursor(txn, Table::MailQueue);
    for (bool on = cursor.seek_at_least(store::number_key(from)); on && found.size() < limit;
         on = cursor.next()) {
        const std::uint64_t key = store::key_number(cursor.key()).value_or(end);
        if (key >= end) {
            break;
        }
        QueuedMail mail{key & ~store::kParkedBit, read_mark(cursor.value())};
        if (is_due(mail.mark)) {
            found.push_back(std::move(mail));
        }
    }
    return found;
}

// Returns whether it parked the mail.
bool note_failure(store::WriteTxn& txn, const FailedMail& failed, Time time, unsigned tries_max) {
    const std::string key = store::number_key(failed.number);
    const auto bytes = txn.get(Table::MailQueue, key);
    if (!bytes) {
        return false;  // another process settled it
    }
    store::QueueMark mark = read_mark(*bytes);
    mark.tries = static_cast<std::uint8_t>(std::min<unsigned>(mark.tries + 1U, UINT8_MAX));
    mark.last = time;
    mark.error = failed.error.substr(0, kQueueErrorBytesMax);
    const bool parks = mark.tries >= tries_max;
    if (parks) {
        txn.erase(Table::MailQueue, key);
    }
    txn.put(Table::MailQueue, parks ? parked_key(failed.number) : key, store::encode(mark));
    return parks;
}

std::vector<std::uint64_t> old_mails(const store::Txn& txn, Time before, std::size_t limit) {
    std::vector<std::uint64_t> old;
    store::Cursor cursor(txn, Table::Mails);
    for (bool on = cursor.first(); on && old.size() < limit; on = cursor.next()) {
        const auto number = store::key_number(cursor.key());
        const auto stored = store::mail_stored(cursor.value());
        if (!number || (stored && *stored >= before)) {
            break;
        }
        // Unjudged ones stay, and what we cannot read is not ours to delete.
        if (stored && !txn.get(Table::MailQueue, cursor.key())) {
            old.push_back(*number);
        }
    }
    return old;
}

}  // namespace

HitKey Vault::mail_key(const store::Hash32& content, std::uint32_t trap) const {
    return hash("mail key").add(store::as_bytes(content)).add_number(trap).finish();
}

std::vector<MailReceipt> Vault::store_mail(store::WriteTxn& txn, const store::VaultMail& mail,
                                           Time time) const {
    std::vector<store::MailRecipient> fresh;
    std::vector<MailReceipt> receipts;
    std::uint64_t number = 0;
    for (const store::MailRecipient& recipient : mail.recipients) {
        const HitKey key = mail_key(mail.content, recipient.trap);
        if (const auto known = txn.get(Table::MailKeys, store::as_bytes(key))) {
            receipts.push_back({read_number(*known), true});
            continue;
        }
        number = number != 0 ? number : vault::next_number(txn, vault::kMailCounter);
        txn.put(Table::MailKeys, store::as_bytes(key), number_value(number));
        fresh.push_back(recipient);
        receipts.push_back({number, false});
    }
    if (number != 0) {
        txn.append(Table::Mails, store::number_key(number), store::encode(mail, fresh, time));
        txn.put(Table::MailQueue, store::number_key(number), {});
    }
    return receipts;
}

void Vault::erase_mail(store::WriteTxn& txn, std::uint64_t number) const {
    const std::string key = store::number_key(number);
    const auto bytes = txn.get(Table::Mails, key);
    const auto mail = bytes ? store::decode_mail(*bytes) : std::nullopt;
    if (mail) {
        for (const store::MailRecipient& recipient : mail->recipients) {
            txn.erase(Table::MailKeys, store::as_bytes(mail_key(mail->content, recipient.trap)));
        }
    }
    txn.erase(Table::MailQueue, parked_key(number));
    txn.erase(Table::Mails, key);
}

std::vector<std::vector<MailReceipt>> Vault::store_mails(std::span<const store::VaultMail> mails) {
    std::vector<std::vector<MailReceipt>> receipts;
    const Time time = clock_();
    environment_.write([&](store::WriteTxn& txn) {
        receipts.clear();
        for (const store::VaultMail& mail : mails) {
            receipts.push_back(store_mail(txn, mail, time));
        }
    });
    return receipts;
}

std::optional<store::VaultMail> Vault::mail(std::uint64_t number) const {
    const store::ReadTxn txn(environment_);
    const auto bytes = txn.get(Table::Mails, store::number_key(number));
    return bytes ? store::decode_mail(*bytes) : std::nullopt;
}

std::uint64_t Vault::trim_mails(Time before, std::size_t limit) {
    std::uint64_t trimmed = 0;
    environment_.write([&](store::WriteTxn& txn) {
        const auto old = old_mails(txn, before, limit);
        for (const std::uint64_t number : old) {
            erase_mail(txn, number);
        }
        trimmed = old.size();
    });
    return trimmed;
}

std::vector<QueuedMail> Vault::queued_mails(std::size_t limit, std::uint32_t retry_seconds) const {
    const std::uint64_t time = clock_().seconds;
    const auto is_due = [&](const store::QueueMark& mark) {
        return mark.last.seconds + std::uint64_t{mark.tries} * retry_seconds <= time;
    };
    return read_queue(store::ReadTxn(environment_), 0, store::kParkedBit, limit, is_due);
}

std::vector<QueuedMail> Vault::parked_mails(std::uint64_t after, std::size_t limit) const {
    return read_queue(store::ReadTxn(environment_), (after + 1) | store::kParkedBit,
                      std::numeric_limits<std::uint64_t>::max(), limit,
                      [](const store::QueueMark& /*mark*/) { return true; });
}

std::size_t Vault::settle_mails(std::span<const std::uint64_t> judged,
                                std::span<const FailedMail> failed, unsigned tries_max) {
    std::size_t parked = 0;
    const Time time = clock_();
    environment_.write([&](store::WriteTxn& txn) {
        parked = 0;
        for (const std::uint64_t number : judged) {
            txn.erase(Table::MailQueue, store::number_key(number));
        }
        for (const FailedMail& mail : failed) {
            parked += note_failure(txn, mail, time, tries_max) ? 1U : 0U;
        }
    });
    return parked;
}

Result<void> Vault::requeue_mail(std::uint64_t number) {
    bool found = false;
    environment_.write([&](store::WriteTxn& txn) {
        found = txn.get(Table::Mails, store::number_key(number)).has_value();
        if (found) {
            txn.erase(Table::MailQueue, parked_key(number));
            txn.put(Table::MailQueue, store::number_key(number), {});
        }
    });
    if (!found) {
        return fail(Errc::NotFound, fmt::format("mail {}: there is none", number));
    }
    return {};
}

}  // namespace fairlist
