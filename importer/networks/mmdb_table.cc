#include "importer/networks/mmdb_table.h"

#include "importer/networks/memory_file.h"
#include "importer/networks/mmdb_record.h"
#include "importer/networks/network_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <expected>
#include <maxminddb.h>
#include <netinet/in.h>
#include <optional>
#include <string>
#include <sys/socket.h>
#include <unordered_map>
#include <utility>
#include <vector>

namespace fairlist::importer {

namespace {

constexpr std::size_t kTypeBytesMax = 100;

Result<void> check_metadata(const MemoryFile& copy) {
    const auto tail = copy.tail(kMmdbTailBytesMax);
    if (!tail) {
        return std::unexpected(tail.error());
    }
    const std::size_t marker = tail->rfind(kMmdbMarker);
    if (marker == std::string::npos) {
        return fail(Errc::Malformed,
                    fmt::format("no MaxMind DB, or cut short: its metadata are not within the last "
                                "{} KiB",
                                kMmdbTailBytesMax / 1024));
    }
    if (tail->size() - marker > kMmdbMetadataBytesMax) {
        return fail(Errc::OutOfRange, fmt::format("metadata of a MaxMind DB with more than {} KiB",
                                                  kMmdbMetadataBytesMax / 1024));
    }
    return {};
}

class Database {
  public:
    Database() = default;
    ~Database() {
        if (is_open_) {
            MMDB_close(&database_);
        }
    }
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    Result<void> open(const std::string& path) {
        const int status = MMDB_open(path.c_str(), MMDB_MODE_MMAP, &database_);
        is_open_ = status == MMDB_SUCCESS;
        if (!is_open_) {
            return fail(Errc::Malformed,
                        fmt::format("damaged MaxMind DB: {}", MMDB_strerror(status)));
        }
        return {};
    }

    [[nodiscard]] const MMDB_s& get() const noexcept { return database_; }
    [[nodiscard]] std::string type() const {
        return tidy_text(database_.metadata.database_type, kTypeBytesMax);
    }
    [[nodiscard]] Time built() const noexcept {
        const auto epoch = std::min<std::uint64_t>(database_.metadata.build_epoch, UINT32_MAX);
        return Time{static_cast<std::uint32_t>(epoch)};
    }

  private:
    MMDB_s database_{};
    bool is_open_ = false;
};

// Looks at every node of the tree and every record once, so that look-ups cannot fail later.
class DatabaseCheck {
  public:
    explicit DatabaseCheck(const Database& database)
        : database_(database), seen_(database.get().data_section_size) {}

    Result<void> run() {
        // The tree fits the file, which the library checked.
        for (std::uint32_t number = 0; number < database_.get().metadata.node_count; ++number) {
            if (const auto checked = check_node(number); !checked) {
                return fail_in(fmt::format("damaged MaxMind DB: node {}", number), checked.error());
            }
        }
        if (!has_network_) {
            return fail(Errc::Malformed,
                        fmt::format("a MaxMind DB of type \"{}\" that names no network: expected "
                                    "records with autonomous_system_number or asn, as GeoLite2-ASN "
                                    "has them",
                                    database_.type()));
        }
        return {};
    }

  private:
    Result<void> check_node(std::uint32_t number) {
        MMDB_search_node_s node{};
        if (const int status = MMDB_read_node(&database_.get(), number, &node);
            status != MMDB_SUCCESS) {
            return fail(Errc::Malformed, MMDB_strerror(status));
        }
        if (const auto left = check_record(node.left_record_type, node.left_record_entry); !left) {
            return left;
        }
        return check_record(node.right_record_type, node.right_record_entry);
    }

    Result<void> check_record(std::uint8_t type, const MMDB_entry_s& entry) {
        if (type == MMDB_RECORD_TYPE_INVALID) {
            return fail(Errc::Malformed, "points past the end of the file");
        }
        if (type != MMDB_RECORD_TYPE_DATA) {
            return {};
        }
        if (entry.offset >= seen_.size()) {
            return fail(Errc::Malformed, "points beside the data");
        }
        if (seen_[entry.offset]) {
            return {};
        }
        seen_[entry.offset] = true;
        const auto network = read_mmdb_record(entry);
        if (!network) {
            return std::unexpected(network.error());
        }
        has_network_ = has_network_ || network->has_value();
        return {};
    }

    const Database& database_;
    std::vector<bool> seen_;  // by the offset of a record
    bool has_network_ = false;
};

// Walks the tree of a database that was checked, in the order of addresses, each node once: IPv4
// has its place below ::/96, and what stands for it elsewhere (6to4, mapped addresses) leads to the
// same nodes.
class NetworkWalk {
  public:
    NetworkWalk(const MMDB_s& database, std::span<const std::uint32_t> asns)
        : database_(database), asns_(asns), seen_(database.metadata.node_count) {}

    [[nodiscard]] std::vector<Prefix> run() {
        const Record root{0, MMDB_RECORD_TYPE_SEARCH_NODE, {}};
        Record v4 = root;
        if (database_.metadata.ip_version == 6) {
            for (unsigned bit = 0; bit < Prefix::kV4Offset && is_node(v4); ++bit) {
                v4 = side_of(v4, false);
            }
        }
        Prefix all;
        all.length = 0;
        walk(v4, Prefix::of(Address::from_v4(0), Prefix::kV4Offset));
        if (database_.metadata.ip_version == 6) {
            walk(root, all);
        }
        return std::move(found_);
    }

