#include "importer/intake/mail_judge.h"

#include <algorithm>
#include <utility>

namespace fairlist::importer {

namespace {

// A signature begins with the header: an mbox line is no part of the mail.
std::string_view without_from_line(std::string_view mail) noexcept {
    if (!mail.starts_with("From ") || mail.starts_with("From :")) {
        return mail;
    }
    const std::size_t end = mail.find('\n');
    return end == std::string_view::npos ? std::string_view() : mail.substr(end + 1);
}

}  // namespace

bool MailFacts::is_undecided() const noexcept {
    const auto has = [this](DkimRule rule) {
        return std::ranges::find(dkim, rule, &DkimResult::rule) != dkim.end();
    };
    return !has(DkimRule::Pass) && has(DkimRule::TemporaryError);
}

LocalMailJudge::LocalMailJudge(const MailRules& rules, const PublicSuffixes& suffixes,
                               MailChildOptions reader, std::unique_ptr<DkimKeys> keys)
    : rules_(rules), suffixes_(suffixes), child_(std::move(reader)), keys_(std::move(keys)) {}

Result<MailFacts> LocalMailJudge::judge(std::string_view mail, const std::optional<Address>& peer,
                                        Time received) {
    auto judgement = judge_mail(mail, peer, rules_, suffixes_, child_);
    if (!judgement) {
        return std::unexpected(std::move(judgement.error()));
    }
    MailFacts facts;
    facts.judgement = std::move(*judgement);
    if (keys_ != nullptr) {
        facts.dkim = verify_dkim(without_from_line(mail), received, *keys_);
    }
    return facts;
}

}  // namespace fairlist::importer
