"""What a screen reader says: each word in its language, and what is wrong as soon as it is."""

from tests.gallery.sight import Sight


def test_every_word_is_marked_with_its_language(sight: Sight) -> None:
    assert sight.ask("misspoken") == []


def test_what_is_wrong_is_announced_and_stands_beside_its_field(sight: Sight) -> None:
    if sight.scene.endpoint == "styleguide.show":
        assert sight.ask("unannounced") == ["nothing announces what is wrong"]  # it is a sample
        return
    is_wrong = sight.page.locator("[aria-invalid=true], .field-wrong").count() > 0
    assert is_wrong == sight.scene.wrong
    assert not is_wrong or sight.ask("unannounced") == []
