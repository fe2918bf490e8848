// RemovalDesk: requests to end a listing, from the first word to the end of the watch.
#pragma once

#include "listing/base/result.h"
#include "listing/base/time.h"
#include "listing/manager/actor.h"
#include "listing/manager/ledger.h"
#include "listing/model/address.h"
#include "listing/model/removal.h"
#include "listing/model/standing.h"
#include "listing/store/environment.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist {

struct RemovalDeskOptions {
    LedgerOptions ledger;
    std::map<std::string, RemovalRule> rules;  // by list; others: RemovalRule{} of their kind
    StandingRules standing;
    std::uint32_t proof_seconds = 86400;  // a code or challenge is good so long
    std::uint32_t code_tries_max = 5;
    std::uint32_t operator_seconds = 2 * 86400;      // RFC 6471 section 2.2.3: two days,
    std::uint32_t operator_seconds_max = 7 * 86400;  // never more than seven
    std::uint32_t per_address_day = 10;              // requests from one address (IPv6: /64)
    std::uint32_t per_network_day = 50;              // from one /24, one /48
    std::uint32_t per_subject_day = 5;
    std::uint32_t mails_per_domain_day = 3;  // codes to one PTR domain
    std::uint32_t keep_requester_seconds = 90 * 86400;
};

struct NewRemoval {
    std::string list;  // empty: each list that has the subject's address
    Subject subject;
    ProofKind proof = ProofKind::Address;
    Address peer;          // who asks; not set: the command line
    std::string provider;  // slug, of Provider
    std::string mailbox;   // of Mail: "postmaster" or "abuse"
    std::string helo;
    std::string mail_domain;
    std::string statement;
    bool attested = false;
};

// What the requester gets, once.
struct OpenedRemoval {
    Removal removal;
    std::string key;        // shows its status and goes on with it: 128 random bits, in hex
    std::string challenge;  // of Dns: the TXT record's text; the name is known after the PTR is
};

// A code to be mailed; the desk says where to, once the PTR is confirmed.
struct CodeMail {
    std::uint64_t removal = 0;
    std::string to;
    std::string code;
    std::string subject_text;  // what is listed, for the text of the mail
    std::string list;
    Time until;
};

struct RemovalFilter {
    std::optional<RemovalState> state;
    std::optional<std::string> list;
    std::optional<std::string> provider;
    bool open_only = false;
};

struct RemovalPage {
    std::vector<Removal> removals;  // newest first; of Operator: the one that is due first
    std::string next;
};

// Every step is one transaction of the store; the vault (who asks, codes, keys) is written first.
// Thread: one; several processes may each have one. Throws store::StoreError.
class RemovalDesk {
  public:
    RemovalDesk(store::Environment& store, store::Environment& vault, RemovalDeskOptions options);

    // Errors: NotFound (not listed: says so in words), Refused (the proof does not fit: says which
    // do; a list that lets nobody out: says who does), OutOfRange (too many: says when again),
    // Conflict (one is open for it: its state).
    [[nodiscard]] Result<std::vector<OpenedRemoval>> open(const Actor& actor,
                                                          const NewRemoval& wanted);
    // By the requester's key. Takes as long for a key that is not known. Errors: NotFound.
    // Nothing of it tells who decided: `events` and `statement` are empty.
    [[nodiscard]] Result<Removal> status(std::string_view key);
    // Of Dns the code is not looked at: the challenge is looked for again, at once.
    // Errors: NotFound, Refused (wrong code; says how many tries are left), Conflict (state).
    [[nodiscard]] Result<Removal> prove(std::string_view key, std::string_view code);
    // To an operator. Errors: NotFound, Conflict (only what was refused or waits).
    [[nodiscard]] Result<Removal> appeal(std::string_view key, std::string_view why);

    // For who runs checks: requests whose DNS is to be looked at now, oldest first.
    [[nodiscard]] std::vector<Removal> to_check(std::size_t limit);
    // Adds the checks that the store answers, and decides. Of Proving by Mail it makes the code.
    [[nodiscard]] Result<Removal> settle(std::uint64_t id, const PartyFindings& findings);
    // The name that a DNS challenge of this request stands at, below the confirmed PTR domain.
    [[nodiscard]] static std::string challenge_name(std::string_view ptr_name);

    [[nodiscard]] std::vector<CodeMail> code_mails(std::size_t limit);
    void note_code_mailed(std::uint64_t id);
    void note_code_failed(std::uint64_t id, std::string_view error);

    // By the clock: waits that are over go on, watches end, proofs lapse, hits within a watch are
    // found (relisted), appeals are due. Returns how many changed.
    std::uint64_t run_due(const Actor& actor);

    // An operator's or a provider's. Errors: NotFound, Conflict, Refused (not its space).
    // `provider`: whose token speaks; empty: an operator's. A provider grants exemptions alone: of
    // trap lists it attests.
    [[nodiscard]] Result<Removal> grant(const Actor& actor, std::uint64_t id, std::string_view why,
                                        std::string_view provider = {});
    [[nodiscard]] Result<Removal> refuse(const Actor& actor, std::uint64_t id, std::string_view why,
                                         std::string_view provider = {});
    // A provider's word for all of its listings within a prefix. One result a listing.
    struct Attested {
        std::uint64_t listing = 0;
        Subject subject;
        std::string list;
        Result<Removal> result;
    };
    [[nodiscard]] Result<std::vector<Attested>> attest(const Actor& actor,
                                                       std::string_view provider,
                                                       const Prefix& within, std::string_view text,
                                                       std::size_t limit);

    [[nodiscard]] std::optional<Removal> find(std::uint64_t id);
    [[nodiscard]] Result<RemovalPage> page(const RemovalFilter& filter, std::string_view after,
                                           std::size_t limit);
    // The latest of a subject in a list.
    [[nodiscard]] std::optional<Removal> latest(std::string_view list, const Subject& subject);
    // Deletes who asked, of requests that ended long ago.
    std::uint64_t trim(std::size_t limit);

    ~RemovalDesk();
    RemovalDesk(const RemovalDesk&) = delete;
    RemovalDesk& operator=(const RemovalDesk&) = delete;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace fairlist