  private:
    struct Record {
        std::uint64_t value = 0;
        std::uint8_t type = MMDB_RECORD_TYPE_EMPTY;
        MMDB_entry_s entry{};
    };
    struct Step {
        Record record;
        Prefix prefix;
    };

    static bool is_node(const Record& record) noexcept {
        return record.type == MMDB_RECORD_TYPE_SEARCH_NODE;
    }

    [[nodiscard]] Record side_of(const Record& record, bool right) const {
        MMDB_search_node_s node{};
        if (MMDB_read_node(&database_, static_cast<std::uint32_t>(record.value), &node) !=
            MMDB_SUCCESS) {
            return {};
        }
        return right ? Record{node.right_record, node.right_record_type, node.right_record_entry}
                     : Record{node.left_record, node.left_record_type, node.left_record_entry};
    }

    [[nodiscard]] static Prefix half_of(const Prefix& prefix, bool right) noexcept {
        Prefix half{prefix.base, static_cast<std::uint8_t>(prefix.length + 1U)};
        if (right && half.length <= 64) {
            half.base.high |= 1ULL << (64U - half.length);
        } else if (right) {
            half.base.low |= 1ULL << (128U - half.length);
        }
        return half;
    }

    void walk(const Record& top, const Prefix& prefix) {
        std::vector<Step> open = {{top, prefix}};
        while (!open.empty()) {
            const Step step = open.back();
            open.pop_back();
            if (step.record.type == MMDB_RECORD_TYPE_DATA && is_wanted(step.record.entry)) {
                found_.push_back(step.prefix);
            }
            if (!is_node(step.record) || step.prefix.length == 128 ||
                seen_[static_cast<std::size_t>(step.record.value)]) {
                continue;
            }
            seen_[static_cast<std::size_t>(step.record.value)] = true;
            for (const bool right : {true, false}) {
                open.push_back({side_of(step.record, right), half_of(step.prefix, right)});
            }
        }
    }

    [[nodiscard]] bool is_wanted(const MMDB_entry_s& entry) {
        const auto [known, is_new] = wanted_.try_emplace(entry.offset, false);
        if (is_new) {
            const auto network = read_mmdb_record(entry).value_or(std::nullopt);
            known->second = network && std::ranges::find(asns_, network->asn) != asns_.end();
        }
        return known->second;
    }

    const MMDB_s& database_;
    std::span<const std::uint32_t> asns_;
    std::vector<bool> seen_;                          // nodes
    std::unordered_map<std::uint32_t, bool> wanted_;  // by the offset of a record
    std::vector<Prefix> found_;
};

MMDB_lookup_result_s look_up_v4(const MMDB_s& database, std::uint32_t address, int& status) {
    sockaddr_in socket_address{};
    socket_address.sin_family = AF_INET;
    socket_address.sin_addr.s_addr = htonl(address);
    return MMDB_lookup_sockaddr(&database, reinterpret_cast<const sockaddr*>(&socket_address),
                                &status);
}

MMDB_lookup_result_s look_up_v6(const MMDB_s& database, const Address& address, int& status) {
    sockaddr_in6 socket_address{};
    socket_address.sin6_family = AF_INET6;
    const auto bytes = address.to_bytes();
    std::memcpy(&socket_address.sin6_addr, bytes.data(), bytes.size());
    return MMDB_lookup_sockaddr(&database, reinterpret_cast<const sockaddr*>(&socket_address),
                                &status);
}

class MmdbTable : public NetworkTable {
  public:
    MmdbTable(std::filesystem::path path, const FileStamp& stamp)
        : path_(std::move(path)), stamp_(stamp) {}

    Result<void> open(const MemoryFile& copy) {
        if (const auto found = check_metadata(copy); !found) {
            return found;
        }
        if (const auto opened = database_.open(copy.path()); !opened) {
            return opened;
        }
        return DatabaseCheck(database_).run();
    }

    // A failure is that of an IPv6 address in a database of IPv4: the rest was checked.
    [[nodiscard]] std::optional<Network> find(const Address& address) const override {
        int status = MMDB_SUCCESS;
        const MMDB_lookup_result_s found = address.is_v4()
                                               ? look_up_v4(database_.get(), address.v4(), status)
                                               : look_up_v6(database_.get(), address, status);
        if (status != MMDB_SUCCESS || !found.found_entry) {
            return {};
        }
        return read_mmdb_record(found.entry).value_or(std::nullopt);
    }

    [[nodiscard]] std::vector<Prefix> prefixes_of(
        std::span<const std::uint32_t> asns) const override {
        return NetworkWalk(database_.get(), asns).run();
    }

    [[nodiscard]] std::string source() const override {
        return fmt::format("{} of {}, {}", database_.type(), day_text(database_.built()),
                           path_.string());
    }

    [[nodiscard]] bool is_stale() const override { return is_replaced(path_, stamp_); }

  private:
    std::filesystem::path path_;
    FileStamp stamp_;
    Database database_;
};

}  // namespace

Result<std::unique_ptr<NetworkTable>> read_mmdb_table(TableFile file) {
    const auto copy = MemoryFile::copy_of(file.input);
    if (!copy) {
        return std::unexpected(copy.error());
    }
    auto table = std::make_unique<MmdbTable>(file.path, file.stamp);
    if (const auto opened = table->open(*copy); !opened) {
        return fail_in(file.path.string(), opened.error());
    }
    return table;
}

}  // namespace fairlist::importer
