#include "tools/fairlist/subject_changes.h"
#include "tools/fairlist/verbs.h"

#include <fmt/format.h>

#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace fairlist::cli {

namespace {

// Says what there is instead, since the entry that answers is often a wider one.
Error nothing_removed(Manager& manager, const RemoveOptions& options, const Subject& subject) {
    std::string instead;
    for (const EntryView& view : manager.lookup(subject)) {
        if (view.list == options.list) {
            instead += fmt::format("{}{} {} of source {}", instead.empty() ? "; there is " : ", ",
                                   view.entry.verdict.exempt ? "exemption" : "entry",
                                   to_string(view.entry.subject), view.source);
        }
    }
    const std::string of_source =
        options.source.empty() ? "" : fmt::format(" of source \"{}\"", options.source);
    return {
        Errc::NotFound,
        fmt::format("{}: no {} for exactly this in list {}{}{}", to_string(subject),
                    options.exemption ? "exemption" : "entry", options.list, of_source, instead)};
}

}  // namespace

ExitStatus run_remove(Session& session, const RemoveOptions& options) {
    const Actor actor = session.actor();
    const auto source = options.source.empty() ? std::optional<std::string_view>()
                                               : std::string_view(options.source);
    return change_subjects(
        session, options.list, options.subjects,
        [&](Manager& manager, const ListSpec& list,
            const Subject& subject) -> Result<ChangeResult> {
            const auto removed =
                manager.remove(actor, list.name, source, subject, options.exemption);
            if (!removed) {
                return std::unexpected(removed.error());
            }
            if (*removed == 0) {
                return std::unexpected(nothing_removed(manager, options, subject));
            }
            return ChangeResult{"removed", *removed};
        });
}

}  // namespace fairlist::cli
