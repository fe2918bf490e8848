// Provider JSON: the shapes of providers, their space and their policies, as fairlist(1) documents
// them.
#pragma once

#include "listing/manager/ground.h"
#include "listing/manager/policy_book.h"
#include "listing/manager/provider_book.h"
#include "listing/model/policy.h"
#include "listing/model/provider.h"

#include <boost/json/object.hpp>

namespace fairlist {

[[nodiscard]] boost::json::object provider_object(const Provider& provider,
                                                  const ProviderBook::Held& held);
// For everybody: no contact but the one that is meant for listed parties.
[[nodiscard]] boost::json::object public_provider_object(const Provider& provider);
[[nodiscard]] boost::json::object held_object(const ProviderBook::Held& held);
[[nodiscard]] boost::json::object held_range_object(const HeldRange& range);
[[nodiscard]] boost::json::object space_change_object(const SpaceChange& change);

[[nodiscard]] boost::json::object policy_quote_object(const PolicyQuote& quote);
[[nodiscard]] boost::json::object policy_diff_object(const PolicyDiff& diff);
[[nodiscard]] boost::json::object policy_import_object(const PolicyImport& import);
[[nodiscard]] boost::json::object policy_version_object(const PolicyVersion& version);
[[nodiscard]] boost::json::object policy_conflict_object(const PolicyConflict& conflict);
[[nodiscard]] boost::json::object exemption_object(const PolicyExemption& exemption);

}  // namespace fairlist
