"""Lines of a page that stand around its article, and are others at every visit. Pure.

Beyond what monitor/stories/prose.py takes for furniture: lists of other headlines, readers'
comments, counters, credits, advertisements, invitations. All upon folded, short lines."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from rapidfuzz import fuzz

from monitor.stories.prose import Kind
from seeds.furniture import HEAD_ALONE, HEAD_RUNNING_ON

# Furniture is short; and no page makes these expressions walk a line of a megabyte.
LENGTH = 120
# A headline in a list is hardly longer.
HEADLINE = 48

_LIST_HEAD = re.compile(
    rf"^\W*(?:{HEAD_ALONE}|{HEAD_RUNNING_ON}"
    r"|(?:24小时|48小时|今日|本周|本月|实时|全站|频道|热门|热点)?(?:热榜|热搜|热文|热议|热门|排行|话题|要闻|头条)(?:榜|榜单)?"
    r"|(?:点击|阅读|新闻|人气)排行榜?|[你您]可能.{0,2}(?:喜欢|感兴趣|想看|错过).{0,4}|猜你.{0,4}|(?:看|查看|阅读)更多.{0,4}"
    r"|更多(?:相关)?.{0,4}|(?:大家|其他人|别人).{0,2}在(?:看|搜|读|关注).{0,2}|(?:编辑|精选|人气|站内|为[你您])(?:精选|推荐|文章|内容|新闻)"
    r"|往期.{0,4}|前情提要|系列报道|(?:即时|最新|同类|其他|其它)(?:新闻|消息|报道|文章)|延伸.{0,4}|相关.{0,4}"
    r"|related (?:articles|stories|news|posts)|(?:read|see) more|you may (?:also )?like|recommended)\W*$"
)
# What readers wrote ends a page.
_COMMENTS = re.compile(
    r"^\W*(?:网友|读者|精彩|最新|热门|全部|用户)?(?:留言|评论|跟帖|跟贴)(?:区|列表)?\W*(?:\d+\s*条?)?\W*$"
)
# A line that is all of a page's own tools: 【打印】【收藏】 字号 大 中 小.
_TOOLS = (
    r"^(?:\W*(?:打印|列印|收藏|分享|关闭|纠错|举报|反馈|返回顶部|本页|本文|上一页|下一页|首页|尾页|末页|阅读全文|字体|字号|字|大|中|小"
    r"|点赞|赞好|转发|评论|微信|微博|朋友圈|qq空间?|复制链接|朗读|听新闻|夜间模式|人?阅读|人?喜欢|赞|网站地图|联系我们|关于我们"
    r"|展开|收起|设为首页|加入收藏|加入书签|第\d+/\d+页|回到?(?:页首|顶端|顶部)|(?:联络|联系|关于|加入)(?:我们|本[报站网社])|(?:著作权|版权|免责|隐私权?|法律)(?:声明|政策|条款)"
    r"|服务条款|使用条款|广告(?:刊登|服务|合作)|客服中心|意见反[馈映]|常见问题|网站导航|手机版|电脑版|rss"
    r"|facebook|twitter|line|whatsapp|telegram|email|邮件|豆瓣|a[+-]?|\d))+\W*$"
)
_DATE = r"[\d年月日号时分秒点上下午:/.\s()-]*(?:am|pm)?"
_AGO = r"(?:[\d一二两三四五六七八九十几半]{1,3}个?(?:秒钟?|分钟?|刻钟|小时|钟头|[天日周月年]|星期|礼拜|季度)(?:之?前)|刚刚|刚才|[昨前]天\s*[\d:]*)(?:更新|发布|发表)?"
_ROLE = (
    r"(?:(?:值班|流程|责任|执行|本期|版面|视觉|新媒体|见习|实习|图文|文字)?"
    r"(?:编辑|编委|主编|责编|校对|审核|监制|统筹|编审|复审|终审|初审|签发|排版|美编|设计|制图|摄影|撰文|撰稿|采写|供图|剪辑))"
)
_EMOJI = "[\u2600-\u27bf\u2b50\U0001f300-\U0001faff\ufe0f]"
_LIKED = "(?:点赞|收藏|评论|转发|分享|喜欢|在看|赞)"
_COUNT = r"[\d.,]+\s*[万千亿wk]?\+?\s*(?:℃|°c?|度|(?:人次|位(?:网友|读者|朋友)?|名|[人次条个则篇票分件楼层])(?![a-z\u4e00-\u9fff]*\d{4}))?"
_COUNTED = (
    r"(?:已经?有?|共有?|累计|全文|当前|目前|现在|本文|文章|网友|读者|今日|本周|本页|总|全部|最新|热门|[人你我]?(?:觉得|认为|表示)?很?)*"
    r"(?:参与|阅读|阅览|浏览|评论|讨论|观看|点赞|点击|播放|围观|转发|转载|转推|分享|在[看读线]|收藏|喜欢|留言|回复|回应|回帖|跟[帖贴]|弹幕|关注|粉丝|订阅|投票|访问|查看"
    r"|人气|热度|热力|打赏|投币|赞好?|正赞|给赞|[顶踩推嘘]|好文|有用|支持|反对|热评|阅|览|讲|views?|likes?|shares?|comments?|reads?|hits?|clicks?)"
    r"(?:了|过|讨论|评论|本文|此文|这条新闻|人数|人次|次数|人气|数量|热度|指数|[数量率值度])*"
)
_SITE = r"(?:我们|本报|本刊|本网|本站|line|facebook|fb|google|telegram|instagram|youtube|公众号|小程序|粉丝团|专页)"
_FURNITURE = re.compile(
    "|".join(
        (
            # The path to the page: 首页 > 财经 > 正文.
            r"^\W*(?:(?:首页|主页)\W*[>»›/]|(?:[^>»›]{1,12}\s*[>»›]\s*){2,}|(?:当前|您的)?位置\W*[:：])",
            _TOOLS,
            # A row of channels, a poll, a post's tags, and what its readers thought of it.
            r"^\W*[^\W\d]{1,8}(?:\s*[|｜·•]\s*[^\W\d]{1,8}){3,}\W*$",
            r"^\W*(?:投票|民调|小?调查|问卷(?:调查)?)\W.*(?:%|票|人(?:已)?(?:参与|投票|参加))",
            rf"^(?:#[^\s#]{{1,20}}#?\s*)*(?=.*(?:#|{_EMOJI}))(?:#[^\s#]{{1,20}}#?|{_EMOJI}|[\d.,]+[万千亿wk]?\+?|{_LIKED}|\s)+$",
            # When it was written or changed, and by whom.
            rf"^\W*(?:本文|文章|最后|最近|页面|内容)*(?:更新|发布|发表|刊登|上载|修改|出版)(?:时间|日期)?[于在]?\W*(?:{_DATE}|{_AGO})\W*$|^\W*{_AGO}\W*$",
            rf"^\W*{_ROLE}(?:[:/|]|\s)[^。,!?;]{{1,60}}$|^\W*(?:文|图|摄)[/|][^。,!?;]{{1,24}}$",
            rf"^{_ROLE}\S{{2,4}}(?:{_ROLE}\S{{2,4}})+$",
            r"^[(\[【][^。]{0,20}(?:记者|通讯员|编辑|责编|作者|撰文|综合报道|综合整理)[^。,]{0,24}[)\]】]$",
            (
                r"^\W*(?:文章|新闻|稿件|本文|信息)(?:来源|来自|出处)|审校|^\W*资料图?片?\W*$|语音播[报放]|^\W*收起\W*$|advertisement"
                r"|^(?:上|下|前|后)一?[篇则条页]\W|登录后.{0,4}(?:评论|留言)|^\W*(?:赞助商|推广链接|特别推广)"
            ),
            r"^\W*(?:作者|记者|嘉宾)(?:简介|介绍)\W",
            # Counters, in a row.
            rf"^\W*(?:(?:{_COUNTED}\W*{_COUNT}|(?:本文)?(?:已经?有?|共有?|累计)?{_COUNT}\W*{_COUNTED})\W*)+$",
            # Advertisements that say so, and the site's own.
            r"^\W*(?:广告|推广|赞助|ad|sponsored)\W|^\W*(?:广告\W*关闭|关闭广告|跳过广告)|广告(?:后|请)?(?:请)?继续|请?继续往下(?:阅读|看)|(?:以下|上方|下方|以上)(?:为|是)?广告|^\W*广告(?:结束|位)",
            r"^\W*(?:立即|马上|点击|扫码|长按|欢迎)?(?:下载|安装|打开|关注|订阅).{0,20}(?:app|客户端|公众号|小程序|二维码)(?=.{0,24}$)",
            rf"^(?=.{{0,48}}$)(?=.*(?:追踪|关注|订阅|加入|按赞|赞好|下载|follow))(?=.*{_SITE})(?!.*[。;])",
            r"^\W*请?(?:用)?(?:微信|手机|支付宝|长按)*(?:扫一扫|扫码|扫描|识别)(?=.{0,30}$)",
            r"^\W*(?:你|您|大家)(?:怎么看|觉得呢)|^\W*(?:欢迎|快来|一起来).{0,10}(?:留言|评论|讨论|投稿|爆料|报料|关注|转发)",
            r"^.{0,16}(?:新闻|报料|爆料|读者|监督)(?:热线|电话|邮箱|线索)",
            r"^\W*(?:点击|点此|轻触)?(?:展开|收起|查看|显示|加载|阅读)(?:全文|原文|更多|全部|剩余|完整)\S{0,6}$",
            r"^\W*(?:举报|反馈|纠错)(?:\W|与|和|$).{0,6}$|^(?:#[^\s#]{1,20}#?\s*)+$",
            # What the site asks or tells whoever comes: cookies, the market, the weather.
            r"^(?=.{0,80}$)(?=.*cookies?)(?=.*(?:接受|同意|设定|设置|拒绝|accept|agree|settings)).*",
            r"^\W*(?:(?:上证|深证|沪深|沪指|深成|深指|科创|北证|中证|国企|红筹|台股|台指|美元|欧元|黄金|原油|创业板|恒生|恒指|道琼|纳斯达克|纳指|标普|日经|加权)\S{0,6}?\s*[\d.,]+\s*[+-]?[\d.%\s]*)+",
            # What it asks a reader's browser for, and that its app does better.
            (
                r"^(?=.{0,80}$)\W*(?:为了?|请|[您你]|如|若|建议|推荐|当前|检测到|系统|提示|温馨提示|注意|本[站页网]|此页|我们|开启|启用|javascript)"
                r"(?=.*(?:javascript|js脚本|浏览器|cookies?|flash)).*(?:开启|启用|打开|允许|支持|禁用|关闭|停用|升级|更新|更换|切换|使用|过低|太低|过旧|较旧|正常)"
            ),
            (
                r"^(?=.{0,60}$)\W*(?:为了?.{2,16}[,，]\s*)?(?:请|可|建议|推荐|点击|前往|立即|马上)*(?:下载|安装|打开|使用|更新|升级|在|用|到|去)[^。,]{0,16}"
                r"(?:app|客户端|小程序)(?:内|中|里|上)?[,，]?\s*(?:打开|查看|阅读|浏览|体验|获取|看|享|收看|阅|版本)[^。]{0,16}[。!]?\W*$"
            ),
            r"^(?=.{0,40}$)\W*(?:开启|打开|允许)(?:消息|推送|通知|定位|位置)(?:通知|推送|权限|服务)?(?:\W|$)",
            r"^(?=.{0,80}$)\W*(?:please )?(?:enable|turn on) (?:javascript|cookies)|^\W*your browser (?:is|does|has)",
            r"^\W*\S{1,6}\W*(?:晴|阴|多云|小雨|中雨|大雨|阵雨|雪|雾|霾)\S{0,4}\W*-?\d{1,2}\W*[~-]?\W*-?\d{0,2}\W*(?:℃|°c?|度)",
            # Rights, risks, pictures, addresses.
            r"©|copyright|all rights reserved|版权所有|版权保护|(?:未经|不得|禁止).{0,6}转载|icp备|icp证|公网安备|(?<=[^\w])侵删|侵权.{0,4}删",
            r"^(?=.{0,80}$).*(?:市场有风险|投资需谨慎|(?:投资|入市)有风险|理财有风险|不构成.{0,8}建议|仅供.{0,4}参考)",
            r"^\W*(?:图片?|照片|题图|封面图?|插图|配图|视频|图文)\s*(?:来源|来自|源于|由|[/:|])",
            r"^\W*(?:视频|音频|图片|直播)?(?:正在)?(?:加载|载入|缓冲|播放)中?\W*$",
            r"^\W*本文(?:首发|原载|刊载|由.{0,10}(?:翻译|授权|整理)|来源|转载|经.{0,8}授权|版权)|不代表(?:本|我).{0,6}(?:立场|观点)",
            r"^\W*(?:原文)?(?:链接|网址|地址|出处)?\W*(?:https?:|www\.)\S+\W*$",
        )
    ),
    re.IGNORECASE,
)
_MARK = re.compile(r"^\W*(?:广告|推广|赞助|ad|sponsored)\W*$", re.IGNORECASE)
_SELLING = re.compile(
    r"点我|点击|立即|马上|抢购|优惠|特惠|\d折|免费|领取|下载|购买|限时|满减|低至|秒杀|了解更多|咨询|下单|特价|促销|福利"
)
# Some pages end their sentences with the full stop of Latin letters.
_STOP = r"(?<=[\u4e00-\u9fff”’」』》）)\"'])\."
_SENTENCE = re.compile(rf"(?:[。;]|{_STOP})\W*$")


def without_furniture(lines: Sequence[str], kinds: Sequence[Kind]) -> Iterator[Kind]:
    """The kinds of folded lines, with what stands around the article as boilerplate too."""
    listed = commented = marked = False
    told = [at for at, kind in enumerate(kinds) if kind is Kind.PROSE and _END.search(lines[at])]
    body = range(told[0], told[-1]) if told else range(0)
    seen: set[str] = set()
    for at, (line, kind) in enumerate(zip(lines, kinds, strict=True)):
        text = line.strip()[: LENGTH + 1]
        short = len(text) <= LENGTH
        commented = commented or (short and bool(_COMMENTS.match(text)))
        headed = short and bool(_LIST_HEAD.match(text))
        listed = headed or (listed and len(text) <= HEADLINE and not _SENTENCE.search(text))
        sold = marked and len(text) <= HEADLINE and bool(_SELLING.search(text))
        marked = short and bool(_MARK.match(text))
        around = listed or commented or sold or (short and _FURNITURE.search(text))
        if not (listed or commented) and at in body and text not in seen and _is_told(text):
            yield Kind.PROSE
        else:
            yield Kind.BOILERPLATE if around else kind
        seen.add(text)


def _is_told(line: str) -> bool:
    """Whether a line tells what somebody said or did: within an article's body it is a paragraph,
    whatever it begins with (投稿人王女士说, 责任编辑告诉她, 扫码后他)."""
    return (
        len(line) >= TOLD
        and _SENTENCE.search(line) is not None
        and _SOMEBODY.search(line) is not None
        and _PAGE.search(line) is None
    )


TOLD = 16
_SOMEBODY = re.compile(
    r"说|称|表示|告诉|回应|认为|指出|解释|坦言|回忆|[他她]|女士|先生|[\u4e00-\u9fff]某|民警|警方|法官"
)
# What a page says of itself names people and sites as well.
_PAGE = re.compile(
    r"声明|版权|转载|侵删|必究|免责|风险提示|不构成|仅供参考|立场|观点|©|本[网站]|javascript|cookie|公众号$"
)


# A line at an end of a page that ends no sentence and is no longer is the page's, if anybody's.
STRAY = 30
# Between paragraphs a page has a caption or an advertisement, and hardly ever three in a row.
BETWEEN, MOST_BETWEEN = 40, 2
# So many lines at each end are looked at.
_MOST_STRAY = 12
# Two such lines are one that was edited from here up.
_EDITED = 50
# What a newsroom adds at an end, however short.
_NOTE = re.compile(
    r"更正|勘误|订正|修正|致歉|道歉|编者|有误|更新[:：]|最新[:：]|回应|声明|^\W*注[:：]"
)
_END = re.compile(rf"(?:[。!?;…]|{_STOP})\W*$")
_BARE = re.compile(r"[\W_]+")


def strays(lines: Sequence[str], others: Sequence[str]) -> frozenset[int]:
    """The places of folded lines that end no sentence, stand at an end of a page or between
    paragraphs that do, and that the other version has nothing of: tags, credits, counters,
    captions, advertisements that no expression here names."""
    ended = [place for place, line in enumerate(lines) if _END.search(line[-8:])]
    if not ended:
        return frozenset()
    at_ends = (*range(min(ended[0], _MOST_STRAY)), *range(ended[-1] + 1, len(lines))[:_MOST_STRAY])
    short = [place for place in at_ends if _is_short(lines[place], STRAY)]
    short += [place for place in _between(lines, ended) if _is_short(lines[place], BETWEEN)]
    there = _BARE.sub("", "".join(others)) if short else ""
    near = [each for each in others if len(each) <= 2 * BETWEEN] if short else []
    return frozenset(
        place
        for place in short
        if _BARE.sub("", lines[place]) not in there
        and not any(fuzz.ratio(lines[place], each) >= _EDITED for each in near)
    )


def _is_short(line: str, longest: int) -> bool:
    return len(line) <= longest and not _NOTE.search(line)


def _between(lines: Sequence[str], ended: Sequence[int]) -> Iterator[int]:
    """The places of one or two lines in a row between paragraphs: more are a list or verses."""
    for before, after in pairwise(ended):
        told = [place for place in range(before + 1, after) if lines[place].strip()]
        if len(told) <= MOST_BETWEEN:
            yield from told
