"""What pages say in an article's place, by their own words alone."""

import json
from pathlib import Path

import pytest

from monitor.changes.standing import Shown, Standing, standing

BODY = "借款人反映平台委托的第三方公司连续拨打电话催收，监管部门已经受理投诉并展开调查。" * 5
KNOWN = Shown(200, "平台催收再遭投诉", BODY)
GONE = (
    "很抱歉，您要找的文章已经不在了。\n它可能被作者删除，或者链接输入有误。\n5秒后返回上一页",
    "哎呀，页面走丢了\n看看别的吧",
    "您访问的内容已经离开了这个世界",
    "糟糕，这里什么都没有\n返回首页",
    "此内容已无法访问，可能已被发布者移除",
    "該文章已被作者收回",
    "找不到這篇文章，它可能已經搬家或被刪除",
    "这篇文章去哪儿了？\n我们找遍了服务器也没有发现它",
    "内容不见了\n可能是链接过期，也可能是作者撤回了稿件",
    "抱歉，本文暂时无法查看（已下线）",
    "此新聞已下架",
    "該則新聞已移除，請見諒",
    "對不起，您所要瀏覽的網頁不存在或已移除",
    "您輸入的網址有誤，或該頁面已不存在",
    "噢！頁面好像不見了",
    "Oops! 頁面找不到",
    "啊哦，你要的页面没有了",
    "本稿已撤",
    "根据当事人要求，该稿件已不再展示",
    "应相关方要求，本文已作删除处理",
    "该链接已失效",
    "哎呀，这篇稿子找不到啦！\n它也许换了地方，也许已经下线。\n5秒后为您返回上一页",
    "该内容因违规已被清理",
    "本帖已被楼主删除",
    "该用户已删除此条内容",
    "你查看的文章已被删除或尚未发布",
    "内容已被发布者设置为不可见",
    "参数错误，文章不存在",
    "文章ID不存在",
    "没有这篇文章",
    "暂无此内容",
    "查无此文",
    "查無此頁",
    "無此文章",
    "資料不存在",
    "该页面可能已更名、移动或被删除",
    "对不起，该信息已被删除或者暂时不可用",
    "您来晚了，文章已经被删除",
    "文章已转移或删除",
    "这个页面已经消失在互联网中",
    "文章不翼而飞了",
    "此頁面目前無法顯示，可能已被刪除",
    "Sorry, this story is no longer published.",
    "The article you are looking for could not be located.",
    "We couldn't find that page",
    "This content has been taken offline",
    "该栏目文章已过期下线",
    "您查看的新闻已归档删除",
    "新闻已过保存期限，系统已自动清除",
    "本文已被编辑部撤除，敬请谅解",
    "经核实，该报道内容有误，现已撤销",
    "编辑部已将此文撤下，待进一步核实",
)
BLOCKED = (
    "请输入短信验证码后继续浏览",
    "系统检测到您的访问行为异常，请稍后再试",
    "您的操作过于频繁，休息一下吧",
    "为保障账号安全，请先登录",
    "登录后阅读全文",
    "本文为付费内容，开通会员即可阅读",
    "剩余72%需订阅后阅读",
    "試閱結束，訂閱後可閱讀全文",
    "您本月的免費篇數已用完",
    "請先登入會員",
    "加入會員，繼續閱讀",
    "访客无法查看，请先注册",
    "服务器开小差了，请稍后重试",
    "系统升级中，暂停访问",
    "网站正在例行维护，预计两小时后恢复",
    "502 Bad Gateway",
    "Service Unavailable",
    "站点正在迁移，请耐心等待",
    "您的请求已被安全系统拦截，事件编号 8FA2",
    "Access Denied\nReference #18.2f",
    "请开启浏览器的JavaScript功能",
    "本页面需要启用 JavaScript 才能显示",
    "請確認您不是機器人",
    "按住滑块，拖动到最右边",
    "请点击图中所有的红绿灯",
    "我們偵測到不尋常的流量",
    "网络连接失败，请检查网络设置",
    "页面加载失败，点击重试",
    "Checking if the site connection is secure",
    "您所在的地区暂不提供服务",
    "由于访问人数过多，请排队等候",
    "排队中，前面还有 128 人",
    "该内容仅对认证用户开放",
    "您没有查看权限，请联系管理员",
    "请在微信客户端打开链接",
    "人机校验\n请完成下列操作",
    "访问受限：IP 已列入黑名单",
    "證書錯誤，連線不安全",
    "數據庫連接出錯",
    "正在验证您的浏览器",
    "需要使用您的所在位置才能继续",
    "授权已过期，请重新登录",
    "请关闭广告拦截插件后刷新",
    "偵測到您使用廣告阻擋器",
    "会话超时，请重新打开页面",
    "请求过多，请稍候再来",
    "今日阅读次数已达上限",
)
# Under the article's own title.
EMPTIED = (
    "（正文已由编辑部撤下）",
    "该稿件正在复核，暂不展示。",
    "本文暂停展示，待核实后恢复。",
    "本文内容已清空。",
    "应当事人要求，正文不再显示。",
    "因内容调整，本文暂不提供阅读。",
    "此文因故暂停发布。",
    "内容正在核实中，暂时下线。",
    "[内容已删除]",
    "（此处内容已被屏蔽）",
    "原文已由作者撤回，仅保留标题。",
    "作者选择不再公开这篇文章的正文。",
    "這篇報導的內容已經撤除。",
    "本則新聞內文已移除",
    "本報已將此文抽下，敬請見諒。",
    "編輯部：本文因查證中，暫停刊出。",
    "稿件因版权原因暂不提供。",
    "因版权到期，内容不再提供。",
    "本文仅保留标题，正文已按要求处理。",
    "该内容目前不可用。",
    "内容已过期，不再展示。",
    "根据相关法律法规，本文不予显示。",
    "本文已停止更新并撤下正文。",
    "发布者已收回本文。",
    "抱歉，正文内容已不可见。",
    "The content of this article has been removed by the publisher.",
    "Content removed.",
)
# Articles that report of it.
REPORTED = (
    "贷款页面不见了，用户无法登录，客服称正在核实。",
    "该平台相关文章已被删除，公司没有回应。",
    "监管部门要求平台将违规内容下架，逾期不改的关闭网站。",
    "他打开应用，发现借款记录已经消失，客服说数据搬家了。",
    "那篇稿件去哪了，记者多次询问，编辑部没有答复，平台也没有说明。",
)


