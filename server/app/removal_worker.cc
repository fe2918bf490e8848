#include "server/app/removal_worker.h"

#include "server/outbox/mime_letter.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <exception>

namespace fairlist::app {

namespace {

// Other processes take requests in as well, so the store is looked at again and again: one read.
constexpr std::chrono::seconds kPeriod{1};
constexpr std::size_t kCodesMax = 16;
constexpr std::size_t kTrimMax = 1000;
constexpr std::string_view kChallengeLabel = "_fairlist-challenge";

const Actor& worker_actor() {
    static const Actor kActor{"job:removal"};
    return kActor;
}

// What a look that could not be made has found: nothing, and that is no failure of the party's.
PartyFindings unknown_findings(const std::string& why) {
    PartyFindings findings;
    for (const CheckKind kind : {CheckKind::Ptr, CheckKind::Confirmed, CheckKind::NotGeneric,
                                 CheckKind::Helo, CheckKind::Spf}) {
        findings.checks.push_back({kind, CheckResult::Unknown, why, {}});
    }
    return findings;
}

std::string domain_of(std::string_view mailbox) {
    const std::size_t at = mailbox.rfind('@');
    return std::string(at == std::string_view::npos ? std::string_view("localhost")
                                                    : mailbox.substr(at + 1));
}

}  // namespace

RemovalWorker::RemovalWorker(store::Environment& store, store::Environment& vault,
                             RemovalWorkerOptions options)
    : options_(std::move(options)), desk_(store, vault, options_.desk) {
    if (options_.open_mails) {
        mails_ = options_.open_mails(stopping_.get_token());
    }
}

RemovalWorker::~RemovalWorker() {
    stop();
}

void RemovalWorker::start() {
    thread_ = std::thread([this] { run(); });
}

void RemovalWorker::stop() {
    stopping_.request_stop();
    changed_.notify_all();
    if (thread_.joinable()) {
        thread_.join();
    }
    looks_.clear();
}

void RemovalWorker::wake() {
    {
        const std::lock_guard lock(mutex_);
        is_woken_ = true;
    }
    changed_.notify_all();
}

void RemovalWorker::run_once(bool waits) {
    desk_.run_due(worker_actor());
    begin_looks();
    if (waits) {
        for (auto& [id, thread] : looks_) {
            thread.join();
        }
    }
    settle_looks();
    mail_codes();
    desk_.trim(kTrimMax);
}

void RemovalWorker::begin_looks() {
    if (looks_.size() >= kLooksMax) {
        return;
    }
    for (const Removal& removal : desk_.to_check(2 * kLooksMax)) {
        if (looks_.size() >= kLooksMax) {
            return;
        }
        if (looks_.contains(removal.id)) {
            continue;
        }
        importer::PartyQuestion question{
            removal.party, removal.helo, removal.mail_domain,
            removal.proof == ProofKind::Dns ? std::string(kChallengeLabel) : std::string()};
        looks_.emplace(removal.id,
                       std::jthread([this, id = removal.id, question] { look(id, question); }));
    }
}

// On a thread of its own.
void RemovalWorker::look(std::uint64_t id, const importer::PartyQuestion& question) {
    PartyFindings findings;
    try {
        const auto checks = options_.open_checks(stopping_.get_token());
        findings = checks ? (*checks)->look(question) : unknown_findings(checks.error().message);
    } catch (const std::exception& error) {
        findings = unknown_findings(error.what());
    }
    {
        const std::lock_guard lock(mutex_);
        found_.emplace_back(id, std::move(findings));
    }
    changed_.notify_all();
}

std::size_t RemovalWorker::settle_looks() {
    std::vector<std::pair<std::uint64_t, PartyFindings>> found;
    {
        const std::lock_guard lock(mutex_);
        found.swap(found_);
    }
    for (const auto& [id, findings] : found) {
        looks_.erase(id);
        // What was cut off by the end of this process is looked at by the next.
        if (stopping_.stop_requested()) {
            continue;
        }
        ++looked_at_;
        if (const auto settled = desk_.settle(id, findings); !settled) {
            spdlog::warn("removal {}: {}", id, settled.error().message);
        }
    }
    return found.size();
}

void RemovalWorker::mail_codes() {
    for (const CodeMail& mail : desk_.code_mails(kCodesMax)) {
        if (stopping_.stop_requested()) {
            return;
        }
        Result<void> sent = fail(Errc::NotFound, "no mail server is configured (mail.server)");
        if (mails_ != nullptr) {
            const auto letter = code_letter(options_.site, mail, options_.desk.ledger.clock());
            sent = letter ? mails_->send(*letter) : Result<void>(std::unexpected(letter.error()));
        }
        if (sent) {
            ++mailed_;
            desk_.note_code_mailed(mail.removal);
        } else {
            ++not_mailed_;
            spdlog::warn("removal {}: the code was not mailed: {}", mail.removal,
                         sent.error().message);
            desk_.note_code_failed(mail.removal, sent.error().message);
        }
    }
}

std::string RemovalWorker::counters() const {
    return fmt::format("{} requests for removal looked at, {} codes mailed, {} not mailed",
                       looked_at_.load(), mailed_.load(), not_mailed_.load());
}

// A store that is broken now (a full disk) may be whole later: the thread goes on.
void RemovalWorker::run_guarded() {
    try {
        run_once(false);
    } catch (const std::exception& error) {
        spdlog::error("removals: {}", error.what());
    }
}

void RemovalWorker::run() {
    while (!stopping_.stop_requested()) {
        run_guarded();
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, stopping_.get_token(), kPeriod,
                          [this] { return is_woken_ || !found_.empty(); });
        is_woken_ = false;
    }
}

Result<outbox::Letter> code_letter(const CodeMailSite& site, const CodeMail& mail, Time now) {
    outbox::LetterDraft draft;
    draft.from_name = site.name;
    draft.from = site.from;
    draft.to = mail.to;
    draft.subject = "Code for a removal request";
    draft.message_id = fmt::format("removal-{}@{}", mail.removal, domain_of(site.from));
    draft.date = now;
    draft.text = fmt::format(
        "Somebody asked to take {} off the list {}.\n\n"
        "The code is {}\n\n"
        "It is good until {}. Whoever asked gives it together with the key of the request{}.\n"
        "If that was nobody of yours, do nothing: without the code nothing changes.\n"
        "A removal costs nothing, ever.\n\n{}{}{}\n",
        mail.subject_text, mail.list, mail.code, to_string(mail.until),
        site.url.empty() ? "" : fmt::format(": POST {}/v1/removals/KEY/proof", site.url), site.name,
        site.contact.empty() ? "" : ", ", site.contact);
    return outbox::write_letter(draft);
}

}  // namespace fairlist::app
