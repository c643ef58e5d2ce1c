"""Facts altered and added in copies of our own articles: each must be told, with its kind."""

from dataclasses import dataclass

from our_articles import CLOSING, COURT, COURT_OTHER, DIARY, FARM, FINE, GUIDE, PRIVACY, OurArticle


@dataclass(frozen=True, slots=True)
class Planted:
    """`old` stands in the article and becomes `new`; `kind` is what that alters."""

    article: OurArticle
    old: str
    new: str
    kind: str

    @property
    def body(self) -> str:
        """The copy's text."""
        assert self.old in self.article.body, self.old
        return self.article.body.replace(self.old, self.new, 1)


ALTERED = (
    Planted(COURT, "罚金八十万元", "罚金五十万元", "amount"),
    Planted(COURT, "2.3亿元", "3.2亿元", "amount"),
    Planted(COURT, "2.3亿元", "23亿元", "amount"),
    Planted(COURT, "百分之四十五", "百分之五十四", "amount"),
    Planted(COURT_OTHER, "缴纳八十万元罚金", "缴纳八百万元罚金", "amount"),
    Planted(FINE, "罰款六百四十萬元", "罰款四百六十萬元", "amount"),
    Planted(FINE, "合計罰款二十五萬元", "合計罰款二十五億元", "amount"),
    Planted(FINE, "超過百分之三十六", "超過百分之二十四", "amount"),
    Planted(FINE, "一千九百萬元", "九百萬元", "amount"),
    Planted(DIARY, "一万两千四百元", "一万两千元", "amount"),
    Planted(DIARY, "每月还八百六十七块", "每月还八百六十七万块", "amount"),
    Planted(CLOSING, "十八億七千萬元", "十七億八千萬元", "amount"),
    Planted(CLOSING, "約一成五", "約三成五", "amount"),
    Planted(FARM, "面值的百分之四", "面值的百分之十四", "amount"),
    Planted(FARM, "三千元以内", "五千元以内", "amount"),
    Planted(GUIDE, "百分之二十的費用", "百分之三十的費用", "amount"),
    Planted(COURT, "10月16日", "10月18日", "date"),
    Planted(COURT, "2021年3月", "2020年3月", "date"),
    Planted(COURT, "2022年12月", "2023年12月", "date"),
    Planted(CLOSING, "十二月一日零時", "十二月十日零時", "date"),
    Planted(CLOSING, "明年三月底", "明年六月底", "date"),
    Planted(FINE, "自前年七月起", "自前年五月起", "date"),
    Planted(PRIVACY, "11月4日上午", "11月14日上午", "date"),
    Planted(COURT_OTHER, "周三在江岸市", "周五在江岸市", "date"),
    Planted(COURT, "四万一千余个", "一万四千余个", "number"),
    Planted(COURT, "二百一十四名", "一百二十四名", "number"),
    Planted(COURT, "三年六个月", "六年六个月", "number"),
    Planted(FINE, "三千八百多份", "八千三百多份", "number"),
    Planted(PRIVACY, "三十一个收到了邮件", "十三个收到了邮件", "number"),
    Planted(PRIVACY, "装机量八百万", "装机量八千万", "number"),
    Planted(CLOSING, "借款人二十九萬名", "借款人九十二萬名", "number"),
    Planted(COURT, "法院没有采纳这一意见", "法院采纳了这一意见", "negation"),
    Planted(COURT, "公司没有授意", "公司授意", "negation"),
    Planted(COURT, "愿意向经核实", "不愿意向经核实", "negation"),
    Planted(COURT, "没有被列为被告", "被列为被告", "negation"),
    Planted(FINE, "將不申請複議", "將申請複議", "negation"),
    Planted(DIARY, "不再联系第三人", "继续联系第三人", "negation"),
    Planted(PRIVACY, "程序并没有停止", "程序停止了", "negation"),
    Planted(PRIVACY, "公司没有正面回答", "公司正面回答", "negation"),
    Planted(CLOSING, "但是還沒有簽約", "但是已經簽約", "negation"),
    Planted(CLOSING, "不會因為停業", "會因為停業", "negation"),
    Planted(GUIDE, "錄音不需要對方同意", "錄音需要對方同意", "negation"),
    Planted(COURT, "承接米袋钱包委托", "承接云帆贷委托", "name"),
    Planted(FINE, "橙子借條委託了十七家", "藍橋分期委託了十七家", "name"),
    Planted(COURT, "恒源商务咨询有限公司", "恒达商务咨询有限公司", "name"),
    Planted(COURT, "受害人陈某因母亲", "受害人程某因母亲", "name"),
    Planted(COURT, "江岸市中级人民法院", "江宁市中级人民法院", "name"),
    Planted(FARM, "一位在杭州做快递", "一位在苏州做快递", "name"),
    Planted(PRIVACY, "家住宁川的王先生", "家住宁川的汪先生", "name"),
    Planted(PRIVACY, "网络安全专家邓某", "网络安全专家郑某", "name"),
    Planted(COURT_OTHER, "前员工小周回忆", "前员工小邹回忆", "name"),
)

