#include "importer/fetch/descriptor.h"
#include "importer/intake/trap_file.h"
#include "tools/fairlist/input_file.h"
#include "tools/fairlist/intake_json.h"
#include "tools/fairlist/intake_verbs.h"
#include "tools/fairlist/number_ranges.h"
#include "tools/fairlist/session.h"
#include "tools/fairlist/shown_trap.h"
#include "tools/fairlist/subject_input.h"
#include "tools/fairlist/table.h"
#include "tools/fairlist/terminal.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <iostream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fairlist::cli {

namespace {

using namespace importer;

// What all of them are alike in.
struct Manner {
    TrapKind kind = TrapKind::Trap;
    std::uint16_t weight = kHitWeightOne;
    std::string note;
};

Result<Manner> manner_of(const TrapAddOptions& options) {
    Manner manner;
    manner.kind = options.report ? TrapKind::Report : TrapKind::Trap;
    manner.note = options.note;
    if (options.note.size() > kTrapNoteBytesMax) {
        return fail(Errc::OutOfRange, fmt::format("--note: {} bytes; at most {} are kept",
                                                  options.note.size(), kTrapNoteBytesMax));
    }
    if (!options.weight.empty()) {
        const auto weight = parse_trap_weight(options.weight);
        if (!weight) {
            return fail_in("--weight", weight.error());
        }
        manner.weight = *weight;
    }
    return manner;
}

// The store first: a change that cannot be put on record is not made.
Result<Vault*> open_both(Session& session) {
    if (const auto manager = session.manager(); !manager) {
        return std::unexpected(manager.error());
    }
    return session.vault();
}

void note_traps(Session& session, const std::string& action, std::vector<std::uint32_t> numbers) {
    if (!numbers.empty()) {
        const std::string count = fmt::format("{}", numbers.size());
        session.note({action, {{"traps", ranges_text(std::move(numbers))}, {"count", count}}});
    }
}

std::vector<std::uint32_t> new_numbers(const std::vector<AddedTrap>& added) {
    std::vector<std::uint32_t> numbers;
    for (const AddedTrap& trap : added) {
        if (!trap.known) {
            numbers.push_back(trap.number);
        }
    }
    return numbers;
}

// Those that can be read become traps, in one transaction; `outcomes` hold the faults of others.
Result<std::vector<TrapOutcome>> add_all(Session& session, Vault& vault,
                                         const std::vector<SubjectText>& given,
                                         const Manner& manner) {
    std::vector<TrapOutcome> outcomes(given.size());
    std::vector<NewTrap> traps;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < given.size(); ++i) {
        outcomes[i].where =
            given[i].where.empty() ? fmt::format("argument {}", i + 1) : given[i].where;
        auto address = parse_trap_address(given[i].text);
        if (!address) {
            outcomes[i].error = address.error();
            continue;
        }
        outcomes[i].domain = address->domain.text();
        traps.push_back({std::move(*address), manner.kind, manner.weight, manner.note});
        places.push_back(i);
    }
    const auto added = vault.add_traps(traps);
    if (!added) {
        return std::unexpected(added.error());
    }
    for (std::size_t i = 0; i < places.size(); ++i) {
        TrapOutcome& outcome = outcomes[places[i]];
        outcome.number = (*added)[i].number;
        outcome.change = (*added)[i].known ? "known" : "added";
    }
    note_traps(session, "trap.add", new_numbers(*added));
    return outcomes;
}

ExitStatus report_outcomes(Session& session, const std::vector<TrapOutcome>& outcomes) {
    if (session.json()) {
        print(trap_outcomes_json(outcomes));
    }
    for (const TrapOutcome& outcome : outcomes) {
        if (session.json()) {
            break;
        }
        if (outcome.error) {
            const std::string where = outcome.where.empty() ? "" : outcome.where + ": ";
            print_error(printable("fairlist: " + where + outcome.error->message) + "\n");
        } else {
            print(fmt::format("{:<7}  trap {}  {}\n", outcome.change, outcome.number,
                              printable(outcome.domain)));
        }
    }
    const auto failed = static_cast<std::size_t>(
        std::ranges::count_if(outcomes, [](const auto& one) { return one.error.has_value(); }));
    return status_of(outcomes.size() - failed, failed);
}

void print_import(const Session& session, const std::string& input, const TrapImport& import) {
    if (session.json()) {
        print(trap_import_json(input, import));
        return;
    }
    for (const std::string& fault : import.faults) {
        print_error(printable(fmt::format("fairlist: {}: {}", input, fault)) + "\n");
    }
    if (import.more_faults != 0) {
        print_error(fmt::format("fairlist: {} more are not shown\n",
                                counted(import.more_faults, "rejected line")));
    }
    print(fmt::format("{} added, {} known already, {} rejected\n", counted(import.added, "trap"),
                      grouped(import.known),
                      counted(import.faults.size() + import.more_faults, "line")));
}

