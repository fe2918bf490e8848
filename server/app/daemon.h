// Daemon: the workers that answer queries, and their sockets, from start to stop.
#pragma once

#include "listing/base/result.h"
#include "listing/store/environment.h"
#include "server/app/bypass.h"
#include "server/app/handed_sockets.h"
#include "server/app/handover_list.h"
#include "server/app/list_check.h"
#include "server/app/listeners.h"
#include "server/app/settings_maker.h"
#include "server/config/config.h"
#include "server/net/counters.h"
#include "server/net/query_handler.h"
#include "server/net/settings.h"
#include "server/net/tcp_server.h"
#include "server/net/udp_server.h"
#include "server/net/xdp/xdp_server.h"

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace fairlist::app {

// Thread: the main thread only.
class Daemon {
  public:
    // Answers when it returns, by what it takes of `handed` and what it opens. Errors: as told,
    // with what to do about it. Lifetime: of `environment`, which may be open for reading only.
    [[nodiscard]] static Result<std::unique_ptr<Daemon>> start(const config::Config& config,
                                                               store::Environment& environment,
                                                               HandedSockets& handed);
    // What start() would say, and nothing is answered. Joins no port that somebody serves.
    [[nodiscard]] static Result<void> rehearse(const config::Config& config,
                                               store::Environment& environment,
                                               HandedSockets& handed);

    // Swaps zones, limits and secrets under the running workers; what needs a restart is logged and
    // left as it is. Errors: nothing was changed.
    [[nodiscard]] Result<void> reload(const config::Config& config);

    // Answers what has come in, then returns.
    void stop();
    // The same, but everything stays open for whoever gets it, and takes in what comes meanwhile.
    [[nodiscard]] std::vector<net::HandedSocket> hand_over();

    // Those of every listener; connections are not among them.
    [[nodiscard]] std::vector<NamedDescriptor> sockets() const;
    // Sockets of a former daemon: answers what has come in by them.
    void close_unwanted(std::vector<net::HandedSocket> sockets);

    // What wants doing every minute: looks whether the store is still the one on disk.
    void maintain();

    // Thread: any.
    [[nodiscard]] net::CounterTotals totals() const;
    // No worker has had one batch in hand for longer than kBatchMsMax.
    [[nodiscard]] bool is_alive() const;
    // One a listener, in the order of the configuration.
    [[nodiscard]] const std::vector<std::uint16_t>& ports() const noexcept { return ports_; }

    // A batch takes milliseconds; one that takes this long will not end.
    static constexpr std::uint64_t kBatchMsMax = 10'000;

  private:
    // What answers is opened before the settings are made, and those before the first thread runs.
    struct Doors {
        std::vector<Listener> listeners;
        std::unique_ptr<net::xdp::KernelBypass> bypass;  // null: none
    };

    Daemon(const config::Config& config, store::Environment& environment, Doors doors);

    // What is checked before the first socket is touched.
    [[nodiscard]] static Result<void> prepare(const config::Config& config,
                                              store::Environment& environment, UnknownList unknown);
    [[nodiscard]] static Result<Doors> open_doors(const config::Config& config,
                                                  HandedSockets& handed);
    [[nodiscard]] Result<void> start_workers(HandedSockets& handed);
    void stop_workers(net::Ending ending);
    void add_udp_server(std::string name, net::Socket socket);
    void add_xdp_servers();
    [[nodiscard]] net::QueryHandler& add_handler();

    config::Config config_;
    store::Environment& environment_;
    Doors doors_;
    SettingsMaker maker_;
    std::unique_ptr<net::SettingsBox> box_;
    mutable std::mutex counters_mutex_;  // who adds one, against totals()
    std::vector<std::unique_ptr<net::Counters>> counters_;
    std::vector<std::unique_ptr<net::QueryHandler>> handlers_;
    std::vector<std::unique_ptr<net::UdpServer>> udp_;
    std::vector<std::unique_ptr<net::xdp::XdpServer>> xdp_;
    std::unique_ptr<net::TcpServer> tcp_;
    std::vector<std::uint16_t> ports_;
};

}  // namespace fairlist::app
