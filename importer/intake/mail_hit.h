// Mail hit: what a mail in the vault says against its sender, as hits that tell no trap.
#pragma once

#include "importer/intake/mail_judge.h"
#include "importer/intake/secret_words.h"
#include "importer/mail/mail_judgement.h"
#include "importer/mail/public_suffixes.h"
#include "importer/reports/report.h"
#include "listing/manager/vault.h"
#include "listing/model/hit.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace fairlist::importer {

struct MailHitOptions {
    MailRules rules;
    // Anyone can write a report about anyone. One whose mail bears no valid signature of the
    // reporter's domain weighs as little as a hit can (kHitWeightLeast), unless this is set.
    bool unsigned_reports_count = false;
};

inline constexpr std::uint16_t kHitWeightLeast = 1;  // hundredths

struct MailEvidence {
    std::uint64_t number = 0;
    const store::VaultMail& mail;
    const MailFacts& facts;
};

// Lifetime: the parts must outlive it. Thread: any number.
class MailHits {
  public:
    MailHits(const Vault& vault, const PublicSuffixes& suffixes, MailHitOptions options)
        : vault_(vault), suffixes_(suffixes), options_(std::move(options)) {}

    // One a trap, with the key that the vault knows the mail by. A report address gives a hit of
    // kind Report, without a trap and of what is reported; none when the mail is no report that
    // accuses somebody.
    //
    // Of the signatures that pass the first counts whose registered domain may be listed: the rules
    // are those of links (links.h). Texts that name a recipient or a trap are left out: HELO, PTR
    // name, links, steps.
    [[nodiscard]] std::vector<Hit> of(const MailEvidence& evidence) const;

    // What an abuse report accuses, whichever way it came. `sensor`: "report:arf" and the like are
    // made of `report.format`. Without key, time and mail.
    [[nodiscard]] Hit of_report(const AbuseReport& report, const SecretWords& secrets) const;

  private:
    [[nodiscard]] Hit accusation(const MailEvidence& evidence, const SecretWords& secrets,
                                 const std::vector<std::string>& domains) const;
    void add_report(const MailEvidence& evidence, const Trap& address, const SecretWords& secrets,
                    std::vector<Hit>& hits) const;

    const Vault& vault_;
    const PublicSuffixes& suffixes_;
    MailHitOptions options_;
};

}  // namespace fairlist::importer
