"""Tell an article's own lines from the site's: related reading, tags, menus, disclaimers.

Extraction cuts most of this off before matching; what it leaves, and what files given to
`lendwatch match` carry, is recognised here line by line on the folded text."""

import re
from collections.abc import Iterator

from seeds.furniture import HEAD_ALONE, NEIGHBOUR

# A line that begins like this is the site's, and so is all that follows it.
_TAIL = re.compile(
    rf"(?:{HEAD_ALONE}|延伸|相关|推荐|关联|扩展|更多|热门|精彩|你可能(?:的文章)?)[:>»]*\s*"
    rf"|(?:{NEIGHBOUR}|友情链接|网友评论|发表评论|点击排行|阅读排行|热搜榜?|猜你想看).{{0,40}}"
    r"|(?:read more|related (?:articles|posts)|you may also like)[:>»]*\s*",
)
# A line that begins like this is the site's by itself; after the end of a sentence it ends the
# article's part of a line (… 。相关阅读:借呗逾期怎么办), which is how pages in one line look.
_HEADING = (
    r"(?:(?:本文|文章|热门|相关|所属|话题|内容)?(?:标签|关键词|关键字)|tags?|keywords?"
    r"|(?:热门|相关|大家都在)(?:搜索|搜)|热搜词?|(?:相关|延伸|推荐|扩展|更多|热门|关联|精彩|最新|拓展)"
    r"(?:阅读|推荐|文章|新闻|资讯|报道|链接|内容|问答|专题|话题)|阅读推荐|阅读更多|往期(?:回顾|推荐|精彩)"
    r"|(?:编辑|小编|主编|今日|本周)?推荐|网友(?:还|都|也)?(?:看了|在看|关注)|友(?:情|站)(?:链接|连结)"
    r"|猜你(?:喜欢|想看|想搜)|大家都在看|你可能(?:还)?(?:喜欢|感兴趣)(?:的.{0,4})?|上一篇|下一篇|上一条|下一条"
    r"|分类|栏目|所属栏目|当前位置|您的位置|您所在的位置|你的位置|面包屑|导航|网站导航|版权所有|copyright"
    r"|责任编辑|免责声明|版权声明|内容侵权|原文链接|本文链接|友情链接|举报电话|联系方式|备案号)"
)
_LINE = re.compile(rf"[\[【#]?{_HEADING}\s*[\]】]?\s*(?:[:>»|]|(?<=[\]】]))|©")
_INLINE = re.compile(rf"[。!?;.|…]\s*[\[【(]?{_HEADING}\s*[\]】]?\s*(?:[:>»|]|(?<=[\]】]))")
# More than this after an inline heading is not only links any more.
_LONGEST_INLINE = 120
# An author's or site's statement about the page itself, rather than a statement in the news.
_ABOUT_THE_PAGE = re.compile(
    r"(?:特别|郑重|本站|作者)?声明:(?=.*(?:该作品|本文|本站|转载|侵权|版权|原创|仅代表))"
    r"|内容侵权.{0,16}:|(?:转载|投稿|商务合作|侵权删帖).{0,8}:"
)
# A menu: at least four short items with marks between them; three when it leads from the home
# page. Slashes and dots stand between names in articles, too (借呗/花呗/白条).
_MENU_MARKS = re.compile(r"[|>»]")
_MENU_ITEMS = 4
_LONGEST_ITEM = 12
_HOME = re.compile(r"(?:网站)?(?:首页|主页|home)\s*(?:[|>»·/]|(?=\S))")
_MENU_WORDS = re.compile(
    r"关于我们|联系我们|登录|注册|网站地图|下载app|客户端下载|更多|加入收藏|帮助中心|正文"
)
_SENTENCE = re.compile(r"[,。!?;]")
# A menu with an article behind it on the same line, up to its last mark (导航:首页|贷款|催收|今日 …).
_MENU_FIRST = re.compile(
    r"(?=.{0,8}(?:首页|主页|导航|导览|栏目|版块|板块|频道|菜单|分类|当前位置))(?:[^|>»,。!?;]{1,12}[|>»]){3,}"
)
# A list of tags with an article behind it on the same line (标签:房贷催收卡债/本篇:…); blanks between
# its items are folded away.
_TAGS_FIRST = re.compile(
    r"(?:分类|文章|热门|相关|本站|网站|所属|话题)?(?:标签|关键词|关键字|分类|栏目|话题|tags?):"
    r"[^。!?\n:,;]{4,60}?[|/╱·■◆●▶►>»]\s*(?=(?:本篇|本文|正文|今日|今天|最新|本周|标题|头条|专栏)[:|])"
)
_LONGEST_MENU = 120
# A list of tags: three or more, and nothing else on the line.
_TAGS = re.compile(r"(?:#[^#\n,。!?]{1,20}#?\s*){3,}")
# Without one of these a line is not the site's by itself; few lines of an article have one.
_SIGN = re.compile(r"[:>»|\]】©#页h]")
# A tail heading counts from here on only: an article may quote one earlier.
_TAIL_FROM = 0.3
# What follows a heading is a tail only while its lines look like links: nothing longer than this.
_LONGEST_LINK = 60


def site_lines(text: str) -> list[tuple[int, int]]:
    """Give the stretches of folded `text` that are the site's, in order."""
    lines = list(_lines(text))
    tail = _tail_start(text, lines)
    # Few texts have a mark of a menu at all.
    menus = bool(_MENU_MARKS.search(text))
    found: list[tuple[int, int]] = []
    for start, end in lines:
        if start >= tail:
            found.append((start, end))
        elif (
            menus
            and (menu := _MENU_FIRST.match(text, start, end))
            and end - menu.end() > _LONGEST_ITEM
        ):
            found.append(menu.span())
        elif not _SIGN.search(text, start, end):
            continue
        elif tags := _TAGS_FIRST.match(text, start, end):
            found.append(tags.span())
        else:
            first = _own_start(text, start, end)
            if first < end:
                found.append((first, end))
    return found


def _own_start(text: str, start: int, end: int) -> int:
    """Give where in the line text[start:end] what is the site's by itself begins; `end` when
    nowhere."""
    if _is_site_line(text[start:end].strip()):
        return start
    return _inline_tail(text, start, end)


def _is_site_line(line: str) -> bool:
    """Tell whether a line is the site's by itself."""
    if _LINE.match(line) or _ABOUT_THE_PAGE.match(line) or _TAGS.fullmatch(line):
        return True
    return _is_menu(line)


def _is_menu(line: str) -> bool:
    """Tell whether a line is a menu or a trail of links (首页>理财>借呗)."""
    items = _MENU_MARKS.split(line)
    if len(items) >= _MENU_ITEMS and max(map(len, items)) <= _LONGEST_ITEM:
        return True
    if len(line) > _LONGEST_MENU or not _HOME.match(line) or _SENTENCE.search(line):
        return False
    return len(items) > 2 or bool(_MENU_WORDS.search(line))


def _inline_tail(text: str, start: int, end: int) -> int:
    """Give where in the line text[start:end] the site's links begin; `end` when nowhere."""
    found = _INLINE.search(text, start, end)
    return found.start() + 1 if found and end - found.end() <= _LONGEST_INLINE else end


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
