// Selection: which records of a feed are wanted, by the attributes that its format gives them.
#pragma once

#include "listing/base/result.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::importer {

// One property of a record: {"service", "EC2"}. A record may have several of one key.
struct Attribute {
    std::string_view key;
    std::string_view value;
};

// Terms "key=value". Several of one key: one of them must match; different keys: each must.
// Values compare without regard to ASCII case.
class Selection {
  public:
    Selection() = default;

    [[nodiscard]] bool wants(std::span<const Attribute> attributes) const noexcept;
    [[nodiscard]] bool is_empty() const noexcept { return terms_.empty(); }

    // Error when a term names a key that is not among these.
    [[nodiscard]] Result<void> check_keys(std::span<const std::string_view> known) const;

  private:
    struct Term {
        std::string key;
        std::string value;
    };
    friend Result<Selection> parse_selection(std::span<const std::string> terms);

    std::vector<Term> terms_;
};

// Limit: 64 terms.
[[nodiscard]] Result<Selection> parse_selection(std::span<const std::string> terms);

// Fills {service}, {region} and the like into a reason template; other placeholders stay for the
// time of the answer. "{{" stays "{{".
[[nodiscard]] std::string fill_attributes(std::string_view reason_template,
                                          std::span<const Attribute> attributes);

// Whether the template holds a placeholder of one of these keys.
[[nodiscard]] bool names_attribute(std::string_view reason_template,
                                   std::span<const std::string_view> keys);

// Text that is to appear as it stands, as a template: "{" becomes "{{".
[[nodiscard]] std::string as_template(std::string_view text);

}  // namespace fairlist::importer
