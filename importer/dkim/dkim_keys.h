// DkimKeys: where the public keys of domains are looked up.
#pragma once

#include "listing/base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace fairlist::importer {

class DkimKeys {
  public:
    DkimKeys() = default;
    virtual ~DkimKeys() = default;
    DkimKeys(const DkimKeys&) = delete;
    DkimKeys& operator=(const DkimKeys&) = delete;

    // The TXT records of a name, each with its strings joined; never an empty list.
    //
    // Errors: NotFound (there is no such name, or it has no TXT record), Io (nobody knows now: ask
    // again later). A message must not hold the name, which can identify a trap.
    [[nodiscard]] virtual Result<std::vector<std::string>> find(std::string_view name) = 0;
};

}  // namespace fairlist::importer
