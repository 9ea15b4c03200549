"""Who writes next when many want to: whoever has waited longest."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from flask import Flask

from rsvp.db import db, transaction
from rsvp.turns import Turn, Turns

LATER = 200


def test_nobody_waits_long_to_write_while_others_write_one_after_another(site: Flask) -> None:
    written: list[str] = []
    is_busy, served = threading.Event(), threading.Event()

    def write(who: str) -> None:
        with site.app_context(), transaction():
            db.session.connection()
            is_busy.set()
            time.sleep(0.005)
            written.append(who)

    def write_again_and_again() -> None:
        while len(written) < LATER and not served.is_set():
            write("again")

    with ThreadPoolExecutor(6) as threads:
        busy = [threads.submit(write_again_and_again) for _ in range(2)]
        is_busy.wait()
        for once in [threads.submit(write, "once") for _ in range(4)]:
            once.result()
        served.set()
        for each in busy:
            each.result()
    assert written.count("once") == 4
    assert written.count("again") < LATER / 4


def test_turns_come_in_the_order_in_which_they_were_asked_for() -> None:
    turns, order = Turns(), []
    assert turns.take(patience_seconds=0)

    def wait(number: int) -> None:
        turns.take(patience_seconds=20)
        order.append(number)
        turns.give_back()

    waiting = []
    for number in range(5):
        waiting.append(threading.Thread(target=wait, args=(number,)))
        waiting[-1].start()
        while len(turns.waiting) <= number:
            time.sleep(0.001)
    turns.give_back()
    for thread in waiting:
        thread.join()
    assert order == list(range(5))


def test_who_waits_in_vain_goes_on_without_and_keeps_nobody_from_theirs() -> None:
    turns = Turns()
    first, late = Turn(turns), Turn(turns)
    first.take(patience_seconds=0)
    late.take(patience_seconds=0.01)
    late.give_back()
    assert not turns.take(patience_seconds=0)
    first.give_back()
    first.give_back()
    assert turns.take(patience_seconds=0)
    assert not turns.take(patience_seconds=0)
