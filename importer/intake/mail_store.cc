#include "importer/intake/mail_store.h"

#include "importer/intake/packed_mail.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <utility>

namespace fairlist::importer {

namespace {

// What a mail holds in memory while it waits.
std::size_t weight_of(const IncomingMail& mail) noexcept {
    constexpr std::size_t kOverhead = 1024;
    return mail.bytes.size() + kOverhead;
}

std::vector<Delivery> all(const IncomingMail& mail, Delivery delivery) {
    return std::vector<Delivery>(mail.recipients.size(), delivery);
}

}  // namespace

MailStore::MailStore(Vault& vault, MailStoreOptions options)
    : vault_(vault), options_(std::move(options)), writer_([this] { run(); }) {}

MailStore::~MailStore() {
    stop();
}

Acceptance MailStore::accepts(std::string_view recipient) {
    try {
        return vault_.find_trap(recipient) ? Acceptance::Known : Acceptance::Unknown;
    } catch (const store::StoreError& broken) {
        options_.warn(fmt::format("traps cannot be looked up: {}", broken.what()));
        return Acceptance::TemporaryFailure;
    }
}

void MailStore::deliver(IncomingMail mail, Done done) {
    if (mail.bytes.size() > kMailBytesMax) {
        return answer(done, all(mail, Delivery::Refused));
    }
    {
        const std::lock_guard lock(mutex_);
        const std::size_t weight = weight_of(mail);
        // One that is larger than all the room is taken when there is nothing else.
        const bool fits = queue_.empty() || queue_bytes_ + weight <= options_.queue_bytes_max;
        if (!stopping_ && fits && queue_.size() < options_.queue_mails_max) {
            queue_bytes_ += weight;
            queue_.push_back({std::move(mail), std::move(done)});
            changed_.notify_one();
            return;
        }
    }
    answer(done, all(mail, Delivery::TemporaryFailure));
}

void MailStore::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        changed_.notify_one();
    }
    const std::lock_guard lock(joining_);
    if (writer_.joinable()) {
        writer_.join();
    }
}

std::size_t MailStore::waiting() const {
    const std::lock_guard lock(mutex_);
    return queue_.size();
}

void MailStore::run() {
    while (true) {
        std::vector<Waiting> batch = next_batch();
        if (batch.empty()) {
            return;
        }
        store(batch);
    }
}

// Empty: stopped, and nothing is left.
std::vector<MailStore::Waiting> MailStore::next_batch() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    std::vector<Waiting> batch;
    std::size_t bytes = 0;
    while (!queue_.empty() && batch.size() < options_.batch_mails_max &&
           (batch.empty() || bytes + weight_of(queue_.front().mail) <= options_.batch_bytes_max)) {
        bytes += weight_of(queue_.front().mail);
        batch.push_back(std::move(queue_.front()));
        queue_.pop_front();
    }
    queue_bytes_ -= bytes;
    return batch;
}

void MailStore::store(std::vector<Waiting>& batch) {
    std::vector<PreparedMail> prepared;
    std::vector<std::vector<Delivery>> results;
    try {
        for (Waiting& waiting : batch) {
            PreparedMail& mail =
                prepared.emplace_back(place_recipients(vault_, waiting.mail.recipients));
            if (!mail.mail.recipients.empty()) {
                pack_into(mail.mail, vault_, waiting.mail.bytes,
                          {waiting.mail.envelope, options_.sensor, {}});
            }
        }
        commit(prepared, results);
    } catch (const std::exception& broken) {
        options_.warn(
            fmt::format("{} mails cannot be stored, their senders are told to come "
                        "again: {}",
                        batch.size(), broken.what()));
        results.clear();
        for (const Waiting& waiting : batch) {
            results.push_back(all(waiting.mail, Delivery::TemporaryFailure));
        }
    }
    for (std::size_t i = 0; i < batch.size(); ++i) {
        answer(batch[i].done, std::move(results[i]));
    }
    options_.stored();
}

void MailStore::commit(std::span<PreparedMail> prepared,
                       std::vector<std::vector<Delivery>>& results) {
    std::vector<store::VaultMail> mails;
    for (PreparedMail& each : prepared) {
        mails.push_back(std::move(each.mail));
    }
    const auto receipts = vault_.store_mails(mails);
    ++counters_.batches;
    for (std::size_t i = 0; i < prepared.size(); ++i) {
        prepared[i].mail = std::move(mails[i]);
        results.push_back(deliveries_of(prepared[i], receipts[i]));
        const auto fresh = std::ranges::find(receipts[i], false, &MailReceipt::duplicate);
        counters_.mails += fresh != receipts[i].end() ? 1U : 0U;
    }
}

void MailStore::answer(Done& done, std::vector<Delivery> deliveries) {
    for (const Delivery delivery : deliveries) {
        switch (delivery) {
            case Delivery::Stored:
                ++counters_.stored;
                break;
            case Delivery::Duplicate:
                ++counters_.duplicates;
                break;
            case Delivery::Refused:
                ++counters_.refused;
                break;
            case Delivery::TemporaryFailure:
                ++counters_.postponed;
                break;
        }
    }
    done(std::move(deliveries));
}

}  // namespace fairlist::importer
