#include "tools/fairlist/explanation_text.h"

#include "tools/fairlist/listing_text.h"
#include "tools/fairlist/terminal.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace fairlist::cli {

namespace {

std::string headline(const SubjectExplanation& explanation) {
    const auto listed = std::ranges::count_if(explanation.lists, &ListExplanation::listed);
    const std::string subject = paint(Colour::Bold, to_string(explanation.subject));
    const std::string kind(to_string(kind_of(explanation.subject)));
    if (explanation.test_point) {
        return fmt::format("{}: {}\n", subject, explanation.note);
    }
    const std::string verdict =
        listed == 0 ? paint(Colour::Green, "not listed") : paint(Colour::Red, "listed");
    return fmt::format("{}: {}, in {} of {} {} list{}\n", subject, verdict, listed,
                       explanation.lists.size(), kind, explanation.lists.size() == 1 ? "" : "s");
}

std::string_view role_text(EntryRole role) noexcept {
    switch (role) {
        case EntryRole::Answers:
            return "answers:";
        case EntryRole::Exempts:
            return "exemption in force:";
        case EntryRole::Overridden:
            return "does not answer (a narrower one or an exemption stands before it):";
        case EntryRole::Expired:
            break;
    }
    return "expired:";
}

std::string dates(const Entry& entry) {
    const std::string until = entry.until.is_set() ? "until " + to_string(entry.until) : "no end";
    return fmt::format("since {}, {}", to_string(entry.since), until);
}

std::string entry_text(const ExplainedEntry& explained) {
    const Entry& entry = explained.view.entry;
    const std::string code = entry.verdict.exempt ? "" : " as " + to_string(explained.code);
    std::string text =
        fmt::format("    {} {}{}, source {}, {}\n", role_text(explained.role),
                    to_string(entry.subject), code, printable(explained.view.source), dates(entry));
    if (!explained.reason.empty()) {
        text += fmt::format("      {}\n", printable(explained.reason));
    }
    if (explained.listing) {
        text += fmt::format("      {}\n", listing_line(*explained.listing, now()));
    }
    return text;
}

std::string narrower_text(const ListExplanation& list) {
    std::string text;
    for (const EntryView& view : list.narrower) {
        text += fmt::format("    inside: {}{}, source {}, {}\n", to_string(view.entry.subject),
                            view.entry.verdict.exempt ? " (exemption)" : "", printable(view.source),
                            dates(view.entry));
    }
    if (list.more_narrower) {
        text += fmt::format(
            "    inside: more than these {}; see \"fairlist entries --list {} "
            "--within ...\"\n",
            kNarrowerMax, list.list);
    }
    return text;
}

std::string list_text(const ListExplanation& list, bool test_point) {
    const std::string absent =
        test_point ? "no entry of its own" : paint(Colour::Green, "not listed");
    std::string text =
        fmt::format("  {}: {}\n", list.list, list.listed ? paint(Colour::Red, "listed") : absent);
    for (const ExplainedEntry& entry : list.entries) {
        text += entry_text(entry);
    }
    text += narrower_text(list);
    for (const ZoneName& zone : list.zones) {
        text += zone.name.empty()
                    ? fmt::format("    in zone {}, for which the name is too long\n", zone.zone)
                    : fmt::format("    ask {} A and TXT\n", zone.name);
    }
    return text;
}

}  // namespace

std::string explanation_text(const SubjectExplanation& explanation) {
    std::string text = headline(explanation);
    if (!explanation.note.empty() && !explanation.test_point) {
        text += "  " + printable(explanation.note) + "\n";
    }
    for (const ListExplanation& list : explanation.lists) {
        text += list_text(list, explanation.test_point);
    }
    return text;
}

}  // namespace fairlist::cli
