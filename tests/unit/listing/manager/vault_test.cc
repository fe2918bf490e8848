#include "listing/manager/vault.h"

#include "listing/store/records.h"
#include "tests/support/scratch_vault.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace fairlist {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

NewTrap new_trap(const std::string& address, std::uint16_t weight = kHitWeightOne) {
    return {parse_trap_address(address).value(), TrapKind::Trap, weight, "note"};
}

store::VaultMail new_mail(unsigned content, std::vector<std::uint32_t> traps) {
    store::VaultMail mail;
    mail.sensor = "lmtp";
    mail.content.fill(static_cast<std::uint8_t>(content));
    mail.packed = "packed";
    for (const std::uint32_t trap : traps) {
        mail.recipients.push_back({trap, {"lure@example.org"}});
    }
    return mail;
}

class VaultKept : public testing::Test {
  protected:
    std::uint32_t found(const std::string& recipient) {
        const auto trap = vault_->find_trap(recipient);
        return trap ? trap->number : 0;
    }
    MailReceipt store_one(const store::VaultMail& mail) {
        return vault_->store_mails({&mail, 1}).front().front();
    }
    std::vector<std::uint64_t> queue(std::uint32_t retry_seconds = 60) {
        std::vector<std::uint64_t> numbers;
        for (const QueuedMail& mail : vault_->queued_mails(100, retry_seconds)) {
            numbers.push_back(mail.number);
        }
        return numbers;
    }
    std::vector<std::uint64_t> parked() {
        std::vector<std::uint64_t> numbers;
        for (const QueuedMail& mail : vault_->parked_mails(0, 100)) {
            numbers.push_back(mail.number);
        }
        return numbers;
    }

    test::ScratchVault vault_;
};

TEST_F(VaultKept, FindsTheNarrowestTrap) {
    const std::vector<NewTrap> traps = {new_trap("lure@example.org"), new_trap("@example.org"),
                                        new_trap("lure+tag@example.org"),
                                        new_trap("other@example.net")};
    const auto added = vault_->add_traps(traps).value();
    ASSERT_THAT(added, SizeIs(4));
    EXPECT_EQ(found("LURE@Example.org"), 1U);
    EXPECT_EQ(found("lure+tag@example.org"), 3U);
    EXPECT_EQ(found("lure+else@example.org"), 1U);
    EXPECT_EQ(found("anyone@example.org"), 2U);
    EXPECT_EQ(found("anyone@sub.example.org"), 0U);
    EXPECT_EQ(found("other+x@example.net"), 4U);
    EXPECT_EQ(found("others@example.net"), 0U);
    EXPECT_EQ(found("@example.org"), 0U) << "nobody's address";
    EXPECT_EQ(found(""), 0U);
}

TEST_F(VaultKept, GivesNoNumberTwice) {
    EXPECT_EQ(vault_.add_trap("a@example.org"), 1U);
    EXPECT_EQ(vault_.add_trap("A@example.org"), 1U) << "known";
    const std::vector<NewTrap> twice = {new_trap("b@example.org"), new_trap("b@example.org")};
    const auto added = vault_->add_traps(twice).value();
    EXPECT_EQ(added[0].number, 2U);
    EXPECT_EQ(added[1].number, 2U);
    EXPECT_TRUE(added[1].known);
    ASSERT_TRUE(vault_->retire_trap(2));
    EXPECT_EQ(found("b@example.org"), 0U);
    EXPECT_EQ(vault_.add_trap("b@example.org"), 3U);
    EXPECT_EQ(found("b@example.org"), 3U);
    EXPECT_EQ(vault_->trap(2)->state, TrapState::Retired);
    EXPECT_EQ(vault_->retire_trap(2).error().code, Errc::Conflict);
    EXPECT_EQ(vault_->retire_trap(9).error().code, Errc::NotFound);
    EXPECT_EQ(found("b@example.org"), 3U) << "the retired one took the address with it";
}

TEST_F(VaultKept, AddsAllTrapsOrNone) {
    const std::vector<NewTrap> traps = {new_trap("a@example.org"), new_trap("b@example.org", 0)};
    EXPECT_EQ(vault_->add_traps(traps).error().code, Errc::OutOfRange);
    EXPECT_EQ(vault_->status().traps, 0U);
    NewTrap noted = new_trap("a@example.org");
    noted.note.assign(kTrapNoteBytesMax + 1, 'x');
    EXPECT_EQ(vault_->add_traps({&noted, 1}).error().code, Errc::OutOfRange);
}

