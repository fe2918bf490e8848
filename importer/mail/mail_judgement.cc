#include "importer/mail/mail_judgement.h"

#include <utility>

namespace fairlist::importer {

namespace {

// Where the mail went to, by the lines that are believed. A To header proves nothing.
std::vector<std::string> recipient_domains(const FaultFinding& finding) {
    std::vector<std::string> domains;
    for (const FaultStep& step : finding.steps) {
        if (!step.seen.recipient_domain.empty()) {
            domains.push_back(step.seen.recipient_domain);
        }
    }
    return domains;
}

LinkRules link_rules(const MailRules& rules) {
    LinkRules out{rules.do_not_list_domains, rules.fault.protected_space, rules.fault.known_good};
    out.known_good.insert(out.known_good.end(), rules.fault.trusted_relays.begin(),
                          rules.fault.trusted_relays.end());
    return out;
}

}  // namespace

Result<MailJudgement> judge_mail(std::string_view mail, const std::optional<Address>& envelope_peer,
                                 const MailRules& rules, const PublicSuffixes& suffixes,
                                 MailChild& child) {
    constexpr PrescanLimits kLimits;
    const Prescanned scanned = prescan(mail, kLimits);
    MailJudgement judgement;
    judgement.cuts = cut_texts(scanned.cuts, kLimits);
    judgement.fault = walk_to_fault(scanned.received, envelope_peer, rules.fault);
    auto record = child.read(scanned.message);
    if (!record && record.error().code == Errc::Io) {
        return std::unexpected(record.error());
    }
    if (!record) {
        judgement.unreadable = record.error();
        return judgement;
    }
    judgement.record = std::move(*record);
    judgement.links = judge_links(judgement.record.hosts, recipient_domains(judgement.fault),
                                  link_rules(rules), suffixes);
    return judgement;
}

std::vector<std::string_view> split_mbox(std::string_view text) {
    constexpr std::string_view kSeparator = "\nFrom ";
    std::vector<std::string_view> messages;
    while (text.starts_with("From ")) {
        const std::size_t next = text.find(kSeparator);
        if (next == std::string_view::npos) {
            break;
        }
        messages.push_back(text.substr(0, next + 1));
        text.remove_prefix(next + 1);
    }
    messages.push_back(text);
    return messages;
}

}  // namespace fairlist::importer
