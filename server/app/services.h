// Services: all that this process does by its roles, on one open store.
#pragma once

#include "listing/base/result.h"
#include "listing/store/environment.h"
#include "server/app/daemon.h"
#include "server/app/handed_sockets.h"
#include "server/app/handover_list.h"
#include "server/app/intake_service.h"
#include "server/app/ports_file.h"
#include "server/app/roles.h"
#include "server/config/config.h"
#include "server/net/counters.h"
#include "server/net/handed_socket.h"

#include <memory>
#include <string>
#include <vector>

namespace fairlist::app {

// Thread: the main thread only.
class Services {
  public:
    // Everything runs when it returns. Errors: as told, with what to do about it.
    [[nodiscard]] static Result<std::unique_ptr<Services>> start(const config::Config& config,
                                                                 HandedSockets& handed);
    // What start() would say, and nothing is done.
    [[nodiscard]] static Result<void> rehearse(const config::Config& config, HandedSockets& handed);

    // Errors: nothing was changed.
    [[nodiscard]] Result<void> reload(const config::Config& config);

    void stop();
    // As stop(), but the sockets stay open for whoever gets them.
    [[nodiscard]] std::vector<net::HandedSocket> hand_over();

    [[nodiscard]] std::vector<NamedDescriptor> sockets() const;
    void close_unwanted(std::vector<net::HandedSocket> sockets);

    // What wants doing every minute.
    void maintain();

    [[nodiscard]] net::CounterTotals totals() const;
    [[nodiscard]] std::string status() const;
    [[nodiscard]] std::string counters() const;
    [[nodiscard]] bool is_alive() const;
    [[nodiscard]] Ports ports() const;

  private:
    Services() = default;
    void count_dns();

    std::unique_ptr<store::Environment> store_;
    std::unique_ptr<Daemon> daemon_;         // null: not its role
    std::unique_ptr<IntakeService> intake_;  // null: not its role
};

}  // namespace fairlist::app
