// StandingBook: the standing of providers, computed from what the store holds and nothing else.
#pragma once

#include "listing/base/result.h"
#include "listing/base/time.h"
#include "listing/manager/actor.h"
#include "listing/model/policy.h"
#include "listing/model/space.h"
#include "listing/model/standing.h"
#include "listing/store/environment.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist {

struct StandingBookOptions {
    StandingRules rules;
    PolicyRules policy;
    std::function<Time()> clock = now;
};

// A standing with the words that explain it: each input with what was counted, its thresholds and
// its points; the tier, how far the next ones are, and what it changes.
struct StandingView {
    std::string provider;
    Standing standing;
    std::vector<std::string> lines;
};

// Thread: one. Throws store::StoreError.
class StandingBook {
  public:
    StandingBook(store::Environment& environment, StandingBookOptions options);

    // From the last window before `at`, after the standing of the day before; writes nothing.
    // Errors: NotFound.
    [[nodiscard]] Result<StandingView> compute(std::string_view provider, Time at);
    // Of every provider whose standing is older than a day; one transaction each, with an audit
    // record where the tier changed. Returns how many. Cheap when none is due: call it often.
    std::uint64_t compute_due(const Actor& actor);
    [[nodiscard]] std::optional<StandingView> latest(std::string_view provider);
    // Newest first.
    [[nodiscard]] std::vector<Standing> history(std::string_view provider, std::size_t limit);
    // Of every provider that has one, by slug.
    [[nodiscard]] std::vector<StandingView> all();
    // Forgets days before `before`, but of a provider that is still there not its latest.
    std::uint64_t trim(Time before);

  private:
    [[nodiscard]] StandingView view(std::string provider, const Standing& standing) const;

    store::Environment& environment_;
    StandingBookOptions options_;
};

}  // namespace fairlist
