// DnsLookup: records from the DNS, one name and type at a time.
#pragma once

#include "importer/dkim/dns_exchange.h"
#include "importer/dkim/dns_message.h"
#include "listing/base/result.h"

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace fairlist::importer {

class DnsLookup {
  public:
    virtual ~DnsLookup() = default;
    // Of Found or Missing. Errors: Io (nobody could tell in time: nothing is known then), Malformed
    // (no domain name).
    [[nodiscard]] virtual Result<DnsReply> ask(const std::string& name, DnsType type) = 0;
};

// Through resolvers, asked in turn, twice each; `query_time` for all of one question, and nothing
// goes on after `end`. Thread: one.
class ResolverLookup final : public DnsLookup {
  public:
    ResolverLookup(std::vector<DnsServer> servers, std::chrono::milliseconds query_time,
                   Deadline end, std::stop_token stop = {})
        : servers_(std::move(servers)),
          query_time_(query_time),
          end_(end),
          stop_(std::move(stop)) {}

    [[nodiscard]] Result<DnsReply> ask(const std::string& name, DnsType type) override;

  private:
    std::vector<DnsServer> servers_;
    std::chrono::milliseconds query_time_;
    Deadline end_;
    std::stop_token stop_;
};

// "7.113.0.203.in-addr.arpa", of IPv6 its nibbles below ip6.arpa (RFC 3596 section 2.5).
[[nodiscard]] std::string reverse_name(const Address& address);

}  // namespace fairlist::importer
