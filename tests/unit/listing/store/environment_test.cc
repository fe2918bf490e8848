#include "listing/store/environment.h"

#include "listing/store/bytes.h"
#include "tests/support/scratch_store.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <grp.h>
#include <memory>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace fairlist::store {
namespace {

constexpr std::uint64_t kSmallMap = 1U << 20U;

void put_number(WriteTxn& txn, std::uint32_t number, std::size_t bytes) {
    ByteWriter key;
    key.u32(number);
    txn.put(Table::Names, key.bytes(), std::string(bytes, 'x'));
}

TEST(Environment, MakesAStoreOnce) {
    const test::ScratchStore scratch;
    EnvironmentOptions again = scratch.options();
    again.create = true;
    const auto second = open_environment(again);
    ASSERT_FALSE(second.has_value());
    EXPECT_EQ(second.error().code, Errc::Conflict);
}

TEST(Environment, MissingStoreNamesTheRemedy) {
    EnvironmentOptions options;
    options.path = "/nonexistent/fairlist";
    const auto opened = open_environment(options);
    ASSERT_FALSE(opened.has_value());
    EXPECT_EQ(opened.error().code, Errc::NotFound);
    EXPECT_NE(opened.error().message.find("fairlist init"), std::string::npos);
}

TEST(Environment, SecondOpenInOneProcessIsRefused) {
    const test::ScratchStore scratch;
    EXPECT_FALSE(open_environment(scratch.options()).has_value());
}

struct DamageCase {
    std::string name;
    std::size_t bytes;
};

class DamagedStore : public testing::TestWithParam<DamageCase> {};

// Named once, whole, and left as it was.
TEST_P(DamagedStore, IsNamedAsNoStore) {
    test::ScratchStore scratch;
    scratch.close();
    const auto file = scratch.options().path / "data.mdb";
    std::ofstream(file, std::ios::trunc) << std::string(GetParam().bytes, 'z');
    for (const bool read_only : {false, true}) {
        EnvironmentOptions options = scratch.options();
        options.read_only = read_only;
        const auto opened = open_environment(options);
        ASSERT_FALSE(opened.has_value());
        EXPECT_EQ(opened.error().message,
                  "store " + file.string() + ": is no store of Fairlist, or is damaged");
    }
    EXPECT_EQ(std::filesystem::file_size(file), GetParam().bytes);
}

INSTANTIATE_TEST_SUITE_P(DamagedStore, DamagedStore,
                         testing::Values(DamageCase{"empty", 0}, DamageCase{"foreign", 8192}),
                         [](const auto& param) { return param.param.name; });

// Root may open anything: its tests open as another user.
class AsAStranger {
  public:
    AsAStranger() {
        if (::geteuid() != 0) {
            return;
        }
        groups_.resize(static_cast<std::size_t>(std::max(::getgroups(0, nullptr), 0)));
        stepped_down_ = ::getgroups(static_cast<int>(groups_.size()), groups_.data()) >= 0 &&
                        ::setgroups(0, nullptr) == 0 && ::setegid(65534) == 0 &&
                        ::seteuid(65534) == 0;
        EXPECT_TRUE(stepped_down_);
    }
    ~AsAStranger() {
        if (stepped_down_) {
            EXPECT_EQ(::seteuid(0), 0);
            EXPECT_EQ(::setegid(0), 0);
            EXPECT_EQ(::setgroups(groups_.size(), groups_.data()), 0);
        }
    }
    AsAStranger(const AsAStranger&) = delete;
    AsAStranger& operator=(const AsAStranger&) = delete;

