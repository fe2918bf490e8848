#include "tests/bench/commit_loop.h"

#include "tests/bench/load_socket.h"
#include "tests/bench/random.h"

#include <lmdb.h>

#include <stdexcept>
#include <string>

namespace fairlist::bench {

namespace {

constexpr std::size_t kMapBytes = std::size_t{8} << 30U;
constexpr std::uint64_t kSeed = 11;

void require(int code) {
    if (code != MDB_SUCCESS) {
        throw std::runtime_error(std::string("LMDB: ") + mdb_strerror(code));
    }
}

class BareStore {
  public:
    explicit BareStore(const std::filesystem::path& folder) {
        require(mdb_env_create(&env_));
        require(mdb_env_set_mapsize(env_, kMapBytes));
        require(mdb_env_open(env_, folder.c_str(), MDB_NOTLS, 0600));
        MDB_txn* txn = nullptr;
        require(mdb_txn_begin(env_, nullptr, 0, &txn));
        require(mdb_dbi_open(txn, nullptr, MDB_INTEGERKEY, &table_));
        require(mdb_txn_commit(txn));
    }
    BareStore(const BareStore&) = delete;
    BareStore& operator=(const BareStore&) = delete;
    ~BareStore() { mdb_env_close(env_); }

    void commit(std::uint64_t number, std::string& value) {
        MDB_val key{sizeof number, &number};
        MDB_val data{value.size(), value.data()};
        MDB_txn* txn = nullptr;
        require(mdb_txn_begin(env_, nullptr, 0, &txn));
        require(mdb_put(txn, table_, &key, &data, MDB_APPEND));
        require(mdb_txn_commit(txn));
    }

  private:
    MDB_env* env_ = nullptr;
    MDB_dbi table_ = 0;
};

}  // namespace

CommitCount run_commit_loop(const std::filesystem::path& folder, std::size_t bytes,
                            double seconds) {
    BareStore store(folder);
    std::string value(bytes, '\0');
    Random random(kSeed);
    for (char& byte : value) {
        byte = static_cast<char>(random.below(256));
    }
    CommitCount count;
    const std::uint64_t start = now_ns();
    while (count.seconds < seconds) {
        store.commit(count.commits++, value);
        count.seconds = static_cast<double>(now_ns() - start) / 1e9;
    }
    return count;
}

}  // namespace fairlist::bench
