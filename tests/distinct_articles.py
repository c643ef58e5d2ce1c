"""Any number of articles of our own that are about one thing and yet no copies of each other."""

import random
from dataclasses import dataclass
from html import escape

WORDS = [
    "用户",
    "平台",
    "电话",
    "短信",
    "合同",
    "客服",
    "逾期",
    "还款",
    "利率",
    "分期",
    "账单",
    "家人",
    "同事",
    "法院",
    "律师",
    "监管",
    "投诉",
    "回应",
    "记者",
    "调查",
    "证据",
    "录音",
    "截图",
    "银行",
    "额度",
    "审核",
    "征信",
    "罚息",
    "协商",
    "减免",
    "机构",
    "外包",
    "公司",
    "员工",
    "地址",
    "单位",
    "凌晨",
    "上午",
    "周末",
    "多次",
    "反复",
    "威胁",
    "道歉",
    "赔偿",
    "核实",
    "整改",
    "通报",
    "备案",
    "资金",
    "风险",
    "担保",
    "保险",
    "费用",
    "服务",
    "合作",
    "终止",
    "启动",
    "公布",
    "要求",
    "说明",
    "表示",
    "认为",
    "透露",
    "拒绝",
    "接受",
    "转账",
    "扣款",
    "提醒",
    "警告",
    "承诺",
    "数据",
    "隐私",
    "授权",
    "通讯",
    "名单",
    "城市",
    "省份",
    "学生",
    "老人",
    "女士",
    "先生",
    "生意",
    "工资",
    "房租",
    "医院",
    "手术",
    "孩子",
    "学费",
    "生活",
    "压力",
    "失眠",
    "报警",
    "派出所",
    "立案",
    "调解",
    "仲裁",
]
NAMES = ("用钱宝", "借呗", "360借条")


@dataclass(frozen=True)
class DistinctArticle:
    number: int
    title: str
    paragraphs: tuple[str, ...]

    def html(self) -> bytes:
        body = "".join(f"<p>{escape(each)}</p>" for each in self.paragraphs)
        return (
            "<!doctype html><html lang='zh-CN'><head><meta charset='utf-8'>"
            f"<title>{escape(self.title)}_新闻</title></head><body><article>"
            f"<h1>{escape(self.title)}</h1><div class='meta'>2026-11-24 10:00</div>"
            f"{body}</article></body></html>"
        ).encode()


def distinct_article(number: int) -> DistinctArticle:
    """Article `number`, the same each time."""
    chance = random.Random(number)
    name = NAMES[number % len(NAMES)]

    def sentence() -> str:
        return "".join(chance.sample(WORDS, 9)) + "，" + "".join(chance.sample(WORDS, 8)) + "。"

    paragraphs = tuple("".join(sentence() for _ in range(3)) for _ in range(4))
    opening = f"{name}的暴力催收再次引起关注。{sentence()}"
    return DistinctArticle(
        number, f"{name}被指暴力催收：{''.join(chance.sample(WORDS, 4))}", (opening, *paragraphs)
    )
