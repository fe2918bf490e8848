#include "server/api/listing_access.h"

#include "server/shown/subject_guess.h"
#include "zones/reason.h"

#include <fmt/format.h>

namespace fairlist::api {

std::expected<Listing, Fault> find_listing(Call& call) {
    const auto id = call.path_number("id");
    if (!id) {
        return std::unexpected(id.error());
    }
    auto listing = call.books.ledger.find(*id);
    if (!listing) {
        return refuse(404, "not-found", fmt::format("listing {}: there is none", *id));
    }
    return *std::move(listing);
}

std::expected<Subject, Fault> subject_of(const ListSpec& list, std::string_view text,
                                         bool whole_tld) {
    auto subject = parse_subject(list.kind, text);
    if (!subject) {
        return refuse(400, "bad-body",
                      fmt::format("subject: {}; list {} is of kind {}", subject.error().message,
                                  list.name, to_string(list.kind)));
    }
    if (const auto good = check_name(*subject, true); !good) {
        return refuse(400, "bad-body", "subject: " + good.error().message);
    }
    if (!whole_tld && !check_name(*subject, false)) {
        return refuse(400, "bad-body",
                      fmt::format("subject: \"{}\": stands for a whole top-level domain; say "
                                  "\"whole_tld\": true if that is meant",
                                  text));
    }
    return *std::move(subject);
}

std::string reason_of(Body& body) {
    std::string reason = body.text("reason", kReasonBytesMax).value_or("");
    if (const auto good = check_reason(reason, false); !good) {
        body.fault("reason", good.error().message);
    }
    return reason;
}

ReturnCode code_of(Body& body, const ListSpec& list) {
    const auto text = body.text("code", 32);
    return text ? body.take("code", parse_code(*text, list.foreign_codes)) : ReturnCode{};
}

std::expected<Target, Fault> target_of(const Call& call, Body& body, const TargetText& text) {
    const auto list = find_list(call, text.list);
    Target target;
    if (list) {
        target.code = code_of(body, **list);
    } else {
        static_cast<void>(body.text("code", 32));
    }
    if (auto good = body.done(); !good) {
        return std::unexpected(good.error());
    }
    if (!list) {
        return std::unexpected(list.error());
    }
    auto subject = subject_of(**list, text.subject, text.whole_tld);
    if (!subject) {
        return std::unexpected(subject.error());
    }
    target.subject = *std::move(subject);
    return target;
}

}  // namespace fairlist::api
