#include "importer/mail/prescan.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace fairlist::importer {

namespace {

constexpr std::array<std::string_view, 14> kAddressHeaders = {
    "from",        "sender",
    "reply-to",    "to",
    "cc",          "bcc",
    "resent-from", "resent-to",
    "resent-cc",   "resent-bcc",
    "return-path", "resent-sender",
    "errors-to",   "disposition-notification-to"};

char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same(std::string_view a, std::string_view b) noexcept {
    return std::ranges::equal(a, b, {}, lower, lower);
}

// The line at `at`, with its line feed if it has one.
std::string_view line_at(std::string_view mail, std::size_t at) noexcept {
    const std::size_t end = mail.find('\n', at);
    return mail.substr(at, end == std::string_view::npos ? end : end + 1 - at);
}

bool is_blank(std::string_view line) noexcept {
    return line == "\n" || line == "\r\n" || line == "\r";
}

bool is_folded(std::string_view line) noexcept {
    return line.starts_with(' ') || line.starts_with('\t');
}

std::string_view name_of(std::string_view header) noexcept {
    std::string_view name = header.substr(0, header.find(':'));
    while (name.ends_with(' ') || name.ends_with('\t')) {
        name.remove_suffix(1);
    }
    return name;
}

// RFC 5322 section 2.2: printable ASCII, then a colon; old servers leave a space between.
bool begins_header(std::string_view line) noexcept {
    const std::string_view name = name_of(line);
    return line.find(':') != std::string_view::npos && !name.empty() &&
           std::ranges::all_of(name, [](char c) { return c > ' ' && c <= '~'; });
}

std::size_t count_parameters(std::string_view text, std::string_view parameter) {
    std::size_t count = 0;
    const auto equal = [](char a, char b) {
        return lower(a) == b;
    };
    for (auto from = text.begin(); from != text.end(); ++count) {
        const auto found = std::search(from, text.end(), parameter.begin(), parameter.end(), equal);
        if (found == text.end()) {
            break;
        }
        from = found + static_cast<std::ptrdiff_t>(parameter.size());
    }
    return count;
}

class Scanner {
  public:
    Scanner(std::string_view mail, const PrescanLimits& limits) : mail_(mail), limits_(limits) {}

    Prescanned run() && {
        if (mail_.starts_with("From ") && !mail_.starts_with("From :")) {
            mail_.remove_prefix(line_at(mail_, 0).size());
        }
        take_headers();
        out_.message += '\n';
        take_body();
        return std::move(out_);
    }

  private:
    void take_headers() {
        while (!mail_.empty()) {
            const std::string_view first = line_at(mail_, 0);
            if (is_blank(first)) {
                mail_.remove_prefix(first.size());
                return;
            }
            if (!begins_header(first)) {
                return;
            }
            std::size_t size = first.size();
            while (size < mail_.size() && is_folded(mail_.substr(size, 1))) {
                size += line_at(mail_, size).size();
            }
            take_header(mail_.substr(0, size));
            mail_.remove_prefix(size);
        }
    }

    void take_header(std::string_view header) {
        const std::string_view kept = header.substr(0, limits_.header_bytes);
        if (headers_ == limits_.headers || kept.find(':') == std::string_view::npos ||
            out_.message.size() + kept.size() >= limits_.header_block_bytes) {
            headers_ = limits_.headers;  // one with fewer bytes must not slip in behind
            ++out_.cuts.headers;
            return;
        }
        ++headers_;
        const std::string_view name = name_of(header);
        // Whether quoted or not: a parser may disagree with us on what is quoted.
        const auto colons = std::ranges::count(header, ':') - 1;
        if (std::cmp_greater(colons, limits_.address_header_colons) &&
            std::ranges::any_of(kAddressHeaders, [&](auto each) { return same(name, each); })) {
            ++out_.cuts.address_headers;
            return;
        }
        out_.cuts.long_headers += kept.size() < header.size() ? 1U : 0U;
        if (same(name, "received")) {
            out_.received.emplace_back(kept.substr(std::min(kept.find(':') + 1, kept.size())));
        }
        append(kept);
        if (!kept.ends_with('\n')) {
            out_.message += '\n';
        }
    }

    void take_body() {
        const std::size_t room =
            limits_.message_bytes - std::min(limits_.message_bytes, out_.message.size());
        const std::string_view body = mail_.substr(0, room);
        std::size_t end = 0;
        while (end < body.size() && !out_.cuts.too_many_parts) {
            const std::string_view line = line_at(body, end);
            if (goes_past_parts(line)) {
                out_.cuts.too_many_parts = true;
            } else {
                end += line.size();
            }
        }
        append(body.substr(0, end));
        out_.cuts.bytes = mail_.size() - end;
    }

    bool goes_past_parts(std::string_view line) {
        const bool separates =
            line.size() > 2 && line.starts_with("--") && static_cast<unsigned char>(line[2]) > ' ';
        separators_ += separates ? 1U : 0U;
        boundaries_ += count_parameters(line, "boundary=");
        return separators_ > limits_.part_separators || boundaries_ > limits_.boundary_parameters;
    }

    void append(std::string_view text) {
        const std::size_t at = out_.message.size();
        out_.message += text;
        for (std::size_t zero = out_.message.find('\0', at); zero != std::string::npos;
             zero = out_.message.find('\0', zero)) {
            out_.message[zero] = ' ';
            ++out_.cuts.zero_bytes;
        }
    }

    std::string_view mail_;  // what is left
    const PrescanLimits& limits_;
    Prescanned out_;
    std::size_t headers_ = 0;
    std::size_t separators_ = 0;
    std::size_t boundaries_ = 0;
};

}  // namespace

bool PrescanCuts::any() const noexcept {
    return bytes != 0 || headers != 0 || long_headers != 0 || address_headers != 0 ||
           zero_bytes != 0;
}

Prescanned prescan(std::string_view mail, const PrescanLimits& limits) {
    return Scanner(mail, limits).run();
}

std::vector<std::string> cut_texts(const PrescanCuts& cuts, const PrescanLimits& limits) {
    std::vector<std::string> texts;
    if (cuts.headers != 0) {
        texts.push_back(fmt::format("headers dropped: {}, behind {} headers or {} bytes of them",
                                    cuts.headers, limits.headers, limits.header_block_bytes));
    }
    if (cuts.long_headers != 0) {
        texts.push_back(fmt::format("headers cut: {}, longer than {} bytes", cuts.long_headers,
                                    limits.header_bytes));
    }
    if (cuts.address_headers != 0) {
        texts.push_back(fmt::format("address headers dropped: {}, with more than {} colons",
                                    cuts.address_headers, limits.address_header_colons));
    }
    if (cuts.zero_bytes != 0) {
        texts.push_back(fmt::format("zero bytes replaced: {}", cuts.zero_bytes));
    }
    if (cuts.bytes != 0) {
        texts.push_back(cuts.too_many_parts
                            ? fmt::format("bytes cut off: {}, behind too many parts", cuts.bytes)
                            : fmt::format("bytes cut off: {}, longer than {} bytes", cuts.bytes,
                                          limits.message_bytes));
    }
    return texts;
}

}  // namespace fairlist::importer
