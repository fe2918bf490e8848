#include "server/shown/subject_guess.h"

#include "importer/formats/host_name.h"

#include <fmt/format.h>

#include <string>
#include <utility>
#include <variant>

namespace fairlist {

Result<void> check_name(const Subject& subject, bool whole_tld) {
    const auto* name = std::get_if<NameSubject>(&subject);
    if (name == nullptr) {
        return {};
    }
    const std::string& text = name->name.text();
    if (const auto good = importer::parse_host_name(to_string(*name)); !good) {
        const std::string_view hint = text.contains("/")   ? "; for a URL see \"fairlist hash url\""
                                      : text.contains("@") ? "; for an e-mail address see "
                                                             "\"fairlist hash email\""
                                                           : "";
        return fail(Errc::Malformed, good.error().message + std::string(hint));
    }
    if (!whole_tld && !text.contains('.')) {
        return fail(Errc::Refused,
                    fmt::format("\"{}\": stands for a whole top-level domain; say --yes if that is "
                                "meant",
                                to_string(subject)));
    }
    return {};
}

Result<Subject> guess_subject(std::string_view text) {
    if (auto prefix = parse_prefix(text)) {
        return Subject(*prefix);
    } else if (text.find_first_of("/:") != std::string_view::npos) {
        return std::unexpected(prefix.error());
    }
    if (auto digest = parse_digest(text)) {
        return Subject(*digest);
    }
    auto name = parse_name_subject(text);
    if (!name) {
        return std::unexpected(name.error());
    }
    const std::string& plain = name->name.text();
    if (plain.find_first_not_of("0123456789.") == std::string::npos) {
        return fail(
            Errc::Malformed,
            fmt::format("\"{}\": neither an address nor a name, expected such as 192.0.2.1, "
                        "192.0.2.0/24, 2001:db8::1, example.org or a digest",
                        text));
    }
    return Subject(std::move(*name));
}

}  // namespace fairlist