# What stands nowhere in the article: a paragraph, and the kind of fact that tells it is news.
ADDED = (
    (COURT, "本网另获悉,恒源公司的实际控制人已被追缴违法所得一千二百万元,目前仍在境外。", "amount"),
    (COURT, "米袋钱包在宣判当晚发表声明,否认曾向恒源公司支付任何报酬。", "negation"),
    (COURT, "据了解,该案的二审将于2025年1月20日在省高级人民法院开庭。", "date"),
    (FINE, "橙子借條其後補充說明,上述三千八百多份合約的說法並不屬實。", "negation"),
    (FINE, "另據知情人士透露,雲帆貸也因同類問題收到了金融管理局的通知。", "name"),
    (DIARY, "补记:昨天法院送来传票,顺信花起诉要求我一次还清三万五千元。", "amount"),
    (CLOSING, "有員工向記者透露,公司拖欠了四百六十名外包人員共計九百萬元的薪資。", "amount"),
    (PRIVACY, "云帆贷今日回应称,所谓剪贴板读取一说并不存在,已委托律师发函。", "negation"),
    (PRIVACY, "截至目前,已有一千三百七十名用户加入了集体诉讼的登记名单。", "number"),
    (GUIDE, "據主管機關統計,去年接獲的不當催收申訴共計兩萬四千件。", "number"),
    (FARM, "消息人士称,青禾借今年上半年已将十五亿元逾期资产打包转让给三家机构。", "amount"),
)  # fmt: skip

# Reworded without another fact: nobody is told.
REWORDED = (
    (COURT, "检察官介绍", "检察官表示"),
    (COURT, "罚金八十万元", "罚金80万元"),
    (COURT, "10月16日,江岸市", "2024年10月16日,江岸市"),
    (COURT, "10月16日,江岸市", "近日,江岸市"),
    (COURT, "承接米袋钱包委托", "承接米袋委托"),
    (COURT, "判处罚金八十万元", "处以80万元罚金"),
    (FINE, "金融管理局昨日公布", "金融管理局11月8日公布"),
    (FINE, "罰款六百四十萬元", "罰款六百四十萬"),
    (FINE, "沒有按照規定", "未按照規定"),
    (FINE, "外部公司進行催收", "外包公司進行催收"),
    (DIARY, "一个年轻的女声", "一个年轻女声"),
    (CLOSING, "這是今年以來第三家退出市場的中型分期平台。", ""),
    (PRIVACY, "更让人担忧", "更令人担忧"),
    (PRIVACY, "从11月4日上午开始", "自11月4日早上开始"),
    (GUIDE, "十五個工作日", "15個工作日"),
    (DIARY, "每月还八百六十七块", "每月还八百六十七元"),
    (CLOSING, "一家上市的家電零售企業", "一家叫 Blue Home 的家電零售企業"),
)

# Added without a fact: furniture, advertisements, other articles' headlines.
FURNITURE = (
    "想借钱?立即下载青禾借app,新用户注册即送三百元红包,额度最高二十万元!",
    "来源:江岸日报 2025-03-02 10:11 浏览 10240",
    "发布时间:2025年3月2日 责任编辑:小禾 阅读量:3.2万",
    "新华社江岸3月2日电(记者小禾)以上内容由本网整理发布,仅供读者参考。",
    "云帆贷被罚三百一十万元\n米袋钱包外包催收案二审开庭\n十二月起这些规定施行",
    "你怎么看这件事?欢迎在下方留言,和大家一起讨论你的经历和看法。",
    "声明:本文仅代表作者个人观点,不代表本站立场,如有异议请在三十日内联系本站。",
    "adScript.src = '//d1.example.com/litong/sinaads/demo/wenjing8/js/yl_left_hzh_20171020.js';",
    "逾期怎么办?专业律师一对一免费咨询,添加微信即可预约,低至九十九元。",
)
