"""The groups of synonyms: well formed, and none that hides what a reader would conclude otherwise."""

from itertools import combinations
from pathlib import Path

import pytest

from monitor.changes import synonyms
from monitor.changes.senses import sides_taken
from monitor.changes.synonyms import groups_of, words_apart
from seeds.fold import fold_text

LINES = Path(synonyms.__file__).with_suffix(".tsv").read_text("utf-8").splitlines()
GROUPS = [line.split() for line in LINES if not line.startswith("#")]

# Opposites, steps of a procedure, parties, degrees of certainty: one in the other's place is another
# statement.
APART = """
涉嫌 确认|涉嫌 证实|怀疑 证实|质疑 证实|质疑 承认|指控 承认|指控 证实|表示 承认|表示 否认|表示 谎称|表示 供认|承认 否认|承认 辩称|坦言 认罪
承认 质疑|回应 质疑|披露 隐瞒|公布 隐瞒|证实 传闻|辟谣 造谣|澄清 证实|属实 不实|属实 虚假|真实 伪造|确认 推测|预计 证实
起诉 判决|起诉 胜诉|起诉 撤诉|起诉 立案|立案 结案|立案 宣判|立案 撤案|受理 驳回|受理 审结|审理 审结|审理 判决|开庭 宣判|开庭 结案
一审 二审|一审 终审|二审 终审|维持原判 改判|上诉 抗诉|上诉 撤诉|胜诉 败诉|判决 调解|判决 和解|拘留 逮捕|刑拘 逮捕|逮捕 起诉|逮捕 判刑
传唤 逮捕|约谈 处罚|约谈 立案|警告 罚款|罚款 吊销|整改 吊销|整改 罚款|取缔 整顿|吊销 注销|查封 解封|冻结 解冻|羁押 取保候审|羁押 释放
自首 抓获|落网 在逃|缓刑 实刑|刑事拘留 行政拘留|民事 刑事|调查 处罚|调查 查处|调查 查明|侦查 起诉|移送 起诉|追讨 追回|追缴 追回|举报 起诉
起草 出台|草案 条例|征求意见 施行|审议 通过|试行 施行|建议 要求|建议 责令|呼吁 责令|请求 责令|申请 获批|申请 批准|提交 批准|批准 驳回|备案 批准
原告 被告|债权人 债务人|出借人 借款人|放款人 借款人|债主 借款人|受害人 嫌疑人|受害者 骗子|嫌疑人 被告人|被告人 罪犯|证人 嫌疑人|律师 法官
买家 卖家|房东 租客|雇主 雇员|股东 债权人|主犯 从犯|警方 检方|警方 法院|检方 法院|公司 监管|平台 借款人|母公司 子公司|董事长 总经理
上涨 下跌|上升 下降|增加 减少|增长 下滑|提高 降低|上调 下调|飙升 暴跌|盈利 亏损|扭亏为盈 由盈转亏|加快 放缓|扩大 缩小|收紧 放宽|增资 减资
高于 低于|超过 不足|至少 至多|最高 最低|过半 一半|上限 下限|加息 降息|好转 恶化|持平 上升|同比 环比|创新高 创新低|供不应求 供过于求
部分 全部|多数 全部|少数 多数|个别 普遍|一些 所有|首次 多次|偶尔 经常|暂时 永久|短期 长期|提前 逾期|提前 推迟|此前 此后|昨日 今日|已经 即将
可能 必将|可能 必须|也许 一定|拟 已|拟 已经|计划 已经|将 已|预计 已经|应当 可以|允许 禁止|可以 不得|必须 不必|愿意 拒绝|同意 拒绝|有权 无权
开始 结束|启动 停止|暂停 停止|暂停 终止|暂停 恢复|终止 恢复|成立 解散|开业 停业|上线 下线|上架 下架|加入 退出|进入 离开|签约 解约|生效 失效
还清 逾期|还款 还清|还款 逾期|还款 代偿|借入 借出|借款 放款|借款 还款|存入 取出|收款 付款|转入 转出|赔偿 罚款|本金 利息|利息 违约金|定金 订金
抵押 质押|债权 债务|免费 收费|日息 年息|日息 月息|月息 年息|净利润 营收|利率 费率|分行 支行|持牌 无牌|合法 违法|违法 违规|合规 违规|有罪 无罪
支持 反对|支持 驳回|接受 拒绝|承诺 拒绝|采纳 驳回|赞成 反对|保护 侵害|帮助 阻碍|公开 秘密|主动 被迫|自愿 强迫|直接 间接|故意 过失|成功 失败
逮捕 抓获|判刑 入狱|出庭 到案|备案 登记|要求 申请|行贿 送礼|减免 免除|提现 套现|冒充 自称|诱导 欺骗|增加 飙升|减少 暴跌|推出 上市|介入 参加
诈骗 盗窃|诈骗 敲诈|诈骗 非法经营|行贿 受贿|挪用 诈骗|轻伤 重伤|受伤 死亡|自杀 他杀|辞职 开除|辞职 退休|收购 出售|上市 退市|停牌 复牌|清算 重组
银监会 证监会|银监会 保监会|金管局 金管会|人民银行 中国银行|中院 高院|最高法 最高检|北京 上海|国内 国外|本地 外地|线上 线下|口头 书面|实名 匿名
安全 危险|便宜 昂贵|真相 谣言|原件 复印件|男子 女子|丈夫 妻子|父母 子女|成年人 未成年人|简单 复杂|快 慢|大 小|高 低|好 差|轻 重|多 少
""".replace("\n", "|").strip("|").split("|")  # fmt: skip

# What is denied of one side may be said with the other: 不承认, 否认.
_DENYING = frozenset("不无未没非")


@pytest.mark.parametrize("pair", APART)
def test_what_says_otherwise_is_in_no_group_together(pair: str) -> None:
    one, other = pair.split()
    assert not groups_of(one) & groups_of(other)


def test_no_group_has_words_that_exclude_each_other() -> None:
    for words in GROUPS:
        claiming = [word for word in words if len(word) > 1 and not _DENYING & set(word)]
        whole = [(word, sides_taken(word, 0, len(word))) for word in claiming]
        taken = [(word, sides) for word, sides in whole if len(sides) == 1]
        for (one, ours), (other, theirs) in combinations(taken, 2):
            (family, side), (another, beside) = *ours, *theirs
            assert family != another or side == beside, (one, other)


def test_groups_are_two_folded_words_or_more_none_twice() -> None:
    for words in GROUPS:
        assert len(set(words)) == len(words) >= 2, words
        assert [fold_text(each) for each in words] == words


def test_no_group_stands_within_another() -> None:
    found = [frozenset(words) for words in GROUPS]
    holding: dict[str, list[frozenset[str]]] = {}
    for group in found:
        for word in group:
            holding.setdefault(word, []).append(group)
    for group in found:
        around = [each for each in holding[next(iter(group))] if group <= each]
        assert around == [group], group


def test_a_longer_word_is_read_before_the_shorter_one_in_it() -> None:
    assert [word for _, word in words_apart("银保监会")] == ["银保监会"]
    assert groups_of("银保监会") == groups_of("中国银行保险监督管理委员会")
