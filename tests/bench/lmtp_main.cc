// bench_lmtp: hands mails over to an LMTP server, and tells how long each took to be durable.
#include "tests/bench/lmtp_load.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace fairlist::bench {

namespace {

std::string content_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) {
        throw std::runtime_error(fmt::format("{}: cannot be read", file.string()));
    }
    return {std::istreambuf_iterator<char>(in), {}};
}

void load(LmtpLoadOptions options, const std::vector<std::filesystem::path>& files) {
    for (const std::filesystem::path& file : files) {
        options.samples.push_back(content_of(file));
    }
    const LmtpLoadResult result = run_lmtp_load(options);
    fmt::print(R"({{"messages": {}, "seconds": {:.4f}, "p50_us": {:.0f}, "p99_us": {:.0f}}})"
               "\n",
               options.messages, result.seconds, result.latency.quantile(.5),
               result.latency.quantile(.99));
}

}  // namespace

}  // namespace fairlist::bench

int main(int argc, char** argv) {
    CLI::App app("Hands mails over to an LMTP server, and tells how long each took.");
    fairlist::bench::LmtpLoadOptions options;
    std::vector<std::filesystem::path> files;
    app.add_option("--port", options.port)->required();
    app.add_option("--recipient", options.recipient)->required();
    app.add_option("--connections", options.connections)->check(CLI::Range(1, 100));
    app.add_option("--messages", options.messages, "together");
    app.add_option("--first", options.first, "number of the first, which makes a mail another");
    app.add_option("SAMPLE", files, "mails")->required();
    CLI11_PARSE(app, argc, argv);
    try {
        fairlist::bench::load(std::move(options), files);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "bench_lmtp: %s\n", error.what());
        return 1;
    }
}