TEST_F(VaultKept, ListsTrapsByNumber) {
    for (int i = 0; i < 5; ++i) {
        vault_.add_trap("lure" + std::to_string(i) + "@example.org");
    }
    EXPECT_THAT(vault_->traps(0, 2), SizeIs(2));
    EXPECT_EQ(vault_->traps(2, 10).front().number, 3U);
    EXPECT_EQ(vault_->traps(4, 10).front().address, "lure4@example.org");
    EXPECT_THAT(vault_->traps(5, 10), IsEmpty());
    EXPECT_THAT(vault_->traps(UINT32_MAX, 10), IsEmpty());
}

TEST_F(VaultKept, KeepsItsKeyAndAllElseOverARestart) {
    vault_.add_trap("lure@example.org");
    const auto before = vault_->hash("x").add("y").finish();
    EXPECT_EQ(store_one(new_mail(1, {1})).mail, 1U);
    vault_.reopen();
    EXPECT_EQ(vault_->hash("x").add("y").finish(), before);
    EXPECT_NE(vault_->hash("z").add("y").finish(), before);
    EXPECT_EQ(found("lure@example.org"), 1U);
    EXPECT_TRUE(store_one(new_mail(1, {1})).duplicate);
    vault_.reopen(VaultUse::Read);
    EXPECT_EQ(found("lure@example.org"), 1U);
    const auto trap = new_trap("a@example.org");
    EXPECT_THROW(static_cast<void>(vault_->add_traps({&trap, 1})), store::StoreError);
}

TEST_F(VaultKept, HasAnotherKeyThanOthers) {
    test::ScratchVault other;
    EXPECT_NE(vault_->hash("x").finish(), other->hash("x").finish());
    EXPECT_NE(vault_->mail_key({}, 1), vault_->mail_key({}, 2));
}

TEST_F(VaultKept, IsClosedToOthersAndIndexesNoAddressInClear) {
    namespace fs = std::filesystem;
    EXPECT_EQ(fs::status(vault_.path()).permissions(), fs::perms::owner_all);
    vault_.add_trap("canary@example.org");
    const store::ReadTxn txn(vault_.environment());
    store::Cursor cursor(txn, store::Table::TrapAddresses);
    ASSERT_TRUE(cursor.first());
    EXPECT_EQ(cursor.key().size(), 32U);
    EXPECT_EQ(cursor.key().find("canary"), std::string::npos);
}

TEST_F(VaultKept, CountsAMailOnceForEachTrap) {
    const std::vector<store::VaultMail> mails = {new_mail(1, {1, 2}), new_mail(1, {2, 3}),
                                                 new_mail(2, {1}), new_mail(1, {1})};
    const auto receipts = vault_->store_mails(mails);
    std::string told;
    for (const auto& mail : receipts) {
        for (const MailReceipt& receipt : mail) {
            told += std::to_string(receipt.mail) + (receipt.duplicate ? "d " : " ");
        }
    }
    EXPECT_EQ(told, "1 1 1d 2 3 1d ");
    EXPECT_EQ(vault_->status().mails, 3U);
    EXPECT_THAT(queue(), ElementsAre(1, 2, 3));
    EXPECT_THAT(vault_->mail(2)->recipients, SizeIs(1)) << "the one that is new";
    EXPECT_EQ(vault_->mail(2)->recipients.front().trap, 3U);
    EXPECT_EQ(vault_->mail(1)->stored, vault_.time());
    EXPECT_FALSE(vault_->mail(4));
}

TEST_F(VaultKept, ParksWhatFailsTooOften) {
    for (unsigned i = 1; i <= 3; ++i) {
        store_one(new_mail(i, {1}));
    }
    const std::vector<FailedMail> failed = {{2, "broken"}};
    EXPECT_EQ(vault_->settle_mails(std::vector<std::uint64_t>{1}, failed, 3), 0U);
    EXPECT_THAT(queue(), ElementsAre(3)) << "the second is not due yet";
    vault_.pass(59);
    EXPECT_THAT(queue(), ElementsAre(3));
    vault_.pass(1);
    EXPECT_THAT(queue(), ElementsAre(2, 3));
    EXPECT_EQ(vault_->settle_mails({}, failed, 3), 0U);
    vault_.pass(60);
    EXPECT_THAT(queue(), ElementsAre(3)) << "twice as long";
    vault_.pass(60);
    EXPECT_THAT(queue(), ElementsAre(2, 3));
    EXPECT_EQ(vault_->settle_mails({}, failed, 3), 1U);
    vault_.pass(1000);
    EXPECT_THAT(queue(), ElementsAre(3));
    EXPECT_THAT(parked(), ElementsAre(2));
    EXPECT_EQ(vault_->parked_mails(0, 10).front().mark.error, "broken");
    EXPECT_EQ(vault_->status().queued, 1U);
    EXPECT_EQ(vault_->status().parked, 1U);
    ASSERT_TRUE(vault_->requeue_mail(2));
    EXPECT_THAT(parked(), IsEmpty());
    EXPECT_THAT(queue(), ElementsAre(2, 3));
    EXPECT_EQ(vault_->requeue_mail(99).error().code, Errc::NotFound);
}

