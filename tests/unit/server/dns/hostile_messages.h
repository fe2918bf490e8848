// HostileMessages: one message for each rule about what a stranger may send.
#pragma once

#include "server/dns/query_parser.h"
#include "tests/unit/server/dns/message_bytes.h"

#include <string>
#include <vector>

namespace fairlist::dns::test {

// How much of the query comes back in the response.
enum class Echo { HeaderOnly, Question };

struct HostileMessage {
    std::string name;  // also the file of the fuzz corpus
    Bytes message;
    ParseResult expected;
    Echo echo = Echo::Question;
    bool opt_back = false;
    Transport transport = Transport::Udp;
};

[[nodiscard]] const std::vector<HostileMessage>& hostile_messages();

}  // namespace fairlist::dns::test
