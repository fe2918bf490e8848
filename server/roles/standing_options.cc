#include "server/roles/standing_options.h"

namespace fairlist {

StandingBookOptions standing_book_options(const config::Config& config) {
    StandingBookOptions options;
    options.rules = config.standing;
    options.policy = config.policy;
    return options;
}

}  // namespace fairlist
