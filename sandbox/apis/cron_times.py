"""What schedules have in common, whichever way they are written: the next time, and the last one."""

from __future__ import annotations

# From one 29 February to the next are eight years at most (2096 to 2104).
LONGEST = 9 * 366 * 86_400


class Times:
    """Times that come one after the other, in seconds since 1970."""

    __slots__ = ()

    def after(self, moment: float) -> float | None:
        """The first time later than `moment`; None where there is none."""
        raise NotImplementedError

    def latest(self, after: float, until: float) -> float | None:
        """The last time later than `after` and not later than `until`; None where there is none."""
        window, start = 60.0, until
        while start > after:
            start = max(after, until - window)
            found = self.after(start)
            if found is not None and found <= until:
                while (later := self.after(found)) is not None and later <= until:
                    found = later
                return found
            window *= 2
        return None
