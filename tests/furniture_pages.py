"""Pages of sites whose furniture no list knows: half of what stands on them is the site's."""

from dataclasses import dataclass

from distinct_articles import distinct_article

from crawler.article import Article


@dataclass(frozen=True)
class FurnishedSite:
    """A site with the lines that it puts before and behind each of its articles."""

    host: str
    head: tuple[str, ...]
    tail: tuple[str, ...]

    def body(self, own: str) -> str:
        """An article's text as the page shows it."""
        return "\n\n".join((*self.head, own, *self.tail))

    def page(self, number: int, own: str = "", title: str = "") -> Article:
        """Page `number`: distinct article `number`, or another text under another title."""
        url = f"https://{self.host}/{number}"
        named = title or distinct_article(number).title
        return Article(url, named, self.body(own or own_text(number)), language="zh-Hans")


def own_text(number: int) -> str:
    """What is the article's own on page `number`: some 480 characters."""
    return "\n\n".join(distinct_article(number).paragraphs)


RIVER = FurnishedSite(
    "river.test",
    ("欢迎来到河边财经,我们每天早晨六点为您整理前一天发生在身边的金钱故事,风雨无阻已经十二年。",),
    (
        "河边财经的会员每月可以免费参加两场读书会,地点在老码头的旧仓库里,茶水和点心由本站准备,座位有限。",
        "如果您的朋友也在为钱发愁,不妨把这一页念给他听,也可以打印出来贴在冰箱上,本站不收取任何费用。",
        "市场有起有落,文中提到的做法未必适合每一个家庭,请结合自己的收入和支出慎重考虑,亏了钱我们不会赔。",
        "本站编辑部搬到了河东路的新楼,原来的信箱仍然有人每天去取,手写的信我们都会在三个星期之内回复。",
        "喜欢听广播的读者可以在每晚九点收听我们的节目,主持人会把当天最有意思的三篇文章慢慢读给您听。",
        "我们的小店上架了新的记账本,封面是本地画家画的河岸,一年份的格子正好够写,满两本就包邮寄到家。",
        "春天的征文正在进行,写一写您家里关于借钱和还钱的往事,入选的文章会印成一本小书送给每一位作者。",
    ),
)
TOWER = FurnishedSite(
    "tower.test",
    (
        "塔下观察 | 离钱近一点,离坑远一点",
        "您正在阅读的是塔下观察的网页版,字太小的话可以按右上角的放大镜,夜里请打开护眼的深色背景。",
    ),
    (
        "塔下观察由五位退休的银行职员发起,大家轮流值班,没有广告,也没有老板,全靠读者每年捐一点点电费。",
        "我们不认识任何放款的人,也不替任何人追债,凡是自称塔下观察工作人员向您要钱的,请马上把电话挂掉。",
        "上个月有四百一十二位读者写信来问同一个问题,答案我们已经整理成册,放在塔下书屋的门口,随便取。",
        "下个月的线下聚会改在第二个礼拜天,请自带水杯和小板凳,下雨的话就挪到隔壁的菜市场二楼,照常举行。",
        "值班编辑今天喝的是陈皮茶,校对的老先生眼睛不太好,要是您发现了错字,欢迎写在明信片上寄给我们。",
        "塔下观察的文章可以随意朗读给不识字的老人听,如果要印在别的报纸上,请先到书屋跟我们打一声招呼。",
        "更夫老周的专栏搬家了,以后每个礼拜三和礼拜五见面,之前写的那些夜里的故事,都还留在老地方。",
    ),
)
BRIDGE = FurnishedSite(
    "bridge.test",
    (
        "桥头早报的读者朋友您好,这篇稿子由我们的志愿者在桥头的亭子里写成,写完以后又请三位邻居念过一遍。",
    ),
    (
        "桥头早报提醒各位,家里的老人接到陌生来电时请先问清楚对方是谁,拿不准就让孩子回家以后再打过去。",
        "我们的黑板报每天下午四点更新,站在桥上就能看到,近视的朋友可以借用亭子里的望远镜,用完请放回去。",
        "订阅桥头早报的全年合订本,送一张手绘的桥头地图,上面标着修鞋的、配钥匙的和能帮您看合同的地方。",
        "志愿者招募还剩下七个名额,要求是会写字、肯走路、不怕狗,每周只需要来半天,午饭由桥头面馆提供。",
        "本报所有的稿子写好以后都要在亭子里放三天,三天之内没有邻居提意见才会登出来,请大家放心阅读。",
        "桥下的流水带走了不少旧报纸,如果您捡到了,不用还给我们,折一只小船让它接着走就好,一路平安。",
        "为了让夜班的工友也能读到,本报在桥西的路灯下另外贴了一份,字写得大一些,路过的时候请别撕走。",
    ),
)
SITES = (RIVER, TOWER, BRIDGE)
