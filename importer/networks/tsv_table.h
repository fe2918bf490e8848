// TsvTable: networks from a text file, held in memory.
#pragma once

#include "importer/networks/network.h"
#include "importer/networks/network_pool.h"
#include "importer/networks/range_map.h"
#include "importer/networks/table_file.h"
#include "listing/base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace fairlist::importer {

inline constexpr std::uint32_t kTsvErrorsMax = 100;
// Twenty times the prefixes that the Internet's routing tables have.
inline constexpr std::uint64_t kTsvRowsMax = 20'000'000;

struct TsvOptions {
    std::uint32_t max_errors = kTsvErrorsMax;  // lines left out before the whole file fails
};

// Of nested or overlapping ranges the narrowest counts, of equal ones the later line; a range of
// AS 0 takes its addresses out of the wider ones.
class TsvTable : public NetworkTable {
  public:
    [[nodiscard]] std::optional<Network> find(const Address& address) const override;
    [[nodiscard]] std::vector<Prefix> prefixes_of(
        std::span<const std::uint32_t> asns) const override;
    [[nodiscard]] std::string source() const override;
    [[nodiscard]] bool is_stale() const override;
    [[nodiscard]] std::span<const std::string> faults() const override { return faults_; }

    [[nodiscard]] std::size_t memory_bytes() const noexcept;

  private:
    friend class TsvLoader;

    std::filesystem::path path_;
    FileStamp stamp_;
    RangeMap<std::uint32_t> v4_;
    RangeMap<Address> v6_;
    NetworkPool networks_;
    std::uint64_t rows_ = 0;
    std::vector<std::string> faults_;
};

// Lines as in tsv_row.h, all of one form; empty lines and those that begin with # say nothing.
// Errors: Malformed (too many bad lines, no network at all), OutOfRange (more than kTsvRowsMax),
// those of the input.
[[nodiscard]] Result<std::unique_ptr<TsvTable>> read_tsv_table(TableFile file,
                                                               const TsvOptions& options = {});

}  // namespace fairlist::importer
