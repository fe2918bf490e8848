// Sandbox: what a process gives up before it reads hostile bytes.
#pragma once

#include "listing/base/result.h"

namespace fairlist::importer {

// From here on: reading and writing what is open, memory up to a limit, processor time up to a
// limit; no new file, socket, process or right. Other system calls end the process. Errors: Io.
[[nodiscard]] Result<void> enter_sandbox();

}  // namespace fairlist::importer
