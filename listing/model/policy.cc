#include "listing/model/policy.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>

namespace fairlist {

namespace {

template <typename Value>
struct Word {
    Value value;
    std::string_view name;
};

constexpr std::array<Word<DirectMail>, 3> kDirectMail = {{{DirectMail::Never, "never"},
                                                          {DirectMail::OnRequest, "on-request"},
                                                          {DirectMail::Allowed, "allowed"}}};
constexpr std::array<Word<Port25>, 3> kPort25 = {
    {{Port25::Closed, "closed"}, {Port25::OnRequest, "on-request"}, {Port25::Open, "open"}}};
constexpr std::array<Word<PtrCare>, 4> kPtrCare = {{{PtrCare::SelfService, "self-service"},
                                                    {PtrCare::OnRequest, "on-request"},
                                                    {PtrCare::Generic, "generic"},
                                                    {PtrCare::None, "none"}}};

template <typename Value, std::size_t Size>
std::string_view name_of(const std::array<Word<Value>, Size>& words, Value value) noexcept {
    const auto* const found = std::ranges::find(words, value, &Word<Value>::value);
    return found == words.end() ? std::string_view() : found->name;
}

template <typename Value, std::size_t Size>
Result<Value> parse_word(const std::array<Word<Value>, Size>& words, std::string_view field,
                         std::string_view text) {
    const auto* const found = std::ranges::find(words, text, &Word<Value>::name);
    if (found != words.end()) {
        return found->value;
    }
    std::string names;
    for (std::size_t i = 0; i < Size; ++i) {
        names += i == 0 ? "" : i + 1 == Size ? " or " : ", ";
        names += words[i].name;
    }
    return fail(Errc::Malformed,
                fmt::format("{} \"{}\": expected {}", field, text.substr(0, 64), names));
}

}  // namespace

std::string_view to_string(DirectMail value) noexcept {
    return name_of(kDirectMail, value);
}

std::string_view to_string(Port25 value) noexcept {
    return name_of(kPort25, value);
}

std::string_view to_string(PtrCare value) noexcept {
    return name_of(kPtrCare, value);
}

Result<DirectMail> parse_direct_mail(std::string_view text) {
    return parse_word(kDirectMail, "direct_mail", text);
}

Result<Port25> parse_port25(std::string_view text) {
    return parse_word(kPort25, "port25", text);
}

Result<PtrCare> parse_ptr_care(std::string_view text) {
    return parse_word(kPtrCare, "ptr", text);
}

std::string_view to_string(PolicyVoice voice) noexcept {
    return voice == PolicyVoice::Provider ? "provider" : "operator";
}

}  // namespace fairlist
