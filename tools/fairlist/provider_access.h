// ProviderAccess: the books of providers and their policies, over a session's store.
#pragma once

#include "listing/base/result.h"
#include "listing/manager/policy_book.h"
#include "listing/manager/provider_book.h"
#include "tools/fairlist/session.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::cli {

struct ProviderBooks {
    ProviderBook providers;
    PolicyBook policies;
    Manager* manager;
};

// To change, and to look only. Errors: those of Session::manager() and Session::reader().
[[nodiscard]] Result<std::unique_ptr<ProviderBooks>> open_books(Session& session);
[[nodiscard]] Result<std::unique_ptr<ProviderBooks>> read_books(Session& session);

// Error: NotFound, with the names there are or what makes one.
[[nodiscard]] Result<Provider> find_provider(ProviderBooks& books, std::string_view slug);

[[nodiscard]] constexpr PolicyVoice voice_of(bool ours) noexcept {
    return ours ? PolicyVoice::Operator : PolicyVoice::Provider;
}

}  // namespace fairlist::cli
