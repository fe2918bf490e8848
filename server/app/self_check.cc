#include "server/app/self_check.h"

#include "server/answer/lookup.h"
#include "server/answer/resolver.h"
#include "server/dns/query_parser.h"
#include "server/dns/wire_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::app {

namespace {

struct TestPoint {
    std::string_view name;
    bool listed;
};

constexpr std::array<TestPoint, 4> kAddressPoints = {{
    {"2.0.0.127", true},
    {"1.0.0.127", false},
    {"2.0.0.0.0.0.f.7.f.f.f.f.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0", true},
    {"1.0.0.0.0.0.f.7.f.f.f.f.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0", false},
}};
constexpr std::array<TestPoint, 2> kNamePoints = {{{"test", true}, {"invalid", false}}};

constexpr std::size_t kQueryBytesMax = 512;

// A question for the A records of a name, as it would come in.
std::vector<std::uint8_t> make_message(std::string_view name) {
    std::vector<std::uint8_t> bytes(kQueryBytesMax);
    dns::WireWriter out(bytes);
    constexpr std::array<std::uint16_t, 6> kHeader = {0, 0, 1, 0, 0, 0};
    for (const std::uint16_t field : kHeader) {
        out.write_u16(field);
    }
    while (!name.empty()) {
        const std::string label(name.substr(0, name.find('.')));
        out.write_u8(static_cast<std::uint8_t>(label.size()));
        for (const char c : label) {
            out.write_u8(static_cast<std::uint8_t>(c));
        }
        name.remove_prefix(std::min(name.size(), label.size() + 1));
    }
    out.write_u8(0);
    out.write_u16(dns::type::kA);
    out.write_u16(dns::klass::kIn);
    bytes.resize(out.size());
    return bytes;
}

Result<void> check_point(const TestPoint& point, const std::string& origin, answer::View& view) {
    const std::string name = fmt::format("{}.{}", point.name, origin);
    const std::vector<std::uint8_t> message = make_message(name);
    const auto query = std::make_unique<dns::Query>();
    const auto answer = std::make_unique<dns::Answer>();
    if (dns::parse_query(message, dns::Transport::Tcp, *query).outcome !=
        dns::ParseOutcome::Answerable) {
        return fail(Errc::OutOfRange, fmt::format("\"{}\" is no name that can be asked", name));
    }
    const answer::Client client{.address = Address::from_v4(0x7F000001), .over_tcp = true};
    answer::resolve(*query, client, view, *answer);
    const bool right = point.listed
                           ? answer->rcode == dns::Rcode::NoError && answer->answer_count != 0
                           : answer->rcode == dns::Rcode::NxDomain;
    if (!right) {
        return fail(Errc::Refused,
                    fmt::format("test point \"{}\" must {}be listed (RFC 5782 section 5), but is "
                                "answered with rcode {} and {} records",
                                name, point.listed ? "" : "not ",
                                static_cast<unsigned>(answer->rcode), answer->answer_count));
    }
    return {};
}

Result<void> check_points(std::span<const TestPoint> points, const std::string& origin,
                          answer::View& view) {
    for (const TestPoint& point : points) {
        if (Result<void> checked = check_point(point, origin, view); !checked) {
            return checked;
        }
    }
    return {};
}

// The resolver answers the test points by itself, so what the entries say is asked behind its back:
// one that covers a loopback address is damage or a mistake that lists everything.
constexpr std::array<Address, 2> kNeverListed = {Address::from_v4(0x7F000001), Address{0, 1}};

Result<void> check_entries(const answer::Zone& zone, answer::View& view) {
    for (const Address& address : kNeverListed) {
        const answer::ReversedName name{
            .address = address, .partial_octets = {}, .partial_nibbles = {}};
        const auto findings = std::make_unique<answer::Findings>();
        answer::look_up_address(name, zone, view, *findings);
        if (!findings->items.empty()) {
            const answer::Finding& found = findings->items.front();
            return fail(Errc::Refused,
                        fmt::format("list \"{}\" holds {}, and with it {}, which must never be "
                                    "listed (RFC 5782 section 2.1)",
                                    found.list->name, to_string(Prefix::of(address, found.length)),
                                    to_string(address)));
        }
    }
    return {};
}

}  // namespace

Result<void> check_test_points(const answer::Zone& zone, answer::View& view) {
    if (!view.is_ready()) {
        return fail(Errc::Io, "the store cannot be read");
    }
    if (!view.lists(zone).is_complete) {
        return {};  // answers SERVFAIL until it is: there is nothing to check
    }
    const std::string& origin = zone.spec.origin->text();
    if (zone.holds(ListKind::Address)) {
        if (Result<void> checked = check_points(kAddressPoints, origin, view); !checked) {
            return checked;
        }
        if (Result<void> checked = check_entries(zone, view); !checked) {
            return checked;
        }
    }
    if (zone.holds(ListKind::Domain)) {
        return check_points(kNamePoints, origin, view);
    }
    return {};
}

}  // namespace fairlist::app
