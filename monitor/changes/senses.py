"""Words that say the same, and words that say otherwise, of negations, hedges and claims. Pure.

For one question: does a reader conclude otherwise when one of them stands in another's place? What
is in no list is wording. All upon folded text (Simplified); groups are judgements, made with
tests/look_cases.py."""

import re
from collections.abc import Iterator

from monitor.changes.figures import number

# Words of one group say the same. Single characters count where another such word stands for them.
_GROUPS = {
    "not": "不 未 没 没有 无 非 并未 并不 并非 不是 尚未 未曾 从未 从不 绝不 不会 未有 莫 勿",
    "cannot": "不能 无法 未能 没能",
    "forbidden": "不得 禁止 严禁 不准 不许",
    "refused": "拒绝 拒不 不予 拒 婉拒 未予",
    "stopped": "停止 终止 中止 叫停",
    "cancelled": "取消 撤销 撤回",
    "untrue": "不属实 不实",
    "may": "可能 也许 或许 或将 或会 或 恐 大概 约 大约",
    "first": "初步 初估",
    "seeming": "疑似 疑因 疑 似乎 看似 相信 据信",
    "hearsay": "据称 据传 传言 网传 传闻",
    "must": "必须 务必 须 一定要",
    "should": "应当 应该 应",
    "can": "可以 允许 可",
    "expected": "预计 预期 预料",
    "planned": "拟 计划 打算",
    "future": "将 将会 将于 将在 即将 定于",
    "done": "已 已经 已于 曾经 曾",
    "going on": "正在 仍在 正",
}
_SENSES = {word: sense for sense, words in _GROUPS.items() for word in words.split()}
# That something is done or going on is in the verb as well: 目前(已)有三百人报案.
IN_THE_VERB = frozenset({"done", "going on"})
# One of these put in by itself, within words that stay, says more than a character does elsewhere.
ALONE = frozenset("将或恐疑须")


def sense(word: str) -> str:
    """What a negation or a hedge says: one key for all that say the same, else empty."""
    return _SENSES.get(word, "")


