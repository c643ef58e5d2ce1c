"""Distinct article pages in the HTML of an ordinary news site, as many as a bench wants.

All text is ours: sentences drawn by a seeded generator from parts that fit together. A page has
the size and the number of elements that real ones have: 48 pages of Chinese and Taiwanese news
sites have 164 kB and 1,116 nodes in the mean, most of them scripts, menus and related links.
"""

import random
from html import escape

PLATFORMS = ("用钱宝", "借呗", "360借条", "分期乐", "拍拍贷", "微粒贷", "还呗", "宜人贷")
OTHERS = ("城东公交公司", "江畔图书馆", "青石中学", "北岭林场", "云桥街道", "海螺食品厂")
PEOPLE = ("林女士", "陈先生", "读者周某", "一位工程师", "店主老何", "刚毕业的学生")
PLACES = ("合肥", "长沙", "成都", "福州", "西安", "宁波", "昆明", "沈阳")
LENDING = (
    "{who}说，{name}在{month}月{day}日打来{count}次催收电话，还联系了单位的同事。",
    "{name}回应称，已经要求合作机构整改，并在{count}个工作日内答复{who}。",
    "{place}金融监管部门表示，{name}的投诉在{month}月达到{count}件，比上月多了一成。",
    "律师认为，{name}向第三方透露欠款信息涉嫌侵犯隐私，{who}可以要求赔偿。",
    "{who}提供的合同显示，综合年化利率为百分之{count}，高于{name}页面上写的数字。",
)
PLAIN = (
    "{name}在{place}开了新的服务点，{month}月{day}日起每天接待{count}人。",
    "{who}告诉记者，{name}的工作人员花了{count}天把旧设备换完。",
    "据{place}气象台消息，{month}月{day}日夜间有雨，{name}提醒市民注意出行。",
    "{name}负责人说，今年前{month}个月一共办了{count}场活动，{who}几乎每场都来。",
    "{place}的{who}写信称赞{name}，说那里的灯一直亮到晚上{month}点。",
)


def article(number: int, *, lending: bool) -> tuple[str, list[str]]:
    """The title and 12 paragraphs of article `number`; the same number gives the same text."""
    draw = random.Random(number)
    name = draw.choice(PLATFORMS if lending else OTHERS)
    forms = LENDING if lending else PLAIN

    def sentence() -> str:
        return draw.choice(forms).format(
            name=name,
            who=draw.choice(PEOPLE),
            place=draw.choice(PLACES),
            month=draw.randint(2, 12),
            day=draw.randint(1, 28),
            count=draw.randint(3, 999),
        )

    title = (
        f"{name}{draw.choice(PLACES)}{draw.choice(('新规', '调查', '回应', '观察'))}第{number}号"
    )
    return title, ["".join(sentence() for _ in range(4)) for _ in range(12)]


def page(number: int, *, lending: bool) -> bytes:
    """Article `number` as served, UTF-8."""
    title, paragraphs = article(number, lending=lending)
    draw = random.Random(-number)
    body = "".join(f"<p>　　{escape(paragraph)}</p>" for paragraph in paragraphs)
    day = f"2026-11-{number % 24 + 1:02d}"
    return f"""<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8">
<title>{escape(title)}_晨报网</title><meta name="keywords" content="财经,新闻">
<meta name="description" content="{escape(paragraphs[0][:80])}">
<link rel="stylesheet" href="/css/main.css?v={draw.randint(1, 999)}">
{_scripts(draw, day)}</head>
<body><div id="top"><div class="wrap"><ul class="menu">{_menu(draw)}</ul></div></div>
<div class="main"><div class="left"><div class="crumb"><a href="/">首页</a> &gt;
<a href="/finance/">财经</a> &gt; 正文</div><h1>{escape(title)}</h1>
<div class="meta"><span>{day} {number % 24:02d}:{number % 60:02d}:09</span>
<span>来源：晨报网</span><span>作者：记者{number % 17}</span></div>
<div class="article-content">{body}</div>
<div class="share">分享到：<a href="#">微信</a><a href="#">微博</a></div>
<div class="comments"><h3>网友评论</h3>{_comments(draw)}</div></div>
<div class="sidebar"><h3>相关阅读</h3><ul>{_related(draw)}</ul></div></div>
<div id="footer"><p>晨报网 版权所有 未经授权不得转载 备案号 {draw.randint(10**7, 10**8)}</p></div>
</body></html>""".encode()


def _menu(draw: random.Random) -> str:
    return "".join(
        f'<li class="nav-item"><a href="/c/{each}/" target="_blank"><span>'
        f"{draw.choice(OTHERS)}频道{each}</span></a></li>"
        for each in range(90)
    )


def _related(draw: random.Random) -> str:
    return "".join(
        f'<li><div class="pic"><img src="/i/{draw.randint(1, 99999)}.jpg" alt=""></div>'
        f'<a href="/2026/11{draw.randint(10, 28)}/{draw.randint(1, 99999)}.html" title="相关">'
        f"{draw.choice(OTHERS)}{draw.choice(PLACES)}近况</a>"
        f'<span class="time">2026-11-{draw.randint(10, 28)}</span></li>'
        for _ in range(90)
    )


def _comments(draw: random.Random) -> str:
    return "".join(
        f'<div class="item"><span class="user">{draw.choice(PEOPLE)}</span>'
        f"<p>{draw.choice(PLACES)}也是这样，希望早点解决。</p>"
        f'<span>{draw.randint(1, 59)}分钟前</span> <a href="#">回复</a></div>'
        for _ in range(20)
    )


def _scripts(draw: random.Random, day: str) -> str:
    """About 100 kB of inline script, as portals carry: settings, trackers, ad slots, states."""
    blocks = []
    for block in range(12):
        lines = "".join(
            f'window.__s{block}_{each}={{"id":{draw.randint(1, 10**9)},"t":"{day}T0{each % 10}:00:00",'
            f'"u":"https://cdn.example/{draw.randint(1, 10**6)}.js","w":{draw.random()}}};\n'
            for each in range(80)
        )
        blocks.append(f"<script>{lines}</script>")
    return "".join(blocks)
