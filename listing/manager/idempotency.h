// Idempotency: the same request sent twice is carried out once, and answered twice.
#pragma once

#include "listing/base/result.h"
#include "listing/base/time.h"
#include "listing/manager/vault.h"
#include "listing/store/environment.h"
#include "listing/store/idempotency_records.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

namespace fairlist {

// A request under the key that its client gave it.
struct KeyedRequest {
    std::string_view principal;  // whose key it is: two clients may choose the same
    std::string_view key;        // 1 to kIdempotencyKeyBytesMax characters
    std::string_view method;
    std::string_view target;
    std::string_view content_type;
    std::string_view body;
};
inline constexpr std::size_t kIdempotencyKeyBytesMax = 255;

// Answers are kept in the vault, sealed under the key that the client chose: without the client's
// key nobody reads them there, not even who has the vault.
//
// A process that ends between the effect of a request and keep() leaves no answer: sent again, the
// request is carried out again. So what a request does has to be such that the second time is an
// answer of its own, and not a second effect.
//
// Thread: any number may call. Throws store::StoreError.
class Idempotency {
  public:
    // `run`: a number of this process that no other one has; 0: a random one.
    Idempotency(store::Environment& vault_environment, const Vault& vault, std::uint64_t run = 0);

    static constexpr std::uint32_t kKeepSeconds = 86400;
    // Another process that began to answer and did not end within so long is gone.
    static constexpr std::uint32_t kGoneSeconds = 120;
    static constexpr std::size_t kRecordsMax = 100000;  // past them the oldest are forgotten

    // Nothing: it is new, and the caller answers it, then calls keep() or drop(). An answer: it was
    // answered already. Errors: Malformed (key), Refused (the key was used for another request),
    // Conflict (it is being answered).
    [[nodiscard]] Result<std::optional<store::KeptAnswer>> begin(const KeyedRequest& request);
    // One that is too large is dropped instead.
    void keep(const KeyedRequest& request, const store::KeptAnswer& answer);
    // The request had no effect: sent again it is new.
    void drop(const KeyedRequest& request);

    // Forgets what is older than kKeepSeconds, at most `limit`. Returns how many.
    std::uint64_t trim(std::size_t limit);

  private:
    [[nodiscard]] store::Hash32 name_of(const KeyedRequest& request) const;
    [[nodiscard]] store::Hash32 content_of(const KeyedRequest& request) const;
    [[nodiscard]] store::Hash32 seal_key_of(const KeyedRequest& request) const;

    store::Environment& environment_;
    const Vault& vault_;
    std::uint64_t run_;
};

}  // namespace fairlist
