// Listing access: the listing that a path names, and what a body says of one.
#pragma once

#include "listing/model/listing.h"
#include "listing/model/subject.h"
#include "server/api/body.h"
#include "server/api/call.h"

#include <expected>
#include <string>
#include <string_view>

namespace fairlist::api {

// By {id}. Errors: 404.
[[nodiscard]] std::expected<Listing, Fault> find_listing(Call& call);

// A subject as the list takes it. A single label has to be meant: `whole_tld`. Errors: 400.
[[nodiscard]] std::expected<Subject, Fault> subject_of(const ListSpec& list, std::string_view text,
                                                       bool whole_tld);

// A member "reason": one line, with the fields that zones/reason.h knows.
[[nodiscard]] std::string reason_of(Body& body);
// A member "code" as the list takes it; not set: the list's.
[[nodiscard]] ReturnCode code_of(Body& body, const ListSpec& list);

// What a body names that is to be listed, once all of its keys are taken: the list, the subject as
// that takes it, and a code of its own ("code"; not set: the list's).
struct TargetText {
    std::string_view list;
    std::string_view subject;
    bool whole_tld = false;
};
struct Target {
    Subject subject;
    ReturnCode code;
};
// Faults of the body come first, then a list that there is not.
[[nodiscard]] std::expected<Target, Fault> target_of(const Call& call, Body& body,
                                                     const TargetText& text);

}  // namespace fairlist::api
