#include "server/app/token_access.h"

namespace fairlist::app {

namespace {

http::Role role_of(store::TokenRole role) noexcept {
    switch (role) {
        case store::TokenRole::Machine:
            return http::Role::Machine;
        case store::TokenRole::Provider:
            return http::Role::Provider;
        case store::TokenRole::Operator:
            return http::Role::Operator;
    }
    return http::Role::Public;
}

}  // namespace

std::optional<http::Principal> TokenAccess::principal(std::string_view bearer_token) {
    const auto token = vault_.find_token(bearer_token);
    if (!token) {
        return std::nullopt;
    }
    if (token->record.role == store::TokenRole::Provider && token->record.provider.empty()) {
        return std::nullopt;  // from before tokens named their provider: it speaks for nobody
    }
    vault_.note_token_use(token->name);
    return http::Principal{token->name, role_of(token->record.role), token->record.provider};
}

}  // namespace fairlist::app
