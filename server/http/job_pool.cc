#include "server/http/job_pool.h"

#include "listing/base/check.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <utility>

namespace fairlist::http {

namespace asio = boost::asio;

JobPool::JobPool(asio::io_context& context, std::size_t workers, std::size_t waiting_max)
    : context_(context), workers_(workers), jobs_max_(workers + waiting_max) {
    FAIRLIST_CHECK(workers > 0);
}

JobPool::~JobPool() {
    if (threads_) {
        threads_->join();
    }
}

void JobPool::start() {
    threads_.emplace(workers_);
}

bool JobPool::run(std::move_only_function<void()> work, std::move_only_function<void()> done) {
    if (jobs_ == jobs_max_) {
        return false;
    }
    ++jobs_;
    asio::post(*threads_, [this, guard = asio::make_work_guard(context_), work = std::move(work),
                           done = std::move(done)]() mutable {
        work();
        // What it holds must not be held any more when `done` lets go of the last of it.
        work = nullptr;
        asio::post(context_, [this, done = std::move(done)]() mutable {
            --jobs_;
            done();
        });
    });
    return true;
}

}  // namespace fairlist::http
