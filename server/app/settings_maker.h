// From the configuration to the settings of the workers.
#pragma once

#include "listing/base/result.h"
#include "listing/store/environment.h"
#include "server/config/config.h"
#include "server/net/settings.h"

#include <memory>

namespace fairlist::app {

class SettingsMaker {
  public:
    // `workers` share the rate limits of an address.
    SettingsMaker(store::Environment& environment, unsigned workers);

    // Errors: no zone left to serve, a cookie secret file that cannot be used.
    [[nodiscard]] Result<std::shared_ptr<const net::Settings>> make(
        const config::Config& config) const;

  private:
    [[nodiscard]] Result<dns::CookieSigner> make_signer(const config::Server& server) const;

    store::Environment& environment_;
    unsigned workers_;
    dns::CookieSecret random_secret_;  // kept over reloads, so that cookies stay valid
};

}  // namespace fairlist::app
