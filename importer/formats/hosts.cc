#include "importer/formats/excerpt.h"
#include "importer/formats/host_name.h"
#include "importer/formats/line_loop.h"
#include "importer/formats/parsers.h"
#include "importer/formats/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <expected>
#include <string_view>
#include <utility>

namespace fairlist::importer {

namespace {

// The head that such files begin with, for the machine that uses them.
constexpr auto kOwnNames = std::to_array<std::string_view>(
    {"localhost", "localhost.localdomain", "local", "broadcasthost", "ip6-localhost",
     "ip6-loopback", "ip6-localnet", "ip6-mcastprefix", "ip6-allnodes", "ip6-allrouters",
     "ip6-allhosts", "0.0.0.0"});

// Where these files send what they block.
bool is_sink_address(std::string_view text) noexcept {
    const auto address = parse_address(text);
    return address && (address->is_v4() ? address->v4() == 0 || address->v4() >> 24U == 127
                                        : address->high == 0 && address->low <= 1);
}

Result<void> take_name(std::string_view text, RecordSink& sink) {
    if (std::ranges::any_of(kOwnNames,
                            [&](std::string_view own) { return equals_lower(text, own); })) {
        return {};
    }
    auto name = parse_host_name(text);
    if (!name) {
        return std::unexpected(name.error());
    }
    Record record;
    record.subject = std::move(*name);
    sink.accept(record);
    return {};
}

Result<void> take_line(std::string_view line, RecordSink& sink) {
    std::string_view rest = trim(line.substr(0, line.find('#')));
    if (rest.empty()) {
        return {};
    }
    const std::string_view address = take_word(rest);
    const bool is_own = std::ranges::any_of(
        kOwnNames, [&](std::string_view own) { return equals_lower(rest, own); });
    if (!is_sink_address(address) && !is_own) {
        return fail(Errc::Malformed, fmt::format("\"{}\": expected 0.0.0.0, 127.0.0.1, :: or ::1 "
                                                 "in front of the name",
                                                 excerpt(address)));
    }
    if (rest.empty()) {
        return fail(Errc::Malformed, "no name behind the address");
    }
    while (!rest.empty()) {
        if (const auto taken = take_name(take_word(rest), sink); !taken) {
            return taken;
        }
    }
    return {};
}

}  // namespace

Result<void> parse_hosts(Input& input, const FormatOptions&, RecordSink& sink) {
    return for_each_line(input, sink, [&](std::string_view line) { return take_line(line, sink); });
}

}  // namespace fairlist::importer
