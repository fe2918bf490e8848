// JobPool: a few threads for the work of handlers, and a short queue before them.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>

#include <cstddef>
#include <functional>
#include <optional>

namespace fairlist::http {

// Thread: the one that runs the context; work runs in the workers.
class JobPool {
  public:
    // Starts no thread yet. Requires: at least one worker. Lifetime: the context outlives the pool.
    JobPool(boost::asio::io_context& context, std::size_t workers, std::size_t waiting_max);
    JobPool(const JobPool&) = delete;
    JobPool& operator=(const JobPool&) = delete;
    // Waits for the work in hand.
    ~JobPool();

    // Once, before the first run().
    void start();

    // Runs `work` in a worker, then `done` in the context's thread. Neither may throw. False: too
    // many are waiting, and nothing is done.
    [[nodiscard]] bool run(std::move_only_function<void()> work,
                           std::move_only_function<void()> done);

  private:
    boost::asio::io_context& context_;
    std::size_t workers_;
    std::size_t jobs_max_;
    std::size_t jobs_ = 0;
    std::optional<boost::asio::thread_pool> threads_;
};

}  // namespace fairlist::http
