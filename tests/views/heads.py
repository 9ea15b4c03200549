"""The head of a page as search engines and chats read it."""

import json

from flask.testing import FlaskClient

from tests.views import pages


class Head:
    """The head of a page, by what a machine looks for."""

    def __init__(self, client: FlaskClient, address: str):
        self.answer = client.get(address)
        self.tree = pages.check(self.answer)
        self.title = self.tree.findtext(f".//{pages.XHTML}title")
        metas = list(self.tree.iter(f"{pages.XHTML}meta"))
        self.metas = {meta.get("name") or meta.get("property"): meta.get("content") for meta in metas}
        self.links = list(self.tree.iter(f"{pages.XHTML}link"))
        scripts = self.tree.iter(f"{pages.XHTML}script")
        self.data = [json.loads(script.text) for script in scripts if script.get("type") == "application/ld+json"]

    @property
    def canonical(self) -> list[str | None]:
        return [link.get("href") for link in self.links if link.get("rel") == "canonical"]

    @property
    def alternates(self) -> dict[str | None, str | None]:
        return {link.get("hreflang"): link.get("href") for link in self.links if link.get("rel") == "alternate"}

    @property
    def is_findable(self) -> bool:
        """Whether the page lets itself be found; the page and its headers must say the same."""
        said = {"noindex" not in (self.metas.get("robots") or ""), "X-Robots-Tag" not in self.answer.headers}
        assert len(said) == 1, "the page and its headers differ"
        return said.pop()
