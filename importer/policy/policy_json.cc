#include "importer/formats/excerpt.h"
#include "importer/policy/json_cursor.h"
#include "importer/policy/policy_fields.h"
#include "importer/policy/policy_reader.h"

#include <fmt/format.h>

#include <functional>
#include <string>
#include <type_traits>
#include <utility>

namespace fairlist::importer {

namespace {

class PolicyJson {
  public:
    PolicyJson(std::string_view text, PolicyCollector& out) : out_(out), json_(text, out.log()) {}

    void read() {
        if (!is("", JsonKind::Object, "a policy is an object: {\"mail_policy\": 1, ...}")) {
            return;
        }
        members(PolicyRow::Document, "",
                [&](PolicyField field, const std::string& where) { take_document(field, where); });
        json_.finish();
    }

  private:
    using Take = std::function<void(PolicyField, const std::string& where)>;

    void fault(Place place, std::string where, std::string what) {
        out_.log().fault(place, std::move(where), std::move(what));
    }

    // Whether a value of the kind comes next; another is gone over.
    bool is(const std::string& where, JsonKind wanted, std::string_view right) {
        const auto kind = json_.kind();
        if (!kind || *kind == wanted) {
            return kind.has_value();
        }
        fault(json_.place(), where, fmt::format("is {}: {}", to_string(*kind), right));
        json_.skip();
        return false;
    }

    static std::string path(const std::string& where, std::string_view name) {
        return where.empty() ? std::string(name) : fmt::format("{}.{}", where, name);
    }

    // The members of the object that comes next, each known one by `take`. Its place is that of
    // the object.
    void members(PolicyRow row, const std::string& where, const Take& take) {
        const Place object = json_.place();
        std::uint32_t seen = 0;  // a bit for each field
        json_.enter();
        std::string key;
        while (json_.next_member(key)) {
            const Place place = json_.place();
            const PolicyFieldRow* field = find_field(row, key);
            if (field == nullptr) {
                out_.log().warn(place, path(where, excerpt(key)), unknown_field(row, key));
                json_.skip();
                continue;
            }
            const std::uint32_t bit = 1U << static_cast<unsigned>(field->field);
            if ((seen & bit) != 0) {
                fault(place, path(where, field->name), "stands in this object twice");
                json_.skip();
                continue;
            }
            seen |= bit;
            take(field->field, path(where, field->name));
        }
        if (json_.has_failed()) {
            return;
        }
        for (const PolicyFieldRow& field : fields_of(row)) {
            if (field.is_required && (seen & 1U << static_cast<unsigned>(field.field)) == 0) {
                fault(object, where,
                      fmt::format("has no \"{}\": {} needs one", field.name, noun(row)));
            }
        }
    }

    static std::string noun(PolicyRow row) {
        return row == PolicyRow::Document   ? "a policy"
               : row == PolicyRow::Provider ? "the provider"
               : row == PolicyRow::Range    ? "a range"
                                            : "an exemption";
    }

    // False: it says nothing that could be taken.
    template <typename Row>
    bool take_text(Row& row, PolicyField field, const std::string& where) {
        if (!is(where, JsonKind::String, "expected a string in double quotes")) {
            return false;
        }
        const Place place = json_.place();
        value_place_ = place;
        json_.string(text_);
        const auto set = json_.has_failed() ? Result<void>{} : set_field(row, field, text_);
        if (!set) {
            fault(place, where, set.error().message);
        }
        return set.has_value() && !json_.has_failed();
    }

    void take_document(PolicyField field, const std::string& where) {
        switch (field) {
            case PolicyField::MailPolicy:
                return take_version(where);
            case PolicyField::Provider:
                if (is(where, JsonKind::Object,
                       "expected an object such as {\"name\": \"Example Cloud\"}")) {
                    members(PolicyRow::Provider, where,
                            [&](PolicyField inner, const std::string& path_of) {
                                take_provider(inner, path_of);
                            });
                }
                return;
            case PolicyField::Published:
                static_cast<void>(json_.kind());
                out_.set_published_place(json_.place());
                static_cast<void>(take_text(out_.head(), field, where));
                return;
            case PolicyField::Ranges:
                return rows<PolicyRange>(PolicyRow::Range, where);
            default:
                return rows<PolicyExemption>(PolicyRow::Exemption, where);
        }
    }

    void take_version(const std::string& where) {
        if (!is(where, JsonKind::Number, "the version of the format is the number 1")) {
            return;
        }
        const Place place = json_.place();
        if (const auto good = check_version(json_.number()); !good) {
            fault(place, where, good.error().message);
        }
    }

    void take_provider(PolicyField field, const std::string& where) {
        if (field != PolicyField::Asn) {
            static_cast<void>(take_text(out_.head(), field, where));
            return;
        }
        constexpr std::string_view kRight = "expected an array of numbers such as [64500]";
        if (!is(where, JsonKind::Array, kRight)) {
            return;
        }
        json_.enter();
        for (std::uint32_t i = 0; json_.next_element(); ++i) {
            const std::string element = fmt::format("{}[{}]", where, i);
            if (!is(element, JsonKind::Number, "expected a number such as 64500")) {
                continue;
            }
            const Place place = json_.place();
            if (const auto added = add_asn(out_.head(), json_.number()); !added) {
                fault(place, element, added.error().message);
            }
        }
    }

    template <typename Row>
    void rows(PolicyRow kind, const std::string& where) {
        if (!is(where, JsonKind::Array, "expected an array of objects")) {
            return;
        }
        json_.enter();
        for (std::uint32_t number = 0; json_.next_element(); ++number) {
            const std::string element = fmt::format("{}[{}]", where, number);
            if (is(element, JsonKind::Object,
                   "expected an object such as {\"prefix\": \"192.0.2.0/24\", ...}")) {
                take_row<Row>(kind, element, number);
            }
        }
    }

    template <typename Row>
    void take_row(PolicyRow kind, const std::string& where, std::uint32_t number) {
        Row row;
        Place place = json_.place();
        const Place object = place;
        bool has_prefix = false;
        members(kind, where, [&](PolicyField field, const std::string& path_of) {
            const bool taken = take_text(row, field, path_of);
            if (taken && field == PolicyField::Prefix) {
                has_prefix = true;
                place = value_place_;
            }
        });
        if (json_.has_failed() || !has_prefix) {
            return;
        }
        if constexpr (std::is_same_v<Row, PolicyRange>) {
            if (std::string odd = oddity(row); !odd.empty()) {
                out_.log().warn(object, where, std::move(odd));
            }
        }
        out_.add(std::move(row), place, number);
    }

    PolicyCollector& out_;
    JsonCursor json_;
    std::string text_;   // kept for its memory
    Place value_place_;  // of the text that was taken last
};

}  // namespace

void read_policy_json(std::string_view text, PolicyCollector& out) {
    PolicyJson(text, out).read();
}

}  // namespace fairlist::importer
