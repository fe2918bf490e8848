#include "server/http/access.h"

#include "listing/base/check.h"

namespace fairlist::http {

void Roles::check() const noexcept {
    FAIRLIST_CHECK(!is_open() || bits_ == bit(Role::Public));
}

}  // namespace fairlist::http
