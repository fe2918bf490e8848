#include "importer/intake/mail_delivery.h"

#include "importer/intake/trap_file.h"
#include "tests/support/scratch_vault.h"
#include "tests/unit/importer/intake/stored_mails.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <span>
#include <string>

namespace fairlist::importer {
namespace {

using fairlist::test::stored_mails;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

class TextStream final : public ByteStream {
  public:
    explicit TextStream(std::string text) : text_(std::move(text)) {}
    Result<std::size_t> read(std::span<char> out) override {
        const std::size_t size = std::min(out.size(), text_.size() - at_);
        std::copy_n(text_.begin() + static_cast<std::ptrdiff_t>(at_), size, out.begin());
        at_ += size;
        return size;
    }

  private:
    std::string text_;
    std::size_t at_ = 0;
};

class Delivered : public testing::Test {
  protected:
    Delivered() { vault_.add_trap("lure@example.org"); }
    DeliveryResult deliver(std::vector<std::string> recipients, std::string bytes) {
        return deliver_one(*vault_, {envelope_, std::move(recipients), std::move(bytes)});
    }

    fairlist::test::ScratchVault vault_;
    Envelope envelope_ = pipe_envelope("192.0.2.1", "helo", "name", "sender@x.y").value();
};

TEST_F(Delivered, EndsAsMailServersReadIt) {
    EXPECT_EQ(deliver({"lure@example.org"}, "A: b\n\nx\n").exit, DeliveryExit::Stored);
    const auto again = deliver({"LURE@example.org"}, "Return-Path: <>\r\nA: b\r\n\r\nx\r\n");
    EXPECT_EQ(again.exit, DeliveryExit::Stored) << "known: the server may forget it";
    EXPECT_EQ(again.duplicates, 1U);
    const auto nobody = deliver({"secret-nobody@example.org"}, "x");
    EXPECT_EQ(nobody.exit, DeliveryExit::NoUser);
    EXPECT_THAT(nobody.message, Not(HasSubstr("secret")));
    EXPECT_EQ(deliver({}, "x").exit, DeliveryExit::NoUser);
    EXPECT_EQ(deliver({"lure@example.org"}, "").exit, DeliveryExit::BadData);
    EXPECT_EQ(deliver({"lure@example.org"}, std::string(kMailBytesMax + 1, 'x')).exit,
              DeliveryExit::BadData);
    EXPECT_EQ(deliver({"nobody@x.y", "lure@example.org"}, "y").stored, 1U);
    EXPECT_EQ(
        deliver(std::vector<std::string>(store::kMailRecipientsMax + 1, "lure@example.org"), "z")
            .exit,
        DeliveryExit::TemporaryFailure);
    const auto mails = stored_mails(*vault_);
    ASSERT_THAT(mails, SizeIs(2));
    EXPECT_EQ(mails[0].record.sensor, "pipe");
    EXPECT_EQ(to_string(mails[0].record.peer.value()), "192.0.2.1");
    EXPECT_EQ(mails[0].record.sender, "sender@x.y");
}

TEST_F(Delivered, ComesAgainWhenItCannotBeStored) {
    vault_.reopen(VaultUse::Read);
    const auto result = deliver({"lure@example.org"}, "A: b\n\nx\n");
    EXPECT_EQ(result.exit, DeliveryExit::TemporaryFailure);
    EXPECT_EQ(static_cast<int>(result.exit), 75);
    EXPECT_THAT(result.message, HasSubstr("not stored"));
}

struct PeerRow {
    const char* name;
    std::string text;
    std::string peer;  // empty: none
    bool good = true;
};

class PipePeer : public testing::TestWithParam<PeerRow> {};

TEST_P(PipePeer, IsReadAsServersWriteIt) {
    const auto envelope = pipe_envelope(GetParam().text, "unknown", "[UNAVAILABLE]", "");
    ASSERT_EQ(envelope.has_value(), GetParam().good);
    if (envelope) {
        EXPECT_EQ(envelope->peer ? to_string(*envelope->peer) : "", GetParam().peer);
        EXPECT_EQ(envelope->helo + envelope->peer_name + envelope->sender, "");
    }
}

INSTANTIATE_TEST_SUITE_P(Rows, PipePeer,
                         testing::Values(PeerRow{"v4", "192.0.2.1", "192.0.2.1"},
                                         PeerRow{"v6", "2001:db8::1", "2001:db8::1"},
                                         PeerRow{"brackets", "[192.0.2.1]", "192.0.2.1"},
                                         PeerRow{"v6_tag", "[IPv6:2001:db8::1]", "2001:db8::1"},
                                         PeerRow{"unknown", "unknown", ""},
                                         PeerRow{"empty", "", ""},
                                         PeerRow{"name", "mail.example", "", false}),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(BoundedRead, StopsAtItsLimit) {
    TextStream fits(std::string(100000, 'x'));
    EXPECT_EQ(read_bounded(fits, 100000).value().size(), 100000U);
    TextStream more(std::string(100001, 'x'));
    EXPECT_EQ(read_bounded(more, 100000).error().code, Errc::OutOfRange);
}

TEST(TrapFileRead, TakesGoodLinesAndNamesBadOnes) {
    TextStream stream(
        "# our traps\n\nLure@Example.org\n@trap.example weight=0.5 # the whole domain\r\n"
        "desk@example.org kind=report weight=2\t#\tabuse desk \n"
        "hash#tag@example.org\nsecret one@example.org\nsecret@example.org weight=0\n"
        "secret@example.org kind=lure\nsecret\n");
    const auto file = read_trap_file(stream).value();
    ASSERT_THAT(file.traps, SizeIs(4));
    EXPECT_EQ(to_string(file.traps[0].address), "lure@example.org");
    EXPECT_EQ(file.traps[0].weight, 100);
    EXPECT_EQ(file.traps[1].weight, 50);
    EXPECT_EQ(file.traps[1].note, "the whole domain");
    EXPECT_EQ(file.traps[2].kind, TrapKind::Report);
    EXPECT_EQ(file.traps[2].weight, 200);
    EXPECT_EQ(file.traps[2].note, "abuse desk");
    EXPECT_EQ(to_string(file.traps[3].address), "hash#tag@example.org");
    EXPECT_THAT(
        file.faults,
        ElementsAre(HasSubstr("line 7: address: no \"@\""), HasSubstr("line 8: weight \"0\""),
                    HasSubstr("line 9: kind \"lure\""), HasSubstr("line 10:")));
    for (const std::string& fault : file.faults) {
        EXPECT_THAT(fault, Not(HasSubstr("secret")));
    }
}

TEST(TrapFileRead, KeepsItsLimits) {
    std::string text;
    for (int i = 0; i < 200; ++i) {
        text += "bad\n";
    }
    text += std::string(5000, 'x') + "@example.org\n";
    TextStream stream(text);
    const auto file = read_trap_file(stream).value();
    EXPECT_THAT(file.faults, SizeIs(kTrapFaultsMax));
    EXPECT_EQ(file.more_faults, 101U);
}

TEST(TrapWeight, IsHundredths) {
    EXPECT_EQ(parse_trap_weight("1").value(), 100);
    EXPECT_EQ(parse_trap_weight("0.01").value(), 1);
    EXPECT_EQ(parse_trap_weight("1.5").value(), 150);
    EXPECT_EQ(parse_trap_weight("100").value(), 10000);
    for (const char* const bad : {"", "0", "0.00", "100.01", ".5", "1.234", "-1", "1e2", "1000"}) {
        EXPECT_FALSE(parse_trap_weight(bad)) << bad;
    }
}

}  // namespace
}  // namespace fairlist::importer
