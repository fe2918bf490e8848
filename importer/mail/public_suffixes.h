// Public suffixes: where in a name a customer's own part begins.
#pragma once

#include "listing/base/result.h"
#include "listing/model/domain.h"

#include <libpsl.h>

#include <memory>
#include <optional>
#include <utility>

namespace fairlist::importer {

// The Public Suffix List with its private section: what a host of customers' sites lends out below
// its own name ("github.io") is a suffix, too. Thread: any number may ask.
class PublicSuffixes {
  public:
    // The system's list, or the library's own where that is newer. Errors: NotFound.
    [[nodiscard]] static Result<PublicSuffixes> open();

    // "a.b.example.co.uk" gives "example.co.uk". Nothing when the name is a suffix itself, or ends
    // in none of the list: such a name is not in the public DNS.
    [[nodiscard]] std::optional<DomainName> registrable(const DomainName& name) const;

  private:
    struct Free {
        void operator()(psl_ctx_t* list) const noexcept { psl_free(list); }
    };
    explicit PublicSuffixes(psl_ctx_t* list) : list_(list) {}

    std::unique_ptr<psl_ctx_t, Free> list_;
};

}  // namespace fairlist::importer
