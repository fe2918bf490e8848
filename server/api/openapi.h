// OpenAPI: the document of the API (OpenAPI 3.1), made from the rows that the server serves.
#pragma once

#include "server/api/api_route.h"

#include <boost/json/object.hpp>

#include <string>
#include <vector>

namespace fairlist::api {

[[nodiscard]] boost::json::object openapi_document(const std::vector<ApiRoute>& table);
[[nodiscard]] std::string openapi_text(const std::vector<ApiRoute>& table);

}  // namespace fairlist::api
