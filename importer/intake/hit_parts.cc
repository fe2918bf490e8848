#include "importer/intake/hit_parts.h"

#include "importer/reports/report_text.h"
#include "listing/model/hit.h"

#include <algorithm>
#include <variant>

namespace fairlist::importer {

namespace {

std::optional<Subject> subject_of(const LinkFinding& link) {
    if (!link.may_be_listed()) {
        return std::nullopt;
    }
    if (const auto* name = std::get_if<DomainName>(&link.subject)) {
        return identity_of(*name);
    }
    const auto* prefix = std::get_if<Prefix>(&link.subject);
    return prefix == nullptr ? std::nullopt : std::optional<Subject>(*prefix);
}

}  // namespace

LinkRules link_rules(const MailRules& rules) {
    LinkRules out{rules.do_not_list_domains, rules.fault.protected_space, rules.fault.known_good};
    out.known_good.insert(out.known_good.end(), rules.fault.trusted_relays.begin(),
                          rules.fault.trusted_relays.end());
    return out;
}

std::string harmless(std::string_view text, const SecretWords& secrets) {
    return secrets.are_in(text) ? std::string() : printable(text, kHitTextBytesMax);
}

std::vector<LinkFinding> shown_links(std::span<const LinkFinding> links, const SecretWords& secrets,
                                     std::span<const std::string> recipients,
                                     const PublicSuffixes& suffixes) {
    std::vector<std::string> own;
    for (const std::string& domain : recipients) {
        const auto name = parse_domain(domain);
        const auto registered = name ? suffixes.registrable(*name) : std::nullopt;
        own.push_back(registered ? registered->text() : domain);
    }
    std::vector<LinkFinding> shown;
    for (LinkFinding link : links) {
        const std::string text = subject_text(link);
        if (!text.empty() && (std::ranges::find(own, text) != own.end() || secrets.are_in(text))) {
            link = {LinkRule::Recipient, {}, link.hosts};
        }
        shown.push_back(std::move(link));
    }
    return shown;
}

std::vector<Subject> subjects_of(std::span<const LinkFinding> links) {
    std::vector<Subject> subjects;
    for (const LinkFinding& link : links) {
        const auto subject = subject_of(link);
        if (subject && subjects.size() < kHitLinksMax) {
            subjects.push_back(*subject);
        }
    }
    return subjects;
}

std::optional<DomainName> domain_of(const LinkFinding& finding, const SecretWords& secrets) {
    const auto* name = std::get_if<DomainName>(&finding.subject);
    const bool may = finding.rule == LinkRule::Domain && name != nullptr;
    return may && !secrets.are_in(name->text()) ? std::optional(*name) : std::nullopt;
}

}  // namespace fairlist::importer
