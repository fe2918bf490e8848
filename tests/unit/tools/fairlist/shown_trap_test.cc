#include "tools/fairlist/shown_trap.h"

#include "tools/fairlist/intake_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace fairlist::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kLocal = "canary";

Trap trap_of(const std::string& address) {
    Trap trap;
    trap.number = 12;
    trap.kind = TrapKind::Report;
    trap.state = TrapState::Retired;
    trap.address = address;
    trap.weight = 150;
    trap.added = parse_time("2026-11-21T08:30:15Z").value();
    trap.retired = parse_time("2026-11-22").value();
    trap.note = "bought by canary";
    return trap;
}

TEST(ShownTrap, TellsTheDomainAlone) {
    const std::vector<ShownTrap> traps = {show_trap(trap_of("canary@trap.example"), false)};
    EXPECT_EQ(traps_table(traps),
              "NUMBER  DOMAIN        WEIGHT  KIND    STATE    ADDED\n"
              "    12  trap.example     1.5  report  retired  2026-11-21T08:30:15Z\n");
    EXPECT_EQ(traps_json({traps, 0}),
              "{\"traps\":[{\"number\":12,\"domain\":\"trap.example\",\"weight\":\"1.5\","
              "\"kind\":\"report\",\"state\":\"retired\",\"added\":\"2026-11-21T08:30:15Z\","
              "\"retired\":\"2026-11-22T00:00:00Z\"}],\"next\":null}\n");
}

TEST(ShownTrap, InFullTellsAll) {
    const std::vector<ShownTrap> traps = {show_trap(trap_of("canary@trap.example"), true)};
    EXPECT_THAT(traps_table(traps), HasSubstr("canary@trap.example  bought by canary\n"));
    EXPECT_THAT(traps_json({traps, 12}),
                testing::AllOf(HasSubstr("\"full\":{\"address\":\"canary@trap.example\",\"note\":"
                                         "\"bought by canary\"}"),
                               HasSubstr("\"next\":12")));
}

// A quoted local part may hold an @ itself (RFC 5321 section 4.1.2).
TEST(ShownTrap, TheDomainStandsBehindTheLastAt) {
    const ShownTrap shown = show_trap(trap_of("\"canary@canary.example\"@trap.example"), false);
    EXPECT_EQ(shown.domain, "trap.example");
    EXPECT_THAT(traps_json({{shown}, 0}), Not(HasSubstr(kLocal)));
}

TEST(ShownTrap, OfAWholeDomain) {
    EXPECT_EQ(show_trap(trap_of("@trap.example"), false).domain, "trap.example");
}

}  // namespace
}  // namespace fairlist::cli
