"""Dress a letter's HTML: the house's paper and ink as inline styles, since many mail programs drop stylesheets.

Knows how each piece of Markdown looks in a letter, and nothing of what a letter says. What needs no style of its own is
inherited from templates/letters/frame.html, whose stylesheet holds the night's colours for the programs that read it.
"""

from collections.abc import Sequence

from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

INK, SOFT, CARD, LINE = "#1f2a56", "#4a5378", "#fffdf8", "#e2d8c3"
SAFFRON, LOTUS = "#e8a93a", "#a12f50"

# Where a mail program drops the doctype, browsers let no table inherit how its words are set: it is said again.
SET = "font-size:inherit;line-height:inherit;color:inherit"
PARAGRAPH = '<p style="margin:0 0 16px">'
TITLE = '<h1 style="margin:0 0 8px;font-size:18px;line-height:inherit;font-weight:bold">'
LIST = '<ul style="margin:0 0 16px;padding:0 0 0 20px">'
ITEM = '<li style="margin:0 0 8px">'
RULE = f'<hr style="margin:24px 0 16px;border:0;border-top:1px solid {LINE}">\n'
LINK = f'style="color:{INK};text-decoration:underline;overflow-wrap:break-word;word-break:break-word"'
# What a letter is about. A border of its own cell is drawn by every mail program, Outlook's included.
CARD_OPEN = (
    '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" '
    f'style="margin:0 0 16px;{SET}"><tr>'
    f'<td class="card" bgcolor="{CARD}" style="background-color:{CARD};border:1px solid {LINE};'
    f'border-left:4px solid {SAFFRON};padding:16px 20px 4px">\n'
)
CARD_CLOSE = "</td></tr></table>\n"
HERO = '<strong style="display:inline-block;padding:0 0 4px;font-size:23px;font-weight:bold">'
GONE = f'<s class="soft" style="color:{SOFT};font-size:20px;text-decoration:line-through {LOTUS}">'
# The room around the words belongs to the cell: Outlook gives none to a link.
ACT_OPEN = (
    '<table role="presentation" cellpadding="0" cellspacing="0" border="0" '
    f'style="margin:0 0 8px;{SET}"><tr>'
    f'<td class="act" bgcolor="{SAFFRON}" style="background-color:{SAFFRON};border-radius:4px;padding:10px 22px">'
)
ACT_LINK = f'style="color:{INK};font-weight:bold;text-decoration:none;display:inline-block"'
ADDRESS = f'class="soft" style="color:{SOFT};font-size:14px;word-break:break-all"'


class Stationery(RendererHTML):
    """Write a letter's pieces with their looks. A paragraph that is one strong link is what the letter asks to do."""

    def heading_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Open the title of what the letter is about."""
        return TITLE

    def heading_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Close the title."""
        return "</h1>\n"

    def paragraph_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Open a paragraph, or the cell of the one thing to do."""
        if tokens[idx].hidden:
            return ""
        return ACT_OPEN if _act(tokens[idx + 1]) else PARAGRAPH

    def paragraph_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Close a paragraph; below the one thing to do stands its address, to be read, copied or checked."""
        if tokens[idx].hidden:
            return ""
        link = _act(tokens[idx - 1])
        if link is None:
            return "</p>\n"
        href = escapeHtml(str(link.attrGet("href")))
        return f'</td></tr></table>\n{PARAGRAPH}<a href="{href}" {ADDRESS}>{href}</a></p>\n'

    def blockquote_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Open the card that says what and when."""
        env["card"] = True
        return CARD_OPEN

    def blockquote_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Close the card."""
        env["card"] = False
        return CARD_CLOSE

    def bullet_list_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Open a list."""
        return LIST

    def list_item_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Open one line of a list."""
        return ITEM

    def hr(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Draw the line above what every letter ends with."""
        return RULE

    def strong_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Open strong words; in the card they are its day and hour."""
        return HERO if env.get("card") else "<strong>"

    def s_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Open a day and hour that hold no longer."""
        return GONE

    def link_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Open a link."""
        href = escapeHtml(str(tokens[idx].attrGet("href")))
        return f'<a href="{href}" {ACT_LINK if _is_act(tokens) else LINK}>'


def _act(inline: Token) -> Token | None:
    """Return the link of a paragraph that is one strong link and nothing else."""
    children = inline.children or []
    return next((child for child in children if child.type == "link_open"), None) if _is_act(children) else None


def _is_act(children: Sequence[Token]) -> bool:
    said = [child for child in children if child.type != "text" or child.content]
    ends = [child.type for child in (*said[:2], *said[-2:])]
    return ends == ["strong_open", "link_open", "link_close", "strong_close"]
