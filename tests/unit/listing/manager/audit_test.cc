#include "listing/manager/manager.h"
#include "listing/store/bytes.h"
#include "listing/store/records.h"
#include "tests/support/scratch_store.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fairlist {
namespace {

using store::number_key;
using store::Table;
using store::WriteTxn;

constexpr Time kStart{1'700'000'000};
constexpr std::uint64_t kRecords = 12;

class AuditTest : public testing::Test {
  public:
    AuditTest() {
        Manager::Options options;
        ListSpec list;
        list.name = "sbl";
        options.lists = {list};
        options.clock = [this] {
            return now_;
        };
        manager_ = std::make_unique<Manager>(store_.environment(), options);
        // The first record is the list's own.
        while (manager_->audit_head().number < kRecords) {
            add(fmt::format("11.2.3.{}", manager_->audit_head().number));
        }
    }

    Result<ChangeKind> add(const std::string& subject) {
        now_.seconds += 1;
        const Actor actor{"operator:anna", "ssh 192.0.2.7", "ticket 12"};
        return manager_->add(actor, "sbl", "manual",
                             {*parse_subject(ListKind::Address, subject), false, {}, 0, "", {}});
    }
    AuditVerdict check(const std::vector<AuditCheckpoint>& published = {},
                       const std::optional<AuditPublicKey>& trusted = std::nullopt) {
        return manager_->check_audit(published, trusted);
    }
    std::string bytes_of(std::uint64_t number) {
        const store::ReadTxn txn(store_.environment());
        return std::string(txn.get(Table::Audit, number_key(number)).value_or(""));
    }
    void write(const std::function<void(WriteTxn&)>& change) { store_.environment().write(change); }
    void put(std::uint64_t number, const std::string& bytes) {
        write([&](WriteTxn& txn) { txn.put(Table::Audit, number_key(number), bytes); });
    }
    void set_head(std::uint64_t number) {
        const auto record = manager_->audit(number - 1, 1).at(0);
        write([&](WriteTxn& txn) {
            store::ByteWriter head;
            head.u64(number);
            head.bytes({reinterpret_cast<const char*>(record.hash.data()), record.hash.size()});
            txn.put(Table::Meta, "audit_head", head.bytes());
        });
    }
    void cut_after(std::uint64_t number) {
        set_head(number);
        write([&](WriteTxn& txn) {
            for (std::uint64_t gone = number + 1; gone <= kRecords; ++gone) {
                txn.erase(Table::Audit, number_key(gone));
            }
        });
    }
    // As a thief would who has the program: every hash is right again, and so is the head.
    void rewrite_from(std::uint64_t number) {
        std::vector<store::AuditRecord> records = manager_->audit(number - 1, kRecords);
        cut_after(number - 1);
        write([&](WriteTxn& txn) {
            for (store::AuditRecord record : records) {
                record.why = "nothing to see";
                store::append_audit(txn, record);
            }
        });
    }

    test::ScratchStore store_;
    Time now_ = kStart;
    std::unique_ptr<Manager> manager_;
    AuditSecretKey key_ = make_audit_key();
};

TEST_F(AuditTest, SaysWhoWhereWhatAndWhy) {
    EXPECT_EQ(manager_->audit(0, 1).at(0).action, "list.register");
    const store::AuditRecord record = manager_->audit(1, 1).at(0);
    EXPECT_EQ(record.actor, "operator:anna");
    EXPECT_EQ(record.from, "ssh 192.0.2.7");
    EXPECT_EQ(record.why, "ticket 12");
    EXPECT_EQ(record.action, "entry.add");
    EXPECT_EQ(record.time.seconds, kStart.seconds + 1);
    const std::vector<std::pair<std::string, std::string>> details = {
        {"list", "sbl"},
        {"subject", "11.2.3.1"},
        {"after", "the list's code, since 2023-11-14T22:13:21Z"},
        {"source", "manual"}};
    EXPECT_EQ(record.details, details);
}

TEST_F(AuditTest, WhatChangesNothingIsNotOnRecord) {
    ASSERT_TRUE(add("11.2.3.1").has_value());
    EXPECT_EQ(manager_->audit_head().number, kRecords);
}

TEST_F(AuditTest, ATryToListProtectedSpaceIsOnRecord) {
    EXPECT_FALSE(add("10.0.0.1").has_value());
    const auto records = manager_->audit(kRecords, 10);
    ASSERT_EQ(records.size(), 1U);
    EXPECT_EQ(records[0].action, "entry.refuse");
    EXPECT_EQ(records[0].details.back().first, "rule");
    EXPECT_NE(records[0].details.back().second.find("protected space"), std::string::npos);
}

TEST_F(AuditTest, RemovalsImportsAndSweepsAreOnRecord) {
    const Actor actor{.name = "operator:ben"};
    ASSERT_TRUE(manager_->remove(actor, "sbl", std::nullopt,
                                 *parse_subject(ListKind::Address, "11.2.3.1"), false));
    ImportSet set;
    set.add(*parse_prefix("11.3.0.0/16"), false, {}, 0, "", Time{now_.seconds + 10});
    ASSERT_TRUE(manager_->apply(actor, "sbl", "feed", set, std::nullopt, nullptr));
    now_.seconds += 20;
    EXPECT_EQ(manager_->sweep_expired("", 100).deleted, 1U);
    std::vector<std::string> actions;
    for (const store::AuditRecord& record : manager_->audit(kRecords, 10)) {
        actions.push_back(record.actor + " " + record.action);
    }
    const std::vector<std::string> expected = {"operator:ben entry.remove", "operator:ben import",
                                               "rule:expiry entries.sweep"};
    EXPECT_EQ(actions, expected);
    EXPECT_FALSE(check().fault);
}

TEST_F(AuditTest, LongTextsAreCutAndSaySo) {
    write([](WriteTxn& txn) {
        store::AuditRecord record;
        record.why = std::string(100000, 'x');
        record.details.assign(1000, {"a", std::string(70000, 'y')});
        store::append_audit(txn, record);
    });
    const store::AuditRecord record = manager_->audit(kRecords, 1).at(0);
    EXPECT_EQ(record.why, std::string(store::kAuditTextBytesMax, 'x') + "...");
    EXPECT_EQ(record.details.size(), store::kAuditDetailsMax);
    EXPECT_FALSE(check().fault);
}

TEST_F(AuditTest, AWholeLogIsGoodAndCheckpointsVouchForIt) {
    EXPECT_EQ(check().signed_up_to, 0U);
    const auto checkpoint = manager_->checkpoint_audit(key_);
    ASSERT_TRUE(checkpoint.has_value());
    ASSERT_TRUE(add("11.2.4.1").has_value());
    const AuditVerdict verdict = check({*checkpoint}, public_key(key_));
    EXPECT_FALSE(verdict.fault);
    EXPECT_EQ(verdict.records, kRecords + 1);
    EXPECT_EQ(verdict.checkpoints, 2U);  // the store's and the published one
    EXPECT_EQ(verdict.signed_up_to, kRecords);
}

TEST_F(AuditTest, ACheckpointSurvivesItsLineOfText) {
    const AuditCheckpoint made = manager_->checkpoint_audit(key_).value();
    const auto read = parse_checkpoint(to_line(made));
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(to_line(*read), to_line(made));
    EXPECT_TRUE(has_good_signature(*read));
    AuditCheckpoint other = made;
    other.number -= 1;
    EXPECT_FALSE(has_good_signature(other));
    EXPECT_FALSE(parse_checkpoint(to_line(made) + " more").has_value());
    EXPECT_FALSE(parse_checkpoint(to_line(made).substr(1)).has_value());
    EXPECT_FALSE(parse_checkpoint("fairlist-audit 1 x").has_value());
}

// Each bit of a record, one at a time.
TEST_F(AuditTest, EveryFlippedBitIsFoundAndNamed) {
    const std::string bytes = bytes_of(5);
    for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
        std::string flipped = bytes;
        flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
        put(5, flipped);
        const AuditVerdict verdict = check();
        ASSERT_TRUE(verdict.fault) << "bit " << bit;
        ASSERT_EQ(verdict.fault->number, 5U) << verdict.fault->what;
        ASSERT_EQ(verdict.records, 4U);
    }
    put(5, bytes);
    EXPECT_FALSE(check().fault);
}

void erase_records(AuditTest& test, std::uint64_t first, std::uint64_t last) {
    test.write([&](WriteTxn& txn) {
        for (std::uint64_t number = first; number <= last; ++number) {
            txn.erase(Table::Audit, number_key(number));
        }
    });
}
void remove_one(AuditTest& test) {
    erase_records(test, 5, 5);
}
void swap_two(AuditTest& test) {
    const std::string fifth = test.bytes_of(5);
    test.put(5, test.bytes_of(6));
    test.put(6, fifth);
}
void double_the_last(AuditTest& test) {
    test.put(kRecords + 1, test.bytes_of(kRecords));
}
void cut_off(AuditTest& test) {
    erase_records(test, 9, kRecords);
}
void cut_off_with_the_head(AuditTest& test) {
    test.cut_after(8);
}
void write_anew(AuditTest& test) {
    test.rewrite_from(3);
}
void empty_it(AuditTest& test) {
    erase_records(test, 1, kRecords);
}
void add_a_stranger(AuditTest& test) {
    test.write([](WriteTxn& txn) { txn.put(Table::Audit, "0", "x"); });
}

struct Tampering {
    const char* name;
    std::uint64_t number;  // of the record that is named
    const char* what;      // part of what is said
    bool needs_checkpoint;
    void (*harm)(AuditTest&);
};

class TamperedAudit : public AuditTest, public testing::WithParamInterface<Tampering> {};

TEST_P(TamperedAudit, IsFoundAndNamed) {
    const AuditCheckpoint kept = manager_->checkpoint_audit(key_).value();
    GetParam().harm(*this);
    const AuditVerdict verdict = check({kept}, public_key(key_));
    ASSERT_TRUE(verdict.fault);
    EXPECT_EQ(verdict.fault->number, GetParam().number) << verdict.fault->what;
    EXPECT_NE(verdict.fault->what.find(GetParam().what), std::string::npos) << verdict.fault->what;
}

TEST_P(TamperedAudit, IsFoundWithoutACheckpointWhereNoneIsNeeded) {
    GetParam().harm(*this);
    EXPECT_EQ(check().fault.has_value(), !GetParam().needs_checkpoint);
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, TamperedAudit,
    testing::Values(Tampering{"removed", 5, "is missing", false, remove_one},
                    Tampering{"reordered", 5, "another's place", false, swap_two},
                    Tampering{"doubled", kRecords + 1, "another's place", false, double_the_last},
                    Tampering{"cut_off", 9, "cut off", false, cut_off},
                    Tampering{"cut_off_with_its_head", 9, "cut off", true, cut_off_with_the_head},
                    Tampering{"written_anew", kRecords, "written anew", true, write_anew},
                    Tampering{"emptied", 1, "is missing", false, empty_it},
                    Tampering{"stranger_in_the_table", 13, "stranger", false, add_a_stranger}),
    [](const auto& param) { return param.param.name; });

TEST_F(AuditTest, ACheckpointOfAnotherKeyDoesNotCount) {
    rewrite_from(3);
    write([](WriteTxn& txn) {
        for (std::uint64_t number = 1; number <= kRecords; ++number) {
            txn.erase(Table::Checkpoints, number_key(number));
        }
    });
    ASSERT_TRUE(manager_->checkpoint_audit(make_audit_key()).has_value());
    EXPECT_FALSE(check().fault);  // whom to trust was not said
    const AuditVerdict verdict = check({}, public_key(key_));
    ASSERT_TRUE(verdict.fault);
    EXPECT_NE(verdict.fault->what.find("another key"), std::string::npos);
}

TEST_F(AuditTest, ATamperedCheckpointIsAFault) {
    ASSERT_TRUE(manager_->checkpoint_audit(key_).has_value());
    write([](WriteTxn& txn) { txn.put(Table::Checkpoints, number_key(kRecords), "nonsense"); });
    EXPECT_TRUE(check().fault.has_value());
}

TEST_F(AuditTest, KeysAreHexOfTheRightSizeAndMatch) {
    EXPECT_EQ(parse_public_key(to_hex(public_key(key_))).value(), public_key(key_));
    EXPECT_EQ(parse_secret_key(to_hex(key_)).value(), key_);
    EXPECT_FALSE(parse_public_key("00").has_value());
    EXPECT_FALSE(parse_secret_key(to_hex(public_key(key_))).has_value());
    AuditSecretKey mixed = key_;
    mixed.back() ^= 1U;
    EXPECT_FALSE(parse_secret_key(to_hex(mixed)).has_value());
}

}  // namespace
}  // namespace fairlist
