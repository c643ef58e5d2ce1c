"""Two looks at one address, judged: the very question `lendwatch compare` asks. Pure."""

from dataclasses import dataclass
from typing import Literal

from monitor.changes.diff import Version, compare
from monitor.changes.elsewhere import ANY_ADDRESS, REDIRECTED
from monitor.changes.standing import Found, Shown, Standing, standing
from monitor.changes.summary import shortened

Judgement = Literal["none", "meta", "edit", "deleted", "blocked"]

# How each reason reads in Chinese.
REASONS = {
    "not found": "页面不存在",
    "gone": "页面已移除",
    "unavailable for legal reasons": "因法律原因不可查看",
    "withdrawn": "已撤下",
    "the title without its text": "标题仍在，正文已空",
    "a list of other articles": "改为其他文章的列表",
    REDIRECTED: "已跳转到首页或栏目页",
    ANY_ADDRESS: "所示为该站对任何不存在网址给出的页面",
    "no answer": "没有应答",
    "refused": "拒绝访问",
    "server error": "服务器出错",
    "captcha or refusal": "要求验证或拒绝访问",
    "login or payment": "要求登录或付费",
    "the site does not work": "网站暂不可用",
    "another layout": "页面结构不同，未能读到正文",
    "nothing read": "未能读到正文",
    "another text": "所示为另一篇文字",
}


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of an article between two looks. `kinds` name the sorts of change, the most
    telling first; `reason` says why it is `deleted` or `blocked`; `summary` is one line in
    Chinese, empty when nothing changed."""

    change: Judgement
    material: bool
    kinds: tuple[str, ...]
    reason: str
    summary: str


NOTHING = Judged("none", material=False, kinds=(), reason="", summary="")


def judge(before: tuple[int | None, Version], after: tuple[int | None, Version]) -> Judged:
    """Judge two looks, each a status (None: no answer) and what was read.

    What could not be read before tells nothing: only what is gone now is told, or back again."""
    old, new = (Shown(status, each.title, each.text) for status, each in (before, after))
    was = standing(None, old)
    known = old if was.standing is Standing.HERE else None
    now = standing(known, new)
    if now.standing is Standing.BLOCKED:
        return _told("blocked", now)
    if now.standing is Standing.GONE:
        return NOTHING if was.standing is Standing.GONE else _told("deleted", now)
    if was.standing is Standing.GONE:
        return Judged("edit", True, ("restored",), "", f"重新上线：「{shortened(new.title)}」")
    if was.standing is Standing.BLOCKED or after[0] == 304:
        return NOTHING
    change = compare(before[1], after[1])
    return Judged(change.kind, change.material, change.kinds, "", change.summary)


def _told(change: Literal["deleted", "blocked"], found: Found) -> Judged:
    label = "已删除" if change == "deleted" else "未能读到，不算删除"
    quoted = f"：「{shortened(found.quoted)}」" if found.quoted else ""
    summary = f"{label}：{REASONS[found.reason]}{quoted}"
    return Judged(change, change == "deleted", (), found.reason, summary)
