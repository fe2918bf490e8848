#include "server/net/xdp/interface.h"

#include "server/net/socket.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <expected>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

namespace fairlist::net::xdp {

namespace {

// Asks the kernel one thing at a time about one interface.
class InterfaceAsker {
  public:
    explicit InterfaceAsker(const std::string& name)
        : name_(name), socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {}

    Result<ifreq> ask(unsigned request, const char* what) const {
        ifreq answer = empty_request();
        if (ioctl(socket_.descriptor(), request, &answer) != 0) {
            return fail(Errc::Io, fmt::format("interface \"{}\": cannot read its {}: {}", name_,
                                              what, system_message(errno)));
        }
        return answer;
    }

    // A driver that does not say has one queue.
    unsigned queues() const {
        ethtool_channels channels{};
        channels.cmd = ETHTOOL_GCHANNELS;
        ifreq request = empty_request();
        request.ifr_data = reinterpret_cast<char*>(&channels);
        if (ioctl(socket_.descriptor(), SIOCETHTOOL, &request) != 0) {
            return 1;
        }
        return std::max(channels.rx_count + channels.combined_count, 1U);
    }

  private:
    ifreq empty_request() const {
        ifreq request{};
        name_.copy(request.ifr_name, sizeof(request.ifr_name) - 1);
        return request;
    }

    const std::string& name_;
    Socket socket_;
};

Result<void> check_kind(const InterfaceAsker& asker, const std::string& name) {
    const Result<ifreq> flags = asker.ask(SIOCGIFFLAGS, "state");
    if (!flags) {
        return std::unexpected(flags.error());
    }
    if ((flags->ifr_flags & IFF_UP) == 0) {
        return fail(Errc::Refused, fmt::format("interface \"{0}\" is down: set it up with \"ip "
                                               "link set {0} up\" before the start",
                                               name));
    }
    return {};
}

Result<void> read_mac(const InterfaceAsker& asker, Interface& out) {
    const Result<ifreq> hardware = asker.ask(SIOCGIFHWADDR, "hardware address");
    if (!hardware) {
        return std::unexpected(hardware.error());
    }
    if (hardware->ifr_hwaddr.sa_family != ARPHRD_ETHER) {
        return fail(Errc::Refused,
                    fmt::format("interface \"{}\" has no Ethernet frames", out.name));
    }
    std::memcpy(out.mac.data(), hardware->ifr_hwaddr.sa_data, out.mac.size());
    return {};
}

}  // namespace

Result<Interface> read_interface(const std::string& name) {
    Interface out;
    out.name = name;
    out.index = static_cast<int>(if_nametoindex(name.c_str()));
    if (out.index == 0) {
        return fail(Errc::NotFound,
                    fmt::format("there is no interface \"{}\": \"ip link\" shows those that there "
                                "are",
                                name));
    }
    const InterfaceAsker asker(name);
    if (Result<void> checked = check_kind(asker, name); !checked) {
        return std::unexpected(checked.error());
    }
    if (Result<void> read = read_mac(asker, out); !read) {
        return std::unexpected(read.error());
    }
    const Result<ifreq> mtu = asker.ask(SIOCGIFMTU, "MTU");
    if (!mtu) {
        return std::unexpected(mtu.error());
    }
    out.mtu = static_cast<std::size_t>(std::max(mtu->ifr_mtu, 0));
    out.queues = asker.queues();
    return out;
}

}  // namespace fairlist::net::xdp
