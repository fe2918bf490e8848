#include "importer/networks/tsv_table.h"

#include "importer/formats/line_loop.h"
#include "importer/formats/words.h"
#include "importer/networks/network_text.h"
#include "importer/networks/tsv_row.h"

#include <fmt/format.h>

#include <algorithm>
#include <expected>
#include <functional>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace fairlist::importer {

namespace {

constexpr std::size_t kFaultBytesMax = 400;

// Lets a map of strings be asked with a view, without making a string of it.
struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept {
        return std::hash<std::string_view>{}(text);
    }
};

}  // namespace

class TsvLoader {
  public:
    TsvLoader(TableFile file, const TsvOptions& options)
        : input_(std::move(file.input)), options_(options), table_(std::make_unique<TsvTable>()) {
        table_->path_ = std::move(file.path);
        table_->stamp_ = file.stamp;
    }

    Result<std::unique_ptr<TsvTable>> load() {
        Line line;
        while (input_.next_line(line)) {
            Result<void> taken = check_line(line);
            if (taken) {
                taken = take(line.text);
            }
            if (!taken && !note_fault(line.number, taken.error())) {
                return too_many_faults();
            }
            if (table_->rows_ > kTsvRowsMax) {
                return fail(Errc::OutOfRange, fmt::format("{}: more than {} lines of networks",
                                                          input_.name(), kTsvRowsMax));
            }
        }
        if (const auto status = input_.status(); !status) {
            return std::unexpected(status.error());
        }
        if (table_->networks_.size() == 0) {
            return no_network();
        }
        table_->v4_.build();
        table_->v6_.build();
        table_->networks_.finish();
        return std::move(table_);
    }

  private:
    Result<void> take(std::string_view line) {
        const std::string_view text = trim_left(line);
        if (text.empty() || text.front() == '#') {
            return {};
        }
        const auto row = parse_tsv_row(line);
        if (!row) {
            return std::unexpected(row.error());
        }
        if (form_ && *form_ != row->form) {
            return fail(Errc::Malformed,
                        fmt::format("expected {} as in the lines before", to_string(*form_)));
        }
        const auto number = number_of(*row);
        if (!number) {
            return std::unexpected(number.error());
        }
        form_ = row->form;
        add(*row, *number);
        return {};
    }

    // A file has ten times more lines than networks: each is parsed once.
    Result<std::uint32_t> number_of(const TsvRow& row) {
        if (const auto known = numbers_.find(row.network); known != numbers_.end()) {
            return known->second;
        }
        const auto network = parse_tsv_network(row.form, row.network);
        if (!network) {
            return std::unexpected(network.error());
        }
        const std::uint32_t number = *network ? table_->networks_.add(**network) : 0;
        numbers_.emplace(row.network, number);
        return number;
    }

    void add(const TsvRow& row, std::uint32_t number) {
        ++table_->rows_;
        if (row.first.is_v4() && row.last.is_v4()) {
            table_->v4_.add(row.first.v4(), row.last.v4(), number);
        } else {
            table_->v6_.add(row.first, row.last, number);
        }
    }

    // False when there are too many.
    bool note_fault(std::uint64_t line, const Error& why) {
        const std::string text =
            fmt::format("{}:{}: {}", table_->path_.string(), line, why.message);
        table_->faults_.push_back(tidy_text(text, kFaultBytesMax));
        return table_->faults_.size() <= options_.max_errors;
    }

    [[nodiscard]] std::unexpected<Error> too_many_faults() const {
        return fail(Errc::Malformed,
                    fmt::format("{}: more than {} bad lines, the first: {}", table_->path_.string(),
                                options_.max_errors, table_->faults_.front()));
    }

    [[nodiscard]] std::unexpected<Error> no_network() const {
        const std::string first =
            table_->faults_.empty() ? "" : "; the first bad line: " + table_->faults_.front();
        return fail(Errc::Malformed, fmt::format("{}: no network in it: expected lines {} or {}{}",
                                                 table_->path_.string(), to_string(TsvForm::Prefix),
                                                 to_string(TsvForm::Range), first));
    }

    Input input_;
    TsvOptions options_;
    std::unique_ptr<TsvTable> table_;
    std::optional<TsvForm> form_;  // of the lines so far
    std::unordered_map<std::string, std::uint32_t, TextHash, std::equal_to<>> numbers_;
};

std::optional<Network> TsvTable::find(const Address& address) const {
    const std::uint32_t number = address.is_v4() ? v4_.find(address.v4()) : v6_.find(address);
    return number == 0 ? std::nullopt : std::optional(networks_.get(number));
}

std::vector<Prefix> TsvTable::prefixes_of(std::span<const std::uint32_t> asns) const {
    std::vector<Prefix> found;
    const auto take = [&](const Address& first, const Address& last, std::uint32_t number) {
        if (std::ranges::find(asns, networks_.get(number).asn) != asns.end()) {
            const std::vector<Prefix> prefixes = split_range(first, last);
            found.insert(found.end(), prefixes.begin(), prefixes.end());
        }
    };
    v4_.for_each([&](std::uint32_t first, std::uint32_t last, std::uint32_t number) {
        take(Address::from_v4(first), Address::from_v4(last), number);
    });
    v6_.for_each(take);
    return found;
}

std::string TsvTable::source() const {
    const Time modified = modified_at(stamp_);
    return fmt::format("{}{}, {} ranges", path_.string(),
                       modified.is_set() ? " of " + day_text(modified) : "", rows_);
}

bool TsvTable::is_stale() const {
    return is_replaced(path_, stamp_);
}

std::size_t TsvTable::memory_bytes() const noexcept {
    return v4_.memory_bytes() + v6_.memory_bytes() + networks_.memory_bytes();
}

Result<std::unique_ptr<TsvTable>> read_tsv_table(TableFile file, const TsvOptions& options) {
    return TsvLoader(std::move(file), options).load();
}

}  // namespace fairlist::importer
