// Provider JSON: the shapes of providers that --json prints, as fairlist(1) documents them.
#pragma once

#include "listing/manager/provider_book.h"
#include "listing/model/provider.h"
#include "tools/fairlist/prefix_document.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fairlist::cli {

struct ShownProvider {
    Provider provider;
    ProviderBook::Held held;
};

// What became of a provider's space.
struct SpaceOutcome {
    std::string provider;
    SpaceChange change;
    bool applied = false;
    bool dry_run = false;
    bool is_unchanged = false;  // the document is the one that we have
    std::string held_why;       // why it waits for a person; empty: it does not
    std::uint64_t policies_changed = 0;
    std::string source{};  // of the table of networks, or the document
    std::string format{};
    std::uint64_t prefixes = 0;                   // that the source gave
    std::vector<importer::Rejection> rejected{};  // lines of the document
    std::uint64_t rejected_total = 0;
};

// Each is one document and a line feed.
[[nodiscard]] std::string provider_json(const ShownProvider& shown);
[[nodiscard]] std::string providers_json(const std::vector<ShownProvider>& all);
[[nodiscard]] std::string removed_provider_json(const std::string& slug, bool removed,
                                                const ProviderBook::Held& held);
[[nodiscard]] std::string space_json(const std::string& slug, const std::vector<HeldRange>& ranges,
                                     const std::string& next);
[[nodiscard]] std::string space_outcome_json(const SpaceOutcome& outcome);

}  // namespace fairlist::cli