TEST_F(VaultKept, TrimsOldMailsWithTheirKeys) {
    for (unsigned i = 1; i <= 4; ++i) {
        store_one(new_mail(i, {1}));
        vault_.pass(100);
    }
    const Time before{vault_.time().seconds - 150};  // the first three are older
    EXPECT_EQ(vault_->trim_mails(before, 10), 0U) << "none is judged";
    const std::vector<std::uint64_t> judged = {1, 3, 4};
    vault_->settle_mails(judged, {}, 3);
    EXPECT_EQ(vault_->trim_mails(before, 1), 1U);
    EXPECT_EQ(vault_->trim_mails(before, 10), 1U);
    EXPECT_EQ(vault_->trim_mails(before, 10), 0U);
    EXPECT_FALSE(vault_->mail(1));
    EXPECT_TRUE(vault_->mail(2)) << "still to be judged";
    EXPECT_FALSE(vault_->mail(3));
    EXPECT_TRUE(vault_->mail(4)) << "young";
    EXPECT_TRUE(store_one(new_mail(4, {1})).duplicate);
    const MailReceipt again = store_one(new_mail(1, {1}));
    EXPECT_FALSE(again.duplicate) << "its key went with it";
    EXPECT_EQ(again.mail, 5U);
    const std::vector<FailedMail> failed = {{2, "x"}};
    vault_->settle_mails({}, failed, 1);
    EXPECT_EQ(vault_->trim_mails(before, 10), 1U) << "parked ones go";
    EXPECT_THAT(parked(), IsEmpty());
}

TEST_F(VaultKept, ShowsATokenOnce) {
    const std::string token =
        vault_->add_token({"web1", store::TokenRole::Machine, {}, "n"}).value();
    EXPECT_EQ(token.size(), 9U + 43U);
    const auto found_token = vault_->find_token(token);
    ASSERT_TRUE(found_token);
    EXPECT_EQ(found_token->name, "web1");
    EXPECT_FALSE(vault_->find_token(token + "x"));
    EXPECT_FALSE(vault_->find_token(token.substr(0, token.size() - 1)));
    EXPECT_FALSE(vault_->find_token(""));
    EXPECT_FALSE(vault_->find_token(std::string(100000, 'x')));
    EXPECT_EQ(vault_->add_token({"web1"}).error().code, Errc::Conflict);
    EXPECT_NE(vault_->add_token({"web2"}).value(), token);
    EXPECT_THAT(vault_->tokens(), SizeIs(2));
    vault_.close();
    std::ifstream file(vault_.path() / "data.mdb", std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(file)), {});
    EXPECT_EQ(bytes.find(token.substr(9)), std::string::npos);
    vault_.open();
    ASSERT_TRUE(vault_->revoke_token("web1"));
    EXPECT_FALSE(vault_->find_token(token));
    EXPECT_EQ(vault_->revoke_token("web1").error().code, Errc::NotFound);
    EXPECT_EQ(vault_->revoke_token("").error().code, Errc::NotFound);
}