# Words of one family exclude each other; `/` parts what says otherwise.
_FAMILIES = (
    (
        "上升 上涨 增长 增加 攀升 走高 提高 上调 提升 扩大 回升 大增 上浮 增至 升至 升高 升 涨 高于 加大 增持 加快 多于"
        " / 下降 下跌 下滑 减少 降低 下调 走低 缩小 回落 大减 下浮 减至 降至 降 跌 低于 收窄 减持 放缓 少于"
    ),
    "盈利 盈余 获利 赚 / 亏损 亏蚀 蚀 亏",
    "全部 所有 全体 一律 全额 全数 悉数 / 一半 半数 过半 / 大多数 绝大多数 多数 大部分 / 部分 一些 有些 若干 / 个别 少数 极少数 小部分 少部分",
    "合法 合规 / 违法 非法 不法 / 违规",
    "胜诉 / 败诉 / 和解 调解",
    "支持 同意 批准 赞成 通过 获批 采纳 / 反对 驳回 否决 拒绝",
    (
        "刑事拘留 刑拘 / 行政拘留 行拘 / 逮捕 拘捕 被捕 批捕 / 取保候审 保释 交保 / 公诉 起诉 检控 / 不起诉 / 缓起诉"
        " / 获刑 判刑 被判 判处 判监 判囚 / 释放 获释 / 传唤 传讯 拘传 / 立案 / 撤案 撤销案件 销案 / 不予立案 不立案 / 约谈 / 警告 / 罚款 处罚"
        " / 吊销 / 暂停 / 停止 终止 / 整改 / 撤诉 / 拘留 / 羁押 收押 还押 声押 / 通缉 / 函送 / 移送 / 审查起诉 / 侦查终结 侦结"
        " / 监视居住 / 定罪 / 宣判 / 开庭 提堂 / 结案"
    ),
    "原告 / 被告",
    "复牌 / 停牌 / 退市",
    "辞职 辞去 辞任 请辞 / 免职 免去 罢免 解聘 撤职 开除",
    "有限 不大 很小 较小 轻微 甚微 / 很大 较大 充足 充裕",
    "区人民法院 县人民法院 区法院 县法院 基层法院 / 中级人民法院 中院 / 高级人民法院 高院 / 最高人民法院 最高法",
    "上诉 可上诉 得上诉 抗诉 / 撤诉 / 服判 / 定谳 定案 确定 生效 不得上诉 三审定谳",
    "查封 扣押 冻结 / 解封 解除 解冻",
    "自首 投案 / 抓获 落网",
    "纳入 列入 / 移出 移除",
    "强制执行 / 终结执行 终本",
    "受理 / 不予受理 不受理 / 驳回 / 中止审理 / 审结",
    "维持原判 维持 / 改判 / 发回重审 发回更审 发回",
    "征求意见稿 草案 意见稿 / 正式 定稿 / 审议 / 通过 / 施行 实施 生效 上路 / 废止",
    "申请 提交 递交 申报 / 获批 获准 核准 / 撤回 / 被拒 否决",
    "告知书 / 决定书 / 警示函 / 问询函 关注函 / 监管函",
    "申请破产 / 受理破产 裁定受理 / 宣告破产 / 破产重整 / 破产清算",
    "嫌疑人 / 被告人 / 罪犯 受刑人",
    "债权人 / 债务人",
    "出借人 贷款人 放款人 / 借款人",
    "出借 放贷 放款 贷出 / 借入",
    "甲方 / 乙方",
    "收紧 / 放宽 放松",
    "直接 / 间接",
    "暂停 / 停止 终止 中止 叫停 / 恢复 重启 继续",
    "要求 责令 勒令 / 建议 呼吁 倡议",
    "承诺 保证 / 考虑 / 拒绝",
    "缓刑 / 实刑",
    "有期徒刑 / 无期徒刑 / 死刑",
    "民事 / 刑事 / 行政",
    "债权 / 债务",
    "借出 / 借入",
    "买方 买家 / 卖方 卖家",
    "国有 / 民营 私营 / 外资",
    "境内 / 境外 海外",
    "内部 / 外部",
    "线上 / 线下",
    "上市 / 退市",
    "增资 / 减资",
    "轻伤 / 重伤 / 死亡",
    "更难 / 更易 更容易",
    "更多 / 更少",
    "更高 / 更低",
    "更快 / 更慢",
    "固定 / 浮动",
    "本金 / 利息",
    "税前 / 税后",
    "口头 / 书面",
    "实名 / 匿名",
    "每日 每天 天天 / 每周 每星期 / 每月 每个月 / 每季 每季度 / 每年 / 每小时",
    "日均 / 周均 / 月均 / 年均",
    "日利率 日息 / 月利率 月息 / 年利率 年息 年化",
    "总行 / 分行 / 支行",
    "董事长 / 总经理 总裁 / 法定代表人 / 股东",
    "净利润 净利 / 营收 营业收入 收入",
    "同比 / 环比",
    "提前 / 逾期 延期",
    "诈骗 / 盗窃 / 抢劫 / 敲诈勒索 敲诈 / 寻衅滋事 / 非法经营 / 非法吸收公众存款 / 职务侵占 / 洗钱 / 赌博",
    "抢注 / 注册 / 注销",
    "必定 必将 必然 势必 一定会 一定能 肯定会 / 未必 不一定 不见得 难保",
    "违法 / 违约 / 违纪",
    "在职 / 离职 / 退休",
    "罪成 / 脱罪 无罪",
    "曾经 一度 / 仍然 依然",
    "担保人 保证人 / 介绍人 / 见证人",
    "主动 自愿 / 被动 被迫 强制 强迫",
    "公开 / 秘密 私下",
    "免费 无偿 / 收费 有偿",
    "有效 / 无效",
    "有权 / 无权",
    "有罪 / 无罪",
    "持牌 / 无牌",
    "真实 / 虚假 伪造",
    "暂时 临时 / 永久",
    "首次 第一次 头一次 / 最后一次 末次 / 再次 多次 屡次",
    "主犯 / 从犯",
    "一审 初审 / 二审 / 终审",
    "母公司 / 子公司 / 分公司",
    "收购 买入 / 出售 卖出",
    "加入 / 退出",
    "开业 成立 / 停业 关闭 倒闭 / 重组",
    "正常 / 异常",
    "成功 / 失败 未遂",
    "承认 / 否认",
    "故意 / 过失",
    "受害 / 加害",
    "最高 / 最低",
    "最多 / 最少",
    "短期 / 长期",
    "先生 男子 / 女士 女子 小姐",
    "证实 确认 / 怀疑 猜测",
)
_CLAIMS: dict[str, tuple[int, int]] = {
    word: (family, side)
    for family, written in enumerate(_FAMILIES)
    for side, words in enumerate(written.split("/"))
    for word in words.split()
}
_CLAIM = re.compile("|".join(sorted(_CLAIMS, key=len, reverse=True)))
_SIDES = [written.count("/") + 1 for written in _FAMILIES]
PAIR = 2
_DENIED = re.compile(r"(?:[不没未无]予?|没有)$")
# What changes the claim by coming or going: 非法放贷 and 放贷, 副总经理 and 总经理.
_MARKING = re.compile(
    r"非法|违法(?!者)|违规(?!者)|一审|二审|三审|终审|再审|恶意|变相|故意|涉黑|死亡|身亡|致死|重伤"
    # Somebody else did it, for him or of his family.
    r"|之(?:父|母|妻|子|女|夫|兄|弟)(?![\u4e00-\u9fff]?[女弟])|代(?=签|办|收|付|还|缴|持|领)"
    # A step that is asked for is not taken.
    r"|(?:提请|报请|申请|建请|建议|请求|准备)(?=.{0,10}(?:逮捕|批捕|羁押|收押|起诉|公诉|批准|吊销|注销|查封|冻结|破产|延长))"
    r"|声(?=押|请.{0,10}(?:羁押|延长|破产|查封))"  # 声押: 声请羁押
    r"|[副前原代](?=总经理|总裁|董事|行长|局长|处长|主任|市长|高管|首席|员工|主管|经理|院长|会长)"
)

