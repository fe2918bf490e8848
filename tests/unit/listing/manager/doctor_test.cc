#include "listing/manager/manager.h"
#include "listing/manager/provider_book.h"
#include "listing/store/bytes.h"
#include "listing/store/records.h"
#include "tests/support/scratch_store.h"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace fairlist {
namespace {

using store::Bytes;
using store::number_key;
using store::Table;
using store::WriteTxn;

class DoctorTest : public testing::Test {
  public:
    DoctorTest() {
        make();
        std::mt19937 random(7);  // NOLINT(cert-msc51-cpp): the same store every time
        ImportSet set;
        for (int i = 0; i < 3000; ++i) {
            const auto v4 = static_cast<std::uint32_t>(0x0B000000U + random() % 0x40000U);
            const unsigned length = 120 + static_cast<unsigned>(random() % 9);
            set.add(Prefix::of(Address::from_v4(v4), length), random() % 9 == 0, {}, 0, "", {});
        }
        EXPECT_TRUE(manager_->apply({"test"}, "sbl", "bulk", set, std::nullopt, nullptr));
        add("sbl", ListKind::Address, "2001:db9::/48");
        add("dbl", ListKind::Domain, "*.spam.example");
        add("hbl", ListKind::Hash, std::string(40, 'a'));
        ProviderBook book(store_.environment(), {});
        Provider provider;
        provider.slug = "alpha";
        EXPECT_TRUE(book.add({"test"}, provider));
        const std::vector<Prefix> held = {*parse_prefix("11.0.0.0/16")};
        EXPECT_EQ(book.add_space({"test"}, "alpha", held, false).value().added, 1U);
    }

    void make() {
        Manager::Options options;
        for (const auto& [name, kind] :
             {std::pair("sbl", ListKind::Address), std::pair("dbl", ListKind::Domain),
              std::pair("hbl", ListKind::Hash)}) {
            ListSpec list;
            list.name = name;
            list.kind = kind;
            options.lists.push_back(list);
        }
        manager_ = std::make_unique<Manager>(store_.environment(), options);
    }
    void add(std::string_view list, ListKind kind, std::string_view subject) {
        const auto added = manager_->add({"test"}, list, "manual",
                                         {*parse_subject(kind, subject), false, {}, 0, "why", {}});
        EXPECT_TRUE(added.has_value());
    }
    // The first record of the table, changed.
    void harm(Table table, void (*change)(std::string& key, std::string& value)) {
        store_.environment().write([&](WriteTxn& txn) {
            store::Cursor cursor(txn, table);
            ASSERT_TRUE(cursor.first());
            const std::string old_key(cursor.key());
            std::string key = old_key;
            std::string value(cursor.value());
            change(key, value);
            txn.erase(table, old_key);
            if (!value.empty()) {
                txn.put(table, key, value);
            }
        });
    }

