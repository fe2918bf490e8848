// SpaceEdit: one change of a provider's space within a transaction.
#pragma once

#include "listing/base/time.h"
#include "listing/manager/actor.h"
#include "listing/manager/provider_book.h"
#include "listing/model/prefix.h"
#include "listing/model/provider.h"
#include "listing/store/environment.h"

#include <string>
#include <string_view>
#include <vector>

namespace fairlist {

// With `write` null it only counts. Lifetime: within the transaction.
class SpaceEdit {
  public:
    SpaceEdit(const store::Txn& txn, store::WriteTxn* write, std::string_view slug, Time now)
        : txn_(txn), write_(write), slug_(slug), now_(now) {}

    // A range that another provider holds in exactly this prefix is refused, or taken from it.
    void add(const Prefix& prefix, SpaceOrigin origin, bool take);
    // Requires: it is this provider's.
    void remove(const Prefix& prefix);
    void refuse(const Prefix& prefix, std::string why);
    // What the provider has of this origin becomes what it is to have.
    void replace(SpaceOrigin origin, std::vector<Prefix> wanted);

    // Audit record and ground, where anything changed.
    void finish(const Actor& actor, SpaceOrigin origin);
    [[nodiscard]] SpaceChange& change() noexcept { return change_; }

  private:
    const store::Txn& txn_;
    store::WriteTxn* write_;
    std::string slug_;
    Time now_;
    SpaceChange change_;
    // Of each the first few, for the audit log.
    std::vector<Prefix> added_;
    std::vector<Prefix> removed_;
    std::vector<std::string> former_;
};

}  // namespace fairlist
