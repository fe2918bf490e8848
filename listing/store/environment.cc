#include "listing/store/environment.h"

#include "listing/base/check.h"
#include "listing/store/bytes.h"
#include "listing/store/open_failure.h"

#include <fmt/format.h>
#include <lmdb.h>

#include <array>
#include <cerrno>
#include <mutex>
#include <set>
#include <sys/stat.h>
#include <thread>

namespace fairlist::store {

namespace {

constexpr Bytes kFormatKey = "format";
constexpr unsigned kGrowTriesMax = 24;  // doubling so often passes any disk
constexpr mdb_mode_t kFileMode = 0640;
// With less than this left, an I/O error is put down to a full disk.
constexpr std::uintmax_t kFullDiskBytes = 1U << 20U;

[[noreturn]] void raise(const char* what, int code) {
    const std::string message = fmt::format("store: {}: {}", what, mdb_strerror(code));
    if (code == MDB_MAP_FULL) {
        throw MapFull(message);
    }
    throw StoreError(message);
}

void require(const char* what, int code) {
    if (code != MDB_SUCCESS) {
        raise(what, code);
    }
}

// As require(), for what takes space on the disk: a full one is named, with what is left. LMDB
// tells a write cut short by it as EIO.
void require_written(const char* what, int code, const std::filesystem::path& path) {
    if (code != ENOSPC && code != EDQUOT && code != EIO) {
        return require(what, code);
    }
    std::error_code ignored;
    const std::uintmax_t left = std::filesystem::space(path, ignored).available;
    if (code == EIO && (ignored || left > kFullDiskBytes)) {
        return require(what, code);
    }
    throw StoreError(
        fmt::format("store {}: the disk is full ({} KiB left): nothing was changed; "
                    "free some space and try again",
                    path.string(), left / 1024));
}

MDB_val to_val(Bytes bytes) noexcept {
    // LMDB takes keys and values as void* and does not write through them.
    return {bytes.size(),
            const_cast<char*>(bytes.data())};  // NOLINT(cppcoreguidelines-pro-type-const-cast)
}

Bytes to_bytes(const MDB_val& value) noexcept {
    return {static_cast<const char*>(value.mv_data), value.mv_size};
}

// Paths that this process has open.
class OpenPaths {
  public:
    bool add(const std::filesystem::path& path) {
        const std::lock_guard lock(mutex_);
        return paths_.insert(path).second;
    }
    void remove(const std::filesystem::path& path) {
        const std::lock_guard lock(mutex_);
        paths_.erase(path);
    }