@pytest.mark.parametrize("title", ["", "某某网", "页面提示"])
@pytest.mark.parametrize(
    ("notice", "expected"),
    [*((each, Standing.GONE) for each in GONE), *((each, Standing.BLOCKED) for each in BLOCKED)],
)
def test_a_notice_in_an_article_s_place_is_known_by_its_words(
    notice: str, expected: Standing, title: str
) -> None:
    assert standing(KNOWN, Shown(200, title, notice)).standing is expected


@pytest.mark.parametrize("notice", EMPTIED)
@pytest.mark.parametrize(
    "page",
    [
        "{notice}",
        f"{KNOWN.title}\n2026-03-01 10:00 来源：某某网\n{{notice}}",
        "{notice}\n相关阅读\n地铁五号线年底通车\n博物馆夜场延长\n社区食堂推出半份菜",
    ],
)
def test_a_notice_under_the_article_s_title_says_that_its_text_is_gone(
    notice: str, page: str
) -> None:
    shown = Shown(200, f"{KNOWN.title}_某某网", page.format(notice=notice))
    assert standing(KNOWN, shown).standing is Standing.GONE


@pytest.mark.parametrize("sentence", REPORTED)
def test_an_article_that_reports_of_it_is_no_notice(sentence: str) -> None:
    told = "记者获悉，某借款平台近日调整业务，多名借款人发来截图反映情况，所述经过大体一致。"
    brief = Shown(200, "平台下架部分页面", f"{told}{sentence}\n{told}\n{told}")
    assert standing(None, brief).standing is Standing.HERE
    edited = Shown(200, KNOWN.title, f"{BODY}\n{sentence}")
    assert standing(KNOWN, edited).standing is Standing.HERE


# Jokes, two in Cantonese and one in Southern Min, and what stands below something else's words.
NOT_KNOWN = {"NO-002", "NO-069", "NO-107", "NO-115", "NO-132", "NO-142", "NO-181", "NO-214"}


def test_notices_that_a_stranger_wrote_are_told_for_what_they_are() -> None:
    lines = Path(__file__).with_name("notices.jsonl").read_text("utf-8").splitlines()
    cases = [json.loads(line) for line in lines]
    assert len(cases) == 360
    known = Shown(200, KNOWN.title, BODY * 2)
    wrong = set()
    for case in cases:
        title = case["title"].replace("{TITLE}", KNOWN.title)
        found = standing(known, Shown(200, title, case["text"])).standing
        if found.value != case["truth"]:
            wrong.add(case["id"])
            assert found is Standing.BLOCKED, "what is not known is never a removal"
    assert wrong <= NOT_KNOWN


def test_headlines_about_what_was_taken_away_are_no_notice() -> None:
    lines = (
        "青橡金服裁撤电销团队",
        "鑫桥小贷被注销经营资格",
        "三款借款应用被下架",
        "平台删除差评遭罚",
    )
    listed = Shown(200, KNOWN.title, "\n".join(lines))
    assert standing(KNOWN, listed).standing is Standing.BLOCKED
    for line in ("账号注销\n隐私政策\n登录", "註銷帳號 常見問題", "记录将在七天后清除", "购物车已清理", "平台删除用户记录被罚三十万元",
                 "法院撤销原判决文书", "该公司注销营业许可，原账号停用"):  # fmt: skip
        assert standing(KNOWN, Shown(200, KNOWN.title, line)).standing is not Standing.GONE, line
    notice = Shown(200, KNOWN.title, "如涉版权请于30日内后台留言，我们将尽快删除文章")
    assert standing(KNOWN, notice).standing is Standing.BLOCKED
