// PartyChecks: what the DNS says of a listed party: PTR, its confirmation, whether it is generic,
// HELO, SPF, and the challenge that proves control.
#pragma once

#include "listing/base/result.h"
#include "listing/model/address.h"
#include "listing/model/removal.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace fairlist::importer {

struct PartyQuestion {
    Address address;
    std::string helo;  // empty: not asked
    // Whose SPF is asked, a domain or an address; empty: that of HELO, else of the PTR name.
    std::string mail_domain;
    std::string challenge_label;  // "_fairlist-challenge"; empty: no challenge is looked for
};

struct PartyCheckOptions {
    struct Server {
        Address address;
        std::uint16_t port = 53;
    };
    std::vector<Server> resolvers;                // empty: those of /etc/resolv.conf
    std::chrono::milliseconds query_time{3000};   // for one query, its retry included
    std::chrono::milliseconds party_time{20000};  // for all of one party
    // Once it is asked to stop, no question more is put: what is not known then is Unknown.
    std::stop_token stop{};
};

// Never blocks longer than the times say. Thread: one.
class PartyChecks {
  public:
    // Errors: NotFound (no resolver).
    [[nodiscard]] static Result<std::unique_ptr<PartyChecks>> open(PartyCheckOptions options);
    virtual ~PartyChecks() = default;
    // Five checks, Ptr to Spf, in this order, each with what was seen and the remedy.
    [[nodiscard]] virtual PartyFindings look(const PartyQuestion& question) = 0;
};

class DnsLookup;
class PublicSuffixes;

// The same by look-ups of the caller's.
[[nodiscard]] PartyFindings look_at_party(DnsLookup& dns, const PublicSuffixes& suffixes,
                                          const PartyQuestion& question);

}  // namespace fairlist::importer
