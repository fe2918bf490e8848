#include "listing/base/suggestion.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace fairlist {

namespace {

// Longer words are no typing errors of a key.
constexpr std::size_t kWordBytesMax = 64;

char folded(char c) noexcept {
    if (c >= 'A' && c <= 'Z') {
        return static_cast<char>(c | 0x20);
    }
    return c == '-' ? '_' : c;
}

// The optimal string alignment distance: insertions, deletions, substitutions and swaps of
// neighbours, no letter edited twice.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1);
    std::vector<std::size_t> last(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) {
        last[j] = j;
    }
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const bool same = folded(a[i - 1]) == folded(b[j - 1]);
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0U : 1U)});
            const bool swapped = i > 1 && j > 1 && folded(a[i - 1]) == folded(b[j - 2]) &&
                                 folded(a[i - 2]) == folded(b[j - 1]);
            if (swapped) {
                row[j] = std::min(row[j], before[j - 2] + 1);
            }
        }
        before.swap(last);
        last.swap(row);
    }
    return last[b.size()];
}

}  // namespace

std::string did_you_mean(std::string_view wrong, std::span<const std::string> known) {
    if (wrong.size() > kWordBytesMax) {
        return {};
    }
    const std::string* best = nullptr;
    std::size_t best_distance = std::max<std::size_t>(1, wrong.size() / 3) + 1;
    for (const std::string& word : known) {
        const std::size_t errors = distance(wrong, word);
        if (errors < best_distance && errors < word.size()) {
            best = &word;
            best_distance = errors;
        }
    }
    return best == nullptr ? std::string() : fmt::format(" (did you mean \"{}\"?)", *best);
}

}  // namespace fairlist
