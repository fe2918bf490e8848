#include "server/net/settings.h"

#include <utility>

namespace fairlist::net {

SettingsBox::SettingsBox(std::shared_ptr<const Settings> first) : settings_(std::move(first)) {}

void SettingsBox::publish(std::shared_ptr<const Settings> next) {
    const std::scoped_lock lock(mutex_);
    // The old settings are let go outside the lock, with `next`.
    settings_.swap(next);
    version_.fetch_add(1, std::memory_order_release);
}

std::shared_ptr<const Settings> SettingsBox::get() const {
    const std::scoped_lock lock(mutex_);
    return settings_;
}

}  // namespace fairlist::net
