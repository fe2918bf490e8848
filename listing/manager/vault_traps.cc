#include "listing/base/check.h"
#include "listing/manager/vault.h"
#include "listing/manager/vault_counter.h"

#include <fmt/format.h>

#include <array>
#include <limits>
#include <utility>

namespace fairlist {

namespace {

using store::Bytes;
using store::Table;

std::string number_value(std::uint32_t number) {
    store::ByteWriter out;
    out.u32(number);
    return out.bytes();
}

std::optional<std::uint32_t> find_number(const store::Txn& txn, const store::Hash32& address) {
    const auto bytes = txn.get(Table::TrapAddresses, store::as_bytes(address));
    if (!bytes) {
        return std::nullopt;
    }
    store::ByteReader in(*bytes);
    const std::uint32_t number = in.u32();
    return in.ok() ? std::optional(number) : std::nullopt;
}

std::optional<Trap> read_trap(const store::Txn& txn, std::uint32_t number) {
    const auto bytes = txn.get(Table::Traps, store::trap_key(number));
    return bytes ? store::decode_trap(number, *bytes) : std::nullopt;
}

std::uint32_t next_trap(store::WriteTxn& txn) {
    const std::uint64_t number = vault::next_number(txn, vault::kTrapCounter);
    FAIRLIST_CHECK(number <= std::numeric_limits<std::uint32_t>::max());
    return static_cast<std::uint32_t>(number);
}

Result<void> check_trap(const NewTrap& trap) {
    if (trap.weight == 0) {
        return fail(Errc::OutOfRange, "weight 0: a trap counts at least 0.01");
    }
    if (trap.note.size() > kTrapNoteBytesMax) {
        return fail(Errc::OutOfRange, fmt::format("note of {} bytes: at most {} are kept",
                                                  trap.note.size(), kTrapNoteBytesMax));
    }
    return {};
}

}  // namespace

store::Hash32 Vault::address_hash(const TrapAddress& address) const {
    return hash("trap address").add_part(address.local).add_part(address.domain.text()).finish();
}

Result<std::vector<AddedTrap>> Vault::add_traps(std::span<const NewTrap> traps) {
    if (traps.size() > kAddTrapsMax) {
        return fail(Errc::OutOfRange, fmt::format("{} traps at once: at most {} are taken",
                                                  traps.size(), kAddTrapsMax));
    }
    for (std::size_t i = 0; i < traps.size(); ++i) {
        if (const auto good = check_trap(traps[i]); !good) {
            return fail_in(fmt::format("trap {} of {}", i + 1, traps.size()), good.error());
        }
    }
    std::vector<AddedTrap> added;
    const Time time = clock_();
    environment_.write([&](store::WriteTxn& txn) {
        added.clear();
        for (const NewTrap& wanted : traps) {
            const store::Hash32 address = address_hash(wanted.address);
            if (const auto known = find_number(txn, address)) {
                added.push_back({*known, true});
                continue;
            }
            Trap trap;
            trap.number = next_trap(txn);
            trap.kind = wanted.kind;
            trap.address = to_string(wanted.address);
            trap.weight = wanted.weight;
            trap.added = time;
            trap.note = wanted.note;
            txn.put(Table::Traps, store::trap_key(trap.number), store::encode(trap));
            txn.put(Table::TrapAddresses, store::as_bytes(address), number_value(trap.number));
            added.push_back({trap.number, false});
        }
    });
    return added;
}

Result<Trap> Vault::retire_trap(std::uint32_t number) {
    Result<Trap> result = fail(Errc::NotFound, fmt::format("trap {}: there is none", number));
    environment_.write([&](store::WriteTxn& txn) {
        auto trap = read_trap(txn, number);
        if (!trap) {
            return;
        }
        if (trap->state == TrapState::Retired) {
            result = fail(Errc::Conflict, fmt::format("trap {}: retired already, on {}", number,
                                                      to_string(trap->retired)));
            return;
        }
        trap->state = TrapState::Retired;
        trap->retired = clock_();
        txn.put(Table::Traps, store::trap_key(number), store::encode(*trap));
        if (const auto address = parse_trap_address(trap->address)) {
            txn.erase(Table::TrapAddresses, store::as_bytes(address_hash(*address)));
        }
        result = *trap;
    });
    return result;
}

std::optional<Trap> Vault::find_trap(std::string_view recipient) const {
    const auto address = parse_trap_address(recipient);
    return address && !address->local.empty() ? find_trap(*address) : std::nullopt;
}

std::optional<Trap> Vault::find_trap(const TrapAddress& recipient) const {
    const std::array<std::optional<TrapAddress>, 3> forms = {recipient, without_tag(recipient),
                                                             TrapAddress{{}, recipient.domain}};
    const store::ReadTxn txn(environment_);
    for (const auto& form : forms) {
        const auto number = form ? find_number(txn, address_hash(*form)) : std::nullopt;
        if (number) {
            return read_trap(txn, *number);
        }
    }
    return std::nullopt;
}

std::optional<Trap> Vault::trap(std::uint32_t number) const {
    return read_trap(store::ReadTxn(environment_), number);
}

std::vector<Trap> Vault::traps(std::uint32_t after, std::size_t limit) const {
    std::vector<Trap> found;
    if (after == std::numeric_limits<std::uint32_t>::max()) {
        return found;
    }
    const store::ReadTxn txn(environment_);
    store::Cursor cursor(txn, Table::Traps);
    for (bool on = cursor.seek_at_least(store::trap_key(after + 1)); on && found.size() < limit;
         on = cursor.next()) {
        const auto number = store::trap_number(cursor.key());
        auto trap = number ? store::decode_trap(*number, cursor.value()) : std::nullopt;
        if (trap) {
            found.push_back(std::move(*trap));
        }
    }
    return found;
}

}  // namespace fairlist
