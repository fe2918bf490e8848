#include "server/app/report_worker.h"

#include "server/app/told_listing.h"
#include "server/outbox/smtp_sender.h"
#include "server/outbox/webhook_sender.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <iterator>
#include <utility>

namespace fairlist::app {

namespace {

constexpr std::chrono::seconds kPeriod{1};

outbox::MailAccount account_of(const ReportWorkerOptions& options, std::stop_token stop) {
    outbox::MailAccount account = options.mail;
    account.stop = std::move(stop);
    return account;
}

outbox::WebhookOptions webhooks_of(const ReportWorkerOptions& options, std::stop_token stop) {
    outbox::WebhookOptions wanted;
    wanted.allow_private = options.allow_private;
    wanted.clock = options.ledger.clock;
    wanted.stop = std::move(stop);
    return wanted;
}

ProviderBookOptions provider_options(const ReportWorkerOptions& options) {
    ProviderBookOptions wanted;
    wanted.protected_space = options.ledger.protected_space;
    wanted.clock = options.ledger.clock;
    return wanted;
}

}  // namespace

ReportWorker::ReportWorker(store::Environment& store, const Vault& vault,
                           ReportWorkerOptions options)
    : vault_(vault),
      options_(std::move(options)),
      ledger_(store, options_.ledger),
      providers_(store, provider_options(options_)),
      book_(store, options_.rules, options_.ledger.clock),
      mails_(outbox::open_smtp(account_of(options_, stopping_.get_token()))),
      webhooks_(outbox::open_webhooks(webhooks_of(options_, stopping_.get_token()))) {}

ReportWorker::~ReportWorker() {
    stop();
}

void ReportWorker::start() {
    thread_ = std::thread([this] { run(); });
}

void ReportWorker::stop() {
    stopping_.request_stop();
    if (thread_.joinable()) {
        thread_.join();
    }
}

void ReportWorker::run_once() {
    for (unsigned sent = 0; sent < kBatchesMax && !stopping_.stop_requested(); ++sent) {
        const auto batch = book_.next_batch();
        if (!batch) {
            break;
        }
        send(*batch);
    }
}

void ReportWorker::send(const ReportBatch& batch) {
    const auto provider = providers_.find(batch.provider);
    if (!provider) {
        book_.note_nowhere(batch, "the provider is gone");
    } else if (!provider->webhook.empty()) {
        settle(batch, "webhook", call(draft_of(batch, *provider), provider->webhook));
    } else if (provider->abuse.empty()) {
        book_.note_nowhere(batch, "the provider has neither an abuse contact nor a webhook");
    } else if (options_.mail.server.empty()) {
        book_.note_nowhere(batch, "mail.server is not configured");
    } else {
        settle(batch, "mail", mail(draft_of(batch, *provider)));
    }
}

outbox::ReportDraft ReportWorker::draft_of(const ReportBatch& batch, const Provider& provider) {
    outbox::ReportDraft draft;
    draft.provider = provider.slug;
    draft.provider_name = provider.name;
    draft.batch = batch.number;
    draft.to = provider.abuse;
    draft.now = options_.ledger.clock();
    std::ranges::transform(batch.reports, std::back_inserter(draft.listings),
                           [&](const ProviderReport& report) {
                               return tell_listing(ledger_, options_.ledger.lists, report);
                           });
    return draft;
}

Result<void> ReportWorker::mail(const outbox::ReportDraft& draft) {
    const auto letter = outbox::write_report(options_.site, draft);
    return letter ? mails_->send(*letter) : std::unexpected(letter.error());
}

Result<void> ReportWorker::call(const outbox::ReportDraft& draft, const std::string& url) {
    auto secret = vault_.webhook_secret(draft.provider);
    if (!secret) {
        return fail(Errc::NotFound,
                    fmt::format("webhook: no secret to sign with: \"fairlist provider "
                                "webhook-secret {}\" makes it",
                                draft.provider));
    }
    return webhooks_->post({url, outbox::report_json(options_.site, draft), std::move(*secret)});
}

// Also a refusal for good is tried again: it may be our own mail server's settings.
void ReportWorker::settle(const ReportBatch& batch, std::string_view channel,
                          const Result<void>& sent) {
    if (sent) {
        book_.note_sent(batch, channel);
        ++sent_;
        spdlog::info("reports: message {} with {} reports went to {} by {}", batch.number,
                     batch.reports.size(), batch.provider, channel);
    } else if (!stopping_.stop_requested()) {
        book_.note_failed(batch, channel, sent.error().message);
        ++failed_;
        spdlog::warn("reports: message {} to {} by {}: {}", batch.number, batch.provider, channel,
                     sent.error().message);
    }
}

std::string ReportWorker::counters() const {
    return fmt::format("{} messages sent to providers, {} tries failed", sent_.load(),
                       failed_.load());
}

// A store that is broken now (a full disk) may be whole later: the thread goes on.
void ReportWorker::run_guarded() {
    try {
        run_once();
    } catch (const std::exception& error) {
        spdlog::error("reports: {}", error.what());
    }
}

void ReportWorker::run() {
    const std::stop_token stop = stopping_.get_token();
    std::unique_lock lock(mutex_);
    while (!stop.stop_requested()) {
        run_guarded();
        changed_.wait_for(lock, stop, kPeriod, [] { return false; });
    }
}

}  // namespace fairlist::app
