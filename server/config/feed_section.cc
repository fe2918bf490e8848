#include "listing/base/suggestion.h"
#include "listing/base/time.h"
#include "listing/model/entry.h"
#include "server/config/document.h"
#include "server/config/feed_format.h"
#include "server/config/sections.h"
#include "server/config/words.h"
#include "zones/reason.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::config {

namespace {

constexpr std::uint64_t kDay = 86400;
constexpr std::size_t kSelectionTermsMax = 64;

void read_guard(Reader& in, Guard& out) {
    in.number("shrink_percent", out.shrink_percent_max, {0, 100});
    in.number("grow_percent", out.grow_percent_max, {0, 1000000});
    in.flag("allow_empty", out.allow_empty);
}

// As parse_source(), and "rsync://HOST/MODULE/PATH", which only a feed may be fetched over.
Result<std::string> parse_feed_source(std::string_view text) {
    constexpr std::string_view kRsync = "rsync://";
    if (!text.starts_with(kRsync)) {
        return parse_source(text);
    }
    const std::string_view rest = text.substr(kRsync.size());
    const std::size_t slash = rest.find('/');
    const bool is_clean = std::ranges::all_of(
        text, [](char c) { return static_cast<unsigned char>(c) > ' ' && c != 0x7F; });
    if (!is_clean || slash == 0 || slash == std::string_view::npos || slash + 1 == rest.size()) {
        return fail(
            Errc::Malformed,
            fmt::format("{}: expected rsync://HOST/MODULE/PATH without blanks", quote(text)));
    }
    return std::string(text);
}

Result<std::string> parse_format(std::string_view text) {
    if (find_feed_format(text) != nullptr) {
        return std::string(text);
    }
    std::vector<std::string> names;
    for (const FeedFormat& format : feed_formats()) {
        names.emplace_back(format.name);
    }
    const std::string hint = did_you_mean(text, names);
    return fail(Errc::NotFound, fmt::format("{}: no such format, expected {}{}", quote(text),
                                            fmt::join(names, ", "), hint));
}

void check_selection(Reader& in, const Feed& feed, const FeedFormat* format) {
    const std::vector<std::string_view> known = attributes_of(format);
    for (std::size_t i = 0; i < feed.select.size(); ++i) {
        const std::string_view term = feed.select[i];
        const std::string_view attribute = term.substr(0, term.find('='));
        if (!term.empty() && std::ranges::find(known, attribute) == known.end()) {
            in.fault(fmt::format("select[{}]", i),
                     known.empty()
                         ? fmt::format("{}: format {} has no attributes", quote(term), feed.format)
                         : fmt::format("{}: expected an attribute among {}", quote(term),
                                       fmt::join(known, ", ")));
        }
    }
    if (feed.select.size() > kSelectionTermsMax) {
        in.fault("select",
                 fmt::format("{} terms, the limit is {}", feed.select.size(), kSelectionTermsMax));
    }
}

void check_feed(Reader& in, const Feed& feed) {
    const FeedFormat* format = find_feed_format(feed.format);
    check_selection(in, feed, format);
    if (const auto good = check_reason(feed.reason, false, attributes_of(format)); !good) {
        in.fault("reason", good.error().message);
    }
    if (feed.lifetime_seconds != 0 && feed.lifetime_seconds < feed.every_seconds) {
        in.fault("lifetime", fmt::format("{}: shorter than every ({}), so entries would end before "
                                         "the next run",
                                         format_duration(feed.lifetime_seconds),
                                         format_duration(feed.every_seconds)));
    }
}

}  // namespace

void read_feed(Reader& in, Feed& out) {
    in.require({"name", "list", "url"});
    in.parsed("name", "name", out.name, parse_list_name);
    in.parsed("list", "name", out.list, parse_list_name);
    in.parsed("url", "URL or path", out.url, parse_feed_source);
    in.parsed("format", "word", out.format, parse_format);
    in.code_text("code", out.code);
    in.text("reason", out.reason, kReasonBytesMax);
    in.duration("ttl", out.ttl_seconds, {0, kTtlSecondsMax});
    in.duration("lifetime", out.lifetime_seconds, {0, 3650 * kDay});
    in.duration("every", out.every_seconds, {10, 30 * kDay});
    in.number("widest_v4", out.widest_v4, {1, 32});
    in.number("widest_v6", out.widest_v6, {1, 128});
    in.number("max_errors", out.max_errors, {0, 1000000});
    in.number("max_bytes", out.max_bytes, {1024, 1ULL << 40U});
    in.duration("timeout", out.timeout_s, {1, kDay});
    in.flag("allow_private_fetch", out.allow_private_fetch);
    in.flag("allow_host_bits", out.allow_host_bits);
    in.parsed_list("select", "text", out.select, parse_selection_term);
    in.table("guard", out.guard, read_guard);
    if (!out.url.empty() && is_path(out.url)) {
        out.url = resolve_path(in.place_of("url"), out.url).string();
    }
    check_feed(in, out);
}

}  // namespace fairlist::config
