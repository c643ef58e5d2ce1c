"""The miniature web: ten sites of different making, and how each is declared to lendwatch."""

from monitor.demo import farms, news, scripted
from monitor.demo.page import Site

SITES = (
    Site("qixing", "七星财经", news.qixing, {"kind": "feed", "path": "/feed.xml"}),
    Site(
        "weiquan",
        "消费维权观察",
        news.weiquan,
        {
            "kind": "listing",
            "path": "/news/",
            "max_pages": 3,
            "selectors": {"links": "li.item a", "next": "a.next"},
        },
    ),
    Site("jiangcheng", "江城晚报", news.jiangcheng, {"kind": "listing", "path": "/html/"}),
    Site("gangdao", "港島財訊", news.gangdao, {"kind": "feed", "path": "/atom.xml"}),
    Site("zhilian", "直聊金融", news.zhilian, {"kind": "sitemap", "path": "/sitemap.xml"}),
    Site(
        "gonggao",
        "西城金融消费者权益保护中心",
        news.gonggao,
        {"kind": "page", "path": "/notice/q3.html"},
    ),
    Site("ziyou", "资深用户", farms.ziyou, {"kind": "feed", "path": "/rss"}),
    Site("jieqian", "借钱头条", farms.jieqian, {"kind": "feed", "path": "/rss.xml"}),
    Site("guangnan", "广南消费网", news.guangnan, {"kind": "feed", "path": "/rss.xml"}),
    # Neither its list nor its article can be read without a browser, and `auto` finds that out.
    Site(
        "kuaibao", "快报", scripted.kuaibao, {"kind": "listing", "path": "/list", "browser": "auto"}
    ),
)
