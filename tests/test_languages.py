"""Days and hours in words, held against the CLDR that Node carries."""

import unicodedata
from datetime import UTC, datetime, timedelta

import pytest

from rsvp import languages
from tests import clocks

PHNOM_PENH = "Asia/Phnom_Penh"
MELBOURNE = "Australia/Melbourne"
KHMER_DIGITS = "០១២៣៤៥៦៧៨៩"


@pytest.mark.parametrize("zone", clocks.ZONES)
@pytest.mark.parametrize("at", clocks.INSTANTS, ids=lambda at: f"{at:%d%b}")
def test_an_english_reader_sees_the_day_and_hour_that_intl_shows(at: datetime, zone: str) -> None:
    shown, said = clocks.by_intl(at, zone), languages.local_time(at, zone, "en")
    assert (said.weekday, said.day, said.month, said.year) == tuple(
        shown.en[part] for part in ("weekday", "day", "month", "year")
    )
    assert said.date == "{weekday}, {day} {month} {year}".format(**shown.en)
    assert said.hour == shown.clock


@pytest.mark.parametrize("zone", clocks.ZONES)
@pytest.mark.parametrize("at", clocks.INSTANTS, ids=lambda at: f"{at:%d%b}")
def test_a_khmer_reader_sees_the_day_and_hour_that_intl_shows(at: datetime, zone: str) -> None:
    shown, said = clocks.by_intl(at, zone), languages.local_time(at, zone, "km")
    assert said.date == "ថ្ងៃ{weekday} ទី{day} ខែ{month} ឆ្នាំ{year}".format(**shown.km)
    hour, _, minute = shown.clock.split()[0].partition(":")
    clock = hour if minute == "00" else f"{hour}:{minute}"
    assert said.hour.split()[:2] == ["ម៉ោង", _khmer(clock)]


@pytest.mark.parametrize("language", languages.LANGUAGES)
@pytest.mark.parametrize("zone", clocks.ZONES)
@pytest.mark.parametrize("at", clocks.INSTANTS, ids=lambda at: f"{at:%d%b}")
def test_a_guest_is_told_of_another_day_exactly_when_intl_shows_one(at: datetime, zone: str, language: str) -> None:
    there, here = clocks.by_intl(at, zone), clocks.by_intl(at, clocks.HOME)
    said = languages.local_time(at, zone, language)
    words = {"en": "{en[weekday]} for you", "km": "សម្រាប់អ្នក គឺថ្ងៃ{km[weekday]}"}[language]
    is_other = there.wall.date() != here.wall.date()
    assert said.day_change == (words.format(en=there.en, km=there.km) if is_other else "")


def test_saturday_afternoon_in_washington_is_sunday_before_dawn_in_phnom_penh() -> None:
    english = languages.local_time(clocks.SUMMER[0], PHNOM_PENH, "en")
    khmer = languages.local_time(clocks.SUMMER[0], PHNOM_PENH, "km")
    assert (english.date, english.hour, english.day_change) == ("Sunday, 13 July 2025", "3:00 AM", "Sunday for you")
    assert khmer.date == "ថ្ងៃអាទិត្យ ទី១៣ ខែកក្កដា ឆ្នាំ២០២៥"
    assert khmer.hour == "ម៉ោង ៣ ទៀបភ្លឺ"
    assert khmer.day_change == "សម្រាប់អ្នក គឺថ្ងៃអាទិត្យ"


def test_the_khmer_hour_of_washington_is_the_one_that_the_programme_prints() -> None:
    khmer = languages.local_time(clocks.SUMMER[0], clocks.HOME, "km")
    assert (khmer.date, khmer.hour) == ("ថ្ងៃសៅរ៍ ទី១២ ខែកក្កដា ឆ្នាំ២០២៥", "ម៉ោង ៤ ល្ងាច")
    assert (khmer.city, khmer.abbreviation, khmer.day_change) == ("វ៉ាស៊ីនតោន", "EDT", "")


def test_an_event_in_march_is_on_thursday_for_melbourne_only() -> None:
    march = datetime(2025, 3, 26, 15, tzinfo=UTC)
    shown = {zone: languages.local_time(march, zone, "en") for zone in (PHNOM_PENH, "Europe/Paris", MELBOURNE)}
    assert [local.day_change for local in shown.values()] == ["", "", "Thursday for you"]
    assert [local.hour for local in shown.values()] == ["10:00 PM", "4:00 PM", "2:00 AM"]


@pytest.mark.parametrize(
    ("hour", "expected"),
    [
        (0, "ម៉ោង ១២ យប់"),
        (2, "ម៉ោង ២ យប់"),
        (3, "ម៉ោង ៣ ទៀបភ្លឺ"),
        (5, "ម៉ោង ៥ ទៀបភ្លឺ"),
        (6, "ម៉ោង ៦ ព្រឹក"),
        (11, "ម៉ោង ១១ ព្រឹក"),
        (12, "ម៉ោង ១២ ថ្ងៃត្រង់"),
        (13, "ម៉ោង ១ រសៀល"),
        (15, "ម៉ោង ៣ រសៀល"),
        (16, "ម៉ោង ៤ ល្ងាច"),
        (18, "ម៉ោង ៦ ល្ងាច"),
        (19, "ម៉ោង ៧ យប់"),
        (23, "ម៉ោង ១១ យប់"),
    ],
)
def test_a_khmer_hour_is_followed_by_its_part_of_the_day(hour: int, expected: str) -> None:
    assert languages.hour_words(datetime(2025, 7, 12, hour), "km") == expected


def test_no_two_hours_of_a_khmer_day_read_alike() -> None:
    midnight = datetime(2025, 7, 12)
    said = {languages.hour_words(midnight + timedelta(minutes=15 * step), "km") for step in range(96)}
    assert len(said) == 96


@pytest.mark.parametrize(
    ("hour", "minute", "expected"), [(0, 0, "12:00 AM"), (0, 5, "12:05 AM"), (12, 0, "12:00 PM"), (13, 45, "1:45 PM")]
)
def test_an_english_hour_says_noon_and_midnight_right(hour: int, minute: int, expected: str) -> None:
    assert languages.hour_words(datetime(2025, 7, 12, hour, minute), "en") == expected


def test_a_text_is_shown_in_the_readers_language_or_in_the_one_it_exists_in() -> None:
    assert languages.text({"en": "Democracy", "km": "ប្រជាធិបតេយ្យ"}, "km") == "ប្រជាធិបតេយ្យ"
    assert languages.text({"en": "Democracy", "km": ""}, "km") == "Democracy"
    assert languages.text({"km": "ប្រជាធិបតេយ្យ"}, "en") == "ប្រជាធិបតេយ្យ"
    assert languages.text({}, "en") == ""


def test_stored_khmer_is_composed_and_keeps_its_word_breaks() -> None:
    typed = "  សុខ\u200bដារ៉ា\u200c e\u0301\n"
    kept = languages.tidy(typed)
    assert kept == "សុខ\u200bដារ៉ា\u200c é"
    assert unicodedata.is_normalized("NFC", kept)


def test_a_number_is_written_in_the_digits_of_the_language() -> None:
    assert (languages.digits(120, "en"), languages.digits("12:05", "km")) == ("120", "១២:០៥")


def _khmer(number: str) -> str:
    return "".join(KHMER_DIGITS[int(character)] if character.isdigit() else character for character in number)
