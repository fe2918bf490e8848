// bench_data: writes listings and queries for the benchmarks; equal arguments write equal files.
#include "tests/bench/query_maker.h"
#include "tests/bench/rbldnsd_files.h"

#include <CLI/CLI.hpp>

#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>

int main(int argc, char** argv) {
    CLI::App app("Writes listings and queries for the benchmarks.");
    std::size_t entries = 0;
    std::uint64_t seed = 7;
    std::filesystem::path folder;
    fairlist::bench::QueryMix mix;
    app.add_option("--entries", entries)->required()->check(CLI::Range(1000, 100'000'000));
    app.add_option("--folder", folder, "made when it is missing")->required();
    app.add_option("--seed", seed);
    app.add_option("--queries", mix.count, "of the mixed file")->check(CLI::Range(1, 100'000'000));
    app.add_option("--hits", mix.hits, "share of listed ones")->check(CLI::Range(0., 1.));
    app.add_option("--txt", mix.txt, "share of TXT")->check(CLI::Range(0., 1.));
    app.add_option("--v6", mix.v6, "share of IPv6")->check(CLI::Range(0., 1.));
    app.add_option("--names", mix.names, "share of names")->check(CLI::Range(0., 1.));
    app.add_option("--senders", mix.senders, "IPv4 addresses that ask");
    app.add_option("--zipf", mix.zipf, "exponent of how unequally often they ask");
    CLI11_PARSE(app, argc, argv);
    try {
        std::filesystem::create_directories(folder);
        const auto data = fairlist::bench::make_listings(entries, seed);
        fairlist::bench::write_rbldnsd_files(data, folder);
        fairlist::bench::QueryMaker(data, mix, seed + 1).write(folder);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "bench_data: %s\n", error.what());
        return 1;
    }
}
