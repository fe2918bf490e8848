#include "listing/manager/policy_book.h"

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

namespace fairlist {

namespace {

void add_word(std::string& line, std::string_view name, std::string_view value) {
    if (!value.empty()) {
        line += fmt::format(" {}={}", name, value);
    }
}

std::string text_of(const PolicyRange& range) {
    std::string line = fmt::format("{} {}", to_string(range.prefix), to_string(range.use));
    add_word(line, "direct_mail", to_string(range.direct_mail));
    add_word(line, "port25", to_string(range.port25));
    add_word(line, "ptr", to_string(range.ptr));
    add_word(line, "smarthost", range.smarthost);
    add_word(line, "customer", range.customer);
    add_word(line, "contact", range.contact);
    add_word(line, "policy", range.policy);
    return line;
}

std::string text_of(const PolicyExemption& exemption) {
    std::string line = fmt::format("{} exemption", to_string(exemption.prefix));
    add_word(line, "until", exemption.until.is_set() ? to_string(exemption.until) : "");
    add_word(line, "customer", exemption.customer);
    add_word(line, "reason", exemption.reason);
    return line;
}

struct Counts {
    std::uint64_t added = 0;
    std::uint64_t changed = 0;
    std::uint64_t removed = 0;
};

void say(std::vector<std::string>& lines, char sign, const std::string& text) {
    if (lines.size() < kPolicyDiffLines) {
        lines.push_back(fmt::format("{} {}", sign, text));
    }
}

// Both are sorted by prefix, none twice.
template <typename Item>
Counts compare(const std::vector<Item>& before, const std::vector<Item>& after,
               std::vector<std::string>& lines) {
    Counts counts;
    auto was = before.begin();
    auto is = after.begin();
    while (was != before.end() || is != after.end()) {
        if (is == after.end() || (was != before.end() && was->prefix < is->prefix)) {
            ++counts.removed;
            say(lines, '-', text_of(*was++));
        } else if (was == before.end() || is->prefix < was->prefix) {
            ++counts.added;
            say(lines, '+', text_of(*is++));
        } else {
            if (!(*was == *is)) {
                ++counts.changed;
                say(lines, '-', text_of(*was));
                say(lines, '+', text_of(*is));
            }
            ++was;
            ++is;
        }
    }
    return counts;
}

}  // namespace

bool PolicyDiff::empty() const noexcept {
    return ranges_added + ranges_changed + ranges_removed + exemptions_added + exemptions_changed +
               exemptions_removed ==
           0;
}

PolicyDiff diff(const MailPolicy& before, const MailPolicy& after) {
    PolicyDiff result;
    const Counts ranges = compare(before.ranges, after.ranges, result.lines);
    const Counts exemptions = compare(before.exemptions, after.exemptions, result.lines);
    result.ranges_added = ranges.added;
    result.ranges_changed = ranges.changed;
    result.ranges_removed = ranges.removed;
    result.exemptions_added = exemptions.added;
    result.exemptions_changed = exemptions.changed;
    result.exemptions_removed = exemptions.removed;
    return result;
}

}  // namespace fairlist
