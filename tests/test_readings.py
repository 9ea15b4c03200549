"""All Khmer was read back into English by somebody who didn't write it."""

from tests import readings


def test_every_khmer_sentence_was_read_back_into_english() -> None:
    known, current = readings.readings(), readings.sentences()
    assert len(current) > 300
    waiting = [sentence.khmer for sentence in current if sentence.khmer not in known]
    assert waiting == [], "run `.venv/bin/python -m tests.readings`, let somebody read, and write it down"


def test_a_reading_has_english_in_it_and_no_khmer() -> None:
    assert [said for said in readings.readings().values() if readings.KHMER.search(said)] == []
