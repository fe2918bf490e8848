// LedgerScene: a scratch store with two lists, a rule and a ledger whose clock the test sets.
#pragma once

#include "listing/manager/ledger.h"
#include "listing/manager/manager.h"
#include "server/config/config.h"
#include "tests/support/scratch_store.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace fairlist::cli {

class LedgerScene : public testing::Test {
  protected:
    LedgerScene() {
        config_.lists = {list_of("css", ListKind::Address), list_of("dbl", ListKind::Domain),
                         list_of("xbl", ListKind::Address)};
        config_.lists[0].reason = "{address} hit traps";
        config_.rules = {rule_of("css", "css", 3, 2)};
        Manager::Options options;
        options.lists = config_.lists;
        options.clock = [this] {
            return now_;
        };
        manager_ = std::make_unique<Manager>(store_.environment(), options);
        make_ledger();
    }

    static ListSpec list_of(const std::string& name, ListKind kind) {
        ListSpec list;
        list.name = name;
        list.kind = kind;
        return list;
    }
    static TrapRule rule_of(const std::string& name, const std::string& list, std::uint32_t hits,
                            std::uint32_t traps) {
        TrapRule rule;
        rule.name = name;
        rule.list = list;
        rule.hits = hits;
        rule.traps = traps;
        return rule;
    }
    static Subject subject(ListKind kind, std::string_view text) {
        return parse_subject(kind, text).value();
    }

    void make_ledger() {
        LedgerOptions options;
        options.lists = config_.lists;
        options.rules = config_.rules;
        options.clock = [this] {
            return now_;
        };
        ledger_ = std::make_unique<Ledger>(store_.environment(), options);
    }

    // A mail to a trap; what a trap must not be told by is "canary".
    Hit mail(std::uint8_t key, std::uint32_t trap, std::string_view from) {
        Hit hit;
        hit.key[0] = key;
        hit.time = now_;
        hit.sensor = "mbox:canary.mbox";
        hit.trap = trap;
        hit.mail = 4711;
        hit.address = parse_address(from).value();
        hit.helo = "canary.example";
        hit.peer_name = "mail.sender.example";
        hit.subject_hash = 0x0123456789abcdef;
        hit.steps = {"Received line 1: the first peer outside: at fault [outside]"};
        return hit;
    }
    void record(const Hit& hit) {
        const std::vector<Hit> hits = {hit};
        ASSERT_EQ(ledger_->record({.name = "sensor:mbox"}, hits).size(), 1U);
    }
    Listing open(std::string_view list, const Subject& what, Time until = {}) {
        return ledger_
            ->open({.name = "operator:anna", .why = "ticket 9"},
                   {std::string(list), what, until, {}, 0, ""})
            .value();
    }

    test::ScratchStore store_;
    // 2026-11-21T08:30:15Z
    Time now_ = parse_time("2026-11-21T08:30:15Z").value();
    config::Config config_;
    std::unique_ptr<Manager> manager_;
    std::unique_ptr<Ledger> ledger_;
};

}  // namespace fairlist::cli
