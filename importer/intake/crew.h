// Crew: threads that do one piece of work together, and wait for the next.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace fairlist::importer {

// They live as long as the crew does: a process that was started by one of them is ended with its
// thread (PR_SET_PDEATHSIG in prctl(2)).
class Crew {
  public:
    explicit Crew(std::size_t helpers);
    ~Crew();
    Crew(const Crew&) = delete;
    Crew& operator=(const Crew&) = delete;

    // work(0) in the calling thread, work(1) to work(`helpers`) in those of the crew; returns when
    // all have. Requires: no more than there are; `work` does not throw; one call at a time.
    void run(std::size_t helpers, const std::function<void(std::size_t)>& work);

  private:
    void serve(std::size_t number);
    void end() noexcept;

    std::mutex mutex_;
    std::condition_variable changed_;
    const std::function<void(std::size_t)>* work_ = nullptr;  // guarded by mutex_, as all below
    std::size_t wanted_ = 0;
    std::size_t busy_ = 0;
    std::uint64_t round_ = 0;
    bool ending_ = false;
    std::vector<std::jthread> threads_;  // last: they use the others
};

}  // namespace fairlist::importer
