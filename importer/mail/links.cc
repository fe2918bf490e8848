#include "importer/mail/links.h"

#include "importer/formats/host_name.h"
#include "importer/mail/fault_walk.h"
#include "importer/mail/literal_host.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace fairlist::importer {

namespace {

struct RuleWords {
    LinkRule rule;
    std::string_view name;
    std::string_view meaning;
};

constexpr std::array kWords = std::to_array<RuleWords>({
    {LinkRule::Domain, "domain", "may be listed: the registrable domain of a link"},
    {LinkRule::Address, "address", "may be listed: the address of a link"},
    {LinkRule::Malformed, "malformed", "not listed: no host name"},
    {LinkRule::NoSuffix, "no-suffix", "not listed: not below a public suffix"},
    {LinkRule::DoNotList, "do-not-list", "not listed: in trap.do_not_list_domains"},
    {LinkRule::Recipient, "recipient", "not listed: the domain that the mail was sent to"},
    {LinkRule::Protected, "protected", "not listed: protected space"},
    {LinkRule::KnownGood, "known-good", "not listed: a known good sender or a relay of ours"},
});

const RuleWords& words_of(LinkRule rule) noexcept {
    return *std::ranges::find(kWords, rule, &RuleWords::rule);
}

bool is_at_or_below(const DomainName& name, const DomainName& parent) {
    const std::string& text = name.text();
    return text == parent.text() || text.ends_with("." + parent.text());
}

class Judge {
  public:
    Judge(const LinkRules& rules, const PublicSuffixes& suffixes,
          std::span<const std::string> recipient_domains)
        : rules_(rules), suffixes_(suffixes) {
        for (const std::string& text : recipient_domains) {
            if (const auto name = parse_host_name(text)) {
                recipients_.push_back(suffixes.registrable(name->name).value_or(name->name));
            }
        }
    }

    [[nodiscard]] LinkFinding judge(const std::string& host) const {
        if (looks_like_address(host)) {
            const auto address = parse_literal_host(host);
            return address ? judge_address(listed_prefix(*address)) : LinkFinding{};
        }
        const auto name = parse_host_name(host);
        if (!name || name->scope != NameScope::Exact) {
            return {};
        }
        return judge_name(name->name);
    }

  private:
    [[nodiscard]] LinkFinding judge_address(const Prefix& prefix) const {
        if (!rules_.protected_space.refusal(prefix).empty()) {
            return {LinkRule::Protected, prefix};
        }
        const bool good = std::ranges::any_of(rules_.known_good, [&](const Prefix& known) {
            return known.is_v4() == prefix.is_v4() &&
                   (known.contains(prefix) || prefix.contains(known));
        });
        return {good ? LinkRule::KnownGood : LinkRule::Address, prefix};
    }

    [[nodiscard]] LinkFinding judge_name(const DomainName& host) const {
        if (std::ranges::any_of(recipients_, [&](const DomainName& recipient) {
                return is_at_or_below(host, recipient);
            })) {
            return {LinkRule::Recipient, {}};
        }
        const auto domain = suffixes_.registrable(host);
        if (!domain) {
            return {LinkRule::NoSuffix, {}};
        }
        // An entry below would be listed with the domain. One above is a suffix that the operator
        // of a cloud has entered: it stands for itself, not for its customers.
        const bool excepted = std::ranges::any_of(rules_.do_not_list, [&](const DomainName& entry) {
            return is_at_or_below(entry, *domain);
        });
        return {excepted ? LinkRule::DoNotList : LinkRule::Domain, *domain};
    }

    const LinkRules& rules_;
    const PublicSuffixes& suffixes_;
    std::vector<DomainName> recipients_;
};

}  // namespace

std::string_view to_string(LinkRule rule) noexcept {
    return words_of(rule).name;
}

std::string_view meaning_of(LinkRule rule) noexcept {
    return words_of(rule).meaning;
}

std::string subject_text(const LinkFinding& finding) {
    if (const auto* name = std::get_if<DomainName>(&finding.subject)) {
        return name->text();
    }
    const auto* prefix = std::get_if<Prefix>(&finding.subject);
    return prefix == nullptr ? std::string() : to_string(*prefix);
}

std::vector<LinkFinding> judge_links(std::span<const std::string> hosts,
                                     std::span<const std::string> recipient_domains,
                                     const LinkRules& rules, const PublicSuffixes& suffixes) {
    const Judge judge(rules, suffixes, recipient_domains);
    std::vector<LinkFinding> findings;
    for (const std::string& host : hosts) {
        LinkFinding finding = judge.judge(host);
        const auto known = std::ranges::find_if(findings, [&](const LinkFinding& other) {
            return other.rule == finding.rule && other.subject == finding.subject;
        });
        if (known == findings.end()) {
            findings.push_back(std::move(finding));
        } else {
            ++known->hosts;
        }
    }
    return findings;
}

}  // namespace fairlist::importer
