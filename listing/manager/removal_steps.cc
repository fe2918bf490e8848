// What brings a request on: its proof, what the DNS says, an appeal.
#include "listing/manager/ledger_query.h"
#include "listing/manager/removal_impl.h"
#include "listing/store/records.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <variant>

namespace fairlist {

using store::RemovalQueue;
using store::RemovalRecord;

namespace {

constexpr std::uint32_t kLookAgainSeconds = 600;  // for a challenge, and a resolver that is out
constexpr std::uint32_t kLookAtOnceSeconds = 60;  // no sooner when the requester asks for it
constexpr std::string_view kChallengeLabel = "_fairlist-challenge";

const Check* find(const PartyFindings& findings, CheckKind kind) {
    const auto found = std::ranges::find(findings.checks, kind, &Check::kind);
    return found == findings.checks.end() ? nullptr : &*found;
}

bool is(const PartyFindings& findings, CheckKind kind, CheckResult result) {
    const Check* check = find(findings, kind);
    return check != nullptr && check->result == result;
}

bool is_unknown(const PartyFindings& findings) {
    return is(findings, CheckKind::Ptr, CheckResult::Unknown) ||
           is(findings, CheckKind::Confirmed, CheckResult::Unknown);
}

// Why a code cannot be mailed; empty: it can.
std::string unfit(const PartyFindings& findings) {
    if (findings.ptr_name.empty()) {
        return "proof by mail needs a PTR name that leads back to the address, and there is none: "
               "set one, or ask from the address itself";
    }
    if (is(findings, CheckKind::NotGeneric, CheckResult::Failed)) {
        return fmt::format(
            "proof by mail needs a PTR name of your own, and {} is the provider's "
            "generic one: have it set, or ask from the address itself",
            findings.ptr_name);
    }
    return {};
}

Time plus(Time time, std::uint32_t seconds) {
    return Time{time.seconds + std::min(seconds, UINT32_MAX - time.seconds)};
}

}  // namespace

std::string RemovalDesk::challenge_name(std::string_view ptr_name) {
    return fmt::format("{}.{}", kChallengeLabel, ptr_name);
}

std::vector<Removal> RemovalDesk::to_check(std::size_t limit) {
    std::vector<Removal> found;
    {
        const store::ReadTxn txn(impl_->store);
        const store::Names names = store::read_names(txn);
        for (const std::uint64_t id : due_removals(txn, RemovalQueue::Look, impl_->now(), limit)) {
            if (auto record = read_removal(txn, id)) {
                record->removal.list = names.list(record->list);
                found.push_back(std::move(record->removal));
            }
        }
    }
    for (Removal& removal : found) {
        const auto* prefix = std::get_if<Prefix>(&removal.subject);
        const auto secret = impl_->proof.secret(removal.id);
        removal.party = secret ? secret->party : prefix == nullptr ? Address{} : prefix->base;
    }
    return found;
}

Result<void> RemovalDesk::Impl::make_code(const Removal& removal, const PartyFindings& findings) {
    const std::string& domain =
        findings.ptr_domain.empty() ? findings.ptr_name : findings.ptr_domain;
    return proof.make_code(removal.id, domain, removal.until);
}

void RemovalDesk::Impl::settle_mail(RemovalJudge& judge, RemovalRecord& record,
                                    const PartyFindings& findings, const Result<void>& code) {
    Removal& removal = record.removal;
    removal.checks = findings.checks;
    if (is_unknown(findings)) {
        record.look = plus(judge.ledger().now(), kLookAgainSeconds);
        judge.book().save(record);
        return;
    }
    if (const std::string why = code ? unfit(findings) : code.error().message; !why.empty()) {
        removal.outcome = why;
        judge.book().move(record, RemovalState::Refused, why);
        return;
    }
    record.look = {};
    record.mailing = true;
    judge.book().save(record);
}

void RemovalDesk::Impl::settle_dns(RemovalJudge& judge, RemovalRecord& record,
                                   const PartyFindings& findings, bool is_met) {
    Removal& removal = record.removal;
    if (!is_met) {
        removal.checks = findings.checks;
        record.look = plus(judge.ledger().now(), kLookAgainSeconds);
        removal.outcome =
            findings.ptr_name.empty()
                ? "the challenge stands below a PTR name that leads back to the "
                  "address, and there is none yet"
                : fmt::format("the challenge is not at {} yet", challenge_name(findings.ptr_name));
        judge.book().save(record);
        return;
    }
    judge.book().move(record, RemovalState::Checking, "the DNS challenge is there");
    judge.decide(record, findings);
}

Result<Removal> RemovalDesk::settle(std::uint64_t id, const PartyFindings& findings) {
    const Actor actor{.name = "rule:removal"};
    const auto known = find(id);
    if (!known) {
        return Impl::none(id);
    }
    const bool proving = known->state == RemovalState::Proving;
    Result<void> code;
    if (proving && known->proof == ProofKind::Mail && !is_unknown(findings) &&
        unfit(findings).empty()) {
        code = impl_->make_code(*known, findings);
    }
    const bool is_met = proving && known->proof == ProofKind::Dns && !findings.ptr_name.empty() &&
                        impl_->proof.is_met(id, findings.challenge_seen);
    return impl_->edit(actor, id, [&](RemovalJudge& judge, RemovalRecord& record) -> Result<void> {
        const Removal& removal = record.removal;
        if (removal.state == RemovalState::Checking) {
            judge.decide(record, findings);
        } else if (removal.state == RemovalState::Proving && proving && record.look.is_set()) {
            if (removal.proof == ProofKind::Mail) {
                impl_->settle_mail(judge, record, findings, code);
            } else {
                impl_->settle_dns(judge, record, findings, is_met);
            }
        } else {
            return Impl::wrong_state(removal, "settled");
        }
        return {};
    });
}

Result<Removal> RemovalDesk::prove(std::string_view key, std::string_view code) {
    const std::uint64_t id = impl_->proof.find(key);
    const auto known = find(id);
    if (!known) {
        return Impl::unknown_key();
    }
    if (known->state != RemovalState::Proving) {
        return Impl::wrong_state(*known, "proved");
    }
    const Actor actor{.name = "requester"};
    if (known->proof == ProofKind::Dns) {
        return impl_->edit(
            actor, id, [&](RemovalJudge& judge, RemovalRecord& record) -> Result<void> {
                const Time last{record.look.seconds -
                                std::min(record.look.seconds, kLookAgainSeconds)};
                const Time soonest = plus(last, kLookAtOnceSeconds);
                record.look = std::min(record.look, std::max(soonest, judge.ledger().now()));
                judge.book().save(record);
                return {};
            });
    }
    const auto good = impl_->proof.try_code(id, code);
    const bool used_up = !good && !impl_->proof.tries_left(id);
    if (!good && !used_up) {
        return std::unexpected(good.error());
    }
    auto result =
        impl_->edit(actor, id, [&](RemovalJudge& judge, RemovalRecord& record) -> Result<void> {
            if (record.removal.state != RemovalState::Proving) {
                return Impl::wrong_state(record.removal, "proved");
            }
            if (used_up) {
                record.removal.outcome = "too many wrong codes: make a new request";
                judge.book().move(record, RemovalState::Lapsed, record.removal.outcome);
                return {};
            }
            record.look = judge.ledger().now();
            judge.book().move(record, RemovalState::Checking, "the code is right");
            return {};
        });
    impl_->proof.forget_mail(id, true);
    return used_up ? Result<Removal>(std::unexpected(good.error())) : result;
}

Result<Removal> RemovalDesk::appeal(std::string_view key, std::string_view why) {
    const std::uint64_t id = impl_->proof.find(key);
    if (!find(id)) {
        return Impl::unknown_key();
    }
    if (why.empty() || why.size() > kRemovalTextBytesMax) {
        return fail(
            Errc::OutOfRange,
            fmt::format("appeal: expected its reason, of at most {} bytes", kRemovalTextBytesMax));
    }
    const Actor actor{.name = "requester"};
    return impl_->edit(actor, id, [&](RemovalJudge& judge, RemovalRecord& record) -> Result<void> {
        Removal& removal = record.removal;
        const bool may =
            removal.state == RemovalState::Refused || removal.state == RemovalState::Waiting;
        if (!may) {
            return Impl::wrong_state(removal, "appealed");
        }
        // Of a request whose proof failed nobody knows who speaks.
        const bool proved = std::ranges::any_of(removal.events, [](const RemovalEvent& event) {
            return event.state == RemovalState::Checking;
        });
        if (!proved) {
            return fail(Errc::Refused, "the request was never proved: make a new one");
        }
        if (!is_still_listed(judge.ledger().txn(), impl_->options, removal, judge.ledger().now())) {
            return fail(Errc::Conflict, "it is not listed any more");
        }
        removal.statement = why;
        judge.hand_over(record, "appealed");
        return {};
    });
}

std::vector<CodeMail> RemovalDesk::code_mails(std::size_t limit) {
    std::vector<Removal> found;
    {
        const store::ReadTxn txn(impl_->store);
        const store::Names names = store::read_names(txn);
        for (const std::uint64_t id : due_removals(txn, RemovalQueue::Mail, impl_->now(), limit)) {
            if (auto record = read_removal(txn, id)) {
                record->removal.list = names.list(record->list);
                found.push_back(std::move(record->removal));
            }
        }
    }
    std::vector<CodeMail> mails;
    for (const Removal& removal : found) {
        const auto secret = impl_->proof.secret(removal.id);
        if (!secret || secret->code_text.empty()) {
            note_code_mailed(removal.id);  // a process ended after it had told the vault
            continue;
        }
        mails.push_back({removal.id, secret->mail_to, secret->code_text, to_string(removal.subject),
                         removal.list, secret->code_until});
    }
    return mails;
}

void RemovalDesk::note_code_mailed(std::uint64_t id) {
    impl_->proof.forget_mail(id, false);
    const Actor actor{.name = "rule:removal"};
    static_cast<void>(
        impl_->edit(actor, id, [](RemovalJudge& judge, RemovalRecord& record) -> Result<void> {
            record.mailing = false;
            judge.book().save(record);
            return {};
        }));
}

// The mail server's words may name the mailbox: they are in no record.
void RemovalDesk::note_code_failed(std::uint64_t id, std::string_view /*error*/) {
    impl_->proof.forget_mail(id, true);
    const Actor actor{.name = "rule:removal"};
    static_cast<void>(
        impl_->edit(actor, id, [](RemovalJudge& judge, RemovalRecord& record) -> Result<void> {
            if (record.removal.state == RemovalState::Proving) {
                record.removal.outcome =
                    "the mail server of the PTR name's domain did not take "
                    "the code: prove it by DNS or from the address";
                judge.book().move(record, RemovalState::Refused, record.removal.outcome);
            }
            return {};
        }));
}

}  // namespace fairlist
