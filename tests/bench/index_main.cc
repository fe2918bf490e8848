// bench_index: look-ups and updates of one store, on Google Benchmark.
//   bench_index CONFIG QUERIES-FOLDER [--benchmark_...]
// Look-ups go in batches, each with a snapshot of its own, as in the server's workers.
#include "server/answer/resolver.h"
#include "server/answer/reversed_name.h"
#include "server/dns/query_parser.h"
#include "tests/bench/query_file.h"
#include "tests/bench/random.h"
#include "tests/bench/served_store.h"
#include "tests/bench/store_manager.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace fairlist::bench {

namespace {

constexpr std::size_t kBatch = 64;
constexpr std::size_t kQueries = 200'000;
constexpr std::size_t kAddressLabelsV4 = 4;
constexpr std::size_t kAddressLabelsV6 = 32;

// Shown by each row; set_items() divides by what was done.
void set_items(benchmark::State& state, std::size_t batch) {
    const auto items = static_cast<double>(state.iterations()) * static_cast<double>(batch);
    state.counters["per_item"] =
        benchmark::Counter(items, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

std::vector<dns::Query> read_queries(const std::filesystem::path& file) {
    const QueryFile packets(file, kQueries);
    std::vector<dns::Query> queries(packets.size());
    for (std::size_t index = 0; index < packets.size(); ++index) {
        const auto parsed =
            dns::parse_query(packets.packet(index), dns::Transport::Udp, queries[index]);
        if (parsed.outcome != dns::ParseOutcome::Answerable) {
            throw std::runtime_error(file.string() + ": not a query");
        }
    }
    return queries;
}

std::vector<Address> addresses_of(const std::vector<dns::Query>& queries) {
    std::vector<Address> addresses;
    for (const dns::Query& query : queries) {
        const std::size_t labels =
            query.name.label_count > kAddressLabelsV6 ? kAddressLabelsV6 : kAddressLabelsV4;
        if (const auto reversed = answer::read_reversed(query.name, labels); reversed.address) {
            addresses.push_back(*reversed.address);
        }
    }
    return addresses;
}

// The server's worker without its sockets.
struct Reader {
    ServedStore store;
    answer::View view;

    explicit Reader(const std::filesystem::path& config)
        : store(config, StoreAccess::Write), view(store.environment(), store.settings()->zones) {}
};

// As QueryHandler::expect() does with the batch that it was given.
void expect_batch(const index::RangeIndex& ranges, const std::vector<Address>& addresses,
                  std::size_t first) {
    std::array<std::uint32_t, kBatch> v4;
    std::size_t count = 0;
    for (std::size_t at = first; at < std::min(first + kBatch, addresses.size()); ++at) {
        if (addresses[at].is_v4()) {
            v4[count++] = addresses[at].v4();
        }
    }
    ranges.expect(std::span(v4).first(count));
}

void look_up(benchmark::State& state, answer::View& view, const std::vector<Address>& addresses) {
    std::size_t next = 0;
    std::uint64_t found = 0;
    for (auto _ : state) {
        view.begin(now());
        expect_batch(view.ranges(), addresses, next);
        for (std::size_t count = 0; count < kBatch; ++count) {
            view.ranges().covering(addresses[next], [&](const store::Mark&, unsigned) { ++found; });
            next = next + 1 == addresses.size() ? 0 : next + 1;
        }
        view.end();
    }
    benchmark::DoNotOptimize(found);
    set_items(state, kBatch);
}

void resolve_all(benchmark::State& state, answer::View& view,
                 const std::vector<dns::Query>& queries) {
    const answer::Client client{.address = Address::from_v4(0x7F000001), .over_tcp = false};
    const auto answer = std::make_unique<dns::Answer>();
    std::size_t next = 0;
    for (auto _ : state) {
        view.begin(now());
        for (std::size_t count = 0; count < kBatch; ++count) {
            answer->reset();
            answer::resolve(queries[next], client, view, *answer);
            benchmark::DoNotOptimize(answer->answer_count);
            next = next + 1 == queries.size() ? 0 : next + 1;
        }
        view.end();
    }
    set_items(state, kBatch);
}

Prefix random_single(Random& random) {
    static const ProtectedSpace space({}, {});
    constexpr std::uint32_t kUnicastEnd = 224U << 24U;
    for (;;) {
        const auto address = static_cast<std::uint32_t>(random.below(kUnicastEnd));
        const Prefix prefix = Prefix::single(Address::from_v4(address));
        if (space.refusal(prefix).empty()) {
            return prefix;
        }
    }
}

// Adds addresses in one commit, and takes them out in the next; both count.
void update(benchmark::State& state, ServedStore& store) {
    Manager manager(store.environment(), manager_options(store.config()));
    Random random(1);
    const auto changes = static_cast<std::size_t>(state.range(0));
    const std::string& list = store.config().lists.front().name;
    bool is_adding = false;
    for (auto _ : state) {
        state.PauseTiming();
        is_adding = !is_adding;
        ImportSet set;
        for (std::size_t count = 0; is_adding && count < changes; ++count) {
            set.add(random_single(random), false, ReturnCode{}, 0, "", Time{});
        }
        state.ResumeTiming();
        if (!manager.apply({"bench"}, list, "bench", set, {}, {})) {
            throw std::runtime_error("the update was refused");
        }
    }
    set_items(state, changes);
}

void add_and_remove(benchmark::State& state, ServedStore& store) {
    Manager manager(store.environment(), manager_options(store.config()));
    Random random(2);
    const std::string& list = store.config().lists.front().name;
    NewEntry entry;
    bool is_adding = false;
    for (auto _ : state) {
        is_adding = !is_adding;
        if (is_adding) {
            entry.subject = random_single(random);
            benchmark::DoNotOptimize(manager.add({"bench"}, list, "bench", entry));
        } else {
            benchmark::DoNotOptimize(
                manager.remove({"bench"}, list, "bench", entry.subject, false));
        }
    }
    set_items(state, 1);
}

void add_benchmarks(Reader& reader, const std::filesystem::path& folder) {
    for (const char* kind : {"random", "zipf", "dense", "wide", "six", "names", "mixed"}) {
        const auto queries = std::make_shared<std::vector<dns::Query>>(read_queries(folder / kind));
        const auto addresses = std::make_shared<std::vector<Address>>(addresses_of(*queries));
        const std::string name = kind;
        if (addresses->size() == queries->size()) {
            benchmark::RegisterBenchmark(("covering/" + name).c_str(),
                                         [&reader, addresses](benchmark::State& state) {
                                             look_up(state, reader.view, *addresses);
                                         });
        }
        benchmark::RegisterBenchmark(("resolve/" + name).c_str(),
                                     [&reader, queries](benchmark::State& state) {
                                         resolve_all(state, reader.view, *queries);
                                     });
    }
    benchmark::RegisterBenchmark(
        "single change",
        [&reader](benchmark::State& state) { add_and_remove(state, reader.store); })
        ->Iterations(200)
        ->UseRealTime();
    benchmark::RegisterBenchmark(
        "changes in one commit",
        [&reader](benchmark::State& state) { update(state, reader.store); })
        ->Arg(100)
        ->Arg(10'000)
        ->Iterations(6)
        ->UseRealTime();
}

}  // namespace

}  // namespace fairlist::bench

int main(int argc, char** argv) {
    benchmark::Initialize(&argc, argv);
    if (argc != 3) {
        std::fprintf(stderr, "usage: bench_index CONFIG QUERIES-FOLDER [--benchmark_...]\n");
        return 2;
    }
    try {
        fairlist::bench::Reader reader(argv[1]);
        fairlist::bench::add_benchmarks(reader, argv[2]);
        benchmark::RunSpecifiedBenchmarks();
    } catch (const std::exception& error) {
        std::fprintf(stderr, "bench_index: %s\n", error.what());
        return 1;
    }
}
