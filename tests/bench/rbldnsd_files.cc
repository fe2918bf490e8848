#include "tests/bench/rbldnsd_files.h"

#include "tests/bench/text_file.h"

#include <array>
#include <cstddef>
#include <string_view>

namespace fairlist::bench {

namespace {

constexpr std::array<std::uint8_t, 5> kRangeCodes = {kOwnTextCode, 3, 9, 10, 11};

void write_head(TextFile& file, std::string_view zone) {
    file.add(FMT_COMPILE("$SOA 3600 ns1.example hostmaster.{0} 0 3600 900 604800 300\n"
                         "$NS 3600 ns1.example\n$TTL 300\n"),
             zone);
}

void write_v4(TextFile& file, std::uint32_t address) {
    file.add(FMT_COMPILE("{}.{}.{}.{}"), address >> 24U, address >> 16U & 255U,
             address >> 8U & 255U, address & 255U);
}

void write_singles(TextFile& file, const ListingData& data) {
    file.add(FMT_COMPILE(":127.0.0.{}:infected host, see https://lookup.example/q/$\n"),
             kSingleCode);
    for (const std::uint32_t address : data.singles) {
        write_v4(file, address);
        file.add(FMT_COMPILE("\n"));
    }
}

void write_ranges(TextFile& file, const ListingData& data) {
    for (const std::uint8_t code : kRangeCodes) {
        file.add(FMT_COMPILE(":127.0.0.{}:listed network, see https://lookup.example/q/$\n"), code);
        std::size_t number = 0;
        for (const V4Range& range : data.ranges) {
            if (range.code != code) {
                continue;
            }
            write_v4(file, range.base);
            file.add(FMT_COMPILE("/{}"), range.length);
            if (code == kOwnTextCode) {
                file.add(FMT_COMPILE(" :127.0.0.{}:case {}, see https://lookup.example/c/{}"), code,
                         number, number);
                ++number;
            }
            file.add(FMT_COMPILE("\n"));
        }
    }
}

void write_networks(TextFile& file, const ListingData& data) {
    file.add(FMT_COMPILE(":127.0.0.{}:infected network, see https://lookup.example/q/$\n"),
             kSingleCode);
    for (const V6Network& network : data.networks) {
        for (unsigned shift = 48; shift >= 64U - network.length; shift -= 16) {
            file.add(FMT_COMPILE("{:x}:"), network.base >> shift & 0xFFFFU);
            if (shift == 0) {
                break;
            }
        }
        file.add(FMT_COMPILE(":/{}\n"), network.length);
    }
}

void write_names(TextFile& file, const ListingData& data) {
    file.add(FMT_COMPILE(":127.0.1.2:listed name, see https://lookup.example/n/$\n"));
    for (const std::string& name : data.names) {
        file.add(FMT_COMPILE("{}\n"), name);
    }
}

}  // namespace

void write_rbldnsd_files(const ListingData& data, const std::filesystem::path& folder) {
    struct Row {
        std::string_view file;
        std::string_view zone;
        void (*write)(TextFile&, const ListingData&);
    };
    constexpr std::array kRows = std::to_array<Row>({
        {"single.txt", kAddressZone, write_singles},
        {"range.txt", kAddressZone, write_ranges},
        {"six.txt", kAddressZone, write_networks},
        {"names.txt", kNameZone, write_names},
    });
    for (const Row& row : kRows) {
        TextFile file(folder / row.file);
        write_head(file, row.zone);
        row.write(file, data);
        file.flush();
    }
    TextFile combined(folder / "combined.txt");
    write_head(combined, kAddressZone);
    combined.add(FMT_COMPILE("$DATASET ip4set:single @\n"));
    write_singles(combined, data);
    combined.add(FMT_COMPILE("$DATASET ip4trie:range @\n"));
    write_ranges(combined, data);
    combined.add(FMT_COMPILE("$DATASET ip6trie:six @\n"));
    write_networks(combined, data);
    combined.flush();
}

}  // namespace fairlist::bench
