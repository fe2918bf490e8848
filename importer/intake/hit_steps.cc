#include "importer/intake/hit_steps.h"

#include "importer/mail/fault_text.h"
#include "listing/model/hit.h"

#include <fmt/format.h>

#include <algorithm>

namespace fairlist::importer {

namespace {

// Together with a line on what was left out of each at most kHitStepsMax.
constexpr std::size_t kFaultSteps = 16;
constexpr std::size_t kCutSteps = 4;
constexpr std::size_t kDkimSteps = 5;
constexpr std::size_t kLinkSteps = 8;
constexpr std::size_t kOtherSteps = 3;
static_assert(kFaultSteps + kCutSteps + kDkimSteps + kLinkSteps + kOtherSteps + 4 <= kHitStepsMax);

std::string dkim_text(const DkimResult& result, const SecretWords& secrets,
                      const PublicSuffixes& suffixes) {
    const auto domain = result.domain ? suffixes.registrable(*result.domain) : std::nullopt;
    const bool shown = domain && !secrets.are_in(domain->text());
    const bool says_more = !result.why.empty() && result.why != meaning_of(result.rule);
    return fmt::format("DKIM signature{}: {}{} [{}]", shown ? " of " + domain->text() : "",
                       meaning_of(result.rule), says_more ? " (" + result.why + ")" : "",
                       to_string(result.rule));
}

std::string link_text(const LinkFinding& link) {
    const std::string subject = subject_text(link);
    return fmt::format("link{}: {} [{}]", subject.empty() ? "" : " to " + subject,
                       meaning_of(link.rule), to_string(link.rule));
}

}  // namespace

void HitSteps::add(std::string_view text) {
    if (steps_.size() < kHitStepsMax) {
        steps_.emplace_back(text.substr(0, kHitStepBytesMax));
    }
}

void HitSteps::add_some(std::span<const std::string> texts, std::size_t most,
                        std::string_view noun) {
    for (const std::string& text : texts.first(std::min(texts.size(), most))) {
        add(text);
    }
    if (texts.size() > most) {
        add(fmt::format("{} more {}", texts.size() - most, noun));
    }
}

void HitSteps::add_fault(const FaultFinding& fault) {
    std::vector<std::string> texts;
    for (FaultStep step : fault.steps) {
        if (secrets_.are_in(step.seen.peer_name)) {
            step.seen.peer_name.clear();
        }
        texts.push_back(step_text(step));
    }
    if (texts.size() > kFaultSteps) {
        const std::size_t half = kFaultSteps / 2;
        const std::string left_out = fmt::format("{} more lines", texts.size() - kFaultSteps);
        texts.erase(texts.begin() + static_cast<std::ptrdiff_t>(half),
                    texts.end() - static_cast<std::ptrdiff_t>(half));
        texts.insert(texts.begin() + static_cast<std::ptrdiff_t>(half), left_out);
    }
    for (const std::string& text : texts) {
        add(text);
    }
}

void HitSteps::add_cuts(const MailJudgement& judgement) {
    add_some(judgement.cuts, kCutSteps, "cuts");
    if (judgement.unreadable) {
        add("the mail's parts cannot be read: its links are not known");
    }
}

void HitSteps::add_dkim(std::span<const DkimResult> results, const PublicSuffixes& suffixes) {
    std::vector<std::string> texts;
    for (const DkimResult& result : results) {
        texts.push_back(dkim_text(result, secrets_, suffixes));
    }
    add_some(texts, kDkimSteps, "signatures");
}

void HitSteps::add_links(std::span<const LinkFinding> links) {
    std::vector<std::string> texts;
    for (const LinkFinding& link : links) {
        texts.push_back(link_text(link));
    }
    add_some(texts, kLinkSteps, "links");
}

}  // namespace fairlist::importer
