// Answers: what a server has sent, read by the letter of RFC 9112 and checked for what every answer
// must have.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::http {

struct Answer {
    unsigned status = 0;
    std::map<std::string, std::string> fields;  // names as sent
    std::string body;

    [[nodiscard]] bool closes() const { return field("Connection") == "close"; }
    [[nodiscard]] std::string field(const std::string& name) const {
        const auto found = fields.find(name);
        return found == fields.end() ? "" : found->second;
    }
};

// Removes the first answer from `bytes` when it has come whole, else gives status 0. To HEAD there
// is no body whatever the header says.
[[nodiscard]] Answer take_answer(std::string& bytes, bool to_head = false);

// All of `bytes`, which end with an answer; their statuses.
[[nodiscard]] std::vector<unsigned> statuses(std::string bytes);

}  // namespace fairlist::http
