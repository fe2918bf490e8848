// View: one worker's look at the store and the zones: an LMDB snapshot renewed batch by batch.
#pragma once

#include "listing/base/result.h"
#include "listing/base/time.h"
#include "server/answer/zone_table.h"

#include <memory>

namespace fairlist::store {
class Environment;
}

namespace fairlist::answer {

// Thread: one worker owns it. begin() before each batch of queries and end() after: between them
// the snapshot stays; outside no pages are pinned. No lock and no allocation after construction,
// except when the store's map has grown or the zone table was replaced.
class View {
  public:
    View(store::Environment& environment, std::shared_ptr<const ZoneTable> zones);
    ~View();
    View(const View&) = delete;
    View& operator=(const View&) = delete;

    // Errors: the store cannot be read; queries are then answered SERVFAIL (EDE 14 Not Ready).
    void begin(Time now) noexcept;
    void end() noexcept;

    // A reload: takes effect at the next begin(). Call it from the worker's own thread.
    void set_zones(std::shared_ptr<const ZoneTable> zones);

    struct Impl;
    [[nodiscard]] Impl& impl() noexcept { return *impl_; }

  private:
    std::unique_ptr<Impl> impl_;
};

}  // namespace fairlist::answer
