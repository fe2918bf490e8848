#include "listing/model/listing.h"

namespace fairlist {

std::string_view to_string(ListingState state) noexcept {
    switch (state) {
        case ListingState::Noticed:
            return "noticed";
        case ListingState::Open:
            return "open";
        case ListingState::Suspended:
            return "suspended";
        case ListingState::Expired:
            return "expired";
        case ListingState::Removed:
            return "removed";
        case ListingState::Exempted:
            return "exempted";
    }
    return "?";
}

std::string_view to_string(ListingAction action) noexcept {
    switch (action) {
        case ListingAction::Noticed:
            return "noticed";
        case ListingAction::Opened:
            return "opened";
        case ListingAction::Extended:
            return "extended";
        case ListingAction::Suspended:
            return "suspended";
        case ListingAction::Resumed:
            return "resumed";
        case ListingAction::Expired:
            return "expired";
        case ListingAction::Removed:
            return "removed";
        case ListingAction::Exempted:
            return "exempted";
        case ListingAction::Lapsed:
            return "lapsed";
    }
    return "?";
}

namespace {
constexpr std::uint32_t kHour = 3600;
}

Time shown_since(const Listing& listing) noexcept {
    const std::uint32_t past = listing.rule.empty() ? 0 : listing.opened.seconds % kHour;
    return Time{listing.opened.seconds - past};
}

// Up to the next full hour: until the expiry comes by it answers no shorter than it is listed.
Time shown_until(const Listing& listing) noexcept {
    const std::uint32_t past = listing.rule.empty() ? 0 : listing.until.seconds % kHour;
    const std::uint32_t missing = past == 0 ? 0 : kHour - past;
    return missing > UINT32_MAX - listing.until.seconds ? listing.until
                                                        : Time{listing.until.seconds + missing};
}

bool may_become(ListingState from, ListingState to) noexcept {
    switch (from) {
        case ListingState::Noticed:
            return to != ListingState::Suspended;
        case ListingState::Open:
            return to != ListingState::Noticed;
        case ListingState::Suspended:
            return to != ListingState::Noticed;
        case ListingState::Expired:
        case ListingState::Removed:
        case ListingState::Exempted:
            return false;
    }
    return false;
}

}  // namespace fairlist
