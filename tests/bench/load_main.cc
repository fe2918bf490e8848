// bench_load: asks a server over UDP and prints what came back as one JSON object,
// at the end or on SIGTERM.
#include "tests/bench/load_run.h"

#include <CLI/CLI.hpp>

#include <arpa/inet.h>
#include <atomic>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace {

std::atomic<bool> stopping{false};  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

}  // namespace

int main(int argc, char** argv) {
    CLI::App app("Asks a server over UDP and prints what came back.");
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;
    std::filesystem::path queries;
    fairlist::bench::LoadOptions options;
    app.add_option("--address", address, "IPv4");
    app.add_option("--port", port)->required();
    app.add_option("--queries", queries, "a file with lines NAME TYPE")->required();
    app.add_option("--seconds", options.seconds)->check(CLI::Range(.01, 3600.));
    app.add_option("--sockets", options.sockets)->check(CLI::Range(1, 1000));
    app.add_option("--window", options.window, "queries outstanding, without --rate");
    app.add_option("--rate", options.rate, "queries a second; 0: as many as are answered");
    app.add_option("--timeout", options.timeout_s, "seconds until a query counts as lost")
        ->check(CLI::Range(.001, 60.));
    app.add_option("--count", options.count, "end after so many queries, without --rate");
    app.add_option("--skip", options.skip, "begin with a later query of the file");
    CLI11_PARSE(app, argc, argv);
    try {
        options.server.sin_family = AF_INET;
        options.server.sin_port = htons(port);
        if (inet_pton(AF_INET, address.c_str(), &options.server.sin_addr) != 1) {
            throw std::runtime_error("--address \"" + address + "\": expected an IPv4 address");
        }
        const fairlist::bench::QueryFile file(queries);
        options.stopping = &stopping;
        std::signal(SIGTERM, [](int) { stopping.store(true); });
        fairlist::bench::LoadRun run(file, options);
        std::printf("asking\n");
        std::fflush(stdout);
        run.run();
        std::printf("%s\n", run.report().c_str());
    } catch (const std::exception& error) {
        std::fprintf(stderr, "bench_load: %s\n", error.what());
        return 1;
    }
}
