"""Cases of what is new, written when all thresholds were set, to be measured once (half `last`)."""

from novelty_cases import Case

LAST = (
    Case("last-news-strike", ("sms", "guide"), "partly", """
+ 青禾借宁川客服中心昨日起暂停营业，门口贴出的通知落款为9月26日。
+ 留守的保安告诉记者，二楼的四十多个工位已经搬空。
= @sms.2
= @sms.6
"""),
    Case("last-news-appeal-rejected", ("fine",), "partly", """
+ 江岸市中级人民法院10月9日驳回云帆贷的诉讼请求，310万元罚款决定得以维持。
= @fine.2
= @fine.3
+ 审判长钟雪在宣读判决时指出，公司至今没有说明名单的去向。
""", "traditional"),
    Case("last-news-second-batch", ("app",), "partly", """
= @app.2
+ 顺信花方面10月30日发来的说明称，整改已于上周通过验收。
= @app.4
"""),
    Case("last-news-annotated", ("stop",), "partly", """
+ 蓝桥分期的债权将打包转让给中源资产管理公司，转让价为4.1亿元。
= @stop.2
= @stop.5
""", "annotated"),
    Case("last-news-no-figures", ("rate",), "partly", """
+ 橙子借条的法定代表人已变更为原首席风险官秦岚。
= @rate.3
= @rate.5
"""),
    Case("last-news-amount-only", ("rate",), "partly", """
= @rate.1
+ 借款人李先生提供的合同显示，他借款8000元，十二期共需归还13600元。
= @rate.3
= @rate.4
"""),
    Case("last-news-topic", ("topic",), "partly", """
+ 公约施行半年以来，协会共收到关于夜间来电的举报5318件。
= @topic.2
= @topic.4
"""),
    Case("last-old-redated-both", ("farm", "farm2"), "recycled", """
= @farm.1
= 2026年，青禾借再次开始了催收行动，这引发了广泛的关注和讨论。
= 面对催收电话，很多人会感到焦虑和无助，甚至影响正常的工作和生活。
= @farm.7
""", "traditional"),
    Case("last-old-reworded-news", ("fine",), "recycled", """
= 决定书称，云帆贷的应用程序在用户登录时就会读取整本通讯录。
= 这家公司还把42万名被拒绝的申请人名单卖给了三家营销公司。
= 云帆贷于2016年成立，主要向年轻人提供五千元以下的短期借款。
= 去年十月，云帆贷曾经因暴力催收被消费者协会点名。
"""),
    Case("last-old-by-other-hands", ("court",), "recycled", """
~ 说到米袋钱包，很多人都不陌生，它的催收问题一直备受关注。
~ 随着市场竞争日益激烈，平台的催收手段也在不断升级。
~ 一方面，平台需要保障资金的安全；另一方面，用户的感受同样不可忽视。
~ 值得一提的是，合理规划、量力而行才是避免催收的根本。
~ 希望这篇文章能够帮助到正在为此困扰的你。
"""),
    Case("last-old-by-other-hands-2024", ("sms",), "recycled", """
~ 2024又开始催收了，青禾借的用户们究竟该何去何从？
~ 如今的催收早已不是单纯的电话提醒，而是一场心理的较量。
~ 平台希望尽快收回欠款，用户则希望获得更多的理解与宽容。
~ 只有建立良好的沟通机制，才能实现双赢的局面。
~ 展望未来，青禾借的催收之路仍然任重而道远。
""", "traditional annotated"),
    Case("last-old-news-mixed", ("stop", "rate"), "recycled", """
= @stop.2
= @stop.4
= @stop.6
= 蓝桥分期于官方网站发布公告，宣布自12月1日零时起停止发放新贷款。
"""),
    Case("last-old-common", ("app",), "recycled", """
= @app.2
= @common.2
= @common.3
= 总之，用户应当保持警惕。
""", spread=True),
    Case("last-edge-quoted-again", ("sms",), "recycled", """
= @sms.2
= “他们把我的名字和欠款金额发给了我的邻居。”周女士这样说。
= @sms.5
"""),
    Case("last-edge-one-more-victim", ("court",), "partly", """
= @court.2
= @court.5
+ 另一名受害人李某的女儿正在读高三，班主任的手机也收到了合成的讣告图片。
= @court.7
"""),
    Case("last-edge-denied", ("sms",), "partly", """
= @sms.2
+ 青禾借客服回应称，公司并未禁止联系第三方，相关情况无需核实。
= @sms.6
= @sms.7
"""),
)  # fmt: skip
