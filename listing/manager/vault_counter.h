// Vault counter: numbers that are never given twice, kept in meta.
#pragma once

#include "listing/store/bytes.h"
#include "listing/store/environment.h"

#include <cstdint>

namespace fairlist::vault {

// The names stand in FORMAT.md.
inline constexpr store::Bytes kTrapCounter = "trap_next";
inline constexpr store::Bytes kMailCounter = "mail_next";

[[nodiscard]] inline std::uint64_t next_number(store::WriteTxn& txn, store::Bytes counter) {
    store::ByteReader in(txn.get(store::Table::Meta, counter).value_or(store::Bytes{}));
    const std::uint64_t number = in.u64() + 1;
    store::ByteWriter out;
    out.u64(number);
    txn.put(store::Table::Meta, counter, out.bytes());
    return number;
}

}  // namespace fairlist::vault
