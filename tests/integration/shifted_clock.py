"""A clock that a test moves for all Fairlist processes that it starts: weeks pass at once."""

import os
import struct

VARIABLE = "FAIRLIST_CLOCK_SHIFT"


class ShiftedClock:
    """While it is open, programs started by this process share the clock."""

    def __init__(self, folder):
        self.path = folder / "clock-shift"
        self.seconds = 0
        self.former = None

    def __enter__(self):
        self.path.write_bytes(struct.pack("=q", 0))
        self.former = os.environ.get(VARIABLE)
        os.environ[VARIABLE] = str(self.path)
        return self

    def __exit__(self, *_):
        if self.former is None:
            os.environ.pop(VARIABLE, None)
        else:
            os.environ[VARIABLE] = self.former

    def forward(self, *, days=0, hours=0, minutes=0, seconds=0):
        """In place, as programs have the file mapped."""
        self.seconds += ((days * 24 + hours) * 60 + minutes) * 60 + seconds
        with open(self.path, "r+b") as file:
            file.write(struct.pack("=q", self.seconds))
