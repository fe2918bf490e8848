// DigestIndex: look-up of hash lists.
#pragma once

#include "listing/model/digest.h"
#include "listing/model/entry.h"
#include "listing/store/environment.h"
#include "listing/store/records.h"

#include <array>
#include <string>

namespace fairlist::index {

// Key of the digests table: the list's number in two bytes, big endian, the class and the digest.
[[nodiscard]] std::string digest_key(ListId list, const Digest& digest);

class DigestIndex {
  public:
    explicit DigestIndex(const store::Txn& txn);
    void renew(const store::Snapshot& snapshot);

    // The marks of the digest in this list; empty when it has none.
    [[nodiscard]] store::Bytes find(ListId list, const Digest& digest);
    // Whether any digest of this class is listed: what makes "_email" under a zone exist.
    [[nodiscard]] bool any_listed(ListId list, DigestClass kind, Time now);

  private:
    store::Cursor cursor_;
};

}  // namespace fairlist::index
