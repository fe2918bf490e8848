// bench_packet: answers queries in memory, as a worker does between its system calls.
//   bench_packet CONFIG QUERIES COUNT ROUNDS
// Answers the first COUNT queries of the file ROUNDS times and prints nanoseconds a query. Under
// callgrind the difference of two numbers of rounds is what the queries alone took.
#include "server/net/query_handler.h"
#include "tests/bench/load_socket.h"
#include "tests/bench/query_file.h"
#include "tests/bench/served_store.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>

namespace fairlist::bench {

namespace {

constexpr std::size_t kBatch = 64;
constexpr std::size_t kAnswerBytesMax = 1232;

void answer_all(const QueryFile& queries, net::QueryHandler& handler) {
    const answer::Client client{.address = Address::from_v4(0x7F000001), .over_tcp = false};
    std::array<std::uint8_t, kAnswerBytesMax> out{};
    std::size_t bytes = 0;
    for (std::size_t done = 0; done < queries.size();) {
        handler.begin_batch(net::current_moment());
        for (const std::size_t end = std::min(done + kBatch, queries.size()); done < end; ++done) {
            bytes += handler.answer(queries.packet(done), client, out);
        }
        handler.end_batch();
    }
    if (bytes == 0) {
        throw std::runtime_error("no answers");
    }
}

}  // namespace

}  // namespace fairlist::bench

int main(int argc, char** argv) {
    const std::size_t count = argc == 5 ? std::strtoul(argv[3], nullptr, 10) : 0;
    if (count == 0) {
        std::fprintf(stderr, "usage: bench_packet CONFIG QUERIES COUNT ROUNDS\n");
        return 2;
    }
    const std::size_t rounds = std::strtoul(argv[4], nullptr, 10);
    try {
        using namespace fairlist;
        const bench::QueryFile queries(argv[2], count);
        bench::ServedStore store(argv[1], bench::StoreAccess::Read);
        const net::SettingsBox box(store.settings());
        net::Counters counters;
        net::QueryHandler handler(store.environment(), box, counters);
        const std::uint64_t start = bench::now_ns();
        for (std::size_t round = 0; round < rounds; ++round) {
            bench::answer_all(queries, handler);
        }
        const auto answered =
            static_cast<double>(std::max<std::size_t>(queries.size() * rounds, 1));
        std::printf("%.1f\n", static_cast<double>(bench::now_ns() - start) / answered);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "bench_packet: %s\n", error.what());
        return 1;
    }
}
