// Environment: the LMDB file of a store; the only door to it. Layout: FORMAT.md.
#pragma once

#include "listing/base/result.h"
#include "listing/store/table.h"

#include <array>
#include <atomic>
#include <bitset>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

struct MDB_env;
struct MDB_txn;
struct MDB_cursor;

namespace fairlist::store {

using Bytes = std::string_view;

// The environment is broken: disk full, unreadable or corrupt file, out of reader slots.
class StoreError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

// The map is full: the transaction is lost, the environment stays usable. Environment::write()
// grows the map and tries again.
class MapFull : public StoreError {
  public:
    using StoreError::StoreError;
};

struct EnvironmentOptions {
    std::filesystem::path path;  // a folder, made when `create`
    Schema schema = Schema::Store;
    std::uint64_t map_bytes = 64ULL << 30U;
    std::uint32_t readers_max = 1024;
    bool create = false;     // make a new store; an existing one is an error
    bool read_only = false;  // the DNS role, and tools that only look
};

class Environment;

// Lets many transactions through, and none while the map moves. Entering is one atomic increment:
// LMDB does not check that no transaction is active when the map is resized, so we must.
class MapGate {
  public:
    void enter() noexcept;
    void leave() noexcept;
    // Runs `resize` while nobody is inside. Requires: the caller is not inside.
    void exclusively(const std::function<void()>& resize);
    // Counts the moves of the map: pointers into it die when this changes.
    [[nodiscard]] std::uint64_t generation() const noexcept { return generation_.load(); }

  private:
    std::atomic<std::uint32_t> inside_{0};
    std::atomic<bool> closed_{false};
    std::atomic<std::uint64_t> generation_{1};
};

// The reading half of a transaction. Lifetime: the bytes that it gives stay valid until it ends,
// in a write transaction only until its next change.
class Txn {
  public:
    Txn(const Txn&) = delete;
    Txn& operator=(const Txn&) = delete;
    virtual ~Txn() = default;

    [[nodiscard]] std::optional<Bytes> get(Table table, Bytes key) const;
    [[nodiscard]] std::uint64_t count(Table table) const;
    // The commit that it sees; grows with every commit of any process.
    [[nodiscard]] std::uint64_t id() const noexcept;
    [[nodiscard]] const Environment& environment() const noexcept { return *environment_; }

  protected:
    explicit Txn(Environment& environment) noexcept : environment_(&environment) {}

    friend class Cursor;
    Environment* environment_;
    MDB_txn* handle_ = nullptr;
};

// A snapshot. It pins the pages that it sees: scoped, short, never a member of something that
// lives on (except through Snapshot).
class ReadTxn final : public Txn {
  public:
    explicit ReadTxn(Environment& environment);
    ~ReadTxn() override;
};

// A snapshot that one thread renews again and again without allocating: begin() ... end().
class Snapshot final : public Txn {
  public:
    explicit Snapshot(Environment& environment) noexcept : Txn(environment) {}
    ~Snapshot() override;

    // Throws StoreError when the store cannot be read.
    void begin();
    void end() noexcept;
    [[nodiscard]] bool active() const noexcept { return active_; }

  private:
    bool active_ = false;
};

// The only one that writes, in all processes. Ends without effect unless committed.
class WriteTxn final : public Txn {
  public:
    explicit WriteTxn(Environment& environment);
    ~WriteTxn() override;

    void put(Table table, Bytes key, Bytes value);
    // As put, for a key behind all others of the table: fills pages to the brim.
    void append(Table table, Bytes key, Bytes value);
    // Returns whether there was one.
    bool erase(Table table, Bytes key);
    // Durable when it returns (full sync).
    void commit();
};

// Walks the keys of a table in byte order.
class Cursor {
  public:
    Cursor(const Txn& txn, Table table);
    ~Cursor();
    Cursor(const Cursor&) = delete;
    Cursor& operator=(const Cursor&) = delete;

    // Binds a cursor of a Snapshot to its present begin(); allocates nothing.
    void renew(const Snapshot& snapshot);

    // Each returns whether it stands on a key.
    bool first();
    bool last();
    bool next();
    bool previous();
    bool seek(Bytes key);           // the key itself
    bool seek_at_least(Bytes key);  // the first key not before it

    [[nodiscard]] Bytes key() const noexcept { return key_; }
    [[nodiscard]] Bytes value() const noexcept { return value_; }

  private:
    bool move(int operation, Bytes key);

    MDB_cursor* handle_ = nullptr;  // null: the store is older than the table
    Bytes key_;
    Bytes value_;
};

struct EnvironmentStatus {
    std::uint64_t map_bytes = 0;
    std::uint64_t used_bytes = 0;  // pages in use, free ones inside the file included
    std::uint64_t last_txn = 0;
    std::uint32_t readers = 0;
};

// One per process and path: LMDB's file locks die when a second one is closed.
class Environment {
  public:
    explicit Environment(const EnvironmentOptions& options);
    ~Environment();
    Environment(const Environment&) = delete;
    Environment& operator=(const Environment&) = delete;

    // Runs `change` in a write transaction and commits it. When the map is full it is doubled and
    // `change` runs again from the start, so it must not keep results of a failed try.
    void write(const std::function<void(WriteTxn&)>& change);

    // Frees the reader slots of dead processes; until then their pages stay pinned. Returns how
    // many there were. Call it at start and every few seconds while writing.
    unsigned check_readers();

    [[nodiscard]] EnvironmentStatus status() const;
    [[nodiscard]] const std::filesystem::path& path() const noexcept { return options_.path; }
    [[nodiscard]] MapGate& gate() noexcept { return gate_; }
    [[nodiscard]] const MapGate& gate() const noexcept { return gate_; }
    [[nodiscard]] Schema schema() const noexcept { return options_.schema; }
    [[nodiscard]] bool is_read_only() const noexcept { return options_.read_only; }
    // Whether another file has taken the place of the one that is open (a restored backup).
    [[nodiscard]] bool is_replaced() const noexcept;
    // Takes over the size that another process gave the map.
    void adopt_map_size();

    // LMDB's own handles, for this folder.
    [[nodiscard]] MDB_env* handle() const noexcept { return env_; }
    [[nodiscard]] unsigned table(Table table) const noexcept {
        return tables_[static_cast<std::size_t>(table)];
    }
    // A store of an older version, opened for reading, lacks the tables that came later: they are
    // empty to who reads.
    [[nodiscard]] bool has(Table table) const noexcept {
        return open_[static_cast<std::size_t>(table)];
    }

  private:
    friend Result<std::unique_ptr<Environment>> open_environment(const EnvironmentOptions& options);

    void open_tables();
    void upgrade();
    void grow_map();

    EnvironmentOptions options_;
    MDB_env* env_ = nullptr;
    std::array<unsigned, kTableCount> tables_{};
    std::bitset<kTableCount> open_;
    MapGate gate_;
};

// Of the store's bytes, which may be older than kFormatVersion while nobody has written; 0: none.
[[nodiscard]] std::uint32_t format_version(const Txn& txn);

// Errors: NotFound (no store there, or not made by us), Conflict (exists already, or this process
// has it open), OutOfRange (format version that this program does not know), Io.
[[nodiscard]] Result<std::unique_ptr<Environment>> open_environment(
    const EnvironmentOptions& options);

}  // namespace fairlist::store
