#include "importer/mail/fault_walk.h"

#include "importer/mail/fault_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::importer {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string line(const std::string& peer, const std::string& by = "mx.trap.example") {
    return "from canary-helo (ptr.example [" + peer + "]) by " + by +
           " (Postfix) with ESMTP id canary-id for <canary@trap.example>; canary-date";
}

const std::string kQmail = "(qmail 1 invoked by uid 0); x";
const std::string kNameOnly = "from a.example by mx.trap.example with SMTP; x";
const std::string kUnclosed = "from a.example (canary [1.1.1.1] by mx.trap.example";
const std::string kFetched = "from box.example [9.9.9.9] by localhost with POP3 (fetchmail); x";
const std::string kLmtp = "from [8.8.8.8] by mx.trap.example with LMTP id 1; x";

struct WalkCase {
    std::string name;
    std::vector<std::string> received;
    std::string envelope;  // empty: none
    std::string rules;     // of the steps, in order
    std::string finding;
    std::size_t unused_lines = 0;
};

void PrintTo(const WalkCase& c, std::ostream* out) {
    *out << c.name;
}

// 5.5.5.0/24 and 2a00:5::25 are trusted, 6.6.6.0/24 and 2a00:6::1 known good, 7.7.7.0/24 is on the
// do-not-list.
FaultRules rules_for(const WalkCase& c) {
    FaultRules rules;
    rules.trusted_relays = {parse_prefix("5.5.5.0/24").value(), parse_prefix("2a00:5::25").value()};
    rules.known_good = {parse_prefix("6.6.6.0/24").value(), parse_prefix("2a00:6::1").value()};
    rules.protected_space = ProtectedSpace({parse_prefix("7.7.7.0/24").value()}, {});
    if (c.name.starts_with("own_hosts")) {
        rules.own_hosts = {"mx.trap.example", "MX2.trap.example"};
    }
    return rules;
}

FaultFinding walk(const WalkCase& c) {
    const auto peer = c.envelope.empty() ? std::optional<Address>()
                                         : std::optional(parse_address(c.envelope).value());
    return walk_to_fault(c.received, peer, rules_for(c));
}

std::string rules_of(const FaultFinding& finding) {
    std::string out;
    for (const FaultStep& step : finding.steps) {
        out += (out.empty() ? "" : " ") + std::string(to_string(step.rule));
    }
    return out;
}

class FaultWalk : public testing::TestWithParam<WalkCase> {};

TEST_P(FaultWalk, DecidesByTheFirstPeerOutside) {
    const FaultFinding finding = walk(GetParam());
    EXPECT_EQ(rules_of(finding), GetParam().rules);
    EXPECT_EQ(finding_text(finding), GetParam().finding);
    EXPECT_EQ(finding.unused_lines, GetParam().unused_lines);
}

TEST_P(FaultWalk, TellsEveryStepAndNoSecret) {
    const FaultFinding finding = walk(GetParam());
    for (const FaultStep& step : finding.steps) {
        const std::string text = step_text(step);
        EXPECT_THAT(text, HasSubstr(std::string(to_string(step.rule))));
        EXPECT_THAT(text, HasSubstr(std::string(meaning_of(step.rule))));
        EXPECT_THAT(text, Not(HasSubstr("canary")));
        EXPECT_THAT(text, Not(HasSubstr("trap.example")));
    }
}

