#include "server/answer/resolver.h"

#include "server/answer/answer_builder.h"
#include "server/answer/lookup.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace fairlist::answer {

namespace {

constexpr Address kTestListed = Address::from_v4(0x7F000002);    // RFC 5782 section 5
constexpr Address kTestUnlisted = Address::from_v4(0x7F000001);  // RFC 5782 section 2.1
constexpr std::string_view kTestText = "test entry, listed for RFC 5782 section 5 only";
constexpr std::string_view kListedName = "test";       // RFC 5782 section 2.3
constexpr std::string_view kUnlistedName = "invalid";  // RFC 5782 section 2.3

std::string_view as_text(std::span<const std::uint8_t> bytes) noexcept {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// CH TXT names that tell about the server (RFC 4892).
void resolve_chaos(const dns::Query& query, const ZoneTable& zones, dns::Answer& answer) noexcept {
    const auto is_name = [&](std::string_view first, std::string_view second) {
        return query.name.label_count == 2 && as_text(query.name.label(0)) == first &&
               as_text(query.name.label(1)) == second;
    };
    const std::vector<std::uint8_t>* text = nullptr;
    if (is_name("version", "bind") || is_name("version", "server")) {
        text = &zones.version_txt();
    } else if (is_name("id", "server") || is_name("hostname", "bind")) {
        text = &zones.id_txt();
    }
    const bool wants_text = query.type == dns::type::kTxt || query.type == dns::type::kAny;
    if (text == nullptr || text->empty() || !wants_text) {
        answer.rcode = dns::Rcode::Refused;
        return;
    }
    answer.authoritative = true;
    answer.answer[0] = {dns::type::kTxt, 0, 0, *text};
    answer.answer_count = 1;
}

// One question below a zone's apex.
class Question {
  public:
    Question(const dns::Query& query, const Zone& zone, View& view, dns::Answer& answer) noexcept
        : query_(query),
          zone_(zone),
          view_(view),
          builder_(query, zone, view, answer),
          count_(query.name.label_count - static_cast<std::size_t>(zone.label_count)) {}

    void answer() {
        const auto suffix_bytes = query_.name.size - zone_.wire.size();
        const std::string_view relative(reinterpret_cast<const char*>(query_.name.bytes.data()),
                                        suffix_bytes);
        const StaticName* given = zone_.find_name(relative);
        if (given != nullptr && (count_ == 0 || !given->records.empty())) {
            builder_.static_name(*given);
            return;
        }
        if (zone_.holds(ListKind::Address) || zone_.spec.address_asked_code.is_set()) {
            reversed_ = read_reversed(query_.name, count_);
        }
        if (answer_test_point()) {
            return;
        }
        look_up();
        if (!found_.items.empty()) {
            builder_.listed(found_, reversed_.address);
        } else if (found_.exists_below || given != nullptr) {
            builder_.no_data();
        } else if (leads_to_mistake()) {
            builder_.no_data();
        } else if (const ReturnCode code = mistake_code(); code.is_set()) {
            builder_.test_point(std::span(&code, 1), "no such kind of question in this zone");
        } else {
            builder_.no_name();
        }
    }

  private:
    void look_up() {
        if (zone_.holds(ListKind::Address) && !reversed_.is_empty()) {
            look_up_address(reversed_, zone_, view_, found_);
        }
        if (zone_.holds(ListKind::Domain)) {
            look_up_name(query_.name, count_, zone_, view_, found_);
        }
        if (zone_.holds(ListKind::Hash)) {
            look_up_digest(query_.name, count_, zone_, view_, found_);
        }
    }

    // The operational test entries, which no data can change (RFC 5782 section 5).
    bool answer_test_point() {
        const ZoneLists& lists = view_.lists(zone_);
        if (zone_.holds(ListKind::Address) && reversed_.address) {
            if (*reversed_.address == kTestUnlisted) {
                builder_.no_name();
                return true;
            }
            if (*reversed_.address == kTestListed) {
                answer_default_codes(ListKind::Address);
                return true;
            }
            const ReturnCode code{reversed_.address->is_v4() ? reversed_.address->v4() : 0};
            if (std::ranges::binary_search(lists.test_codes, code)) {
                builder_.test_point(std::span(&code, 1), kTestText);
                return true;
            }
        }
        if (zone_.holds(ListKind::Domain) && count_ == 1) {
            const std::string_view name = as_text(query_.name.label(0));
            if (name == kListedName) {
                answer_default_codes(ListKind::Domain);
                return true;
            }
            if (name == kUnlistedName) {
                builder_.no_name();
                return true;
            }
        }
        return false;
    }

    // As if the test subject stood in every list of the zone.
    void answer_default_codes(ListKind kind) {
        std::array<ReturnCode, kListsPerZoneMax> codes;
        std::size_t count = 0;
        for (const ListSpec* list : zone_.lists) {
            if (list->kind == kind && count < codes.size()) {
                codes[count++] = list->code;
            }
        }
        std::sort(codes.begin(), codes.begin() + static_cast<std::ptrdiff_t>(count));
        const auto end =
            std::unique(codes.begin(), codes.begin() + static_cast<std::ptrdiff_t>(count));
        builder_.test_point(std::span(codes).first(static_cast<std::size_t>(end - codes.begin())),
                            kTestText);
    }

    // Part of an address, in a zone of names that answers whole ones: a resolver that minimises its
    // questions (RFC 9156) must not take it for the end of the tree (RFC 8020).
    [[nodiscard]] bool leads_to_mistake() const noexcept {
        return !zone_.holds(ListKind::Address) && !reversed_.address && !reversed_.is_empty();
    }

    // What the operator chose to answer to a question that cannot be meant for this zone.
    [[nodiscard]] ReturnCode mistake_code() const noexcept {
        if (!zone_.holds(ListKind::Address) && reversed_.address) {
            return zone_.spec.address_asked_code;
        }
        if (!zone_.holds(ListKind::Address) || zone_.holds(ListKind::Domain) ||
            zone_.holds(ListKind::Hash) || !reversed_.is_empty()) {
            return {};
        }
        // A top-level domain is no number: what ends in letters was meant as a domain name.
        const auto last = query_.name.label(count_ - 1);
        const bool has_letters =
            std::ranges::any_of(last, [](std::uint8_t c) { return c >= 'a' && c <= 'z'; });
        return has_letters && last.size() > 1 ? zone_.spec.domain_asked_code
                                              : zone_.spec.malformed_code;
    }

    const dns::Query& query_;
    const Zone& zone_;
    View& view_;
    AnswerBuilder builder_;
    std::size_t count_;
    ReversedName reversed_;
    Findings found_;
};

// Whether the access rules let the question through; if not, the answer is made.
bool admit(const dns::Query& query, const Client& client, const Zone& zone, View& view,
           dns::Answer& answer) noexcept {
    const AccessRule* rule = zone.find_rule(client.address);
    if (rule == nullptr || rule->action == AccessAction::Allow) {
        return true;
    }
    AnswerBuilder builder(query, zone, view, answer);
    const bool is_apex = query.name.label_count == zone.label_count;
    switch (rule->action) {
        case AccessAction::Drop:
            answer.drop = true;
            return false;
        case AccessAction::ServiceCode:
            if (is_apex) {
                return true;
            }
            builder.test_point(std::span(&rule->service_code, 1),
                               "this client may not ask this zone");
            return false;
        case AccessAction::Refuse:
        case AccessAction::Allow:
            break;
    }
    builder.refused();
    return false;
}

// An answer that is larger than any message: by TCP too, so asking again there would not help.
void refuse_part(const Client& client, dns::Answer& answer) noexcept {
    const bool over_tcp = client.over_tcp;
    answer.reset();
    answer.truncate = !over_tcp;
    answer.authoritative = !over_tcp;
    answer.rcode = over_tcp ? dns::Rcode::ServFail : dns::Rcode::NoError;
}

void resolve_in(const dns::Query& query, const Client& client, View& view, dns::Answer& answer) {
    const Zone* zone = view.zones().find(query.name);
    if (zone == nullptr) {
        answer.rcode = dns::Rcode::Refused;
        return;
    }
    if (!view.is_ready()) {
        AnswerBuilder(query, *zone, view, answer).not_ready("the store cannot be read");
        return;
    }
    if (!admit(query, client, *zone, view, answer)) {
        return;
    }
    if (!view.lists(*zone).is_complete) {
        // Not "nothing is listed": nobody knows.
        AnswerBuilder(query, *zone, view, answer).not_ready("a list of this zone is not loaded");
        return;
    }
    Question(query, *zone, view, answer).answer();
    if (answer.overflowed) {
        refuse_part(client, answer);
    }
}

}  // namespace

void resolve(const dns::Query& query, const Client& client, View& view,
             dns::Answer& answer) noexcept {
    if (query.klass == dns::klass::kChaos) {
        resolve_chaos(query, view.zones(), answer);
        return;
    }
    if (query.klass != dns::klass::kIn) {
        answer.rcode = dns::Rcode::Refused;
        return;
    }
    try {
        resolve_in(query, client, view, answer);
    } catch (const std::exception&) {
        // Only a store that breaks while it is read comes here.
        answer.reset();
        answer.rcode = dns::Rcode::ServFail;
    }
}

}  // namespace fairlist::answer
