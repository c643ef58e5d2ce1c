"""Distinct article pages in the HTML of an ordinary news site, as many as a bench wants.

All text is ours: sentences drawn by a seeded generator from parts that fit together. A page is
about 45 kB, as portals are, most of it navigation, scripts and related links.
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
    menu = "".join(
        f'<li><a href="/c/{each}/" class="nav-item">{draw.choice(OTHERS)}频道{each}</a></li>'
        for each in range(60)
    )
    related = "".join(
        f'<li><a href="/a/{draw.randint(1, 99999)}.html" title="相关">{draw.choice(OTHERS)}'
        f"{draw.choice(PLACES)}近况</a><span>{draw.randint(1, 59)}分钟前</span></li>"
        for _ in range(80)
    )
    script = "".join(f"window.__m{each}={draw.random()};" for each in range(700))
    body = "".join(f"<p>　　{escape(paragraph)}</p>" for paragraph in paragraphs)
    return f"""<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8">
<title>{escape(title)}_晨报网</title><meta name="keywords" content="财经,新闻">
<script>{script}</script><style>.a{{color:#333}}</style></head>
<body><header><ul class="menu">{menu}</ul></header>
<div class="main"><h1>{escape(title)}</h1>
<div class="meta"><span>2026-11-{number % 24 + 1:02d} {number % 24:02d}:{number % 60:02d}:09</span>
<span>来源：晨报网</span><span>作者：记者{number % 17}</span></div>
<div class="article-content">{body}</div>
<div class="share">分享到：<a href="#">微信</a><a href="#">微博</a></div></div>
<div class="sidebar"><h3>相关阅读</h3><ul>{related}</ul></div>
<footer>晨报网 版权所有 未经授权不得转载</footer></body></html>""".encode()
