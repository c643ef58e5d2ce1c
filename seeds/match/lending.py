"""Words that show a text speaks of lending."""

# Collected from the beat's own vocabulary. A name that is also everyday Chinese counts as soon
# as one of them is near, so each has to be rare in talk of flowers, gold and thrift.
LENDING_WORDS = (
    "贷", "借款", "借钱", "借条", "还款", "欠款", "还钱", "逾期", "催收", "催款", "催债", "额度",
    "利率", "利息", "年化", "费率", "征信", "放款", "授信", "消费金融", "消金", "账单", "分期",
    "老赖", "债务", "负债", "欠债", "违约金", "提额", "开通", "平台", "app", "用户",
    "客服", "投诉", "产品", "服务", "账户", "信用卡", "金融", "爆雷", "暴雷", "清退",
)  # fmt: skip

# Frames in which even an everyday word is a name: quoted, or used as a company or a product is.
# None of them fits 就花呗吧, 没有钱花 or 用来分期.
NAME_FRAMES = (
    "“{}”", "「{}」", "『{}』", "《{}》", "【{}】", "在{}借", "在{}上", "在{}里", "在{}买", "从{}借", "从{}贷",
    "用{}的", "用{}借", "用{}买", "用{}付", "用{}支付", "{}上借", "{}里借", "{}公司", "{}集团", "{}官方",
    "{}官网", "{}回应", "{}宣布", "{}怎么", "{}能不能", "{}会不会", "{}是不是", "关闭{}", "注销{}", "{}推出",
    "{}旗下", "{}被曝", "{}被指", "{}被罚", "{}被执行", "{}崩", "{}、借呗", "{}、花呗",
)  # fmt: skip
