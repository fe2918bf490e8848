#include "importer/intake/crew.h"

#include "listing/base/check.h"

namespace fairlist::importer {

Crew::Crew(std::size_t helpers) {
    try {
        for (std::size_t number = 1; number <= helpers; ++number) {
            threads_.emplace_back([this, number] { serve(number); });
        }
    } catch (...) {
        end();  // those that there are would be waited for
        throw;
    }
}

Crew::~Crew() {
    end();
}

void Crew::end() noexcept {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    changed_.notify_all();
}

void Crew::run(std::size_t helpers, const std::function<void(std::size_t)>& work) {
    FAIRLIST_CHECK(helpers <= threads_.size());
    {
        const std::lock_guard lock(mutex_);
        work_ = &work;
        wanted_ = busy_ = helpers;
        ++round_;
        changed_.notify_all();
    }
    work(0);
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return busy_ == 0; });
}

void Crew::serve(std::size_t number) {
    std::unique_lock lock(mutex_);
    for (std::uint64_t seen = 0; !ending_;) {
        if (seen == round_) {
            changed_.wait(lock);
            continue;
        }
        seen = round_;
        if (number > wanted_) {
            continue;
        }
        lock.unlock();
        (*work_)(number);
        lock.lock();
        --busy_;
        changed_.notify_all();
    }
}

}  // namespace fairlist::importer