  private:
    std::mutex mutex_;
    std::set<std::filesystem::path> paths_;
};

OpenPaths& open_paths() {
    static OpenPaths paths;
    return paths;
}

// "store: get: ..." is of whichever store was opened: its name goes in, unless it stands there.
std::string located(const std::string& store, std::string_view what) {
    constexpr std::string_view kUnnamed = "store: ";
    if (!what.starts_with(kUnnamed)) {
        return std::string(what);
    }
    return fmt::format("store {}: {}", store, what.substr(kUnnamed.size()));
}

}  // namespace

void MapGate::enter() noexcept {
    while (true) {
        inside_.fetch_add(1);
        if (!closed_.load()) [[likely]] {
            return;
        }
        inside_.fetch_sub(1);
        while (closed_.load()) {
            std::this_thread::yield();
        }
    }
}

void MapGate::leave() noexcept {
    inside_.fetch_sub(1);
}

void MapGate::exclusively(const std::function<void()>& resize) {
    bool open = false;
    while (!closed_.compare_exchange_weak(open, true)) {
        open = false;
        std::this_thread::yield();
    }
    while (inside_.load() != 0) {
        std::this_thread::yield();
    }
    try {
        resize();
    } catch (...) {
        closed_.store(false);
        throw;
    }
    generation_.fetch_add(1);
    closed_.store(false);
}

std::optional<Bytes> Txn::get(Table table, Bytes key) const {
    if (!environment_->has(table)) {
        return std::nullopt;
    }
    MDB_val key_value = to_val(key);
    MDB_val value{};
    const int code = mdb_get(handle_, environment_->table(table), &key_value, &value);
    if (code == MDB_NOTFOUND) {
        return std::nullopt;
    }
    require("get", code);
    return to_bytes(value);
}

std::uint64_t Txn::count(Table table) const {
    if (!environment_->has(table)) {
        return 0;
    }
    MDB_stat stat{};
    require("stat", mdb_stat(handle_, environment_->table(table), &stat));
    return stat.ms_entries;
}

std::uint64_t Txn::id() const noexcept {
    return mdb_txn_id(handle_);
}

ReadTxn::ReadTxn(Environment& environment) : Txn(environment) {
    for (int round = 0;; ++round) {
        environment.gate().enter();
        const int code = mdb_txn_begin(environment.handle(), nullptr, MDB_RDONLY, &handle_);
        if (code == MDB_SUCCESS) {
            return;
        }
        environment.gate().leave();
        if (round != 0) {
            raise("begin reading", code);
        }
        if (code == MDB_MAP_RESIZED) {
            environment.adopt_map_size();
        } else if (code == MDB_READERS_FULL) {
            environment.check_readers();
        } else {
            raise("begin reading", code);
        }
    }
}

ReadTxn::~ReadTxn() {
    mdb_txn_abort(handle_);
    environment_->gate().leave();
}

Snapshot::~Snapshot() {
    end();
    if (handle_ != nullptr) {
        mdb_txn_abort(handle_);
    }
}

void Snapshot::begin() {
    FAIRLIST_CHECK(!active_);
    for (int round = 0;; ++round) {
        environment_->gate().enter();
        const int code = handle_ == nullptr
                             ? mdb_txn_begin(environment_->handle(), nullptr, MDB_RDONLY, &handle_)
                             : mdb_txn_renew(handle_);
        if (code == MDB_SUCCESS) [[likely]] {
            active_ = true;
            return;
        }
        environment_->gate().leave();
        if (round != 0 || (code != MDB_MAP_RESIZED && code != MDB_READERS_FULL)) {
            raise("begin reading", code);
        }
        if (code == MDB_MAP_RESIZED) {
            environment_->adopt_map_size();
        } else {
            environment_->check_readers();
        }
    }
}

void Snapshot::end() noexcept {
    if (active_) {
        mdb_txn_reset(handle_);
        active_ = false;
        environment_->gate().leave();
    }
}

WriteTxn::WriteTxn(Environment& environment) : Txn(environment) {
    for (int round = 0;; ++round) {
        environment.gate().enter();
        const int code = mdb_txn_begin(environment.handle(), nullptr, 0, &handle_);
        if (code == MDB_SUCCESS) {
            return;
        }
        environment.gate().leave();
        if (round != 0 || code != MDB_MAP_RESIZED) {
            raise("begin writing", code);
        }
        environment.adopt_map_size();
    }
}

WriteTxn::~WriteTxn() {
    if (handle_ != nullptr) {
        mdb_txn_abort(handle_);
        environment_->gate().leave();
    }
}

void WriteTxn::put(Table table, Bytes key, Bytes value) {
    MDB_val key_value = to_val(key);
    MDB_val data = to_val(value);
    require_written("put", mdb_put(handle_, environment_->table(table), &key_value, &data, 0),
                    environment_->path());
}

void WriteTxn::append(Table table, Bytes key, Bytes value) {
    MDB_val key_value = to_val(key);
    MDB_val data = to_val(value);
    require_written("append",
                    mdb_put(handle_, environment_->table(table), &key_value, &data, MDB_APPEND),
                    environment_->path());
}

bool WriteTxn::erase(Table table, Bytes key) {
    MDB_val key_value = to_val(key);
    const int code = mdb_del(handle_, environment_->table(table), &key_value, nullptr);
    if (code == MDB_NOTFOUND) {
        return false;
    }
    require_written("erase", code, environment_->path());
    return true;
}

void WriteTxn::commit() {
    // The handle ends with the call, also when it fails.
    MDB_txn* handle = handle_;
    handle_ = nullptr;
    const int code = mdb_txn_commit(handle);
    environment_->gate().leave();
    require_written("commit", code, environment_->path());
}

Cursor::Cursor(const Txn& txn, Table table) {
    if (!txn.environment_->has(table)) {
        return;
    }
    require("open a cursor",
            mdb_cursor_open(txn.handle_, txn.environment_->table(table), &handle_));
}

Cursor::~Cursor() {
    if (handle_ != nullptr) {
        mdb_cursor_close(handle_);
    }
}

void Cursor::renew(const Snapshot& snapshot) {
    require("renew a cursor", mdb_cursor_renew(snapshot.handle_, handle_));
}

bool Cursor::move(int operation, Bytes key) {
    if (handle_ == nullptr) {
        return false;
    }
    MDB_val key_value = to_val(key);
    MDB_val value{};
    const int code =
        mdb_cursor_get(handle_, &key_value, &value, static_cast<MDB_cursor_op>(operation));
    if (code == MDB_NOTFOUND) {
        return false;
    }
    require("move a cursor", code);
    key_ = to_bytes(key_value);
    value_ = to_bytes(value);
    return true;
}

bool Cursor::first() {
    return move(MDB_FIRST, {});
}
bool Cursor::last() {
    return move(MDB_LAST, {});
}
bool Cursor::next() {
    return move(MDB_NEXT, {});
}
bool Cursor::previous() {
    return move(MDB_PREV, {});
}
bool Cursor::seek(Bytes key) {
    return move(MDB_SET_KEY, key);
}
bool Cursor::seek_at_least(Bytes key) {
    return move(MDB_SET_RANGE, key);
}

Environment::Environment(const EnvironmentOptions& options) : options_(options) {
    if (!open_paths().add(options_.path)) {
        throw StoreError(
            fmt::format("store {}: this process has it open already", options_.path.string()));
    }
    try {
        require("create an environment", mdb_env_create(&env_));
        require("set the map size", mdb_env_set_mapsize(env_, options_.map_bytes));
        require("set the number of readers", mdb_env_set_maxreaders(env_, options_.readers_max));
        require("set the number of tables", mdb_env_set_maxdbs(env_, kTableCount));
        const unsigned flags = MDB_NOTLS | (options_.read_only ? MDB_RDONLY : 0U);
        if (const int code = mdb_env_open(env_, options_.path.c_str(), flags, kFileMode);
            code != MDB_SUCCESS) {
            throw StoreError(open_failure(options_.path, code, options_.read_only));
        }
        if (options_.create) {
            // Readers write their slot into it, so who may read the store needs this too.
            std::filesystem::permissions(options_.path / "lock.mdb",
                                         std::filesystem::perms::group_write,
                                         std::filesystem::perm_options::add);
        }
        check_readers();
        open_tables();
    } catch (...) {
        mdb_env_close(env_);
        open_paths().remove(options_.path);
        throw;
    }
}

Environment::~Environment() {
    mdb_env_close(env_);
    open_paths().remove(options_.path);
}

namespace {

bool is_of(std::size_t table, Schema schema) noexcept {
    return belongs_to(static_cast<Table>(table), schema);
}

}  // namespace

void Environment::open_tables() {
    MDB_txn* txn = nullptr;
    const bool creates = options_.create;
    require("open the tables", mdb_txn_begin(env_, nullptr, creates ? 0 : MDB_RDONLY, &txn));
    for (std::size_t i = 0; i < kTableCount; ++i) {
        if (!is_of(i, options_.schema)) {
            continue;
        }
        const bool has_integer_keys = static_cast<Table>(i) == Table::Verdicts;
        const unsigned flags =
            (creates ? MDB_CREATE : 0U) | (has_integer_keys ? MDB_INTEGERKEY : 0U);
        const int code = mdb_dbi_open(txn, tables()[i].name, flags, &tables_[i]);
        if (code == MDB_NOTFOUND && tables()[i].since > 1) {
            continue;
        }
        if (code != MDB_SUCCESS) {
            mdb_txn_abort(txn);
            throw StoreError(open_failure(options_.path, code, options_.read_only));
        }
        open_.set(i);
    }
    require("open the tables", mdb_txn_commit(txn));
}

// Each version so far brought tables, which were empty. One transaction, so that a program that is
// killed here leaves the store of either version.
void Environment::upgrade() {
    MDB_txn* txn = nullptr;
    require("upgrade the store", mdb_txn_begin(env_, nullptr, 0, &txn));
    ByteWriter version;
    version.u32(format_version_of(options_.schema));
    MDB_val key = to_val(kFormatKey);
    MDB_val value = to_val(version.bytes());
    int code = mdb_put(txn, table(Table::Meta), &key, &value, 0);
    for (std::size_t i = 0; i < kTableCount && code == MDB_SUCCESS; ++i) {
        if (is_of(i, options_.schema) && !open_[i]) {
            code = mdb_dbi_open(txn, tables()[i].name, MDB_CREATE, &tables_[i]);
        }
    }
    if (code != MDB_SUCCESS) {
        mdb_txn_abort(txn);
        require_written("upgrade the store", code, options_.path);
    }
    require_written("upgrade the store", mdb_txn_commit(txn), options_.path);
    for (std::size_t i = 0; i < kTableCount; ++i) {
        open_[i] = is_of(i, options_.schema);
    }
}

void Environment::write(const std::function<void(WriteTxn&)>& change) {
    for (unsigned round = 0;; ++round) {
        try {
            WriteTxn txn(*this);
            change(txn);
            txn.commit();
            return;
        } catch (const MapFull&) {
            if (round == kGrowTriesMax) {
                throw;
            }
        }
        grow_map();
    }
}

void Environment::grow_map() {
    gate_.exclusively([this] {
        MDB_envinfo info{};
        require("read the map size", mdb_env_info(env_, &info));
        require("grow the map", mdb_env_set_mapsize(env_, info.me_mapsize * 2));
    });
}

void Environment::adopt_map_size() {
    gate_.exclusively([this] { require("adopt the map size", mdb_env_set_mapsize(env_, 0)); });
}

bool Environment::is_replaced() const noexcept {
    mdb_filehandle_t opened = -1;
    struct stat mine{};
    struct stat there{};
    const std::filesystem::path file = options_.path / "data.mdb";
    if (mdb_env_get_fd(env_, &opened) != MDB_SUCCESS || ::fstat(opened, &mine) != 0) {
        return false;
    }
    return ::stat(file.c_str(), &there) != 0 || there.st_ino != mine.st_ino ||
           there.st_dev != mine.st_dev;
}

unsigned Environment::check_readers() {
    int dead = 0;
    require("check the readers", mdb_reader_check(env_, &dead));
    return static_cast<unsigned>(dead);
}

EnvironmentStatus Environment::status() const {
    MDB_envinfo info{};
    MDB_stat stat{};
    require("read the status", mdb_env_info(env_, &info));
    require("read the status", mdb_env_stat(env_, &stat));
    return {info.me_mapsize, (info.me_last_pgno + 1) * std::uint64_t{stat.ms_psize},
            info.me_last_txnid, info.me_numreaders};
}

std::uint32_t format_version(const Txn& txn) {
    ByteReader reader(txn.get(Table::Meta, kFormatKey).value_or(Bytes{}));
    const std::uint32_t version = reader.u32();
    return reader.ok() ? version : 0;
}

Result<std::unique_ptr<Environment>> open_environment(const EnvironmentOptions& options) {
    const std::string name = options.path.string();
    std::error_code error;
    const bool exists = std::filesystem::exists(options.path / "data.mdb", error);
    if (error) {
        return fail(Errc::Io, open_failure(options.path, error.value(), options.read_only));
    }
    if (options.create && exists) {
        return fail(Errc::Conflict,
                    fmt::format("store {}: exists already, and stays as it is", name));
    }
    if (!options.create && !exists) {
        return fail(Errc::NotFound,
                    fmt::format("store {}: there is none; make it with \"fairlist init\"", name));
    }
    // LMDB would take an empty file for a new store.
    if (exists && std::filesystem::is_empty(options.path / "data.mdb", error)) {
        return fail(Errc::Io, open_failure(options.path, MDB_INVALID, options.read_only));
    }
    if (options.create) {
        std::filesystem::create_directories(options.path, error);
        if (error) {
            return fail(Errc::Io, fmt::format("store {}: {}", name, error.message()));
        }
    }
    try {
        const std::uint32_t known = format_version_of(options.schema);
        auto environment = std::make_unique<Environment>(options);
        if (options.create) {
            environment->write([&](WriteTxn& txn) {
                ByteWriter version;
                version.u32(known);
                txn.put(Table::Meta, kFormatKey, version.bytes());
            });
        }
        const std::uint32_t version = format_version(ReadTxn(*environment));
        if (version == 0 || version > known) {
            return fail(Errc::OutOfRange,
                        fmt::format("store {}: format version {}, this program knows {}", name,
                                    version, known));
        }
        if (version < known && !options.read_only) {
            environment->upgrade();
        }
        return environment;
    } catch (const StoreError& broken) {
        return fail(Errc::Io, located(name, broken.what()));
    }
}

}  // namespace fairlist::store
