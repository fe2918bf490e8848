// LoadRun: asks a server for some seconds, as fast as it answers or at a fixed rate.
#pragma once

#include "tests/bench/load_socket.h"

#include <atomic>
#include <memory>
#include <string>
#include <vector>

namespace fairlist::bench {

struct LoadOptions {
    sockaddr_in server{};
    double seconds = 3;
    std::size_t sockets = 8;
    std::size_t window = 512;  // outstanding queries of all sockets, without a rate
    double rate = 0;           // queries a second, sent whether answers come or not; 0: no rate
    double timeout_s = 1;      // then a query counts as lost
    std::uint64_t count = 0;   // ends earlier, after so many queries; 0: does not
    std::size_t skip = 0;      // queries of the file to begin with
    const std::atomic<bool>* stopping = nullptr;  // ends it earlier when it becomes true
};

class LoadRun {
  public:
    // Lifetime: `queries` outlives it.
    LoadRun(const QueryFile& queries, const LoadOptions& options);

    void run();
    // One JSON object.
    [[nodiscard]] std::string report() const;

  private:
    [[nodiscard]] bool is_sending(std::uint64_t now, std::uint64_t end) const;
    // Whether anything was sent or received.
    bool turn(std::uint64_t now, bool sending);
    [[nodiscard]] std::size_t due(const LoadSocket& socket, std::uint64_t now) const;
    [[nodiscard]] std::size_t outstanding() const;
    void note_answers(std::uint64_t now);
    void rest();

    const QueryFile& queries_;
    LoadOptions options_;
    std::vector<std::unique_ptr<LoadSocket>> sockets_;
    std::size_t next_ = 0;
    LoadCounts counts_;
    std::uint64_t start_ns_ = 0;
    double seconds_ = 0;
    double waited_before_ = 0;
    std::uint64_t waiting_since_ns_ = 0;  // 0: no query is out
    std::uint64_t silence_ns_ = 0;        // the longest wait for an answer while queries were out
    std::uint64_t silence_end_ns_ = 0;    // since the start
};

}  // namespace fairlist::bench
