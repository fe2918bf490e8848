// Provider: who holds address space and answers for it.
#pragma once

#include "listing/base/result.h"
#include "listing/base/time.h"
#include "listing/model/domain.h"
#include "listing/model/prefix.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist {

// How we know that a provider may speak for a range. These numbers are on disk (FORMAT.md).
enum class SpaceOrigin : std::uint8_t {
    Given = 1,    // an operator said so
    Network = 2,  // announced by one of its ASNs, by the table of networks
    Feed = 3      // a document of the provider's own (AWS, GCP, Azure, Oracle, geofeed)
};

[[nodiscard]] std::string_view to_string(SpaceOrigin origin) noexcept;

struct HeldRange {
    Prefix prefix;
    SpaceOrigin origin = SpaceOrigin::Given;
    Time since;

    friend bool operator==(const HeldRange&, const HeldRange&) noexcept = default;
};

inline constexpr std::size_t kProviderTextBytesMax = 255;
inline constexpr std::size_t kProviderAsnsMax = 256;
inline constexpr std::size_t kProviderRangesMax = 1000000;

// Without its space, which is kept range by range.
struct Provider {
    std::string slug;  // as a list name (parse_list_name)
    std::string name;  // for people
    std::vector<std::uint32_t> asns;
    std::string abuse;                // mail address that reports go to; empty: none
    std::string postmaster;           // mail address; empty: none
    std::string support;              // URL or mail address, quoted to listed parties; empty: none
    std::string webhook;              // https URL that reports go to as JSON; empty: none
    std::string policy_url;           // where its mail policy is fetched; empty: it is sent
    std::string space_url;            // document that keeps its space fresh; empty: none
    std::string space_format;         // of importer/formats: "aws", "geofeed"; empty: by content
    std::vector<DomainName> domains;  // that sign for the provider, not for a customer
    bool shows_standing = false;      // to everybody
    Time added;
    Time changed;

    friend bool operator==(const Provider&, const Provider&) = default;
};

// Whose an address is: the narrowest range that holds it. Built once, then only asked.
class HolderMap {
  public:
    struct Row {
        Prefix prefix;
        std::uint32_t holder = 0;  // index of a slug
    };

    HolderMap() = default;
    // Requires: of two rows with the same prefix one counts, the later.
    HolderMap(std::vector<std::string> slugs, std::vector<Row> rows);

    // The slug of the holder of the whole prefix; null: none, or it is held by several (then a
    // narrower range of another lies in it). Lifetime: of this object.
    [[nodiscard]] const std::string* holder(const Prefix& prefix) const noexcept;
    // The narrowest range that holds the prefix, whatever lies in it; null: none.
    [[nodiscard]] const Row* narrowest(const Prefix& prefix) const noexcept;
    // The next wider range that holds the row; null: none. Requires: a row of this object.
    [[nodiscard]] const Row* wider(const Row& row) const noexcept;
    [[nodiscard]] const std::vector<Row>& rows() const noexcept { return rows_; }
    // Rows strictly inside the prefix, in address order.
    [[nodiscard]] std::vector<Row> inside(const Prefix& prefix) const;
    [[nodiscard]] const std::string& slug(std::uint32_t holder) const { return slugs_[holder]; }
    [[nodiscard]] bool empty() const noexcept { return rows_.empty(); }

  private:
    std::vector<std::string> slugs_;
    std::vector<Row> rows_;               // sorted by prefix
    std::vector<std::uint32_t> parents_;  // 1 + the narrowest other row that holds it; 0: none
};

}  // namespace fairlist
