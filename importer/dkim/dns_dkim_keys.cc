#include "importer/dkim/dns_dkim_keys.h"

#include "importer/dkim/resolv_conf.h"
#include "listing/base/check.h"

#include <fmt/format.h>

#include <array>
#include <memory>
#include <openssl/rand.h>
#include <utility>

namespace fairlist::importer {

namespace {

std::uint16_t random_id() {
    std::array<std::uint8_t, 2> bytes{};
    FAIRLIST_CHECK(RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) == 1);
    return static_cast<std::uint16_t>((bytes[0] << 8U) | bytes[1]);
}

std::unexpected<Error> no_such_key() {
    return fail(Errc::NotFound, "the domain publishes no such key");
}

}  // namespace

Result<std::unique_ptr<DnsDkimKeys>> DnsDkimKeys::open(DnsOptions options) {
    if (options.servers.empty()) {
        auto servers = read_resolv_conf(options.resolv_conf, kDnsServersMax);
        if (!servers) {
            return std::unexpected(servers.error());
        }
        options.servers = std::move(*servers);
    }
    if (options.servers.size() > kDnsServersMax) {
        return fail(Errc::OutOfRange, fmt::format("{} DNS servers: at most {} are asked",
                                                  options.servers.size(), kDnsServersMax));
    }
    if (options.timeout.count() <= 0 || options.timeout > kDnsTimeoutMax) {
        return fail(Errc::OutOfRange, fmt::format("a DNS timeout of {} ms: expected 1 to {}",
                                                  options.timeout.count(), kDnsTimeoutMax.count()));
    }
    // The constructor is private.
    return std::unique_ptr<DnsDkimKeys>(new DnsDkimKeys(std::move(options)));
}

Result<std::vector<std::string>> DnsDkimKeys::find(std::string_view name) {
    const Time time = options_.clock();
    if (const auto* kept = cache_.find(name, time)) {
        return kept->empty() ? no_such_key() : Result<std::vector<std::string>>(*kept);
    }
    auto reply = ask(std::string(name));
    if (!reply) {
        return std::unexpected(reply.error());
    }
    cache_.keep(name, reply->records, reply->ttl, time);
    if (reply->records.empty()) {
        return no_such_key();
    }
    return std::move(reply->records);
}

Result<DnsReply> DnsDkimKeys::ask(const std::string& name) const {
    using std::chrono::steady_clock;
    const auto question = make_txt_question(name, random_id());
    if (!question) {
        return std::unexpected(question.error());
    }
    return ask_servers(options_.servers, *question, steady_clock::now() + options_.timeout);
}

}  // namespace fairlist::importer
