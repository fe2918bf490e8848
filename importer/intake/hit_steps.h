// Hit steps: how a hit came about, in words, within the limits of a hit.
#pragma once

#include "importer/dkim/dkim_verifier.h"
#include "importer/intake/secret_words.h"
#include "importer/mail/mail_judgement.h"
#include "importer/mail/public_suffixes.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fairlist::importer {

// Each adds to the steps; of more than there is room for the fact that there are more is kept. Our
// own words may be those of a secret ("mail@..."), so only what others chose is looked at: PTR
// names and domains.
class HitSteps {
  public:
    explicit HitSteps(const SecretWords& secrets) : secrets_(secrets) {}

    // Requires: no text of a mail that was not looked at.
    void add(std::string_view text);
    // The first ones and those that decided. PTR names that name a secret are left out.
    void add_fault(const FaultFinding& fault);
    void add_cuts(const MailJudgement& judgement);
    // Without the selector, and of the domain only what is registered.
    void add_dkim(std::span<const DkimResult> results, const PublicSuffixes& suffixes);
    // As shown_links() left them.
    void add_links(std::span<const LinkFinding> links);

    [[nodiscard]] std::vector<std::string> take() && { return std::move(steps_); }

  private:
    void add_some(std::span<const std::string> texts, std::size_t most, std::string_view noun);

    const SecretWords& secrets_;
    std::vector<std::string> steps_;
};

}  // namespace fairlist::importer
