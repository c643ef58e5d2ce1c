"""Words that show a text speaks of lending."""

# Collected from the beat's own vocabulary. A name that is also everyday Chinese counts as soon
# as one of them is near, so each has to be rare in talk of flowers, gold and thrift.
LENDING_WORDS = (
    "贷", "借款", "借钱", "借条", "还款", "欠款", "还钱", "逾期", "催收", "催款", "催债", "额度",
    "利率", "利息", "年化", "费率", "征信", "放款", "授信", "消费金融", "消金", "账单", "分期",
    "老赖", "债务", "负债", "欠债", "违约金", "提额", "开通", "平台", "app", "用户",
    "客服", "投诉", "产品", "服务", "账户", "信用卡", "金融", "爆雷", "暴雷", "清退",
    "下款", "砍头息", "被执行", "还不上", "还不起", "风控", "助贷", "支付宝", "微信",
)  # fmt: skip

# The same for names that end in 呗, at the end of a clause: there 借呗 and 还呗 are what people
# say about ordinary borrowing and paying back, so 借钱, 还款 and 欠 prove nothing.
CREDIT_WORDS = (
    "额度", "利率", "利息", "年化", "费率", "征信", "放款", "授信", "消费金融", "消金", "账单",
    "提额", "开通", "注销", "平台", "app", "客服", "网贷", "贷款", "逾期", "催收", "信用卡",
    "支付宝", "蚂蚁", "分期", "下款", "风控", "负债", "套现", "最低还款", "黑户",
)  # fmt: skip

# What stands around a disguised name besides: talk of a loan somebody has, or of who wants it back.
DEBTOR_WORDS = (
    "借的", "还完", "还清", "没还", "最后一期", "延期", "周转", "卸载", "注销", "欠了", "欠着", "欠的", "上门", "通讯录",
    "法务", "起诉", "电话", "法院", "传票", "外包", "骚扰", "律师函", "收账", "讨债", "要债", "黑户", "秒批", "强开", "口子", "结清",
)  # fmt: skip

# What stands around a name of which a character is a letter or a digit (微粒D, 现金8士): nobody writes
# everyday words so, and whoever is pressed need not say for what.
PRESSED_WORDS = (
    "什么时候还", "几时还", "哪天还", "几号还", "何时还", "怎么还", "还不还", "再不还", "不还", "要还", "还了", "先还", "快还",
    "赶紧还", "尽快还", "再不处理", "不处理", "没处理", "过期", "晚了", "迟了", "拖了", "借过", "借了", "欠", "上岸", "高炮",
    "催", "c收", "脆收", "翠收", "崔收", "摧收", "短信", "简讯", "来电", "虚拟号", "陌生号", "轰炸", "轰了", "群发", "打给",
    "联系人", "户籍地", "居委会", "村委会", "发函", "寄函", "单位", "同事", "的人说", "花户", "面签", "内部通道", "停催",
)  # fmt: skip

# For what only sounds like a name: talk of money owed, which no talk of particles and bags is.
OWING_WORDS = (
    "网贷", "贷款", "借款", "借钱", "还款", "还钱", "欠款", "欠钱", "逾期", "催收", "催款", "利息", "利率",
    "额度", "征信", "放款", "还不上", "还不起", "下款", "分期", "负债", "借了", "仲裁", "起诉",
)  # fmt: skip