Result<TrapFile> read_file(const std::string& input) {
    auto source = open_input(input);
    if (!source) {
        return std::unexpected(source.error());
    }
    auto file = read_trap_file(**source);
    return file ? std::move(file) : fail_in(input, file.error());
}

// Traps of a page; one more is looked for, to know whether there are more.
TrapPage page_of(const Vault& vault, const TrapListOptions& options) {
    constexpr std::size_t kSlice = 1000;
    TrapPage page;
    std::uint32_t after = options.after;
    // Ends: every slice moves `after` forward.
    while (true) {
        const std::vector<Trap> slice = vault.traps(after, kSlice);
        for (const Trap& trap : slice) {
            after = trap.number;
            if (!options.retired && trap.state == TrapState::Retired) {
                continue;
            }
            if (page.traps.size() == options.limit) {
                page.next = page.traps.back().number;
                return page;
            }
            page.traps.push_back(show_trap(trap, options.full));
        }
        if (slice.size() < kSlice) {
            return page;
        }
    }
}

// On record before anything is shown.
void note_shown(Session& session, const TrapPage& page) {
    std::vector<std::uint32_t> numbers;
    for (const ShownTrap& trap : page.traps) {
        numbers.push_back(trap.number);
    }
    note_traps(session, "trap.show", std::move(numbers));
}

}  // namespace

ExitStatus run_trap_add(Session& session, const TrapAddOptions& options) {
    const auto manner = manner_of(options);
    if (!manner) {
        return session.report(manner.error(), ExitStatus::Usage);
    }
    const auto given = gather_subjects(options.addresses, std::cin, "fairlist trap import");
    if (!given) {
        return session.report(given.error());
    }
    if (given->empty()) {
        return session.report({Errc::Malformed, "no address: nothing was given"},
                              ExitStatus::Usage);
    }
    const auto vault = open_both(session);
    if (!vault) {
        return session.report(vault.error());
    }
    const auto outcomes = add_all(session, **vault, *given, *manner);
    return outcomes ? report_outcomes(session, *outcomes) : session.report(outcomes.error());
}

ExitStatus run_trap_import(Session& session, const std::string& input) {
    const auto config = session.config();
    if (!config) {
        return session.report(config.error());
    }
    const auto file = read_file(input);
    if (!file) {
        return session.report(file.error());
    }
    const auto vault = open_both(session);
    if (!vault) {
        return session.report(vault.error());
    }
    const auto added = (*vault)->add_traps(file->traps);
    if (!added) {
        return session.report(added.error());
    }
    const std::vector<std::uint32_t> numbers = new_numbers(*added);
    note_traps(session, "trap.add", numbers);
    const TrapImport import{numbers.size(), added->size() - numbers.size(), file->faults,
                            file->more_faults};
    print_import(session, input, import);
    return status_of(added->size(), file->faults.size());
}

ExitStatus run_trap_list(Session& session, const TrapListOptions& options) {
    if (options.full && session.globals().why.empty()) {
        return session.report({Errc::Malformed,
                               "--full: expected --why as well: who reads the addresses of traps, "
                               "and why, stands in the audit log"},
                              ExitStatus::Usage);
    }
    if (options.full) {
        if (const auto manager = session.manager(); !manager) {
            return session.report(manager.error());
        }
    }
    const auto vault = session.vault_reader();
    if (!vault) {
        return session.report(vault.error());
    }
    const TrapPage page = page_of(**vault, options);
    if (options.full) {
        note_shown(session, page);
    }
    if (session.json()) {
        print(traps_json(page));
        return ExitStatus::Done;
    }
    print(traps_table(page.traps));
    if (page.next != 0) {
        print_error(fmt::format("fairlist: more traps; go on with --after {}\n", page.next));
    }
    return ExitStatus::Done;
}

ExitStatus run_trap_retire(Session& session, const std::vector<std::uint32_t>& numbers) {
    if (const auto manager = session.manager(); !manager) {
        return session.report(manager.error());
    }
    const auto vault = session.known_vault();
    if (!vault) {
        return session.report(vault.error());
    }
    std::vector<TrapOutcome> outcomes;
    std::vector<std::uint32_t> retired;
    for (const std::uint32_t number : numbers) {
        TrapOutcome outcome;
        outcome.number = number;
        if (const auto trap = (*vault)->retire_trap(number)) {
            outcome.change = "retired";
            outcome.domain = show_trap(*trap, false).domain;
            retired.push_back(number);
        } else {
            outcome.error = trap.error();
        }
        outcomes.push_back(std::move(outcome));
    }
    note_traps(session, "trap.retire", std::move(retired));
    return report_outcomes(session, outcomes);
}

}  // namespace fairlist::cli
