#include "listing/manager/provider_check.h"

#include "listing/model/list.h"

#include <fmt/format.h>

#include <algorithm>
#include <expected>
#include <utility>

namespace fairlist {

namespace {

constexpr std::string_view kHttps = "https://";
constexpr std::size_t kDomainsMax = 1000;

std::string shown(std::string_view text) {
    std::string kept(text.substr(0, 80));
    std::ranges::replace_if(kept, [](unsigned char c) { return c < 0x20 || c >= 0x7F; }, '?');
    return kept;
}

bool is_plain_text(std::string_view text) noexcept {
    return std::ranges::none_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7F; });
}

Result<void> canonical_mailbox(std::string_view field, std::string& text) {
    if (text.empty()) {
        return {};
    }
    auto mailbox = parse_mailbox(text);
    if (!mailbox) {
        return fail_in(std::string(field), mailbox.error());
    }
    text = std::move(*mailbox);
    return {};
}

Result<void> canonical_url(std::string_view field, std::string& text) {
    if (text.empty()) {
        return {};
    }
    auto url = parse_https_url(text);
    if (!url) {
        return fail_in(std::string(field), url.error());
    }
    text = std::move(*url);
    return {};
}

// Also http to this machine itself: for a program beside us, where `reports.allow_private` permits.
Result<void> canonical_webhook(std::string& text) {
    constexpr std::string_view kHttp = "http://";
    for (const std::string_view host : {"127.0.0.1", "[::1]", "localhost"}) {
        const std::string home = std::string(kHttp) + std::string(host);
        const bool is_home =
            text.starts_with(home) &&
            (text.size() == home.size() || text[home.size()] == ':' || text[home.size()] == '/');
        if (is_home) {
            const auto url = parse_https_url("https://" + text.substr(kHttp.size()));
            return url ? Result<void>() : fail_in("webhook", url.error());
        }
    }
    return canonical_url("webhook", text);
}

Result<void> check_names(const Provider& provider) {
    if (const auto slug = parse_list_name(provider.slug); !slug) {
        return fail(Errc::Malformed,
                    fmt::format("provider \"{}\": expected 1 to 32 of a-z 0-9 _ -, a letter first",
                                shown(provider.slug)));
    }
    if (provider.name.size() > kProviderTextBytesMax || !is_plain_text(provider.name)) {
        return fail(Errc::OutOfRange, fmt::format("name: expected one line of at most {} bytes",
                                                  kProviderTextBytesMax));
    }
    if (provider.space_format.size() > kProviderTextBytesMax ||
        !is_plain_text(provider.space_format)) {
        return fail(Errc::OutOfRange, "space format: expected one of \"fairlist import --help\"");
    }
    if (provider.asns.size() > kProviderAsnsMax) {
        return fail(Errc::OutOfRange, fmt::format("{} ASNs: the limit is {}", provider.asns.size(),
                                                  kProviderAsnsMax));
    }
    if (provider.domains.size() > kDomainsMax) {
        return fail(Errc::OutOfRange, fmt::format("{} domains: the limit is {}",
                                                  provider.domains.size(), kDomainsMax));
    }
    return {};
}

// A mail address, or a URL.
Result<void> check_support(std::string& text) {
    if (text.find('@') != std::string::npos && !text.starts_with(kHttps)) {
        return canonical_mailbox("support", text);
    }
    return canonical_url("support", text);
}

// A feed may also be a file on this machine.
Result<void> check_source(std::string_view field, std::string& text) {
    if (text.starts_with(kHttps)) {
        return canonical_url(field, text);
    }
    if (text.size() > kProviderTextBytesMax || !is_plain_text(text)) {
        return fail(Errc::Malformed, fmt::format("{}: expected a URL or a path of at most {} bytes",
                                                 field, kProviderTextBytesMax));
    }
    return {};
}

}  // namespace

Result<Provider> check_provider(Provider provider) {
    for (const Result<void>& good :
         {check_names(provider), canonical_mailbox("abuse", provider.abuse),
          canonical_mailbox("postmaster", provider.postmaster), check_support(provider.support),
          canonical_webhook(provider.webhook), check_source("policy", provider.policy_url),
          check_source("space", provider.space_url)}) {
        if (!good) {
            return fail_in("provider " + shown(provider.slug), good.error());
        }
    }
    std::ranges::sort(provider.asns);
    const auto twice = std::ranges::unique(provider.asns);
    provider.asns.erase(twice.begin(), twice.end());
    if (!provider.asns.empty() && provider.asns.front() == 0) {
        return fail(Errc::OutOfRange, "ASN 0: no network has it (RFC 7607)");
    }
    return provider;
}

std::string space_refusal(const ProviderBookOptions& options, const Prefix& prefix) {
    if (const auto why = options.protected_space.refusal(prefix); !why.empty()) {
        return fmt::format("protected space: {}", why);
    }
    const unsigned widest = prefix.is_v4() ? options.widest_v4 : options.widest_v6;
    if (prefix.written_length() < widest) {
        return fmt::format("wider than the /{} that a provider may hold", widest);
    }
    return {};
}

}  // namespace fairlist
