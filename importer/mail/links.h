// Links: which domains and addresses a mail links to may be listed.
#pragma once

#include "importer/mail/public_suffixes.h"
#include "listing/model/domain.h"
#include "listing/model/prefix.h"
#include "listing/model/protected_space.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace fairlist::importer {

enum class LinkRule : std::uint8_t {
    Domain,     // its registrable domain may be listed
    Address,    // a literal address that may be listed
    Malformed,  // no host name
    NoSuffix,   // a public suffix itself, or a name outside the public DNS
    DoNotList,  // the operator's do-not-list
    Recipient,  // the domain that the mail was sent to
    Protected,  // an address in protected space
    KnownGood   // an address of a known good sender, or of a relay of ours
};

// Stable: scripts read them.
[[nodiscard]] std::string_view to_string(LinkRule rule) noexcept;
[[nodiscard]] std::string_view meaning_of(LinkRule rule) noexcept;

struct LinkRules {
    std::vector<DomainName> do_not_list;
    ProtectedSpace protected_space;
    std::vector<Prefix> known_good;  // and trusted relays
};

struct LinkFinding {
    LinkRule rule = LinkRule::Malformed;
    // Of Malformed, NoSuffix and Recipient nothing: the name may be, or hold, a secret.
    std::variant<std::monostate, DomainName, Prefix> subject;
    std::size_t hosts = 1;  // that led to it

    [[nodiscard]] bool may_be_listed() const noexcept {
        return rule == LinkRule::Domain || rule == LinkRule::Address;
    }
};

// Empty: none that may be shown.
[[nodiscard]] std::string subject_text(const LinkFinding& finding);

// One finding for each rule and subject, in the order of the hosts. `recipient_domains`: as the
// trace gives them; what is no name is passed over.
[[nodiscard]] std::vector<LinkFinding> judge_links(std::span<const std::string> hosts,
                                                   std::span<const std::string> recipient_domains,
                                                   const LinkRules& rules,
                                                   const PublicSuffixes& suffixes);

}  // namespace fairlist::importer
