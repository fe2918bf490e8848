// RemovalSite: a ledger with a vault and a desk beside it, and one clock that a test moves.
#pragma once

#include "listing/manager/provider_book.h"
#include "listing/manager/removal_desk.h"
#include "tests/support/ledger_site.h"
#include "tests/support/scratch_vault.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace fairlist::test {

class RemovalSite : public LedgerSite {
  public:
    RemovalSite() {
        ListSpec list;
        list.name = "pbl";
        options.lists.push_back(list);
        options.rules = {address_rule()};
        // Noon: hours and days are easy to see.
        now = Time{1'700'000'000 - 1'700'000'000 % 86400 + 12 * 3600};
        desk_options.rules["pbl"].mode = RemovalMode::Exemption;
        desk_options.rules["pbl"].needed = {CheckKind::Ptr, CheckKind::Confirmed,
                                            CheckKind::NotGeneric};
        remake();
    }

    void remake() {
        make();
        desk_options.ledger = options;
        desk =
            std::make_unique<RemovalDesk>(store.environment(), vault.environment(), desk_options);
    }

    // A listing of the address in css by hits of its own; its number.
    std::uint64_t list_by_hits(const std::string& address) {
        std::uint64_t id = 0;
        for (std::uint32_t trap = 1; trap <= 4; ++trap) {
            for (const RuleEffect& effect : record(hit(address, trap)).effects) {
                id = effect.listing != 0 ? effect.listing : id;
            }
        }
        FAIRLIST_CHECK(id != 0);
        return id;
    }
    void add_entry(const std::string& list, const std::string& prefix, const std::string& source) {
        NewEntry entry;
        entry.subject = *parse_prefix(prefix);
        FAIRLIST_CHECK(manager->add({"operator:test"}, list, source, entry).has_value());
    }
    void add_holder(const std::string& slug, const std::string& prefix) {
        ProviderBookOptions of_book;
        of_book.clock = options.clock;
        of_book.protected_space = options.protected_space;
        ProviderBook book(store.environment(), of_book);
        Provider provider;
        provider.slug = slug;
        provider.name = slug;
        FAIRLIST_CHECK(book.add({"operator:test"}, provider).has_value());
        const Prefix range = *parse_prefix(prefix);
        FAIRLIST_CHECK(
            book.add_space({"operator:test"}, slug, std::span(&range, 1), false).has_value());
    }

    [[nodiscard]] NewRemoval ask(const std::string& subject, ProofKind proof) const {
        NewRemoval wanted;
        wanted.subject = *parse_prefix(subject);
        wanted.proof = proof;
        wanted.peer = *parse_address(subject.substr(0, subject.find('/')));
        wanted.mailbox = "postmaster";
        return wanted;
    }
    Result<OpenedRemoval> open(const NewRemoval& wanted) {
        auto opened = desk->open({"requester"}, wanted);
        if (!opened) {
            return std::unexpected(opened.error());
        }
        return std::move(opened->front());
    }
    void pass(std::uint32_t seconds) { now.seconds += seconds; }
    // As a worker would: what the DNS says of all that are to be looked at.
    void look(const PartyFindings& findings) {
        for (const Removal& removal : desk->to_check(1000)) {
            FAIRLIST_CHECK(desk->settle(removal.id, findings).has_value());
        }
    }
    [[nodiscard]] bool is_listed(const std::string& list, const std::string& address) {
        for (const EntryView& view : manager->lookup(Subject{*parse_prefix(address)})) {
            if (view.list == list && view.answers && !view.entry.verdict.exempt) {
                return true;
            }
        }
        return false;
    }

    ScratchVault vault;
    RemovalDeskOptions desk_options;
    std::unique_ptr<RemovalDesk> desk;
};

[[nodiscard]] inline PartyFindings good_findings() {
    PartyFindings findings;
    for (const CheckKind kind : {CheckKind::Ptr, CheckKind::Confirmed, CheckKind::NotGeneric}) {
        findings.checks.push_back({kind, CheckResult::Passed, "mail.example.net", ""});
    }
    findings.ptr_name = "mail.example.net";
    findings.ptr_domain = "example.net";
    return findings;
}

}  // namespace fairlist::test
