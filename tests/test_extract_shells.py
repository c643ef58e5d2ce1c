"""Extraction from pages made as Chinese news sites, portals, forums and content farms make theirs.

The markup follows what these kinds of sites have in common; the texts are ours."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

import pytest

from crawler.extract import extract
from crawler.page import Page

FETCHED_AT = datetime(2024, 11, 10, 4, 0, tzinfo=UTC)
SHANGHAI = timezone(timedelta(hours=8))
TITLE = "用钱宝被指频繁骚扰借款人亲友 平台称将核查合作机构"
TEXT = [
    "近日，多位用钱宝借款人向记者反映，逾期一天后便接到催收人员的电话，对方自称是第三方公司的工作人员，要求当天之内还清全部欠款。",
    "“他们给我的父母和同事都打了电话。”借款人王女士表示，对方在通话中准确说出了她的工作单位和家庭住址，让她十分不安。",
    "对此，平台客服回应称，已注意到相关情况，将对合作机构的作业过程进行核查，对违反规定的机构将终止合作。",
    "律师认为，向与债务无关的第三人透露欠款信息，涉嫌侵犯个人信息，借款人可以保留证据并向监管部门投诉。",
]
SITE = "某某网"
PARAGRAPHS = "".join(f"<p>　　{text}</p>" for text in TEXT)
BROKEN = "<br/><br/>".join(f"　　{text}" for text in TEXT)
CHANNELS = ("首页", "新闻", "财经", "科技", "房产", "汽车", "体育", "娱乐")
NAVIGATION = f"<ul>{''.join(f'<li><a href=/{name}/>{name}</a></li>' for name in CHANNELS)}</ul>"
RELATED = f"<ul>{''.join(f'<li><a href=/a/{n}.html>这是一条相关新闻的标题第{n}条</a></li>' for n in range(8))}</ul>"
SIDEBAR = (
    "<div class='aside-right'><h3>热门文章</h3>"
    + "".join(
        f"<div class='item'><a href='/b/{n}.html'>这是侧栏的一条热门文章标题{n}</a><p>摘要文字，介绍这篇文章的内容大意，吸引读者点击阅读全文。</p></div>"
        for n in range(6)
    )
    + "</div>"
)
COMMENTS = "<div id='pl'><h3>网友评论</h3>" + "".join(
    f"<div class='c'><span>网友{n}</span><span>2024-11-09 0{n}:00</span><p>这个平台我也借过，催收电话一天几十个，真的是受不了，希望有关部门管一管。</p></div>"
    for n in range(5)
)
FOOTER = (
    "<div class='footer'><p>关于我们 | 联系我们 | 版权声明</p>"
    "<p>Copyright © 1997-2024 某某网 版权所有 京ICP备12345678号</p>"
    "<p>违法和不良信息举报电话：010-12345678 举报邮箱：jubao@example.com</p></div>"
)


@dataclass(frozen=True)
class Shell:
    """A page, and what should be read out of it; `at` is the beginning of the time in +08:00."""

    name: str
    html: str
    author: str | None
    outlet: str | None
    at: str | None
    url: str


def shell(
    name: str,
    html: str,
    author: str | None = None,
    outlet: str | None = SITE,
    at: str | None = None,
    head: str = f"<title>{TITLE}_{SITE}</title>",
    url: str = "https://news.example.com/x/1.html",
) -> Shell:
    page = f"<html><head><meta charset=utf-8>{head}</head><body>{NAVIGATION}{html}{FOOTER}</body></html>"
    return Shell(name, page, author, outlet, at, url)


SHELLS = [
    shell(
        "people",
        f"<div class='text_title'><h3 class='pre'></h3><h1>{TITLE}</h1><h4 class='sub'></h4><p class='author'>本报记者 李红梅</p><div class='box01'><div class='fl'>2024年11月08日08:30&nbsp;&nbsp;来源：<a href='http://paper.people.com.cn'>人民网－人民日报</a></div><div class='fr'><a>分享到：</a></div></div></div><div class='box_con' id='rwb_zw'>{PARAGRAPHS}<p></p><div class='edit clearfix'>(责编：仝宗莉、曹昆)</div></div><div class='share'>分享让更多人看到</div><h3>相关新闻</h3>{RELATED}",
        "李红梅",
        "人民网－人民日报",
        "2024-11-08T08:30",
    ),
    shell(
        "xinhua",
        f"<div class='h-title'>{TITLE}</div><div class='h-info'><span class='h-time'> 2024-11-08 14:24:29 </span> 来源： <em id='source'> 新华网 </em></div><div id='p-detail'>{PARAGRAPHS.replace('<p>　　近日', '<p>　　新华社北京11月8日电（记者李延霞、张千千）近日')}<div id='articleEdit'><span class='tiyi1'><a>【纠错】</a></span><span class='editor'> 责任编辑： 张樵苏 </span></div></div>{RELATED}",
        "李延霞 张千千",
        "新华网",
        "2024-11-08T14:24",
    ),
    shell(
        "xinhua2",
        f"<div class='header'><div class='header-cont clearfix'><div class='header-time left'><span class='year'><em>2024</em></span><span class='day'><em>11</em>/<em>08</em></span><span class='time'> 14:24:29</span></div><div class='source'>来源：新华网</div></div><h1><span class='title'>{TITLE}</span></h1></div><div id='detail'>{PARAGRAPHS}</div><div class='editor'>【责任编辑:王萌】</div>",
        None,
        "新华网",
        "2024-11-08T14:24",
    ),
    shell(
        "ifeng",
        f"<h1 id='artical_topic'>{TITLE}</h1><p class='p_time'><span class='ss01'>2024年11月08日 14:24</span><br/>来源：<span class='ss03'><a href='x'>证券日报</a></span> 作者：<span class='ss04'>吕江涛</span></p><p><span>9999人参与</span> <span>33评论</span></p><div id='main_content'>{PARAGRAPHS}<p>[责任编辑：王磊 PF012]</p></div>{RELATED}",
        "吕江涛",
        "证券日报",
        "2024-11-08T14:24",
    ),
    shell(
        "ifeng2",
        f"<div class='artical-25'><h1 class='topic-3'>{TITLE}</h1><div class='info'><p class='time'><span>2024年11月08日 14:24:33</span><br><span class='source'>来源：<a>澎湃新闻</a></span></p></div><div class='main_content'><div class='text'>{PARAGRAPHS}</div></div></div><div><span>亲爱的凤凰网用户:</span><p>您当前使用的浏览器版本过低，导致网站不能正常访问，建议升级浏览器</p></div><script>var allData = {{\"docData\":{{\"newsTime\":\"2024-11-08 14:24:33\",\"source\":\"澎湃新闻\"}}}};</script>",
        None,
        "澎湃新闻",
        "2024-11-08T14:24",
    ),
    shell(
        "qq",
        f"<div class='qq_article'><div class='hd'><h1>{TITLE}</h1><div class='a_Info'><span class='a_catalog'><a>财经要闻</a></span><span class='a_source'><a>新京报</a></span><span class='a_author'>陆一夫</span><span class='a_time'>2024-11-08 14:24</span></div></div><div class='bd'><div id='Cnt-Main-Article-QQ'>{PARAGRAPHS}<p style='color:#777'>推荐：微信公众号“棱镜”（ID：lengjing_qqfinance）</p><div class='qq_editor'>责任编辑：gracewzhang</div></div></div></div>{RELATED}",
        "陆一夫",
        "新京报",
        "2024-11-08T14:24",
    ),
    shell(
        "qq2",
        f'<script>window.DATA = {{"article_id":"1","title":"{TITLE}","media":"新京报","media_id":"26","pubtime":"2024-11-08 14:24:11"}}</script><div class=\'LEFT\'><h1>{TITLE}</h1><div id=\'LeftTool\'><div class=\'left-stick-wp\'><div class=\'year through\'><span>2024</span></div><div class=\'md\'>11/<span>08</span></div><div class=\'time\'>14:24</div></div></div><div class=\'content clearfix\'><div class=\'content-article\'>{PARAGRAPHS}</div></div></div>',
        None,
        "新京报",
        "2024-11-08T14:24",
    ),
    shell(
        "thepaper",
        f"<div class='newscontent'><h1 class='news_title'>{TITLE}</h1><div class='news_about'><p>澎湃新闻记者 段彦超</p><p>2024-11-08 10:12 <span>来源：澎湃新闻</span></p><div class='news_love'>字号</div></div><div class='news_txt'>{BROKEN}<br><br><div class='news_editor'>责任编辑：李克诚</div></div><div class='go_wo'><p>澎湃新闻，未经授权不得转载。新闻报料：4009-20-4009</p></div><div class='news_keyword'>关键词 &gt;&gt; <span>催收,借贷</span></div></div>{RELATED}",
        "段彦超",
        "澎湃新闻",
        "2024-11-08T10:12",
    ),
    shell(
        "thepaper2",
        f"<div class='index_wrapper'><h1 class='index_title'>{TITLE}</h1><div><div>澎湃新闻记者 段彦超 <!-- -->实习生 王某</div><div><span>2024-11-08 10:12</span><span>来源：<!-- -->澎湃新闻</span></div><div>∙ 浦江头条 &gt;</div><div>字号</div><div>听全文</div></div><div class='index_cententWrap'>{PARAGRAPHS}</div><div>责任编辑：<!-- -->李克诚</div><div>图片编辑：<!-- -->施佳慧</div><div>校对：<!-- -->张艳</div><div>澎湃新闻报料：021-962866</div><div>澎湃新闻，未经授权不得转载</div><div>收藏</div><div>我要举报</div></div>{RELATED}",
        "段彦超",
        "澎湃新闻",
        "2024-11-08T10:12",
        head=f"<title>{TITLE}_财经上下游_澎湃新闻-The Paper</title>",
    ),
    shell(
        "sohu",
        f"<div class='text'><div class='text-title'><h1>{TITLE} <span class='article-tag'></span></h1><div class='article-info'><span class='time' id='news-time'>2024-11-08 14:24</span> 来源:<span data-role='original-link'><a>新京报</a></span> <span class='tag'><a>借贷</a></span></div></div><article class='article' id='mp-editor'><p data-role='original-title'>原标题：{TITLE}</p>{PARAGRAPHS}<p data-role='editor-name'>责任编辑：<span></span></p></article><div class='statement'>声明：该文观点仅代表作者本人，搜狐号系信息发布平台，搜狐仅提供信息存储空间服务。</div><div class='bottom-relate'><span class='read-num'>阅读 (<em>12</em>)</span></div><a>返回搜狐，查看更多</a></div>{RELATED}",
        None,
        "新京报",
        "2024-11-08T14:24",
        head=f"<title>{TITLE}_搜狐财经_搜狐网</title><meta property='og:title' content='{TITLE}_搜狐财经_搜狐网'><meta itemprop='datePublished' content='2024-11-08 14:24'>",
    ),
    shell(
        "eastmoney",
        f"<div class='newsContent'><h1>{TITLE}</h1><div class='Info'><div class='time-source'><div class='time'>2024年11月08日 14:24</div><div class='source data-source'>来源：证券时报</div><div class='author'>编辑：东方财富网</div></div></div><div class='b-review'>摘要<p>【{TITLE}】近日，多位用钱宝借款人向记者反映……</p></div><div id='ContentBody'>{PARAGRAPHS}<p class='em_media'>（文章来源：证券时报）</p><p class='res-edit'>（责任编辑：DF120）</p></div><p class='c_review'>郑重声明：东方财富网发布此信息的目的在于传播更多信息，与本网站立场无关。</p></div>{RELATED}",
        None,
        "证券时报",
        "2024-11-08T14:24",
    ),
    shell(
        "zaobao",
        f"<article><h1>{TITLE}</h1><h4>文 / 陈小明</h4><h4>来自 / 联合早报</h4><h4>发布 / 2024年11月8日 5:00 PM</h4><div class='article-content-rawhtml'>{PARAGRAPHS}</div></article>{RELATED}",
        "陈小明",
        "联合早报",
        "2024-11-08T17:00",
    ),
    shell(
        "udn",
        f"<section class='article-content__wrapper'><h1 class='article-content__title'>{TITLE}</h1><section class='authors'><time class='article-content__time'>2024-11-08 22:41</time><span class='article-content__author'><a>聯合報</a>／ 記者<a>王小明</a>／台北即時報導</span></section><section class='article-content__editor'>{PARAGRAPHS}</section></section>{RELATED}",
        "王小明",
        "聯合報",
        "2024-11-08T22:41",
    ),
    shell(
        "udn2014",
        f"<div id='story_title'>{TITLE}</div><div id='story_author'><span>【聯合報╱記者林河名╱台北報導】</span></div><div id='story_update'>2014.12.13 03:26 am</div><div id='story'>{PARAGRAPHS}<div>【2014/12/13 聯合報】</div></div>{RELATED}",
        "林河名",
        "聯合報",
        "2014-12-13T03:26",
    ),
    shell(
        "chinatimes",
        f"<article><h1 class='article-title'>{TITLE}</h1><div class='meta-info'><time datetime='2024-11-08 14:24'><span class='hour'>14:24</span><span class='date'>2024/11/08</span></time><div class='source'>中時新聞網</div><div class='author'><a>王小明</a></div></div><div class='article-body'>{PARAGRAPHS}</div><div class='article-hash-tag'><span class='hash-tag'><a>#借貸</a></span></div></article>{RELATED}",
        "王小明",
        "中時新聞網",
        "2024-11-08T14:24",
    ),
    shell(
        "chinatimes2014",
        f"<article><header><h1>{TITLE}</h1></header><div class='reporter'><time datetime='2014/12/13 04:10'>2014年12月13日 04:10</time><div class='rp_name'><cite><a>林志成／台北報導</a></cite></div></div><article class='clear-fix'>{PARAGRAPHS}</article></article>{RELATED}",
        "林志成",
        SITE,
        "2014-12-13T04:10",
    ),
    shell(
        "ettoday",
        f"<article><h1 class='title'>{TITLE}</h1><time class='date'>2024年11月08日 11:40</time><div class='story'><p><strong>記者王小明／台北報導</strong></p>{PARAGRAPHS}<p><strong>►<a href='x'>【其他新聞】這是另外一條新聞的標題</a></strong></p></div></article>{RELATED}",
        "王小明",
        SITE,
        "2024-11-08T11:40",
    ),
    shell(
        "cna",
        f"<div class='centralContent'><h1>{TITLE}</h1><div class='updatetime'>2024/11/8 22:41（11/9 08:00 更新）</div><div class='paragraph'><p>（中央社記者王小明台北8日電）{TEXT[0]}</p>{PARAGRAPHS[len(TEXT[0]) + 9 :]}<p>（編輯：李四）1131108</p></div><div>本網站之文字、圖片及影音，非經授權，不得轉載、公開播送或公開傳輸及利用。</div></div>{RELATED}",
        "王小明",
        SITE,
        "2024-11-08T22:41",
    ),
    shell(
        "setn",
        f"<h1>{TITLE}</h1><div class='page-date'><time>2024/11/08 22:41:00</time></div><div>記者王小明／綜合報導</div><article><div id='Content1'>{PARAGRAPHS}</div></article><div>發佈時間：2024/11/08 22:41:00</div>{RELATED}",
        "王小明",
        SITE,
        "2024-11-08T22:41",
    ),
    shell(
        "farm",
        f"<div class='post'><h1>{TITLE}</h1><div class='meta'><span>資深用戶</span> <span>2024-11-08 22:41:19</span> <span>瀏覽 1234</span> <span>作者:羿若鷺</span></div><div class='content'>{PARAGRAPHS}<p>聲明:該作品系作者結合法律法規，政府官網及互聯網相關知識整合，如若侵權請通過投訴通道提交信息，我們將按照規定及時處理。</p></div><div><h3>延伸閱讀</h3>{RELATED}</div></div>",
        "羿若鷺",
        SITE,
        "2024-11-08T22:41",
    ),
    shell(
        "discuz",
        f"<table><tr><td class='plc'><div class='pi'>发表于 2024-11-8 10:00:00 | 只看该作者 | 倒序浏览</div><h1 class='ts'><a href='x'>{TITLE}</a></h1><td class='t_f'>{BROKEN}</td></td></tr></table>{RELATED}",
        None,
        "维权论坛",
        "2024-11-08T10:00",
        head=f"<title>{TITLE} - 维权论坛 - Powered by Discuz!</title>",
    ),
    shell(
        "163",
        f"<div class='post_content_main'><h1>{TITLE}</h1><div class='post_time_source'>2024-11-08 13:43:45　来源: <a>证券市场红周刊</a><a>举报</a></div><div class='post_body'><div class='post_text' id='endText'><p class='otitle'>（原标题：{TITLE}）</p>{PARAGRAPHS}<div class='ep-source cDGray'><span class='left'><img> 本文来源：证券市场红周刊 作者：王某某</span><span class='ep-editor'>责任编辑：陈合群_NB12679</span></div></div></div></div>{RELATED}",
        "王某某",
        "证券市场红周刊",
        "2024-11-08T13:43",
    ),
    shell(
        "gov",
        f"<div>您的位置：<a>首页</a> &gt; <a>新闻动态</a> &gt; 正文</div><div class='title'>{TITLE}</div><div class='info'>发布时间：2024-11-08 来源：金融监管总局 字号：【<a>大</a> <a>中</a> <a>小</a>】 打印本页 关闭窗口</div><div class='TRS_Editor'>{PARAGRAPHS}</div><div>【打印】【关闭】</div>",
        None,
        "金融监管总局",
        "2024-11-08T00:00",
        head="<title>某某市人民政府门户网站</title>",
    ),
    shell(
        "bjnews",
        f"<div class='content'><h1>{TITLE}</h1><div class='m-tit'><span class='source'>新京报</span><span class='author'>记者 陆一夫 编辑 李严</span><span class='timer'>2024-11-08 14:00</span></div><div class='articleCenter'>{PARAGRAPHS}<p>新京报贝壳财经记者 陆一夫 编辑 李严 校对 柳宝庆</p></div></div>{RELATED}",
        "陆一夫",
        "新京报",
        "2024-11-08T14:00",
    ),
    shell(
        "jiemian",
        f"<div class='article-header'><h1>{TITLE}</h1><p>逾期一天便接到电话。</p></div><div class='article-info'><p><span class='author'><a>陈小平</a></span> · <span>2024/11/08 14:24</span> <span>来源：界面新闻</span> <span>浏览 1.2w</span></p></div><div class='article-main'>{PARAGRAPHS}<div class='article-source'><p>来源：界面新闻</p></div></div>{RELATED}",
        "陈小平",
        "界面新闻",
        "2024-11-08T14:24",
    ),
    shell(
        "yicai",
        f"<h1>{TITLE}</h1><p><span class='names'>第一财经</span><em>2024-11-08 14:24:00</em></p><p>作者：安卓　　责编：杨志</p><div class='m-txt'>{PARAGRAPHS}<p>举报</p><p>第一财经广告合作，<a>请点击这里</a></p><p>此内容为第一财经原创，著作权归第一财经所有。未经第一财经书面授权，不得以任何方式加以使用，包括转载、摘编、复制或建立镜像。</p></div>{RELATED}",
        "安卓",
        "第一财经",
        "2024-11-08T14:24",
    ),
    shell(
        "roc",
        f"<h2>{TITLE}</h2><p>發布日期：113年11月8日</p><p>發布單位：金融監督管理委員會</p><div>{PARAGRAPHS}</div>",
        None,
        "金管會全球資訊網",
        "2024-11-08T00:00",
        head=f"<title>{TITLE}-金管會全球資訊網</title>",
    ),
    shell(
        "21jj",
        f"<h1>{TITLE}</h1><p>21世纪经济报道 王俊 北京报道 2024-11-08 20:15</p><div class='main'>{PARAGRAPHS}<p>（作者：王俊 编辑：张星）</p></div>{RELATED}",
        "王俊",
        "21世纪经济报道",
        "2024-11-08T20:15",
    ),
    shell(
        "hours",
        f"<h1>{TITLE}</h1><div><span>消金界</span> <span>3小时前</span></div><div>{PARAGRAPHS}</div>{RELATED}",
        None,
        SITE,
        "2024-11-10T",
    ),
    shell(
        "yday",
        f"<h1>{TITLE}</h1><div><span>来源：消金界</span> <span>昨天 22:41</span></div><div>{PARAGRAPHS}</div>{RELATED}",
        None,
        "消金界",
        "2024-11-09T22:41",
    ),
    shell(
        "noyear",
        f"<h1>{TITLE}</h1><div><span>11-08 22:41</span> 来源：消金界</div><div>{PARAGRAPHS}</div>{RELATED}",
        None,
        "消金界",
        "2024-11-08T22:41",
    ),
    shell(
        "36kr",
        f'<h1>{TITLE}</h1><div><a>消金界</a> · 2天前</div><div class=\'article-content\'>{PARAGRAPHS}</div><p>该文观点仅代表作者本人，36氪平台仅提供信息存储空间服务。</p><script>window.initialState={{"articleDetail":{{"articleDetailData":{{"code":0,"data":{{"itemId":1,"publishTime":1731048240000}}}}}}}}</script>',
        None,
        SITE,
        "2024-11-08T14:44",
    ),
    shell(
        "jsonld",
        f"<h1>{TITLE}</h1><div>{PARAGRAPHS}</div>",
        "王小明",
        "某某新闻",
        "2024-11-08T22:41",
        head="<title>"
        + TITLE
        + ' | 某某新闻</title><script type=\'application/ld+json\'>{"@context":"https://schema.org","@type":"NewsArticle","headline":"'
        + TITLE
        + '","datePublished":"2024-11-08T14:41:19Z","dateModified":"2024-11-09T01:00:00Z","author":{"@type":"Person","name":"王小明"},"publisher":{"@type":"Organization","name":"某某新闻"}}</script>',
    ),
    shell(
        "evening",
        f"<h1>{TITLE}</h1><p>时间：2024年11月8日 晚上10点41分　作者：张三</p><div>{PARAGRAPHS}</div>{RELATED}",
        "张三",
        SITE,
        "2024-11-08T22:41",
    ),
    shell(
        "table",
        f"<table width=100%><tr><td>{RELATED}</td><td><table><tr><td align=center><b>{TITLE}</b></td></tr><tr><td align=center>作者：佚名　文章来源：本站原创　点击数：123　更新时间：2024-11-8 10:00:00</td></tr><tr><td>{BROKEN}</td></tr><tr><td>文章录入：admin　责任编辑：admin</td></tr><tr><td>上一篇文章： <a href=x>别的文章的标题</a></td></tr><tr><td>下一篇文章： 没有了</td></tr></table></td></tr></table>",
        None,
        "本站原创",
        "2024-11-08T10:00",
    ),
    shell(
        "divs",
        f"<div class='d1'>{TITLE}</div><div class='d2'>2024/11/08</div>"
        + "".join(f"<div class='x'><span>{p}</span></div>" for p in TEXT)
        + f"<div class='qr'>扫一扫关注微信公众号，获取更多资讯</div><div>上一篇：<a>别的标题别的标题别的</a></div><div>下一篇：<a>又一个标题又一个标题</a></div>{RELATED}",
        None,
        SITE,
        "2024-11-08T00:00",
    ),
    shell(
        "wechat",
        f"<div id='js_article'><h1 class='rich_media_title' id='activity-name'>\n{TITLE}\n</h1><div id='meta_content'><span class='rich_media_meta rich_media_meta_text'>张三</span><span class='rich_media_meta rich_media_meta_nickname' id='profileBt'><a href='javascript:void(0);' id='js_name'>消金观察</a></span><em id='publish_time' class='rich_media_meta rich_media_meta_text'></em></div><div class='rich_media_content' id='js_content'><section>{PARAGRAPHS}</section></div></div><script>var ct = \"1731076879\"; var nickname = \"消金观察\";</script>",
        None,
        "消金观察",
        "2024-11-08T22:41",
        head=f"<meta property='og:title' content='{TITLE}'><title></title>",
    ),
    shell(
        "toutiao",
        f"<div class='article-content'><h1>{TITLE}</h1><div class='article-meta'><span>2024-11-08 10:00</span><span class='original-tag'>原创</span><span class='name'><a href='/c/user/1'>消金观察</a></span></div><article class='syl-article-base'>{PARAGRAPHS}</article></div>{SIDEBAR}",
        None,
        None,
        "2024-11-08T10:00",
        head=f"<title>{TITLE}-今日头条</title>",
    ),
    shell(
        "zhihu",
        f"<header><h1 class='Post-Title'>{TITLE}</h1><div class='Post-Author'><div class='AuthorInfo'><span class='UserLink AuthorInfo-name'><a class='UserLink-link'>张三丰</a></span><div class='AuthorInfo-detail'>金融从业者</div></div></div></header><div><div class='RichText ztext Post-RichText'>{PARAGRAPHS}</div></div><div class='ContentItem-time'>发布于 2024-11-08 22:41</div><div>赞同 12</div><div>3 条评论</div><div>分享</div><div>喜欢</div>",
        "张三丰",
        None,
        "2024-11-08T22:41",
        head=f"<title>{TITLE} - 知乎</title>",
    ),
    shell(
        "jianshu",
        f"<h1 title='{TITLE}'>{TITLE}</h1><div class='author-meta'><span><a>张三丰</a></span><time datetime='2024-11-08T14:41:19.000Z'>2024.11.08 22:41:19</time><span>字数 1,234</span><span>阅读 56</span></div><article>{PARAGRAPHS}</article><p>©著作权归作者所有,转载或内容合作请联系作者</p>{SIDEBAR}",
        None,
        None,
        "2024-11-08T22:41",
        head=f"<title>{TITLE} - 简书</title>",
    ),
    shell(
        "hexun",
        f"<div class='articleName'><h1>{TITLE}</h1></div><div class='tip fl'><span class='pr20'>2024-11-08 14:24:29</span><a>证券时报</a> <span>李明</span></div><div class='art_contextBox'>{PARAGRAPHS}<div class='showAuthor'>(责任编辑：刘畅 )</div></div><div>看全文</div><p>【免责声明】本文仅代表作者本人观点，与和讯网无关。和讯网站对文中陈述、观点判断保持中立，不对所包含内容的准确性、可靠性或完整性提供任何明示或暗示的保证。</p>{RELATED}",
        None,
        "证券时报",
        "2024-11-08T14:24",
        head=f"<title>{TITLE}-股票频道-和讯网</title>",
    ),
    shell(
        "stcn",
        f"<div class='detail-title'>{TITLE}</div><div class='detail-info'><span>来源：证券时报网</span><span>作者：李明</span><span>2024-11-08 20:11</span></div><div class='detail-content'>{PARAGRAPHS}<p>校对：王蔚</p></div><div class='social-bar'>分享到</div><p>声明：证券时报力求信息真实、准确，文章提及内容仅供参考，不构成实质性投资建议，据此操作风险自担</p><p>下载“证券时报”官方APP，或关注官方微信公众号，即可随时了解股市动态，洞察政策信息，把握财富机会。</p>{RELATED}",
        "李明",
        "证券时报网",
        "2024-11-08T20:11",
    ),
    shell(
        "titlefront",
        f"<h1>{TITLE}</h1><div>2024-11-08 22:41</div>{PARAGRAPHS}{RELATED}",
        None,
        None,
        "2024-11-08T22:41",
        head=f"<title>某某网 - {TITLE}</title>",
    ),
    shell(
        "titlecrumbs",
        f"<div>当前位置：首页 &gt; 网贷 &gt; 催收 &gt; 正文</div><h1>{TITLE}</h1><div>2024-11-08 22:41 来源：某某网 浏览：233次</div>{PARAGRAPHS}<div>标签：<a>催收</a> <a>网贷</a></div><div>本文地址：https://news.example.com/x/1.html</div>{RELATED}",
        None,
        "某某网",
        "2024-11-08T22:41",
        head=f"<title>{TITLE}_催收_网贷_某某网</title>",
    ),
    shell(
        "noh1",
        f"<div class='con'><p class='tit'><strong>{TITLE}</strong></p><p class='sj'>2024-11-08 22:41</p>{PARAGRAPHS}</div>{RELATED}",
        None,
        SITE,
        "2024-11-08T22:41",
        head=f"<title>{TITLE}|某某网</title>",
    ),
    shell(
        "comments",
        f"<h1>{TITLE}</h1><div>2024-11-08 22:41 来源：某某网</div><div class='txt'>{PARAGRAPHS}</div>{COMMENTS}{SIDEBAR}",
        None,
        "某某网",
        "2024-11-08T22:41",
    ),
    shell(
        "modified",
        f"<h1>{TITLE}</h1><div>首次發佈：2024/11/08 22:41 最後更新：2024/11/09 08:00</div>{PARAGRAPHS}",
        None,
        SITE,
        "2024-11-08T22:41",
    ),
    shell(
        "updated",
        f"<h1>{TITLE}</h1><div>更新時間 2024/11/09 08:00　發佈時間 2024/11/08 22:41</div>{PARAGRAPHS}",
        None,
        SITE,
        "2024-11-08T22:41",
    ),
    shell(
        "clock",
        f"<div id='top'>今天是2024年11月10日 星期日 12:00</div><h1>{TITLE}</h1><div>2024-11-08</div>{PARAGRAPHS}{RELATED}",
        None,
        SITE,
        "2024-11-08T00:00",
    ),
    shell(
        "farm2",
        f"<div class='entry'><h2 class='entry-title'>{TITLE}</h2><div class='entry-meta'><span class='author vcard'><a class='url fn n'>admin</a></span> <span class='posted-on'><time class='entry-date published' datetime='2024-11-08T22:41:19+08:00'>2024年11月8日</time><time class='updated' datetime='2024-11-09T08:00:00+08:00'>2024年11月9日</time></span></div><div class='entry-content'>{PARAGRAPHS}<p>声明：本站所有文章，如无特殊说明或标注，均为本站原创发布。任何个人或组织，在未征得本站同意时，禁止复制、盗用、采集、发布本站内容到任何网站、书籍等各类媒体平台。</p><p>如有侵权，请联系QQ：123456789</p></div><nav class='post-navigation'><a>上一篇文章的标题在此</a><a>下一篇文章的标题在此</a></nav></div>{SIDEBAR}",
        None,
        SITE,
        "2024-11-08T22:41",
        head=f"<title>{TITLE} – 某某网</title><meta property='article:modified_time' content='2024-11-09T00:00:00+00:00'>",
    ),
    shell(
        "hant-farm",
        f"<h1>{TITLE}</h1><div>來源：用戶投稿 發布時間：2024-11-08 22:41</div><div>{PARAGRAPHS}<p>免責聲明：本文僅代表作者個人觀點，與本站無關。</p><p>電話：15012345678 QQ郵箱：123456@qq.com</p></div><div>延伸閱讀</div>{RELATED}<div>最新文章</div>{RELATED}<div>隨機看看</div>{RELATED}",
        None,
        "用戶投稿",
        "2024-11-08T22:41",
    ),
    shell(
        "short",
        f"<h1>{TITLE}</h1><div class='meta'>2024-11-08 22:41 来源：某某网</div><div class='content'><p>{TEXT[0]}</p><p>{TEXT[1]}</p><p>{TEXT[2]}</p><p>{TEXT[3]}</p></div>"
        + SIDEBAR,
        None,
        "某某网",
        "2024-11-08T22:41",
    ),
    shell(
        "textnodes",
        f"<div id='c'><h1>{TITLE}</h1>2024-11-08 22:41　来源：某某网<br>{BROKEN}<br>责任编辑：张三<br>上一篇：<a>别的标题</a><br></div>{RELATED}",
        None,
        "某某网",
        "2024-11-08T22:41",
    ),
    shell(
        "ads",
        f"<h1>{TITLE}</h1><div>2024-11-08 22:41</div><div class='c'><p>{TEXT[0]}</p><div class='ad'>广告</div><p>{TEXT[1]}</p><p>点击关注，每天精彩不断！</p><p>{TEXT[2]}</p><p><a href='x'>推荐阅读：这是另一篇文章的标题</a></p><p>{TEXT[3]}</p><p>—END—</p><p>转载请注明出处。</p></div>",
        None,
        SITE,
        "2024-11-08T22:41",
    ),
    shell(
        "unixscript",
        f"<h1>{TITLE}</h1><div class='time'></div><div>{PARAGRAPHS}</div><script>var detail={{id:1,createTime:'1731076879000',updateTime:'1731080000000'}};</script>",
        None,
        SITE,
        "2024-11-08T22:41",
    ),
    shell(
        "urldate",
        f"<h1>{TITLE}</h1><div>{PARAGRAPHS}</div>",
        None,
        SITE,
        "2024-11-08T00:00",
        url="https://news.example.com/2024/1108/1.html",
    ),
    shell(
        "urldate2",
        f"<h1>{TITLE}</h1><div>{PARAGRAPHS}</div>",
        None,
        SITE,
        "2024-11-08T00:00",
        url="https://news.example.com/a/20241108/12345.htm",
    ),
    shell(
        "nodate",
        f"<h1>{TITLE}</h1><div>{PARAGRAPHS}</div><div class='footer'>© 2010-2024</div>",
        None,
        SITE,
        None,
    ),
    shell(
        "metaonly",
        f"<h1>{TITLE}</h1><div>{PARAGRAPHS}</div>",
        "李明",
        "某某报",
        "2024-11-08T22:41",
        head=f"<title>{TITLE}</title><meta name='author' content='李明'><meta name='source' content='某某报'><meta name='publishdate' content='2024-11-08 22:41:00'>",
    ),
    shell(
        "reporter",
        f"<h1>{TITLE}</h1><p>2024-11-08 22:41:19　来源：第一财经日报</p><p>记者：李明 王小红</p><div>{PARAGRAPHS}</div>",
        "李明 王小红",
        "第一财经日报",
        "2024-11-08T22:41",
    ),
    shell(
        "by",
        f"<h1>{TITLE}</h1><p>撰文｜李明　编辑｜王小红</p><p>出品｜消金观察</p><div>{PARAGRAPHS}</div>",
        "李明",
        SITE,
        None,
    ),
]


@pytest.mark.parametrize("shell", SHELLS, ids=lambda shell: shell.name)
def test_an_article_is_read_out_of_the_shell_of_its_site(shell):
    article = extract(Page(shell.url, shell.url, 200, {}, shell.html.encode(), FETCHED_AT))
    assert article.title == TITLE
    assert (article.author, article.outlet) == (shell.author, shell.outlet)
    at = article.published_at and article.published_at.astimezone(SHANGHAI).isoformat()
    assert at == shell.at or (at and shell.at and at.startswith(shell.at))
    lines = [line.replace("　", "") for line in article.body.split("\n")]
    assert [text for text in TEXT if text not in article.body] == []
    assert [line for line in lines if not any(text in line for text in TEXT)] == [
        line
        for line in lines
        if line == "記者王小明／台北報導"  # a dateline is text
    ]
