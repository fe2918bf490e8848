#include "server/config/line_file.h"
#include "server/config/node.h"
#include "server/config/sections.h"

#include <fmt/format.h>

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fairlist::config {

namespace {

// "PREFIX USE [CUSTOMER]".
Result<SpaceRange> parse_space_line(std::string_view line) {
    std::string_view rest = line;
    const std::string_view prefix_word = cut_word(rest);
    const std::string_view use_word = cut_word(rest);
    if (use_word.empty()) {
        return fail(Errc::Malformed,
                    fmt::format("{}: expected a prefix, its use and, if known, its "
                                "customer",
                                quote(line)));
    }
    const auto prefix = parse_prefix(prefix_word);
    if (!prefix) {
        return std::unexpected(prefix.error());
    }
    const auto use = parse_space_use(use_word);
    if (!use) {
        return std::unexpected(use.error());
    }
    if (rest.size() > kTextBytesMax) {
        return fail(Errc::OutOfRange, fmt::format("{}: {} bytes, the limit is {}", quote(rest),
                                                  rest.size(), kTextBytesMax));
    }
    return SpaceRange{*prefix, *use, std::string(rest), {}};
}

}  // namespace

void read_space(Reader& in, SpaceRange& out) {
    std::vector<std::optional<DomainName>> domains;
    in.require({"prefix", "use"});
    in.parsed("prefix", "prefix", out.prefix,
              [](std::string_view text) { return parse_prefix(text); });
    in.parsed("use", "word", out.use, parse_space_use);
    in.text("customer", out.customer, kTextBytesMax);
    in.parsed_list("provider_domains", "domain name", domains, parse_domain);
    for (std::optional<DomainName>& domain : domains) {
        if (domain) {
            out.provider_domains.push_back(std::move(*domain));
        }
    }
}

void check_space(Reader& in, const std::vector<SpaceRange>& ranges) {
    std::set<Prefix> seen;
    for (std::size_t i = 0; i < ranges.size(); ++i) {
        if (ranges[i].prefix != Prefix{} && !seen.insert(ranges[i].prefix).second) {
            in.fault(fmt::format("space[{}].prefix", i),
                     fmt::format("{}: given twice", to_string(ranges[i].prefix)));
        }
    }
}

void read_space_file(Reader& in, std::string_view key, const std::filesystem::path& file,
                     std::vector<SpaceRange>& out) {
    read_line_file(in, key, file, [&](std::string_view line) -> Result<void> {
        auto range = parse_space_line(line);
        if (!range) {
            return std::unexpected(range.error());
        }
        out.push_back(std::move(*range));
        return {};
    });
}

}  // namespace fairlist::config