    test::ScratchStore store_;
    std::unique_ptr<Manager> manager_;
};

TEST_F(DoctorTest, AWholeStoreHasNoFault) {
    const DoctorReport report = manager_->examine();
    EXPECT_EQ(report.fault_count, 0U) << report.faults.front();
    EXPECT_EQ(report.addresses,
              manager_->lists().at(0).entries + manager_->lists().at(0).exemptions);
    EXPECT_GT(report.nodes, 4U);
    EXPECT_EQ(report.names, 1U);
    EXPECT_EQ(report.digests, 1U);
    EXPECT_EQ(report.commits, manager_->status().journal_head);
    EXPECT_EQ(report.providers, 1U);
    EXPECT_EQ(report.provider_ranges, 1U);
    EXPECT_EQ(report.audit_records, manager_->audit_head().number);
}

// In a block the list bits begin at byte 16, the keys at byte 24 (FORMAT.md).
void swap_keys(std::string&, std::string& value) {
    std::swap(value[24], value[value.size() > 200 ? 60 : 25]);
}
void change_key_bit(std::string&, std::string& value) {
    value[25] = static_cast<char>(value[25] ^ 0x40);
}
void change_list_bits(std::string&, std::string& value) {
    value[16] = static_cast<char>(value[16] ^ 0x01);
}
void cut_value(std::string&, std::string& value) {
    value.pop_back();
}
void drop(std::string&, std::string& value) {
    value.clear();
}
void move_node(std::string& key, std::string&) {
    key[key.size() - 1] = 124;
}
void lengthen_key(std::string& key, std::string&) {
    key += 'x';
}
void change_a_count(std::string&, std::string& value) {
    value[0] = static_cast<char>(value[0] + 1);
}
void change_time(std::string&, std::string& value) {
    value[2] = static_cast<char>(value[2] ^ 1);
}

struct Harm {
    const char* name;
    Table table;
    void (*change)(std::string& key, std::string& value);
    const char* what;  // part of a fault
};

class HarmedStore : public DoctorTest, public testing::WithParamInterface<Harm> {};

TEST_P(HarmedStore, IsNamed) {
    harm(GetParam().table, GetParam().change);
    const DoctorReport report = manager_->examine();
    EXPECT_GT(report.fault_count, 0U);
    std::string all;
    for (const std::string& fault : report.faults) {
        all += fault + "\n";
    }
    EXPECT_NE(all.find(GetParam().what), std::string::npos) << all;
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, HarmedStore,
    testing::Values(
        Harm{"block_cut", Table::Nodes, cut_value, "block is malformed"},
        Harm{"provider_lost", Table::Providers, drop, "there is no such provider"},
        Harm{"provider_cut", Table::Providers, cut_value, "alpha is malformed"},
        Harm{"range_cut", Table::ProviderSpace, cut_value, "range 11.0.0.0/16 is malformed"},
        Harm{"range_of_no_prefix", Table::ProviderSpace, lengthen_key, "has no prefix as its key"},
        Harm{"block_lost", Table::Nodes, drop, "counts: "},
        Harm{"key_bit", Table::Nodes, change_key_bit, "node "},
        Harm{"keys_swapped", Table::Nodes, swap_keys, "node "},
        Harm{"list_bits", Table::Nodes, change_list_bits, "list bits"},
        Harm{"node_moved", Table::Nodes, move_node, "node "},
        Harm{"marks_cut", Table::Names, cut_value, "marks are malformed"},
        Harm{"digest_lost", Table::Digests, drop, "counts: "},
        Harm{"verdict_lost", Table::Verdicts, drop, "is not there"},
        Harm{"verdict_changed", Table::Verdicts, change_time, "verdict"},
        Harm{"hash_lost", Table::VerdictIds, drop, "verdict"},
        Harm{"count_changed", Table::Counts, change_a_count, "counts: "},
        Harm{"commit_cut", Table::Journal, cut_value, "journal: "},
        Harm{"commit_lost", Table::Journal, drop, "journal: "},
        Harm{"audit_changed", Table::Audit, change_time, "audit: record 1 "}),
    [](const auto& param) { return param.param.name; });

// Killed at any instant: index, counts, journal and audit log are all of the same commit.
TEST_F(DoctorTest, AWriterThatIsKilledLeavesTheStoreWhole) {
    constexpr int kRounds = 25;
    std::mt19937 random(11);  // NOLINT(cert-msc51-cpp)
    store_.close();
    manager_.reset();
    for (int round = 0; round < kRounds; ++round) {
        const pid_t child = fork();
        ASSERT_GE(child, 0);
        if (child == 0) {
            store_.open();
            make();
            for (std::uint32_t i = 0; i < 100000; ++i) {
                const auto v4 = 0x0C000000U + static_cast<std::uint32_t>(round) * 100000U + i;
                const NewEntry entry{
                    Prefix::single(Address::from_v4(v4)), false, {}, 0, std::to_string(i % 7), {}};
                static_cast<void>(manager_->add({"test"}, "sbl", "manual", entry));
            }
            _exit(0);
        }
        usleep(static_cast<useconds_t>(2000 + random() % 60000));
        kill(child, SIGKILL);
        int status = 0;
        ASSERT_EQ(waitpid(child, &status, 0), child);
        store_.open();
        make();
        const DoctorReport report = manager_->examine();
        ASSERT_EQ(report.fault_count, 0U) << report.faults.front();
        ASSERT_EQ(report.commits, manager_->status().journal_head);
        // Three lists, a provider and its space, then one record for each commit.
        ASSERT_EQ(report.audit_records, report.commits + 3);
        manager_.reset();
        store_.close();
    }
    store_.open();
}

}  // namespace
}  // namespace fairlist
