#include "listing/model/removal.h"

#include <gtest/gtest.h>

#include <set>
#include <utility>

namespace fairlist {
namespace {

using enum RemovalState;

constexpr RemovalState kAll[] = {Proving, Checking, Waiting,  Refused, Operator,
                                 Granted, Kept,     Relisted, Lapsed,  Moot};

TEST(Removal, wordsAreReadBack) {
    for (const RemovalState state : kAll) {
        EXPECT_EQ(parse_removal_state(to_string(state)).value(), state);
    }
    for (const CheckKind kind : kCheckKinds) {
        EXPECT_EQ(parse_check_kind(to_string(kind)).value(), kind);
    }
    for (int i = 1; i <= 5; ++i) {
        const auto kind = static_cast<ProofKind>(i);
        EXPECT_EQ(parse_proof_kind(to_string(kind)).value(), kind);
    }
    EXPECT_EQ(parse_removal_state("open").error().code, Errc::Malformed);
    EXPECT_EQ(parse_proof_kind("").error().code, Errc::Malformed);
    EXPECT_EQ(parse_check_kind("PTR").error().code, Errc::Malformed);
}

// What has ended stays so; only a refusal may be appealed or overruled.
TEST(Removal, endsAreFinal) {
    for (const RemovalState from : kAll) {
        for (const RemovalState to : kAll) {
            if (has_ended(from) && from != Refused) {
                EXPECT_FALSE(may_become(from, to)) << to_string(from) << " " << to_string(to);
            }
            EXPECT_FALSE(from == to && may_become(from, to)) << to_string(from);
        }
        if (!has_ended(from) && from != Granted) {
            EXPECT_TRUE(may_become(from, Granted)) << to_string(from);
            EXPECT_TRUE(may_become(from, Moot)) << to_string(from);
        }
    }
}

// listing.md: each end can be reached, and Kept and Relisted only after a grant.
TEST(Removal, eachStateIsReached) {
    std::set<RemovalState> reached{Proving};
    for (std::size_t round = 0; round < std::size(kAll); ++round) {
        const std::set<RemovalState> before = reached;
        for (const RemovalState from : before) {
            for (const RemovalState to : kAll) {
                if (may_become(from, to)) {
                    reached.insert(to);
                }
            }
        }
    }
    EXPECT_EQ(reached.size(), std::size(kAll));
    for (const RemovalState from : kAll) {
        EXPECT_EQ(may_become(from, Kept), from == Granted);
        EXPECT_EQ(may_become(from, Relisted), from == Granted);
    }
}

}  // namespace
}  // namespace fairlist
