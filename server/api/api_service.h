// ApiService: the routes of the HTTP API, with what is the same for all of them around each: limits
// of strangers, ETags, idempotency keys, the second person.
#pragma once

#include "listing/manager/idempotency.h"
#include "server/api/api_route.h"
#include "server/api/books.h"
#include "server/api/metrics.h"
#include "server/api/public_limits.h"
#include "server/http/router.h"
#include "server/http/sensor_routes.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::api {

struct ServiceOptions {
    Setup setup;
    http::SensorSink* sensors = nullptr;  // null: no hits and reports are taken
    PublicRates rates{};
    // Numbers that others count, for GET /v1/metrics; may be empty.
    std::function<std::vector<Metric>()> metrics{};
    std::string version{};  // of this program
    std::function<void(std::string_view)> warn{};
};

// Thread: any number of workers call the routes' handlers at the same time; each call takes a set
// of books of its own. Lifetime: of the stores; the routes do not outlive the service.
class ApiService {
  public:
    ApiService(const Stores& stores, ServiceOptions options);
    ~ApiService();
    ApiService(const ApiService&) = delete;
    ApiService& operator=(const ApiService&) = delete;

    // For http::Router.
    [[nodiscard]] std::vector<http::Route> routes();
    // The same as data.
    [[nodiscard]] const std::vector<ApiRoute>& table() const noexcept;

    // The configuration has changed: for requests from now on. Thread: any.
    void use(Setup setup);
    // Forgets answers that were kept long enough. Every minute.
    void maintain();

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace fairlist::api
