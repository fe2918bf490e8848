// bench_packet: answers queries in memory, as a worker does between its system calls.
//   bench_packet CONFIG QUERIES COUNT: answers so many and prints nanoseconds a query.
// Run under callgrind with two counts, the difference is what the queries alone took.
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
constexpr std::size_t kQueriesMax = 1'000'000;
constexpr std::size_t kAnswerBytesMax = 1232;

double answer_all(const QueryFile& queries, std::size_t count, net::QueryHandler& handler) {
    const answer::Client client{.address = Address::from_v4(0x7F000001), .over_tcp = false};
    std::array<std::uint8_t, kAnswerBytesMax> out{};
    const std::uint64_t start = now_ns();
    std::size_t bytes = 0;
    for (std::size_t done = 0; done < count;) {
        handler.begin_batch(net::current_moment());
        for (const std::size_t end = std::min(done + kBatch, count); done < end; ++done) {
            bytes += handler.answer(queries.packet(done % queries.size()), client, out);
        }
        handler.end_batch();
    }
    if (bytes == 0) {
        throw std::runtime_error("no answers");
    }
    return static_cast<double>(now_ns() - start) / static_cast<double>(count);
}

}  // namespace

}  // namespace fairlist::bench

int main(int argc, char** argv) {
    const std::size_t count = argc == 4 ? std::strtoul(argv[3], nullptr, 10) : 0;
    if (count == 0) {
        std::fprintf(stderr, "usage: bench_packet CONFIG QUERIES COUNT\n");
        return 2;
    }
    try {
        using namespace fairlist;
        const bench::QueryFile queries(argv[2], std::min(count, bench::kQueriesMax));
        bench::ServedStore store(argv[1], bench::StoreAccess::Read);
        const net::SettingsBox box(store.settings());
        net::Counters counters;
        net::QueryHandler handler(store.environment(), box, counters);
        std::printf("%.1f\n", bench::answer_all(queries, count, handler));
    } catch (const std::exception& error) {
        std::fprintf(stderr, "bench_packet: %s\n", error.what());
        return 1;
    }
}
