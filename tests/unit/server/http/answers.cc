#include "tests/unit/server/http/answers.h"

#include <gtest/gtest.h>

namespace fairlist::http {

namespace {

void read_fields(std::string_view head, Answer& answer) {
    std::size_t begin = head.find("\r\n") + 2;
    while (begin < head.size()) {
        const std::size_t end = head.find("\r\n", begin);
        const std::string_view line = head.substr(begin, end - begin);
        const std::size_t colon = line.find(": ");
        ASSERT_NE(colon, std::string_view::npos) << line;
        const bool is_new =
            answer.fields.emplace(line.substr(0, colon), line.substr(colon + 2)).second;
        EXPECT_TRUE(is_new) << line;
        begin = end + 2;
    }
}

void check(const Answer& answer) {
    EXPECT_EQ(answer.field("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(answer.field("Cache-Control"), "no-store");
    EXPECT_EQ(answer.field("Date").size(), 29U);
    EXPECT_EQ(answer.field("Server"), "");
    EXPECT_EQ(answer.fields.contains("Content-Length"), answer.status != 204);
    if (answer.status >= 400) {
        EXPECT_EQ(answer.field("Content-Type"), "application/problem+json");
    }
}

}  // namespace

Answer take_answer(std::string& bytes, bool to_head) {
    Answer answer;
    const std::size_t end = bytes.find("\r\n\r\n");
    if (end == std::string::npos) {
        return answer;
    }
    const std::string head = bytes.substr(0, end + 2);
    EXPECT_TRUE(head.starts_with("HTTP/1.1 ")) << head;
    const auto status = static_cast<unsigned>(std::stoul(head.substr(9, 3)));
    if (status == 100) {
        answer.status = status;
        bytes.erase(0, end + 4);
        return answer;
    }
    read_fields(head, answer);
    const std::string length = answer.field("Content-Length");
    const std::size_t size = length.empty() || to_head ? 0 : std::stoul(length);
    if (bytes.size() < end + 4 + size) {
        return {};
    }
    answer.status = status;
    answer.body = bytes.substr(end + 4, size);
    bytes.erase(0, end + 4 + size);
    check(answer);
    return answer;
}

std::vector<unsigned> statuses(std::string bytes) {
    std::vector<unsigned> out;
    while (!bytes.empty()) {
        const Answer answer = take_answer(bytes);
        if (answer.status == 0) {
            ADD_FAILURE() << "not a whole answer: " << bytes;
            break;
        }
        out.push_back(answer.status);
    }
    return out;
}

}  // namespace fairlist::http
