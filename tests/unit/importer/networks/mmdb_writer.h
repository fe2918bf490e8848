// MmdbWriter: makes small MaxMind DBs for the tests of what reads them.
#pragma once

#include "listing/model/prefix.h"

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace fairlist::importer {

struct MmdbField;
using MmdbMap = std::vector<MmdbField>;  // in the order written

struct MmdbUint16 {
    std::uint16_t value;
};
struct MmdbArray {
    std::vector<std::string> texts;
};
// A value of a type whose control byte and content are given as they are.
struct MmdbRaw {
    std::string bytes;
};

struct MmdbValue {
    std::variant<std::string, std::uint32_t, std::uint64_t, MmdbUint16, MmdbArray, MmdbMap, MmdbRaw>
        value;
};

struct MmdbField {
    std::string key;
    MmdbValue value;
};

struct MmdbOptions {
    unsigned record_bits = 24;  // 24, 28 or 32
    unsigned ip_version = 6;    // of a database of 4, prefixes must be IPv4
    std::string type = "Test-ASN";
    std::uint64_t built = 1'795'292'885;
};

// After the MaxMind DB specification 2.0. IPv4 lies below ::/96, as the readers expect it. Keys and
// texts that were written before become pointers, as in published databases.
class MmdbWriter {
  public:
    explicit MmdbWriter(MmdbOptions options = {});

    // Wider prefixes first: a later one takes its place out of an earlier one.
    void add(const Prefix& prefix, const MmdbMap& record);
    void add(const std::string& prefix, const MmdbMap& record);

    [[nodiscard]] std::string bytes() const;

  private:
    enum class Kind : std::uint8_t { Empty, Node, Data };
    struct Record {
        Kind kind = Kind::Empty;
        std::uint32_t value = 0;  // number of the node, or offset in the data
    };

    [[nodiscard]] std::uint64_t number_of(const Record& record) const;
    void put_node(std::string& out, const std::array<Record, 2>& node) const;

    MmdbOptions options_;
    std::vector<std::array<Record, 2>> nodes_{1};
    std::string data_;
    std::map<std::string, std::size_t> texts_;  // where they are in data_
};

}  // namespace fairlist::importer
