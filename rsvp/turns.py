"""Let the threads of a process take turns: first come, first served. Knows nothing of what they do in theirs."""

import threading
from collections import deque


class Turns:
    """One turn at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.waiting: deque[threading.Event] = deque()
        self._is_taken = False

    def take(self, *, patience_seconds: float) -> bool:
        """Wait for the turn; False when it didn't come."""
        with self._lock:
            if not self._is_taken:
                self._is_taken = True
                return True
            called = threading.Event()
            self.waiting.append(called)
        if called.wait(patience_seconds):
            return True
        with self._lock:
            if not called.is_set():
                self.waiting.remove(called)
            return called.is_set()

    def give_back(self) -> None:
        """Hand the turn to who has waited longest."""
        with self._lock:
            if self.waiting:
                self.waiting.popleft().set()
            else:
                self._is_taken = False


class Turn:
    """One thread's turn: taken once, given back once, however often it is asked for."""

    def __init__(self, turns: Turns):
        self._turns = turns
        self._is_held = False

    def take(self, *, patience_seconds: float) -> None:
        """Wait for it; who waits in vain goes on without."""
        self._is_held = self._is_held or self._turns.take(patience_seconds=patience_seconds)

    def give_back(self) -> None:
        """Let the next one."""
        if self._is_held:
            self._is_held = False
            self._turns.give_back()
