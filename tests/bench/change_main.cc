// bench_change: makes single changes through the manager and tells when a server shows them.
#include "server/dns/wire_reader.h"
#include "server/net/socket.h"
#include "tests/bench/latency_histogram.h"
#include "tests/bench/load_socket.h"
#include "tests/bench/store_manager.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>
#include <sys/time.h>
#include <thread>
#include <vector>

namespace fairlist::bench {

namespace {

struct ChangeOptions {
    std::filesystem::path config;
    std::string list;
    std::string zone;
    std::uint16_t port = 0;  // 0: nobody is asked
    std::uint32_t count = 100;
    double rate = 0;          // changes a second; 0: the next when the last is shown
    std::uint32_t first = 0;  // number of the first address
};

// Benchmarking space (RFC 2544): no made-up listing lies there.
constexpr std::uint32_t kBase = 198U << 24U | 18U << 16U;
constexpr std::uint32_t kAddresses = 1U << 17U;
constexpr unsigned kAsksMax = 100'000;

template <typename T>
T must(Result<T> result) {
    if (!result) {
        throw std::runtime_error(result.error().message);
    }
    return *std::move(result);
}

// Asks one server one question after the other.
class Asker {
  public:
    explicit Asker(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
        net::SocketAddress server = net::to_socket_address({Address::from_v4(0x7F000001), port});
        constexpr timeval kPatience{.tv_sec = 1, .tv_usec = 0};
        setsockopt(socket_.descriptor(), SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof(kPatience));
        if (connect(socket_.descriptor(), &server.base, sizeof(server.v4)) != 0) {
            throw std::runtime_error("cannot connect to the server");
        }
    }

    // Whether the answer has records; an answer that does not come in time has none.
    bool is_listed(std::uint32_t address, const std::string& zone) {
        const std::vector<std::uint8_t> query = packet(address, zone);
        std::array<std::uint8_t, 512> answer{};
        send(socket_.descriptor(), query.data(), query.size(), 0);
        const ssize_t size = recv(socket_.descriptor(), answer.data(), answer.size(), 0);
        constexpr std::size_t kCountOffset = 6;  // RFC 1035 section 4.1.1
        const auto filled = static_cast<std::size_t>(std::max<ssize_t>(size, 0));
        dns::WireReader reader(std::span<const std::uint8_t>(answer).first(filled));
        static_cast<void>(reader.read_bytes(kCountOffset));
        return reader.read_u16() != 0;
    }

  private:
    static std::vector<std::uint8_t> packet(std::uint32_t address, const std::string& zone) {
        std::vector<std::uint8_t> bytes = {0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0};
        std::string name = fmt::format("{}.{}.{}.{}.{}.", address & 255U, address >> 8U & 255U,
                                       address >> 16U & 255U, address >> 24U, zone);
        while (!name.empty()) {
            const std::size_t size = name.find('.');
            bytes.push_back(static_cast<std::uint8_t>(size));
            bytes.insert(bytes.end(), name.begin(),
                         name.begin() + static_cast<std::ptrdiff_t>(size));
            name.erase(0, size + 1);
        }
        bytes.insert(bytes.end(), {0, 0, 1, 0, 1});
        return bytes;
    }

    net::Socket socket_;
};

class ChangeRun {
  public:
    ChangeRun(Manager& manager, const ChangeOptions& options)
        : manager_(manager), options_(options) {}

    void run() {
        const std::uint64_t start = now_ns();
        for (std::uint32_t number = 0; number < options_.count; ++number) {
            if (options_.rate > 0) {
                const double due = number * 1e9 / options_.rate;
                const std::uint64_t at = start + static_cast<std::uint64_t>(due);
                std::this_thread::sleep_for(std::chrono::nanoseconds(at - std::min(at, now_ns())));
            }
            change(kBase + (options_.first + number) % kAddresses);
        }
        seconds_ = static_cast<double>(now_ns() - start) / 1e9;
    }

    [[nodiscard]] std::string report() const {
        return fmt::format(
            R"({{"changes": {}, "seconds": {:.3f}, "write_p50_us": {:.0f}, "write_p99_us": {:.0f}, )"
            R"("shown_p50_us": {:.1f}, "shown_p99_us": {:.1f}, "asks_max": {}}})",
            options_.count, seconds_, written_.quantile(.5), written_.quantile(.99),
            shown_.quantile(.5), shown_.quantile(.99), asks_max_);
    }

  private:
    void change(std::uint32_t address) {
        NewEntry entry;
        entry.subject = Prefix::single(Address::from_v4(address));
        const std::uint64_t before = now_ns();
        static_cast<void>(must(manager_.add({"bench"}, options_.list, "bench", entry)));
        const std::uint64_t committed = now_ns();
        written_.add(committed - before);
        if (options_.port != 0) {
            wait_until_shown(address);
            shown_.add(now_ns() - committed);
        }
    }

    void wait_until_shown(std::uint32_t address) {
        unsigned asks = 1;
        while (!asker_.is_listed(address, options_.zone)) {
            if (++asks > kAsksMax) {
                throw std::runtime_error("the server does not show the change");
            }
        }
        asks_max_ = std::max(asks_max_, asks);
    }

    Manager& manager_;
    const ChangeOptions& options_;
    Asker asker_{options_.port};
    LatencyHistogram written_;
    LatencyHistogram shown_;
    unsigned asks_max_ = 0;
    double seconds_ = 0;
};

void change(const ChangeOptions& options) {
    ServedStore store(options.config, StoreAccess::Write);
    Manager manager(store.environment(), manager_options(store.config()));
    ChangeRun run(manager, options);
    run.run();
    std::printf("%s\n", run.report().c_str());
}

}  // namespace

}  // namespace fairlist::bench

int main(int argc, char** argv) {
    CLI::App app("Makes single changes and tells when a server shows them.");
    fairlist::bench::ChangeOptions options;
    app.add_option("--config", options.config, "fairlist.toml")->required();
    app.add_option("--list", options.list, "that gets addresses of 198.18.0.0/15")->required();
    app.add_option("--zone", options.zone)->required();
    app.add_option("--port", options.port, "of the server to ask; without it none is");
    app.add_option("--count", options.count)->check(CLI::Range(1, 100'000));
    app.add_option("--rate", options.rate, "changes a second; 0: the next after the last");
    app.add_option("--first", options.first, "number of the first address");
    CLI11_PARSE(app, argc, argv);
    try {
        fairlist::bench::change(options);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "bench_change: %s\n", error.what());
        return 1;
    }
}
