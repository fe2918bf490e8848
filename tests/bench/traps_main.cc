// bench_traps: what a store takes in a second: bare commits of LMDB, listings opened one by one,
// and listings that batches of hits open.
#include "listing/manager/ledger.h"
#include "server/roles/ledger_options.h"
#include "tests/bench/commit_loop.h"
#include "tests/bench/load_socket.h"
#include "tests/bench/served_store.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <cstring>
#include <exception>
#include <stdexcept>
#include <string>
#include <vector>

namespace fairlist::bench {

namespace {

struct LedgerRun {
    std::filesystem::path config;
    std::string list;
    std::uint64_t first = 0;  // number of the first address
    std::size_t batch = 0;    // hits in a transaction; 0: listings opened by hand
    double seconds = 1;
};

const Actor kActor{.name = "bench"};

// A /64 of its own for each number, in the space for documentation (RFC 3849).
Address address_of(std::uint64_t number) {
    return {0x20010DB800000000 | (number & 0xFFFFFFFF), 1};
}

void open_one(Ledger& ledger, const LedgerRun& run, std::uint64_t number) {
    const auto opened = ledger.open(kActor, {.list = run.list,
                                             .subject = identity_of(address_of(number)),
                                             .until = {now().seconds + 86400},
                                             .code = {},
                                             .ttl_seconds = 0,
                                             .reason = ""});
    if (!opened) {
        throw std::runtime_error(opened.error().message);
    }
}

Hit hit_of(std::uint64_t number) {
    Hit hit;
    std::memcpy(hit.key.data(), &number, sizeof number);
    hit.time = now();
    hit.sensor = "bench";
    hit.trap = 1;
    hit.address = address_of(number);
    hit.helo = "spam.bench.test";
    hit.steps = {"envelope: the first peer outside: at fault [outside]"};
    return hit;
}

void record_batch(Ledger& ledger, const LedgerRun& run, std::uint64_t first) {
    std::vector<Hit> hits;
    for (std::size_t i = 0; i < run.batch; ++i) {
        hits.push_back(hit_of(first + i));
    }
    for (const RecordedHit& recorded : ledger.record(kActor, hits)) {
        if (recorded.effects.empty() || recorded.effects.front().listing == 0) {
            throw std::runtime_error("a hit has opened no listing");
        }
    }
}

void run_ledger(const LedgerRun& run) {
    ServedStore store(run.config, StoreAccess::Write);
    Ledger ledger(store.environment(), ledger_options(store.config()));
    std::uint64_t done = 0;
    double seconds = 0;
    const std::uint64_t start = now_ns();
    while (seconds < run.seconds) {
        if (run.batch == 0) {
            open_one(ledger, run, run.first + done++);
        } else {
            record_batch(ledger, run, run.first + done);
            done += run.batch;
        }
        seconds = static_cast<double>(now_ns() - start) / 1e9;
    }
    fmt::print("{{\"count\": {}, \"seconds\": {:.4f}}}\n", done, seconds);
}

void run_commits(const std::filesystem::path& folder, std::size_t bytes, double seconds) {
    const CommitCount count = run_commit_loop(folder, bytes, seconds);
    fmt::print("{{\"count\": {}, \"seconds\": {:.4f}}}\n", count.commits, count.seconds);
}

}  // namespace

}  // namespace fairlist::bench

int main(int argc, char** argv) {
    CLI::App app("Tells what a store takes in a second.");
    app.require_subcommand(1);
    double seconds = 1;
    std::size_t bytes = 1000;
    std::filesystem::path folder;
    fairlist::bench::LedgerRun run;
    app.add_option("--seconds", seconds);
    CLI::App* commits = app.add_subcommand("commits", "records that LMDB commits one by one");
    commits->add_option("--folder", folder, "empty")->required();
    commits->add_option("--bytes", bytes, "of a record");
    CLI::App* listings = app.add_subcommand("listings", "listings that a ledger opens");
    listings->add_option("--config", run.config, "fairlist.toml")->required();
    listings->add_option("--list", run.list)->required();
    listings->add_option("--first", run.first, "number of the first address");
    listings->add_option("--batch", run.batch, "hits in a transaction; 0: opened by hand");
    CLI11_PARSE(app, argc, argv);
    run.seconds = seconds;
    try {
        *commits ? fairlist::bench::run_commits(folder, bytes, seconds)
                 : fairlist::bench::run_ledger(run);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "bench_traps: %s\n", error.what());
        return 1;
    }
}
