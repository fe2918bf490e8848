#include "importer/formats/rbldnsd_text.h"

#include "importer/formats/excerpt.h"
#include "importer/formats/selection.h"
#include "importer/formats/words.h"

#include <fmt/format.h>

#include <charconv>
#include <cstddef>
#include <expected>

namespace fairlist::importer {

namespace {

std::unexpected<Error> bad_code(std::string_view text) {
    return fail(Errc::Malformed, fmt::format("value \"{}\": expected :2:text, :127.0.0.2:text or a "
                                             "text without a colon in front",
                                             excerpt(text)));
}

// rbldnsd reads "05" as 5.
Result<ReturnCode> read_code(std::string_view text, bool foreign_codes) {
    if (text.find('.') != std::string_view::npos) {
        return parse_code(text, foreign_codes);
    }
    unsigned octet = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), octet);
    if (error != std::errc{} || end != text.data() + text.size() || octet == 0 || octet > 255) {
        return bad_code(text);
    }
    return parse_code(std::to_string(octet), foreign_codes);
}

// Appends with "$" replaced; `own` is what "$=" stands for.
class Expander {
  public:
    Expander(const RbldnsdVariables& variables, std::string_view placeholder, std::string_view own)
        : variables_(variables), placeholder_(placeholder), own_(own) {}

    std::string expand(std::string_view text) {
        std::string out;
        while (!text.empty()) {
            const std::size_t dollar = text.find('$');
            out += as_template(text.substr(0, dollar));
            if (dollar == std::string_view::npos) {
                break;
            }
            text.remove_prefix(dollar + 1);
            const std::size_t taken = append_reference(text, out);
            text.remove_prefix(taken);
        }
        return out;
    }

    [[nodiscard]] unsigned unresolved() const noexcept { return unresolved_; }

  private:
    // `rest` is what follows the "$"; returns how much of it belongs to the reference. What is put
    // in is not expanded again.
    std::size_t append_reference(std::string_view rest, std::string& out) {
        const char c = rest.empty() ? '\0' : rest.front();
        if (c == '$') {
            out += '$';
            return 1;
        }
        if (c == '=') {
            out += own_.empty() ? std::string(placeholder_) : as_template(own_);
            return 1;
        }
        if (c < '0' || c > '9') {
            out += placeholder_;
            return 0;
        }
        const auto number = static_cast<unsigned>(c - '0');
        if (const auto& value = variables_.numbered[number]) {
            out += as_template(*value);
        } else {
            unresolved_ |= 1U << number;
            out += '$';
            out += c;
        }
        return 1;
    }

    const RbldnsdVariables& variables_;
    std::string_view placeholder_;
    std::string_view own_;
    unsigned unresolved_ = 0;
};

}  // namespace

Result<RbldnsdValue> parse_rbldnsd_value(std::string_view text, bool foreign_codes) {
    RbldnsdValue value;
    text = trim(text);
    if (text.starts_with(':')) {
        std::string_view rest = text.substr(1);
        const std::size_t colon = rest.find(':');
        const auto code = read_code(trim(rest.substr(0, colon)), foreign_codes);
        if (!code || is_blank(rest.empty() ? '\0' : rest.front())) {
            return code ? bad_code(text) : std::unexpected(code.error());
        }
        value.has_code = true;
        value.code = *code;
        if (colon == std::string_view::npos) {
            return value;
        }
        text = trim(rest.substr(colon + 1));
    }
    value.has_text = true;
    value.text = text.substr(0, kRbldnsdTextBytesMax);
    return value;
}

std::string rbldnsd_reason(std::string_view text, const RbldnsdVariables& variables,
                           std::string_view placeholder, unsigned& unresolved) {
    const bool bypass = text.starts_with('=');
    const bool use_base = variables.base.has_value() && !bypass;
    if (bypass) {
        text.remove_prefix(1);
    }
    Expander expander(variables, placeholder, text);
    std::string reason = expander.expand(use_base ? std::string_view(*variables.base) : text);
    unresolved |= expander.unresolved();
    return reason;
}

}  // namespace fairlist::importer
