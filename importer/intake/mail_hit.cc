#include "importer/intake/mail_hit.h"

#include "importer/intake/hit_parts.h"
#include "importer/intake/hit_steps.h"
#include "importer/reports/report_mail.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>

namespace fairlist::importer {

namespace {

// Everything that must not show: the traps' addresses, and those that the envelope named.
std::vector<std::string> secrets_of(const store::VaultMail& mail, std::span<const Trap> traps) {
    std::vector<std::string> secrets;
    for (const Trap& trap : traps) {
        secrets.push_back(trap.address);
    }
    for (const store::MailRecipient& recipient : mail.recipients) {
        secrets.insert(secrets.end(), recipient.addresses.begin(), recipient.addresses.end());
    }
    return secrets;
}

std::vector<std::string> domains_of(std::span<const std::string> addresses,
                                    const FaultFinding& fault) {
    std::vector<std::string> domains;
    for (const std::string& address : addresses) {
        domains.push_back(address.substr(std::min(address.size(), address.rfind('@') + 1)));
    }
    for (const FaultStep& step : fault.steps) {
        if (!step.seen.recipient_domain.empty()) {
            domains.push_back(step.seen.recipient_domain);
        }
    }
    return domains;
}

// Whether the reporter's own domain has signed the mail that the report came in.
bool is_signed_by(const std::string& reporter, std::span<const DkimResult> results,
                  const PublicSuffixes& suffixes) {
    const auto name = parse_domain(reporter);
    const auto wanted = name ? suffixes.registrable(*name) : std::nullopt;
    return wanted && std::ranges::any_of(results, [&](const DkimResult& result) {
               return result.passed() && result.domain &&
                      suffixes.registrable(*result.domain) == wanted;
           });
}

}  // namespace

Hit MailHits::accusation(const MailEvidence& evidence, const SecretWords& secrets,
                         const std::vector<std::string>& domains) const {
    const MailJudgement& judgement = evidence.facts.judgement;
    const FaultStep& decided = judgement.fault.decided_by();
    const bool by_envelope = decided.line == 0;
    Hit hit;
    hit.kind = HitKind::Mail;
    if (judgement.fault.may_be_listed) {
        hit.address = judgement.fault.peer;
    }
    hit.helo = harmless(by_envelope ? evidence.mail.helo : decided.seen.helo, secrets);
    hit.peer_name =
        harmless(by_envelope ? evidence.mail.peer_name : decided.seen.peer_name, secrets);
    const LinkRules rules = link_rules(options_.rules);
    for (const DkimResult& result : evidence.facts.dkim) {
        if (result.passed() && result.domain && !hit.signer) {
            const std::vector<std::string> hosts = {result.domain->text()};
            hit.signer = domain_of(judge_links(hosts, domains, rules, suffixes_).front(), secrets);
        }
    }
    const auto links = shown_links(judgement.links, secrets, domains, suffixes_);
    hit.links = subjects_of(links);
    if (!judgement.record.subject.empty()) {
        hit.subject_hash =
            store::short_hash(vault_.hash("subject").add(judgement.record.subject).finish());
    }
    HitSteps steps(secrets);
    steps.add_fault(judgement.fault);
    steps.add_cuts(judgement);
    steps.add_dkim(evidence.facts.dkim, suffixes_);
    steps.add_links(links);
    hit.steps = std::move(steps).take();
    return hit;
}

Hit MailHits::of_report(const AbuseReport& report, const SecretWords& secrets) const {
    // Who wrote the newest line is the reporter's server, never one of ours.
    FaultRules rules = options_.rules.fault;
    rules.own_hosts.clear();
    const FaultFinding fault = report.source
                                   ? walk_to_fault({}, report.source, rules)
                                   : walk_to_fault(report.original_received, std::nullopt, rules);
    std::vector<std::string> hosts;
    hosts.reserve(report.reported_domains.size());
    for (const DomainName& domain : report.reported_domains) {
        hosts.push_back(domain.text());
    }
    const auto links = shown_links(judge_links(hosts, {}, link_rules(options_.rules), suffixes_),
                                   secrets, {}, suffixes_);
    Hit hit;
    hit.kind = HitKind::Report;
    hit.sensor = fmt::format("report:{}", report.format);
    if (fault.may_be_listed) {
        hit.address = fault.peer;
    }
    hit.links = subjects_of(links);
    HitSteps steps(secrets);
    const std::string type = harmless(report.type, secrets);
    const std::string reporter = harmless(report.reporter, secrets);
    steps.add(fmt::format("reported{}{}{}", type.empty() ? "" : " as \"" + type + "\"",
                          reporter.empty() ? "" : " by " + reporter,
                          report.seen ? ", seen at " + to_string(*report.seen) : ""));
    steps.add_fault(fault);
    steps.add_links(links);
    hit.steps = std::move(steps).take();
    return hit;
}

void MailHits::add_report(const MailEvidence& evidence, const Trap& address,
                          const SecretWords& secrets, std::vector<Hit>& hits) const {
    const auto report = report_of(evidence.facts.judgement.record);
    if (!report || !*report) {
        return;
    }
    Hit hit = of_report(**report, secrets);
    const bool is_signed = is_signed_by((*report)->reporter, evidence.facts.dkim, suffixes_);
    hit.weight = is_signed || options_.unsigned_reports_count ? address.weight : kHitWeightLeast;
    hit.steps.resize(std::min(hit.steps.size(), kHitStepsMax - 1));
    hit.steps.emplace_back(is_signed ? "the report is signed by the reporter's domain"
                                     : "the report is not signed by the reporter's domain: "
                                       "anyone can have written it");
    hit.key = vault_.mail_key(evidence.mail.content, address.number);
    hit.time = evidence.mail.received;
    hit.mail = evidence.number;
    if (hit.address || !hit.links.empty()) {
        hits.push_back(std::move(hit));
    }
}

std::vector<Hit> MailHits::of(const MailEvidence& evidence) const {
    std::vector<Trap> traps;
    for (const store::MailRecipient& recipient : evidence.mail.recipients) {
        if (auto trap = vault_.trap(recipient.trap)) {
            traps.push_back(std::move(*trap));
        }
    }
    const auto secrets = secrets_of(evidence.mail, traps);
    const SecretWords words(secrets);
    const auto domains = domains_of(secrets, evidence.facts.judgement.fault);
    std::optional<Hit> accusing;
    std::vector<Hit> hits;
    for (const Trap& trap : traps) {
        if (trap.kind == TrapKind::Report) {
            add_report(evidence, trap, words, hits);
            continue;
        }
        if (!accusing) {
            accusing = accusation(evidence, words, domains);
        }
        Hit hit = *accusing;
        hit.key = vault_.mail_key(evidence.mail.content, trap.number);
        hit.time = evidence.mail.received;
        hit.sensor = evidence.mail.sensor;
        hit.mail = evidence.number;
        hit.trap = trap.number;
        hit.weight = trap.weight;
        hits.push_back(std::move(hit));
    }
    return hits;
}

}  // namespace fairlist::importer
