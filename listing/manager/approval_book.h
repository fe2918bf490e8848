// ApprovalBook: what one person asked for and a second one has to approve.
#pragma once

#include "listing/base/result.h"
#include "listing/base/time.h"
#include "listing/manager/actor.h"
#include "listing/store/approval_records.h"
#include "listing/store/environment.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist {

struct Approval {
    std::uint64_t id = 0;  // from 1, never given twice
    store::ApprovalRecord record;
};

struct NewApproval {
    std::string asked_by;
    std::string action;
    std::string method;
    std::string target;
    std::string body;
    std::string blast;
};

struct ApprovalPage {
    std::vector<Approval> approvals;  // newest first
    std::string next;                 // opaque; empty: no more. Give it back as `after`.
};

// "waiting", "approved", "done", "failed", "refused"; of one that waits past its end "lapsed".
[[nodiscard]] std::string_view state_word(const store::ApprovalRecord& approval, Time now) noexcept;

// Every step is one transaction with its audit record. Thread: one; several processes may each have
// one on the same store. Throws store::StoreError.
class ApprovalBook {
  public:
    explicit ApprovalBook(store::Environment& environment, std::function<Time()> clock = now);

    static constexpr std::uint32_t kLifetimeSeconds = 7 * 86400;
    static constexpr std::size_t kWaitingMax = 1000;

    // Errors: OutOfRange (kWaitingMax wait already, a part is longer than its limit).
    [[nodiscard]] Result<Approval> ask(const Actor& actor, const NewApproval& wanted);
    // Whoever gets it carries it out, and says so by settle(). One that was approved and never
    // settled, because the process ended meanwhile, may be approved again. Errors: NotFound,
    // Refused (who asked may not), Conflict (its state; its time is over).
    [[nodiscard]] Result<Approval> approve(const Actor& actor, std::string_view person,
                                           std::uint64_t id);
    // Who asked may refuse, which takes it back. Errors: NotFound, Conflict.
    [[nodiscard]] Result<Approval> refuse(const Actor& actor, std::string_view person,
                                          std::uint64_t id, std::string_view why);
    // What carrying it out came to. Requires: approve() gave it.
    Approval settle(const Actor& actor, std::uint64_t id, bool done, std::string_view outcome);

    [[nodiscard]] std::optional<Approval> find(std::uint64_t id);
    // Errors: Malformed (`after` is no token of ours).
    [[nodiscard]] Result<ApprovalPage> page(bool waiting_only, std::string_view after,
                                            std::size_t limit);

  private:
    [[nodiscard]] Result<Approval> decide(const Actor& actor, std::uint64_t id,
                                          const std::function<Result<void>(Approval&)>& step,
                                          std::string_view action);

    store::Environment& environment_;
    std::function<Time()> clock_;
};

}  // namespace fairlist
