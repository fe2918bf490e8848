#include "server/app/supervisor.h"

#include <fmt/format.h>
#include <systemd/sd-daemon.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <memory>
#include <span>

namespace fairlist::app {

namespace {

// A message over a Unix socket carries at most 253 descriptors (unix(7)).
constexpr std::size_t kDescriptorsPerMessage = 250;
constexpr std::uint64_t kStorePatienceUs = 1'000'000;

void notify(const std::string& message) {
    sd_notify(0, message.c_str());
}

// FDPOLL=0: systemd would drop a socket that reports an error, as one does after an ICMP message.
void store(const std::string& name, std::span<const int> descriptors) {
    const std::string message = fmt::format("FDSTORE=1\nFDNAME={}\nFDPOLL=0", name);
    sd_pid_notify_with_fds(0, 0, message.c_str(), descriptors.data(),
                           static_cast<unsigned>(descriptors.size()));
}

}  // namespace

void notify_ready(const std::string& status) {
    notify(fmt::format("READY=1\nSTATUS={}", status));
}

void notify_reloading() {
    const auto since_boot = std::chrono::steady_clock::now().time_since_epoch();
    const auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(since_boot);
    notify(fmt::format("RELOADING=1\nMONOTONIC_USEC={}", microseconds.count()));
}

void notify_status(const std::string& status) {
    notify(fmt::format("STATUS={}", status));
}

void notify_stopping() {
    notify("STOPPING=1\nSTATUS=answering what has come in");
}

void notify_watchdog() {
    notify("WATCHDOG=1");
}

bool is_supervised() {
    // Before any thread could change the environment, and nothing does.
    return std::getenv("NOTIFY_SOCKET") != nullptr;  // NOLINT(concurrency-mt-unsafe)
}

void store_sockets(const std::vector<NamedDescriptor>& sockets) {
    std::map<std::string, std::vector<int>> by_name;
    for (const NamedDescriptor& socket : sockets) {
        by_name[socket.name].push_back(socket.descriptor);
    }
    for (const auto& [name, descriptors] : by_name) {
        std::span<const int> left = descriptors;
        while (!left.empty()) {
            const std::size_t count = std::min(left.size(), kDescriptorsPerMessage);
            store(name, left.first(count));
            left = left.subspan(count);
        }
    }
}

void forget_sockets(const std::string& name) {
    notify(fmt::format("FDSTOREREMOVE=1\nFDNAME={}", name));
}

void wait_until_stored() {
    sd_notify_barrier(0, kStorePatienceUs);
}

Result<std::vector<NamedDescriptor>> sockets_of_systemd() {
    char** names = nullptr;
    const int count = sd_listen_fds_with_names(1, &names);
    if (count < 0) {
        return fail(Errc::Malformed,
                    "LISTEN_FDS or LISTEN_FDNAMES: " + net::system_message(-count));
    }
    std::vector<NamedDescriptor> result;
    for (int index = 0; index < count; ++index) {
        const std::unique_ptr<char, decltype(&std::free)> name(names[index], &std::free);
        result.push_back({name.get(), SD_LISTEN_FDS_START + index});
    }
    const std::unique_ptr<char*, decltype(&std::free)> list(names, &std::free);
    return result;
}

std::chrono::milliseconds watchdog_period() {
    std::uint64_t allowed_us = 0;
    if (sd_watchdog_enabled(0, &allowed_us) <= 0) {
        return std::chrono::milliseconds::zero();
    }
    return std::chrono::milliseconds(allowed_us / 2000);
}

}  // namespace fairlist::app
