#include "server/shown/plain_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>
#include <variant>

namespace fairlist {

namespace {

constexpr std::string_view kPolicySource = "policy:";
constexpr std::string_view kOwnPolicySource = "policy-ours:";

bool is_feed(const config::Config& config, std::string_view source) {
    return std::ranges::find(config.feeds, source, &config::Feed::name) != config.feeds.end();
}

// The slug in "policy:SLUG"; empty: no policy's.
std::string policy_slug(std::string_view source) {
    for (const std::string_view head : {kPolicySource, kOwnPolicySource}) {
        if (source.starts_with(head)) {
            return std::string(source.substr(head.size()));
        }
    }
    return {};
}

std::string named(const std::string& slug, const Ground& ground) {
    const auto provider = ground.providers.find(slug);
    return provider == ground.providers.end() || provider->second.name.empty() ||
                   provider->second.name == slug
               ? slug
               : fmt::format("{} ({})", slug, provider->second.name);
}

const PolicyQuote* quote_of(const ExplainedEntry& explained, const Ground& ground) {
    const auto* prefix = std::get_if<Prefix>(&explained.view.entry.subject);
    return prefix == nullptr ? nullptr : ground.quote(*prefix);
}

std::string end_words(Time until) {
    return until.is_set() ? fmt::format("it ends by itself at {}", to_string(until))
                          : std::string("it has no end of its own");
}

void add_paragraph(std::vector<std::string>& lines, const ListExplanation& list,
                   const ExplainedEntry& explained, const config::Config& config,
                   const Ground& ground) {
    const Entry& entry = explained.view.entry;
    lines.push_back(fmt::format("{} is on {} as {} since {}", to_string(entry.subject), list.list,
                                to_string(explained.code), to_string(entry.since)));
    if (!explained.reason.empty()) {
        lines.push_back("  why: " + explained.reason);
    }
    lines.push_back("  on whose word: " + whose_word(explained, config, ground));
    lines.push_back("  what ends it: " + what_ends(explained, config, ground));
}

}  // namespace

std::string whose_word(const ExplainedEntry& explained, const config::Config& config,
                       const Ground& ground) {
    const std::string& source = explained.view.source;
    if (explained.listing) {
        return explained.listing->rule.empty() ? "an operator of this list"
                                               : "what our own sensors saw";
    }
    if (is_feed(config, source)) {
        return fmt::format("the feed {}", source);
    }
    const std::string slug = policy_slug(source);
    if (slug.empty()) {
        return fmt::format("the source {}", source);
    }
    const PolicyQuote* quote = quote_of(explained, ground);
    const std::string date =
        quote == nullptr ? "" : fmt::format(", published {}", to_string(quote->published));
    return source.starts_with(kPolicySource)
               ? fmt::format("the mail policy of {}{}", named(slug, ground), date)
               : fmt::format("our own policy for the space of {}", named(slug, ground));
}

std::string what_ends(const ExplainedEntry& explained, const config::Config& config,
                      const Ground& ground) {
    const std::string end = end_words(explained.view.entry.until);
    if (explained.listing) {
        return end + (explained.listing->rule.empty()
                          ? "; a request for removal may end it before"
                          : ", later if more is seen; a request for removal may end it before");
    }
    if (is_feed(config, explained.view.source)) {
        return fmt::format("{}; it also ends when {} drops it: ask there", end,
                           explained.view.source);
    }
    const std::string slug = policy_slug(explained.view.source);
    if (slug.empty()) {
        return end + "; a request for removal may end it before";
    }
    const PolicyQuote* quote = quote_of(explained, ground);
    const auto provider = ground.providers.find(slug);
    std::string contact = quote == nullptr ? std::string() : quote->range.contact;
    if (contact.empty() && provider != ground.providers.end()) {
        contact = provider->second.support;
    }
    return fmt::format(
        "an exemption that {} grants{}, or a request for removal; it also ends when "
        "the policy no longer says so",
        slug, contact.empty() ? "" : fmt::format(" (ask {})", contact));
}

std::vector<std::string> policy_words(const PolicyQuote& quote) {
    const PolicyRange& range = quote.range;
    std::string line = fmt::format("{}: use {}", to_string(range.prefix), to_string(range.use));
    const auto add = [&](std::string_view name, std::string_view value) {
        if (!value.empty()) {
            line += fmt::format(", {} {}", name, value);
        }
    };
    add("direct mail", to_string(range.direct_mail));
    add("port 25", to_string(range.port25));
    add("PTR", to_string(range.ptr));
    add("customer", range.customer);
    add("smarthost", range.smarthost);
    add("contact", range.contact);
    std::vector<std::string> lines = {
        line + (quote.fresh ? "" : " (this policy is too old to list anything)")};
    if (!range.policy.empty()) {
        lines.push_back(fmt::format("\"{}\"", range.policy));
    }
    return lines;
}

std::vector<std::string> plain_words(const SubjectExplanation& explained,
                                     const config::Config& config, const Ground& ground) {
    std::vector<std::string> lines;
    for (const ListExplanation& list : explained.lists) {
        for (const ExplainedEntry& entry : list.entries) {
            if (entry.role == EntryRole::Answers) {
                add_paragraph(lines, list, entry, config, ground);
            }
        }
    }
    const auto* prefix = std::get_if<Prefix>(&explained.subject);
    const std::string holder = prefix == nullptr ? std::string() : ground.holder_of(*prefix);
    if (!holder.empty()) {
        const auto provider = ground.providers.find(holder);
        const std::string support =
            provider == ground.providers.end() ? std::string() : provider->second.support;
        lines.push_back(fmt::format("{} holds it{}", named(holder, ground),
                                    support.empty() ? "" : fmt::format("; ask {}", support)));
    }
    if (const PolicyQuote* quote = prefix == nullptr ? nullptr : ground.quote(*prefix)) {
        lines.push_back(quote->voice == PolicyVoice::Provider ? "its policy says:"
                                                              : "our policy for it says:");
        std::ranges::transform(policy_words(*quote), std::back_inserter(lines),
                               [](const std::string& line) { return "  " + line; });
    }
    return lines;
}

}  // namespace fairlist