const std::vector<WalkCase> kCases = {
    {"newest_line", {line("1.1.1.1"), line("2.2.2.2")}, "", "outside", "1.1.1.1 may be listed", 1},
    {"ipv6_is_its_64",
     {line("IPv6:2a00:1:2:3:4::5")},
     "",
     "outside",
     "2a00:1:2:3::/64 may be listed"},
    {"steps_over_ours",
     {line("127.0.0.1"), line("10.1.2.3"), line("IPv6:fe80::1"), line("IPv6:::1"), line("5.5.5.9"),
      line("1.1.1.1"), line("2.2.2.2")},
     "",
     "loopback private private loopback trusted-relay outside",
     "1.1.1.1 may be listed",
     1},
    {"steps_over_what_no_peer_sent",
     {kQmail, kFetched, kLmtp, line("1.1.1.1")},
     "",
     "handover fetched handover outside",
     "1.1.1.1 may be listed"},
    {"forged_below_the_border",
     {line("1.1.1.1", "mx.trap.example"), line("127.0.0.1"), line("5.5.5.5")},
     "",
     "outside",
     "1.1.1.1 may be listed",
     2},
    {"nothing_believed_below_a_line_without_address",
     {kNameOnly, line("2.2.2.2")},
     "",
     "no-address",
     "no address may be listed",
     1},
    {"nothing_believed_below_an_unreadable_line",
     {kUnclosed, line("2.2.2.2")},
     "",
     "unreadable",
     "no address may be listed",
     1},
    {"no_lines", {}, "", "end-of-trace", "no address may be listed"},
    {"only_ours", {line("127.0.0.1")}, "", "loopback end-of-trace", "no address may be listed"},
    {"protected_space", {line("7.7.7.7")}, "", "protected", "7.7.7.7 may not be listed"},
    {"special_space", {line("192.0.2.1")}, "", "protected", "192.0.2.1 may not be listed"},
    {"known_good", {line("6.6.6.6")}, "", "known-good", "6.6.6.6 may not be listed"},
    {"known_good_in_the_same_64",
     {line("IPv6:2a00:6::2")},
     "",
     "known-good",
     "2a00:6::/64 may not be listed"},
    {"relay_in_the_same_64",
     {line("IPv6:2a00:5::26")},
     "",
     "known-good",
     "2a00:5::/64 may not be listed"},
    {"envelope_before_lines", {line("2.2.2.2")}, "1.1.1.1", "outside", "1.1.1.1 may be listed", 1},
    {"envelope_of_a_relay_then_its_line",
     {line("5.5.5.5"), line("1.1.1.1", "relay.example")},
     "5.5.5.5",
     "trusted-relay trusted-relay outside",
     "1.1.1.1 may be listed"},
    {"own_hosts_wrote_it",
     {line("1.1.1.1", "mx2.TRAP.example.")},
     "",
     "outside",
     "1.1.1.1 may be listed"},
    {"own_hosts_did_not_write_it",
     {line("1.1.1.1", "elsewhere.example")},
     "",
     "unknown-writer",
     "no address may be listed"},
    {"own_hosts_behind_an_envelope",
     {line("1.1.1.1", "relay.example")},
     "5.5.5.5",
     "trusted-relay outside",
     "1.1.1.1 may be listed"},
};

INSTANTIATE_TEST_SUITE_P(Trace, FaultWalk, testing::ValuesIn(kCases),
                         [](const auto& c) { return c.param.name; });

TEST(FaultWalkLimits, EndAfterSoManyLines) {
    const std::vector<std::string> lines(kTraceLinesMax + 5, line("127.0.0.1"));
    const FaultFinding finding = walk_to_fault(lines, {}, {});
    EXPECT_EQ(finding.decided_by().rule, FaultRule::TooManyLines);
    EXPECT_EQ(finding.unused_lines, 5U);
    EXPECT_FALSE(finding.peer);
}

TEST(FaultText, TellsWhatTheHeloIs) {
    const auto kind = [](const std::string& helo) {
        Received seen;
        seen.helo = helo;
        seen.peer_name = "ptr.example";
        return std::string(helo_kind(seen));
    };
    EXPECT_EQ(kind(""), "not given");
    EXPECT_EQ(kind("[192.0.2.1]"), "an address");
    EXPECT_EQ(kind("192.0.2.1"), "an address");
    EXPECT_EQ(kind("PTR.example."), "that name");
    EXPECT_EQ(kind("other.example"), "a host name");
    EXPECT_EQ(kind("friend"), "a single word");
    EXPECT_EQ(kind("a@b"), "no host name");
}

TEST(FaultText, ShowsOnlyNamesAsNames) {
    Received seen;
    seen.peer_name = "a b";
    EXPECT_EQ(shown_name(seen), "");
    seen.peer_name = "Mail.Example.COM";
    EXPECT_EQ(shown_name(seen), "mail.example.com");
}

}  // namespace
}  // namespace fairlist::importer
