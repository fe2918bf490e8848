// Schemas: the shapes of bodies and answers, as JSON Schema.
#pragma once

#include <boost/json/object.hpp>

namespace fairlist::api {

// By name, for "#/components/schemas/NAME".
[[nodiscard]] boost::json::object schemas();

}  // namespace fairlist::api
