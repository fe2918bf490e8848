// List target: the list that a change is for, and whether an entry may stand in it.
#pragma once

#include "listing/base/result.h"
#include "listing/manager/manager.h"
#include "listing/model/list.h"
#include "listing/model/protected_space.h"
#include "listing/store/environment.h"

#include <string_view>
#include <vector>

namespace fairlist {

struct ListTarget {
    ListId id{};
    const ListSpec* spec = nullptr;
};

// Lifetime: of `lists`. Errors: NotFound.
[[nodiscard]] Result<ListTarget> find_list_target(const store::Txn& txn,
                                                  const std::vector<ListSpec>& lists,
                                                  std::string_view name);

// Errors: Malformed (the list holds subjects of another kind).
[[nodiscard]] Result<void> check_kind(const ListSpec& spec, const Subject& subject);

// Errors: those of check_kind(), OutOfRange (reason too long), Refused (protected, foreign code).
[[nodiscard]] Result<void> check_entry(const ListSpec& spec, const NewEntry& entry,
                                       const ProtectedSpace& protected_space);

}  // namespace fairlist