# Put in alone or left out, one of these has a claim hold for less or for more; before a figure it
# only weighs it (仅3家).
_SCOPE = re.compile(
    r"(?<![不不])仅[仅限]?(?![有剩是]?[约\d零一二两三四五六七八九十百千万几])|只(?=对|向|在|限|针对|适用|包括|由|负责)|(?:一般|通常|基本|原则上)(?=[不没未无])|(?<![\u4e00-\u9fff])(?:部分|个别|少数|多数)|部分(?=有效|无效|支持|成立|属实|退还|兑付|赔偿|履行|撤销|胜诉|承认|采纳)"
)

# A figure may be exact, or told as about, more or less than it is.
_DIGITS = "零一二两三四五六七八九十百千万亿"
_BEFORE = re.compile(
    r"(?:(?P<about>大约|约[为有占合计]|约|将近|接近|近|大概)"
    r"|(?P<more>超过|超出|超|逾|突破|不少于|不低于|不止|至少|最低(?![一1][笔位家个次期人间名])|起码|多于|大于|高于)"
    r"|(?P<less>不足|不到|未到|未达|最[多高长久迟晚](?![一1][笔位家个次期人间名])|至多|不超过|不多于|不高于|少于|小于|低于))?"
    r"(?:(?:上升|下降|增加|减少|增长|下跌|上涨|提高|降低|相当于|[是为有占欠需用花])了?|[a-z]{2,5})?"
    rf"\s?(?P<figure>[\d{_DIGITS}几数][\d{_DIGITS}.,]{{0,24}})"
)
_BEHIND = re.compile(
    r"[%\u4e00-\u9fff]{0,4}?(?:(?P<about>左右|上下)|(?P<more>以上|之多)|(?P<less>以下|以内|[都也]?(?:不到|不足|没到)))"
)
# Words begin and end at most so far from the characters that differ.
_NEAR = 14

Place = tuple[str, int, int]  # a folded text, and where what differs begins and ends in it


def claims_changed(old: Place, new: Place) -> bool:
    """Whether words at a place of one text claim otherwise than those in their place in another."""
    before, after = set(_claims(*old)), set(_claims(*new))
    if {family for family, _ in before - after} & {family for family, _ in after - before}:
        return True
    if old[1] < old[2] and new[1] < new[2]:
        return False
    return _marks(*old) or _marks(*new)


def bounds_changed(old: Place, new: Place) -> bool:
    """Whether the same figures are told as about, more or less than they were."""
    before, after = list(_bounds(*old)), list(_bounds(*new))
    return len(before) == len(after) and sorted(before) != sorted(after)


def sides_taken(folded: str, start: int, end: int) -> set[tuple[int, int]]:
    """What a whole passage claims, as families of words that exclude each other and sides; of two
    sides the one that is denied is the other (不收费, 免费)."""
    taken = set()
    for each in _CLAIM.finditer(folded, start, end):
        family, side = _CLAIMS[each[0]]
        if not _DENIED.search(folded, max(start, each.start() - 2), each.start()):
            taken.add((family, side))
        elif _SIDES[family] == PAIR:
            taken.add((family, 1 - side))
    return taken


def marks_of(folded: str, start: int, end: int) -> set[str]:
    """The words of a passage that change a claim by coming or going."""
    return {each[0] for each in _MARKING.finditer(folded, start, end)}


def bounds_of(folded: str, start: int, end: int) -> Iterator[tuple[str, str]]:
    """The figures of a passage as they are written, and whether each is exact, about, more or
    less."""
    for match in _BEFORE.finditer(folded, start, end):
        behind = _BEHIND.match(folded, match.end())
        marks = [each for each in (match, behind) if each is not None]
        told = (key for each in marks for key in _BOUNDS if each.groupdict().get(key))
        counted = folded[match.end() : match.end() + 1]
        yield number(match["figure"].strip(".,")) + counted, _BOUNDS[next(told, "exact")]


def _claims(folded: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for match in _CLAIM.finditer(folded, max(0, start - _NEAR), end + _NEAR):
        if match.start() <= end + 1 and start <= match.end():  # beyond a comma
            yield _CLAIMS[match[0]]


def _marks(folded: str, start: int, end: int) -> bool:
    found = (each.search(folded, start, end + _NEAR) for each in (_MARKING, _SCOPE))
    return any(each is not None and each.end() <= end for each in found)


def _bounds(folded: str, start: int, end: int) -> Iterator[str]:
    for match in _BEFORE.finditer(folded, max(0, start - _NEAR), end + _NEAR):
        behind = _BEHIND.match(folded, match.end())
        last = behind.end() if behind else match.end()
        if match.start() <= end and start <= last:
            marks = [each for each in (match, behind) if each is not None]
            told = (key for each in marks for key in _BOUNDS if each.groupdict().get(key))
            yield _BOUNDS[next(told, "exact")]


_BOUNDS = {"about": "about", "more": "more", "less": "less", "exact": "exact"}
