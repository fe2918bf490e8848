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
