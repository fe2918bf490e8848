// ProviderBook: who holds which address space.
#pragma once

#include "listing/base/result.h"
#include "listing/base/time.h"
#include "listing/manager/actor.h"
#include "listing/model/prefix.h"
#include "listing/model/protected_space.h"
#include "listing/model/provider.h"
#include "listing/store/environment.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist {

// A range that was not taken, and why: held by another, protected, wider than may be.
struct SpaceRefusal {
    Prefix prefix;
    std::string why;
};

struct SpaceChange {
    std::uint64_t added = 0;  // also those that were held by another origin, and are given now
    std::uint64_t removed = 0;
    std::uint64_t unchanged = 0;
    std::uint64_t taken = 0;            // from other providers
    std::vector<SpaceRefusal> refused;  // the first kSpaceRefusalsShown
    std::uint64_t refused_total = 0;
};
inline constexpr std::size_t kSpaceRefusalsShown = 100;

struct ProviderBookOptions {
    ProtectedSpace protected_space;
    unsigned widest_v4 = 8;
    unsigned widest_v6 = 16;
    std::function<Time()> clock = now;
};

// Every change is one transaction with its audit record. Rules go by it at once (Ground); whoever
// changes space runs PolicyBook::refresh() after it, so that the lists follow too. Thread: one.
// Throws store::StoreError.
class ProviderBook {
  public:
    ProviderBook(store::Environment& environment, ProviderBookOptions options);

    // Errors: Malformed (slug, addresses, URLs), Conflict (slug taken), OutOfRange.
    [[nodiscard]] Result<Provider> add(const Actor& actor, const Provider& provider);
    // All fields but slug and dates. Errors: NotFound, and as add().
    [[nodiscard]] Result<Provider> change(const Actor& actor, const Provider& provider);
    // Its space goes with it, and so what its policies say; its tokens are the vault's
    // (Vault::revoke_tokens_of). Errors: NotFound.
    [[nodiscard]] Result<void> remove(const Actor& actor, std::string_view slug);
    [[nodiscard]] std::optional<Provider> find(std::string_view slug);
    [[nodiscard]] std::vector<Provider> list();

    // By hand. A range that another holds in exactly this prefix is refused unless `take`: it is
    // then the new one's, and what the former one's policy said of it holds no more. Errors:
    // NotFound, OutOfRange.
    [[nodiscard]] Result<SpaceChange> add_space(const Actor& actor, std::string_view slug,
                                                std::span<const Prefix> ranges, bool take);
    [[nodiscard]] Result<SpaceChange> remove_space(const Actor& actor, std::string_view slug,
                                                   std::span<const Prefix> ranges);
    // Makes the provider's space of this origin exactly these ranges (a feed's new version, the
    // networks of its ASNs). `dry_run` writes nothing.
    [[nodiscard]] Result<SpaceChange> set_space(const Actor& actor, std::string_view slug,
                                                SpaceOrigin origin, std::span<const Prefix> ranges,
                                                bool dry_run);
    // Sorted by prefix, those after `after`; empty: from the first.
    [[nodiscard]] std::vector<HeldRange> space(std::string_view slug, std::optional<Prefix> after,
                                               std::size_t limit);
    // Held addresses: IPv4 addresses, and IPv6 /64s.
    struct Held {
        std::uint64_t v4 = 0;
        std::uint64_t v6_64s = 0;
        std::uint64_t ranges = 0;
    };
    [[nodiscard]] Held held(std::string_view slug);

    [[nodiscard]] HolderMap holders();

  private:
    store::Environment& environment_;
    ProviderBookOptions options_;
};

}  // namespace fairlist
