// Removal JSON: requests for removal, as the API gives them.
#pragma once

#include "listing/model/removal.h"

#include <boost/json/object.hpp>

#include <cstdint>

namespace fairlist::api {

enum class RemovalView : std::uint8_t {
    Requester,  // no number, no name of a person, times to the hour
    Provider,   // the same with the number
    Operator
};

[[nodiscard]] boost::json::object removal_object(const Removal& removal, RemovalView view);

}  // namespace fairlist::api
