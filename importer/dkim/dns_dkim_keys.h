// DnsDkimKeys: the keys of domains from the DNS, through a resolver.
#pragma once

#include "importer/dkim/dkim_keys.h"
#include "importer/dkim/dns_exchange.h"
#include "importer/dkim/key_cache.h"
#include "listing/base/time.h"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fairlist::importer {

inline constexpr std::size_t kDnsServersMax = 8;
inline constexpr std::chrono::milliseconds kDnsTimeoutMax{60'000};

struct DnsOptions {
    // Resolvers, asked in this order; empty: those of `resolv_conf`.
    std::vector<DnsServer> servers;
    std::string resolv_conf = "/etc/resolv.conf";
    // For one name, all servers and repetitions together.
    std::chrono::milliseconds timeout{3000};
    std::function<Time()> clock = now;  // for the age of what is kept
};

// Answers are kept after their TTL (see KeyCache). Thread: one.
class DnsDkimKeys : public DkimKeys {
  public:
    // Errors: NotFound (no servers given and none in `resolv_conf`), OutOfRange (more than
    // kDnsServersMax; a timeout of nothing or of more than kDnsTimeoutMax).
    [[nodiscard]] static Result<std::unique_ptr<DnsDkimKeys>> open(DnsOptions options);

    // The name "SELECTOR._domainkey.DOMAIN". No message names it. Errors: as DkimKeys::find.
    [[nodiscard]] Result<std::vector<std::string>> find(std::string_view name) override;

  private:
    explicit DnsDkimKeys(DnsOptions options) : options_(std::move(options)) {}
    [[nodiscard]] Result<DnsReply> ask(const std::string& name) const;

    DnsOptions options_;
    KeyCache cache_;
};

}  // namespace fairlist::importer
