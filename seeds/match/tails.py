"""Tell an article's own lines from the site's: related reading, tags, menus, disclaimers.

Extraction cuts most of this off before matching; what it leaves, and what files given to
`lendwatch match` carry, is recognised here line by line on the folded text."""

import re
from collections.abc import Iterator

# A line that begins like this is the site's, and so is all that follows it.
_TAIL = re.compile(
    r"(?:延伸|相关|推荐|关联|扩展|更多|热门|精彩|猜你喜欢|大家都在看|你可能)"
    r"(?:阅读|文章|新闻|推荐|资讯|报道|内容|链接|看点|专题|问答|的文章|喜欢|感兴趣的?内容)?"
    r"(?:主编精选推荐|文章|推荐|列表)?[:>»]*\s*"
    r"|(?:最新|热门|热点|随机|本周|本站|编辑|今日)(?:文章|新闻|资讯|推荐|看看|热点|排行|阅读)[:>»]*\s*"
    r"|(?:上一篇|下一篇|友情链接|网友评论|发表评论|点击排行|阅读排行|热搜榜?|猜你想看).{0,40}"
    r"|(?:read more|related (?:articles|posts)|you may also like)[:>»]*\s*",
)
# A line that begins like this is the site's by itself.
_LINE = re.compile(
    r"(?:标签|关键词|关键字|tags?|分类|栏目|当前位置|您的位置|面包屑|热门搜索|热搜|导航|版权所有|"
    r"copyright|©|责任编辑|免责声明|版权声明|声明|内容侵权|上一篇|下一篇|相关阅读|延伸阅读|"
    r"相关推荐|推荐阅读|阅读更多|原文链接|本文链接|友情链接|举报电话|联系方式|备案号)\s*[:>»|]"
)
# An author's or site's statement about the page itself, rather than a statement in the news.
_ABOUT_THE_PAGE = re.compile(
    r"(?:特别|郑重|本站|作者)?声明:(?=.*(?:该作品|本文|本站|转载|侵权|版权|原创|仅代表))"
    r"|内容侵权.{0,16}:|(?:转载|投稿|商务合作|侵权删帖).{0,8}:"
)
# A menu: at least four short items with marks between them.
_MENU_MARKS = re.compile(r"[|>»·/]")
_MENU_ITEMS = 4
_LONGEST_ITEM = 12
# A tail heading counts in the second half only: an article may quote one earlier.
_TAIL_FROM = 0.5
# What follows a heading is a tail only while its lines look like links: nothing longer than this.
_LONGEST_LINK = 60


def site_lines(text: str) -> list[tuple[int, int]]:
    """Give the stretches of folded `text` that are the site's, in order."""
    lines = list(_lines(text))
    tail = _tail_start(text, lines)
    return [
        (start, end)
        for start, end in lines
        if end > start and (start >= tail or _is_site_line(text[start:end].strip()))
    ]


def _is_site_line(line: str) -> bool:
    """Tell whether a line is the site's by itself."""
    if _LINE.match(line) or _ABOUT_THE_PAGE.match(line):
        return True
    items = _MENU_MARKS.split(line)
    return len(items) >= _MENU_ITEMS and max(map(len, items)) <= _LONGEST_ITEM


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Give the lines of `text` as (start, end)."""
    start = 0
    for line in text.split("\n"):
        yield start, start + len(line)
        start += len(line) + 1


def _tail_start(text: str, lines: list[tuple[int, int]]) -> int:
    """Give where the site's tail begins; past the end when there is none."""
    start_of_tail = len(text) + 1
    for start, end in reversed(lines):
        if start < len(text) * _TAIL_FROM:
            break
        line = text[start:end].strip()
        if _TAIL.fullmatch(line):
            start_of_tail = start
        elif len(line) > _LONGEST_LINK:
            break
    return start_of_tail
