#include "tools/fairlist/provider_access.h"

#include "server/roles/provider_options.h"

#include <fmt/format.h>

#include <expected>
#include <utility>

namespace fairlist::cli {

namespace {

constexpr std::size_t kNamesShown = 20;

Result<std::unique_ptr<ProviderBooks>> books_of(Session& session, Result<Manager*> manager) {
    if (!manager) {
        return std::unexpected(manager.error());
    }
    const config::Config& config = **session.config();
    return std::make_unique<ProviderBooks>(
        ProviderBooks{ProviderBook(session.environment(), provider_book_options(config)),
                      PolicyBook(session.environment(), policy_book_options(config)), *manager});
}

}  // namespace

Result<std::unique_ptr<ProviderBooks>> open_books(Session& session) {
    return books_of(session, session.manager());
}

Result<std::unique_ptr<ProviderBooks>> read_books(Session& session) {
    return books_of(session, session.reader());
}

Result<Provider> find_provider(ProviderBooks& books, std::string_view slug) {
    if (auto provider = books.providers.find(slug)) {
        return std::move(*provider);
    }
    std::string known;
    std::size_t shown = 0;
    for (const Provider& provider : books.providers.list()) {
        if (++shown > kNamesShown) {
            known += ", ...";
            break;
        }
        known += (known.empty() ? "" : ", ") + provider.slug;
    }
    return fail(Errc::NotFound,
                known.empty()
                    ? fmt::format("provider \"{}\": there is none yet; \"fairlist provider add\" "
                                  "makes one",
                                  slug)
                    : fmt::format("provider \"{}\": there are {}", slug, known));
}

}  // namespace fairlist::cli