  private:
    std::vector<gid_t> groups_;
    bool stepped_down_ = false;
};

struct DeniedCase {
    std::string name;
    std::string file;  // of the store; empty: the folder
    unsigned mode;
    bool read_only;
    std::string why;
    bool group_helps;
};

class DeniedStore : public testing::TestWithParam<DeniedCase> {};

TEST_P(DeniedStore, NamesTheFileAndTheRemedy) {
    namespace fs = std::filesystem;
    test::ScratchStore scratch;
    scratch.close();
    const fs::path folder = scratch.options().path;
    fs::permissions(folder.parent_path(), fs::perms{0711});
    fs::permissions(folder, fs::perms{0755});
    fs::permissions(folder / "lock.mdb", fs::perms{0666});
    fs::permissions(folder / "data.mdb", fs::perms{0666});
    const fs::path denied = GetParam().file.empty() ? folder : folder / GetParam().file;
    // Without root this process is the owner, whose bits are then those that count.
    fs::permissions(denied, fs::perms{::geteuid() == 0 ? GetParam().mode : GetParam().mode & 077U});
    EnvironmentOptions options = scratch.options();
    options.read_only = GetParam().read_only;
    Result<std::unique_ptr<Environment>> opened;
    {
        const AsAStranger stranger;
        opened = open_environment(options);
    }
    fs::permissions(folder, fs::perms{0755});
    ASSERT_FALSE(opened.has_value());
    const std::string& message = opened.error().message;
    EXPECT_EQ(message.find("store " + denied.string() + ": permission denied" + GetParam().why +
                           "; run as its owner "),
              0U)
        << message;
    EXPECT_EQ(message.find(" or join its group ") != std::string::npos, GetParam().group_helps)
        << message;
}

INSTANTIATE_TEST_SUITE_P(
    DeniedStore, DeniedStore,
    testing::Values(DeniedCase{"folder", "", 0750, true, "", true},
                    DeniedCase{"lock", "lock.mdb", 0660, true,
                               " (reading a store needs write access to its lock file)", true},
                    DeniedCase{"lock_of_the_owner_alone", "lock.mdb", 0640, true,
                               " (reading a store needs write access to its lock file)", false},
                    DeniedCase{"data", "data.mdb", 0640, true, "", true},
                    DeniedCase{"data_to_change", "data.mdb", 0644, false,
                               " (changing a store needs write access to it)", false}),
    [](const auto& param) { return param.param.name; });

TEST(Environment, OtherFormatVersionIsRefused) {
    test::ScratchStore scratch;
    scratch.environment().write([](WriteTxn& txn) {
        ByteWriter version;
        version.u32(kFormatVersion + 1);
        txn.put(Table::Meta, "format", version.bytes());
    });
    scratch.close();
    const auto opened = open_environment(scratch.options());
    ASSERT_FALSE(opened.has_value());
    EXPECT_EQ(opened.error().code, Errc::OutOfRange);
}

// Each was made by the last program that wrote its version.
struct OldStoreRow {
    std::string name;
    std::string folder;
    std::uint32_t version;
    std::uint64_t lists;
    std::uint64_t journal;
    std::uint64_t audit;
    std::uint64_t listings;
};

void PrintTo(const OldStoreRow& row, std::ostream* out) {
    *out << row.name;
}

class OldStore : public testing::TestWithParam<OldStoreRow> {
  protected:
    OldStore() {
        scratch_.close();
        std::filesystem::copy_file(std::filesystem::path(FAIRLIST_SOURCE_DIR) / "tests/cases" /
                                       GetParam().folder / "data.mdb",
                                   scratch_.options().path / "data.mdb",
                                   std::filesystem::copy_options::overwrite_existing);
    }
    test::ScratchStore scratch_;
};

TEST_P(OldStore, IsReadAsItIs) {
    EnvironmentOptions options = scratch_.options();
    options.read_only = true;
    const auto opened = open_environment(options);
    ASSERT_TRUE(opened.has_value()) << opened.error().message;
    const ReadTxn txn(**opened);
    EXPECT_EQ(format_version(txn), GetParam().version);
    EXPECT_EQ(txn.count(Table::Lists), GetParam().lists);
    EXPECT_EQ(txn.count(Table::Journal), GetParam().journal);
    EXPECT_EQ(txn.count(Table::Audit), GetParam().audit);
    EXPECT_EQ(txn.count(Table::Listings), GetParam().listings);
    EXPECT_FALSE(txn.get(Table::Listings, "12345678"));
    EXPECT_EQ(Cursor(txn, Table::Listings).first(), GetParam().listings != 0);
    // What a later version brought is empty.
    EXPECT_EQ(txn.count(Table::Providers), 0U);
    EXPECT_FALSE(txn.get(Table::ProviderSpace, "12345678"));
    EXPECT_FALSE(Cursor(txn, Table::Standings).first());
}

TEST_P(OldStore, IsUpgradedByTheFirstThatWrites) {
    scratch_.open();
    EXPECT_EQ(format_version(ReadTxn(scratch_.environment())), kFormatVersion);
    scratch_.environment().write([](WriteTxn& txn) {
        txn.put(Table::Checkpoints, "12345678", "x");
        txn.put(Table::Listings, "12345678", "x");
        txn.put(Table::Providers, "alpha", "x");
    });
    scratch_.close();
    scratch_.open();
    const ReadTxn txn(scratch_.environment());
    EXPECT_EQ(txn.count(Table::Checkpoints), 1U);
    EXPECT_EQ(txn.count(Table::Listings), GetParam().listings + 1);
    EXPECT_EQ(txn.count(Table::Providers), 1U);
    EXPECT_EQ(txn.count(Table::Journal), GetParam().journal);
    EXPECT_EQ(txn.count(Table::Audit), GetParam().audit);
}

INSTANTIATE_TEST_SUITE_P(Versions, OldStore,
                         testing::Values(OldStoreRow{"one", "store-v1", 1, 3, 7, 0, 0},
                                         OldStoreRow{"two", "store-v2", 2, 2, 6, 7, 0},
                                         OldStoreRow{"three", "store-v3", 3, 2, 3, 8, 1}),
                         [](const auto& row) { return row.param.name; });

TEST(Environment, VaultAndStoreAreNotTakenForEachOther) {
    test::ScratchStore scratch;
    scratch.close();
    EnvironmentOptions options = scratch.options();
    options.schema = Schema::Vault;
    const auto opened = open_environment(options);
    ASSERT_FALSE(opened.has_value());
    EXPECT_EQ(opened.error().code, Errc::Io);
}

TEST(Environment, ForeignFileIsAnErrorNotACrash) {
    test::ScratchStore scratch;
    scratch.close();
    std::ofstream(scratch.options().path / "data.mdb", std::ios::trunc) << std::string(8192, 'z');
    EXPECT_FALSE(open_environment(scratch.options()).has_value());
}

TEST(Environment, FullMapGrowsAndLosesNothing) {
    test::ScratchStore scratch(kSmallMap);
    for (std::uint32_t batch = 0; batch < 20; ++batch) {
        scratch.environment().write([&](WriteTxn& txn) {
            for (std::uint32_t i = 0; i < 20; ++i) {
                put_number(txn, batch * 20 + i, 20000);
            }
        });
    }
    const ReadTxn txn(scratch.environment());
    EXPECT_EQ(txn.count(Table::Names), 400U);
    EXPECT_GT(scratch.environment().status().map_bytes, kSmallMap);
}

TEST(Environment, FailedChangeLeavesNothing) {
    test::ScratchStore scratch;
    EXPECT_THROW(scratch.environment().write([](WriteTxn& txn) {
        put_number(txn, 1, 10);
        throw StoreError("on purpose");
    }),
                 StoreError);
    const ReadTxn txn(scratch.environment());
    EXPECT_EQ(txn.count(Table::Names), 0U);
}

TEST(Environment, SnapshotKeepsWhatItSees) {
    test::ScratchStore scratch;
    Snapshot snapshot(scratch.environment());
    snapshot.begin();
    scratch.environment().write([](WriteTxn& txn) { put_number(txn, 1, 10); });
    EXPECT_EQ(snapshot.count(Table::Names), 0U);
    snapshot.end();
    snapshot.begin();
    EXPECT_EQ(snapshot.count(Table::Names), 1U);
    snapshot.end();
}

// The map moves only while no reader is inside: readers check a value that would be torn else.
TEST(Environment, ReadersGoOnWhileTheMapGrows) {
    test::ScratchStore scratch(kSmallMap);
    std::atomic<bool> stop{false};
    std::atomic<std::uint64_t> rounds{0};
    std::vector<std::thread> readers;
    for (int i = 0; i < 2; ++i) {
        readers.emplace_back([&] {
            Snapshot snapshot(scratch.environment());
            while (!stop.load()) {
                snapshot.begin();
                ByteWriter key;
                key.u32(0);
                if (const auto value = snapshot.get(Table::Names, key.bytes())) {
                    EXPECT_EQ(*value, std::string(20000, 'x'));
                }
                snapshot.end();
                ++rounds;
            }
        });
    }
    for (std::uint32_t batch = 0; batch < 30; ++batch) {
        scratch.environment().write([&](WriteTxn& txn) {
            for (std::uint32_t i = 0; i < 20; ++i) {
                put_number(txn, batch * 20 + i, 20000);
            }
        });
    }
    stop = true;
    for (std::thread& reader : readers) {
        reader.join();
    }
    EXPECT_GT(rounds.load(), 0U);
}

// Another process writes past our map; we adopt its size.
TEST(Environment, OtherProcessMayGrowTheMap) {
    test::ScratchStore scratch(kSmallMap);
    scratch.close();
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        scratch.open();
        // Waits until the parent has its smaller map open.
        for (int i = 0; i < 400 && !std::filesystem::exists(scratch.options().path / "go"); ++i) {
            usleep(10000);
        }
        for (std::uint32_t batch = 0; batch < 20; ++batch) {
            scratch.environment().write([&](WriteTxn& txn) {
                for (std::uint32_t i = 0; i < 20; ++i) {
                    put_number(txn, batch * 20 + i, 20000);
                }
            });
        }
        _exit(0);
    }
    scratch.open();
    Snapshot snapshot(scratch.environment());
    snapshot.begin();
    snapshot.end();
    std::ofstream(scratch.options().path / "go") << "go";
    int status = -1;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_EQ(status, 0);
    snapshot.begin();
    EXPECT_EQ(snapshot.count(Table::Names), 400U);
    snapshot.end();
}

// A reader that was killed pins its pages until its slot is cleared.
TEST(Environment, DeadReadersAreCleared) {
    test::ScratchStore scratch;
    scratch.close();
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        scratch.open();
        Snapshot snapshot(scratch.environment());
        snapshot.begin();
        kill(getpid(), SIGKILL);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));
    // Opening checks the readers: afterwards there is none left to clear.
    scratch.open();
    EXPECT_EQ(scratch.environment().check_readers(), 0U);
}

}  // namespace
}  // namespace fairlist::store
