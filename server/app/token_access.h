// Token access: whose token a request bears, by the vault.
#pragma once

#include "listing/manager/vault.h"
#include "server/http/access.h"

#include <optional>
#include <string_view>

namespace fairlist::app {

// Thread: any number. Lifetime: of the vault.
class TokenAccess final : public http::TokenCheck {
  public:
    explicit TokenAccess(Vault& vault) : vault_(vault) {}
    [[nodiscard]] std::optional<http::Principal> principal(std::string_view bearer_token) override;

  private:
    Vault& vault_;
};

}  // namespace fairlist::app
