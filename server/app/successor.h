// Successor: the program that takes this one's place in the same process, and with it the sockets.
#pragma once

#include "listing/base/result.h"
#include "server/app/handover_list.h"

#include <string>
#include <vector>

namespace fairlist::app {

// The file that this program was started from, by the same words: after an upgrade the new one.
//
// Thread: the main thread only.
class Successor {
  public:
    Successor(int count, const char* const* words);

    // Has it try a start with these sockets, as fairlistd --rehearse, while this program goes on.
    // Errors: why it would not start, after what it had to say is logged.
    [[nodiscard]] Result<void> rehearse(const std::vector<NamedDescriptor>& sockets) const;

    // Does not return when it succeeds. Requires: no thread but this one. Errors: Io; the sockets
    // are then as they were.
    [[nodiscard]] Error replace_this_program(const std::vector<NamedDescriptor>& sockets) const;

  private:
    std::vector<std::string> words_;
};

}  // namespace fairlist::app