// A vault of version 1, made by a program of that time: with a trap, a mail that is not judged, and
// two tokens, one of them a provider's from when these named no provider.
TEST_F(VaultKept, TakesOverAVaultOfTheFirstVersion) {
    vault_.close();
    std::filesystem::copy_file(
        std::filesystem::path(FAIRLIST_SOURCE_DIR) / "tests/cases/vault-v1/data.mdb",
        vault_.path() / "data.mdb", std::filesystem::copy_options::overwrite_existing);
    const std::string token = "fairlist_VoU49y5uy1PlyLUoAf9ksTjHtREA1H26CXggJJMyYck";
    const std::string unnamed = "fairlist_gvpNi4BMtyc7BsCaI9gIPUss8f8VfAf5dlVrcstblMM";
    vault_.open(VaultUse::Read);
    EXPECT_EQ(vault_->status().format_version, 1U);
    EXPECT_EQ(vault_->find_token(token).value().name, "desk");
    vault_.reopen();
    EXPECT_EQ(vault_->status().format_version, store::kVaultVersion);
    EXPECT_EQ(vault_->find_trap("lure@trap.example").value().number, 1U);
    EXPECT_EQ(vault_->mail(1).value().recipients.front().trap, 1U);
    EXPECT_THAT(vault_->queued_mails(10, 0), SizeIs(1));
    const store::TokenRecord desk = vault_->find_token(token).value().record;
    EXPECT_EQ(desk.role, store::TokenRole::Operator);
    EXPECT_EQ(desk.note, "old");
    EXPECT_EQ(vault_->find_token(unnamed).value().record.provider, "");
    // Its own key goes on: what is new is kept beside what is old.
    EXPECT_TRUE(vault_->add_token({"alpha1", store::TokenRole::Provider, {}, "", "alpha"}));
    vault_->note_token_use("desk");
    EXPECT_EQ(vault_->find_token(token).value().record.used, vault_.time());
    vault_.environment().write(
        [](store::WriteTxn& txn) { txn.put(store::Table::RemovalSecrets, "12345678", "x"); });
}

TEST_F(VaultKept, LetsAProvidersTokenSpeakForOneProvider) {
    using store::TokenRole;
    const auto add = [&](const std::string& name, TokenRole role, const std::string& provider) {
        return vault_->add_token({name, role, {}, "", provider});
    };
    const std::string token = add("alpha1", TokenRole::Provider, "alpha").value();
    EXPECT_EQ(vault_->find_token(token)->record.provider, "alpha");
    EXPECT_TRUE(add("alpha2", TokenRole::Provider, "alpha"));
    EXPECT_TRUE(add("beta1", TokenRole::Provider, "beta"));
    EXPECT_TRUE(add("desk", TokenRole::Operator, ""));
    for (const auto& refused :
         {add("x", TokenRole::Provider, ""), add("x", TokenRole::Provider, "No Slug"),
          add("x", TokenRole::Operator, "alpha"), add("x", TokenRole::Machine, "alpha")}) {
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, Errc::Malformed);
    }
    EXPECT_THAT(vault_->revoke_tokens_of("alpha"), ElementsAre("alpha1", "alpha2"));
    EXPECT_FALSE(vault_->find_token(token));
    EXPECT_THAT(vault_->revoke_tokens_of(""), IsEmpty());
    EXPECT_THAT(vault_->tokens(), SizeIs(2));
}

TEST_F(VaultKept, EndsTokensAndKnowsTheirUse) {
    const Time end{vault_.time().seconds + 10};
    const std::string token =
        vault_->add_token({"web1", store::TokenRole::Machine, end, ""}).value();
    EXPECT_TRUE(vault_->find_token(token));
    vault_->note_token_use("web1");
    const Time used = vault_->tokens().front().record.used;
    EXPECT_EQ(used, vault_.time());
    vault_.pass(10);
    EXPECT_FALSE(vault_->find_token(token));
    vault_->note_token_use("web1");
    EXPECT_EQ(vault_->tokens().front().record.used, used) << "within the hour";
    vault_.pass(3600);
    vault_->note_token_use("web1");
    EXPECT_EQ(vault_->tokens().front().record.used, vault_.time());
    vault_->note_token_use("nobody");
    EXPECT_EQ(vault_->add_token({"web2", store::TokenRole::Machine, end, ""}).error().code,
              Errc::OutOfRange);
    EXPECT_EQ(vault_->add_token({"Web 2"}).error().code, Errc::Malformed);
}

TEST(VaultOpened, IsNeverTakenForAStore) {
    test::ScratchVault vault;
    vault.close();
    store::EnvironmentOptions options;
    options.path = vault.path();
    EXPECT_FALSE(store::open_environment(options)) << "it has no lists";
    EXPECT_EQ(open_vault(vault.path(), VaultUse::Create).error().code, Errc::Conflict);
    EXPECT_EQ(open_vault(vault.folder() / "none", VaultUse::Write).error().code, Errc::NotFound);
}

}  // namespace
}  // namespace fairlist
