"""Cases of what is new in an article, written before there was a method: an article against one to
three earlier ones about the same platform (or topic), with its verdict and its new sentences.

Each line of a case is one sentence: `+` it is new, `=` it is not, `~` either will do. `@fine.3` is
sentence 3 of the earlier story `fine`, word for word. An empty line ends a paragraph. A case belongs
to the half its key's SHA-256 says: thresholds were set on `dev`, `unseen` was only measured."""

import re
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from random import Random

from repost_generator import _other_script, annotated

STORIES = {
    "fine": ("云帆贷被处罚款三百一十万元", """
3月12日，江岸市金融管理局公布行政处罚决定书，云帆贷运营公司因违规收集个人信息被罚款310万元。
决定书指出，云帆贷的应用程序在用户登录时就读取整本通讯录。
该公司还把42万名被拒绝的申请人名单卖给三家营销公司。
云帆贷成立于2016年，主要向年轻人提供五千元以下的短期借款。
去年十月，云帆贷曾因暴力催收被消费者协会点名。
对于处罚，云帆贷表示接受，将在六十日内完成整改。
金融管理局的一位官员表示，下半年还会检查另外八家平台。
"""),
    "sms": ("青禾借用户称亲友收到催收短信", """
近日，多名青禾借用户向记者反映，逾期后其亲友收到了催收短信。
家住宁川的周女士说，她逾期第三天，单位前台就接到了十七个电话。
“他们把我的名字和欠款金额发给了我的邻居。”周女士说。
青禾借客服回应称，公司严禁联系第三方，相关情况正在核实。
投诉平台数据显示，今年以来涉及青禾借的投诉共有2300余条。
青禾借由青禾科技有限公司运营，注册用户超过八百万。
律师张明认为，向无关第三人披露欠款信息侵犯了借款人的隐私权。
"""),
    "court": ("米袋钱包外包催收案开庭", """
10月16日，江岸市中级人民法院开庭审理米袋钱包外包催收案。
公诉机关指控，恒源咨询公司在为米袋钱包追讨欠款时，多次张贴大字报滋扰借款人。
2021年3月至2022年11月间，恒源公司承接米袋钱包逾期账户四万一千余个，涉及本金约2.3亿元。
公司按照逾期天数把账户分为五档，越靠后的档位提成越高。
受害人陈某因母亲住院逾期两个月，其单位前台一天之内接到127通电话。
米袋钱包的运营方没有被列为被告。
法院将择期宣判。
"""),
    "farm": ("青禾借2024又开始催收了", """
随着社会经济的发展，消费金融行业逐渐壮大，众多借贷平台应运而生。
青禾借作为其中的一员，一直以来都以其便捷的借款流程受到消费者的青睐。
2024年，青禾借再次开始了催收行动，这引发了广泛的关注和讨论。
除了传统的电话催收和短信提醒外，平台开始尝试通过社交媒体进行催收。
这种方式不仅提高了催收的效率，也让用户感受到更为直接的压力。
随着催收力度的加大，许多借款人感受到巨大的心理压力。
一旦被列入不良信用记录，借款人在未来的借贷中将面临更高的利率。
未来，信用体系的完善将有助于降低借贷平台的催收压力。
"""),
    "farm2": ("米袋钱包催收电话不断怎么办", """
在当今社会，越来越多的人选择通过网络平台解决资金周转问题。
米袋钱包凭借简单的操作和快速的放款赢得了众多用户的信赖。
然而，一些用户因为各种原因无法按时还款，便会接到米袋钱包的催收电话。
面对催收电话，很多人会感到焦虑和无助，甚至影响正常的工作和生活。
其实，借款人可以主动与平台沟通，说明自己的实际困难。
保持良好的心态，积极面对问题，才是解决债务的根本之道。
"""),
    "stop": ("蓝桥分期宣布停止放款", """
蓝桥分期在官方网站发布公告，宣布自12月1日零时起停止发放新的贷款。
公告称，现有的借款合同继续履行，还款渠道保持不变。
截至上月底，蓝桥分期的在贷余额为18.7亿元，涉及借款人29万名。
公司将保留约120人的团队负责客服和贷后，其余340名员工依法解除合同。
蓝桥分期成立七年，总部位于临海市，出资人包括一家上市的家电零售企业。
消费者团体提醒，平台停业不等于债务消失，应当继续按期还款。
"""),
    "rate": ("橙子借条被指实际年化超36%", """
本报记者调查发现，橙子借条部分借款合同的实际年化成本超过36%。
借款人李先生提供的合同显示，他借款8000元，十二期共需归还11200元。
橙子借条把服务费和担保费从本金中一次扣除，页面上只标示日利率。
橙子借条回应称，所有费用均已在合同中列明，并经用户确认。
橙子借条的运营公司成立于2017年，注册资本一亿元。
业内人士表示，监管部门早已要求平台明示综合年化利率。
"""),
    "app": ("顺信花应用被下架", """
7月4日，多家应用商店下架了顺信花的安卓版本。
通信管理局此前通报，顺信花存在超范围收集个人信息的问题。
顺信花表示，正在按照要求整改，已登录的用户不受影响。
顺信花由顺信数科有限公司开发，累计下载量约三千万次。
截至发稿，苹果商店仍可下载顺信花。
"""),
    "topic": ("催收行业自律公约发布", """
9月1日，某互联网金融协会发布《贷后催收自律公约》。
公约要求催收机构不得在晚上十点至早上八点之间拨打电话。
全国共有136家机构签署了这份公约。
专家认为，自律公约没有强制力，催收乱象仍需立法规范。
"""),
    "guide": ("青禾借逾期后如何协商还款", """
青禾借逾期后，借款人首先要核对本金和利息是否准确。
协商还款时，应当准备好收入证明和困难说明。
如果平台拒绝协商，可以向当地金融监管部门投诉。
保留好每一次通话的录音，以便日后维护自己的权益。
"""),
}  # fmt: skip

# Advice, law and definitions as stand in stories about any platform.
COMMON = (
    "根据民法典第六百七十五条，借款人应当按照约定的期限返还借款。",
    "消费者应当树立理性消费观念，根据自身还款能力合理借贷，避免过度负债。",
    "所谓暴力催收，是指以恐吓、侮辱、骚扰等方式追讨债务的行为。",
    "最高人民法院规定，民间借贷利率的司法保护上限为合同成立时一年期贷款市场报价利率的四倍。",
)
SPREAD = tuple(
    f"{platform}近期被指存在催收问题，{detail}\n\n{''.join(COMMON)}"
    for platform, detail in (
        ("米袋钱包", "其外包公司的三名坐席已被警方传唤。"),
        ("橙子借条", "当地消协上周收到了65起投诉。"),
        ("顺信花", "公司发布声明称将更换合作的律师事务所。"),
        ("蓝桥分期", "临海市金融办已派出工作组进驻。"),
    )
)


@dataclass(frozen=True)
class Case:
    """One article and what is new in it. `earlier` are keys of stories; `spread` has the stories
    with `COMMON` in them before; `form` is how the article is doctored."""

    key: str
    earlier: tuple[str, ...]
    verdict: str
    text: str
    form: str = ""
    spread: bool = False

    @property
    def half(self) -> str:
        return "dev" if sha256(self.key.encode()).digest()[0] % 2 else "unseen"

    @property
    def lines(self) -> list[tuple[str, str]]:
        """Each sentence with its sign, as the case means it, not doctored."""
        found = []
        for line in self.text.strip().splitlines():
            if line.strip():
                sign, sentence = line.strip().split(" ", 1)
                found.append((sign, _quoted(sentence)))
        return found

    @property
    def body(self) -> str:
        """The article as a page has it."""
        paragraphs = re.split(r"\n\s*\n", self.text.strip())
        text = "\n\n".join(
            "".join(_quoted(line.strip().split(" ", 1)[1]) for line in each.splitlines())
            for each in paragraphs
        )
        if "traditional" in self.form:
            text = _other_script(text)
        return annotated(text, Random(self.key), 0.1) if "annotated" in self.form else text

    def marked(self, sign: str) -> list[str]:
        """The sentences with one sign."""
        return [sentence for each, sentence in self.lines if each == sign]


@cache
def sentences(story: str) -> list[str]:
    return STORIES[story][1].strip().splitlines()


def story_body(key: str) -> str:
    return "".join(sentences(key))


def _quoted(text: str) -> str:
    found = re.fullmatch(r"@(?!common)(\w+)\.(\d+)", text)
    if found:
        return sentences(found[1])[int(found[2]) - 1]
    common = re.fullmatch(r"@common\.(\d+)", text)
    return COMMON[int(common[1]) - 1] if common else text


CASES = (
    # Real news that shares background with earlier stories.
    Case(
        "news-second-fine",
        ("fine",),
        "partly",
        """
+ 5月20日，江岸市金融管理局再次对云帆贷作出处罚，罚款180万元。
+ 这一次的原因是云帆贷没有按期完成整改，仍有两家外部机构持有客户名单。
+ 云帆贷副总经理赵某被警告并罚款12万元。

= @fine.4
= @fine.5
""",
    ),
    Case(
        "news-court-verdict",
        ("court",),
        "partly",
        """
+ 12月3日，江岸市中级人民法院对米袋钱包外包催收案作出一审判决。
+ 法院认定恒源咨询公司犯寻衅滋事罪，判处罚金80万元。
+ 三名主管分别被判处有期徒刑三年六个月、二年和一年八个月。

= @court.2
= @court.3
= @court.5
= @court.6
+ 宣判后，两名被告人当庭表示上诉。
""",
    ),
    Case(
        "news-complaints-doubled",
        ("sms",),
        "partly",
        """
+ 投诉平台11月数据显示，涉及青禾借的投诉已增至5100余条，是上半年的两倍多。
+ 其中因联系第三方而投诉的占61%。

= @sms.2
= @sms.6
""",
    ),
    Case(
        "news-new-number-in-known-words",
        ("sms",),
        "partly",
        """
= @sms.1
+ 投诉平台数据显示，今年以来涉及青禾借的投诉共有4700余条。
= @sms.6
= @sms.7
""",
    ),
    Case(
        "news-stop-update",
        ("stop",),
        "new",
        """
+ 蓝桥分期昨日公布清退进展，已有21.6万名借款人还清借款。
+ 公司称剩余在贷余额降至4.3亿元，预计明年3月底前结清。
+ 临海市金融办已向公司派驻三人工作组。
+ 借款人许女士告诉记者，她申请的六个月展期上周获批。

= @stop.5
""",
    ),
    Case(
        "news-app-returns",
        ("app",),
        "partly",
        """
+ 8月19日，顺信花的安卓版本重新出现在多家应用商店。
+ 顺信花产品负责人韩磊表示，新版本删除了读取通讯录的权限。

= @app.2
= @app.4
""",
    ),
    Case(
        "news-rate-refund",
        ("rate",),
        "partly",
        """
+ 橙子借条昨日公告，将向6.7万名客户退还多收的服务费，合计1900万元。
+ 退款分三批进行，第一批于本月28日到账。

= @rate.2
= @rate.3
= @rate.5
""",
    ),
    Case(
        "news-quote-only",
        ("sms", "farm"),
        "partly",
        """
+ 青禾借首席执行官林涛在内部信中写道：“从即日起停用全部外包催收公司。”
+ 一位收到内部信的员工向记者证实了这一消息。

= @sms.4
= @sms.6
""",
    ),
    Case(
        "news-traditional-fine",
        ("fine",),
        "partly",
        """
+ 6月2日，云帆贷就310万元罚单提起行政诉讼，江岸市中级人民法院已经立案。
+ 云帆贷的代理律师孙静称，罚款数额明显过高。

= @fine.2
= @fine.3
= @fine.4
""",
        "traditional",
    ),
    Case(
        "news-annotated-court",
        ("court",),
        "partly",
        """
+ 记者从江岸市检察院获悉，检察机关已追加起诉恒源咨询公司两名前高管。
+ 追加起诉的事实涉及2020年的6起上门滋扰。

= @court.2
= @court.4
= @court.6
""",
        "annotated",
    ),
    Case(
        "news-denial",
        ("app",),
        "partly",
        """
= @app.1
= @app.2
+ 苹果商店目前已无法下载顺信花。
+ 通信管理局有关负责人王强表示，顺信花逾期未完成整改，将依法处以最高50万元罚款。
= @app.4
""",
    ),
    Case(
        "news-hearing-date",
        ("court",),
        "partly",
        """
+ 米袋钱包外包催收案将于12月3日上午9时30分在江岸市中级人民法院宣判。
= @court.2
= @court.5
= @court.6
""",
    ),
    Case(
        "news-victims-number",
        ("court",),
        "partly",
        """
= @court.1
= @court.2
+ 2021年3月至2022年11月间，恒源公司承接米袋钱包逾期账户六万三千余个，涉及本金约3.4亿元。
= @court.4
= @court.6
""",
    ),
    Case(
        "news-merger",
        ("stop", "rate"),
        "new",
        """
+ 橙子借条今日宣布，以2.3亿元收购蓝桥分期的全部存量资产。
+ 交易涉及合同29.4万份，预计明年一季度完成交割。
+ 橙子借条总裁何敏表示，收购后利率与还款方式都不会改变。

= @stop.2
""",
    ),
    Case(
        "news-arrest",
        ("farm2", "court"),
        "new",
        """
+ 11月7日凌晨，宁川警方在一栋写字楼内抓获米袋钱包外包催收人员23人。
+ 警方现场查获电脑84台、话术手册11本。
+ 犯罪嫌疑人高某交代，他们冒充法院工作人员给借款人的亲属打电话。
+ 目前，高某等5人已被刑事拘留。

= @court.6
""",
    ),
    Case(
        "news-rectified-traditional",
        ("sms", "guide"),
        "partly",
        """
+ 青禾借昨日发布整改公告，称已解除与11家外包催收机构的合作。
+ 公告承诺，自1月1日起每天致电借款人不超过3次。

= @sms.3
= @sms.7
= @guide.3
""",
        "traditional",
    ),
    Case(
        "news-ceo-resigns",
        ("rate",),
        "partly",
        """
+ 橙子借条董事长吴建国因个人原因辞职，由财务总监杨帆代行职责。
+ 公司公告没有说明辞职是否与利率调查有关。

= @rate.1
= @rate.5
""",
    ),
    Case(
        "news-leak",
        ("fine",),
        "partly",
        """
+ 网络安全公司鹰眼实验室昨日披露，云帆贷约130万条客户资料在境外论坛被出售。
+ 资料包含姓名、手机号和申请金额，标价0.8个比特币。
+ 云帆贷回应称已经报警。

= @fine.3
= @fine.4
= @fine.5
""",
    ),
    Case(
        "news-topic-only",
        ("topic",),
        "partly",
        """
+ 截至12月底，签署自律公约的催收机构已增至214家。
+ 协会秘书长马丽介绍，已有9家机构因违约被除名。

= @topic.1
= @topic.2
= @topic.4
""",
    ),
    Case(
        "news-first-lawsuit",
        ("sms", "farm"),
        "partly",
        """
+ 周女士已向宁川区人民法院起诉青禾借，请求赔偿精神损害抚慰金两万元。
+ 法院于11月21日立案，案件将于明年2月开庭。

= @sms.2
= @sms.3
= @sms.6
= @farm.6
""",
    ),
    Case(
        "news-brief",
        ("stop",),
        "new",
        """
+ 蓝桥分期今日回应称，官网公告系真实发布，所谓“转让给第三方”的传言不属实。
""",
    ),
    Case(
        "news-negated",
        ("rate",),
        "partly",
        """
= @rate.1
= @rate.2
+ 橙子借条回应称，相关费用未在合同中列明，也未经用户确认，公司将全部退还。
= @rate.5
""",
    ),
    # Recycled: nothing new in it, of several kinds.
    Case(
        "old-redated-year",
        ("farm",),
        "recycled",
        """
= @farm.1
= @farm.2
= 2025年，青禾借再次开始了催收行动，这引发了广泛的关注和讨论。
= @farm.4
= @farm.6
= @farm.8
""",
    ),
    Case(
        "old-redated-day",
        ("farm",),
        "recycled",
        """
= 11月8日，青禾借再次开始了催收行动，这引发了广泛的关注和讨论。
= @farm.2
= @farm.5
= @farm.4
= @farm.7
""",
    ),
    Case(
        "old-traditional",
        ("farm",),
        "recycled",
        """
= @farm.2
= @farm.3
= @farm.4
= @farm.5
= @farm.6
""",
        "traditional",
    ),
    Case(
        "old-annotated",
        ("farm",),
        "recycled",
        """
= @farm.3
= @farm.4
= @farm.5
= @farm.7
""",
        "annotated traditional",
    ),
    Case(
        "old-reworded",
        ("farm",),
        "recycled",
        """
= 随着社会经济的不断发展，消费金融行业日益壮大，众多借贷平台应运而生。
= 青禾借作为其中一员，一直都以其便捷的借款流程受到广大消费者青睐。
= 除了传统的电话催收与短信提醒，平台开始尝试利用社交媒体进行催收。
= 随着催收力度加大，许多借款人都感受到巨大的心理压力。
""",
    ),
    Case(
        "old-mixed-from-two",
        ("farm", "sms"),
        "recycled",
        """
= @farm.2
= @sms.1
= @sms.2
= @farm.5
= @sms.4
= @farm.8
""",
    ),
    Case(
        "old-other-name-in-it",
        ("farm", "farm2"),
        "recycled",
        """
= 青禾借凭借简单的操作和快速的放款赢得了众多用户的信赖。
= 然而，一些用户因为各种原因无法按时还款，便会接到青禾借的催收电话。
= 面对催收电话，很多人会感到焦虑和无助，甚至影响正常的工作和生活。
= @farm.3
= 米袋钱包也是如此。
""",
    ),
    Case(
        "old-news-retold",
        ("fine",),
        "recycled",
        """
= 3月12日，江岸市金融管理局公布行政处罚决定书，云帆贷的运营公司因违规收集个人信息被处罚款310万元。
= 决定书指出，云帆贷应用程序在用户登录时即读取整本通讯录。
= 该公司还将42万名被拒绝申请人的名单卖给三家营销公司。
= 云帆贷表示接受处罚，将在六十日内完成整改。
""",
    ),
    Case(
        "old-evergreen-other-hands",
        ("farm",),
        "recycled",
        """
~ 在数字化浪潮的推动下，网络借贷走进了千家万户。
~ 青禾借以其灵活的额度和快速的到账，成为不少年轻人的选择。
~ 然而，当还款日临近时，催收的问题便浮出水面。
~ 平台通过多种渠道提醒用户，力求在合规的前提下提高回款效率。
~ 对于用户而言，理性看待催收、主动沟通才是明智之举。
~ 总之，只有各方共同努力，行业才能迎来健康发展的明天。
""",
    ),
    Case(
        "old-evergreen-other-hands-traditional",
        ("farm2",),
        "recycled",
        """
~ 近年来，米袋钱包的催收方式备受关注，众说纷纭。
~ 有人认为平台催收是正当的权利，也有人觉得频繁的提醒影响了生活。
~ 值得注意的是，米袋钱包一直致力于优化服务，不断提升用户体验。
~ 与此同时，用户也要合理规划自己的支出，量力而行。
~ 综上所述，催收既是挑战也是机遇，值得每一位用户深思。
""",
        "traditional",
    ),
    Case(
        "old-evergreen-2025",
        ("farm", "farm2"),
        "recycled",
        """
~ 进入2025年，米袋钱包又开始催收了，这让不少用户措手不及。
~ 催收的背后，是平台对资金安全的重视，也是行业竞争加剧的体现。
~ 智能化手段的应用，让催收变得更加精准和高效。
~ 不过，如何在效率与人情之间找到平衡，仍是平台需要思考的课题。
~ 我们期待米袋钱包能够不断完善，为用户提供更优质的服务。
""",
    ),
    Case(
        "old-only-common",
        ("sms",),
        "recycled",
        """
= @sms.1
= @sms.4
= @common.1
= @common.2
= @common.3
""",
        spread=True,
    ),
    Case(
        "old-common-law-traditional",
        ("farm",),
        "recycled",
        """
= @farm.3
= @farm.6
= @common.4
= @common.1
""",
        "traditional",
        spread=True,
    ),
    Case(
        "old-frame-around-known",
        ("sms",),
        "recycled",
        """
= 引言
= 本文将从多个角度为大家进行深入分析。
= @sms.1
= @sms.2
= @sms.3
= @sms.5
= 综上所述，对此我们应当理性看待。
= 以上就是全部内容，希望对您有所帮助。
""",
    ),
    Case(
        "old-guide-again",
        ("guide",),
        "recycled",
        """
= 青禾借逾期之后，借款人首先要核对本金与利息是否准确。
= @guide.2
= @guide.3
= @guide.4
~ 希望大家都能顺利上岸。
""",
    ),
    Case(
        "old-guide-other-hands",
        ("guide", "farm"),
        "recycled",
        """
~ 很多用户都想知道青禾借逾期了该怎么办。
~ 首先，不要惊慌，保持冷静是解决问题的第一步。
~ 其次，主动与平台客服联系，说明自己的困难，争取延期或者分期。
~ 最后，要养成良好的消费习惯，避免再次逾期。
""",
    ),
    Case(
        "old-stop-shortened",
        ("stop",),
        "recycled",
        """
= @stop.1
= @stop.3
= @stop.6
""",
    ),
    Case(
        "old-app-recent",
        ("app",),
        "recycled",
        """
= 近日，多家应用商店下架了顺信花的安卓版本。
= @app.2
= @app.3
= @app.4
""",
    ),
    Case(
        "old-topic-redated",
        ("topic",),
        "recycled",
        """
= @topic.1
= @topic.2
= @topic.4
""",
    ),
    Case(
        "old-figures-other-form",
        ("rate",),
        "recycled",
        """
= 本报记者调查发现，橙子借条部分借款合同的实际年化成本超过百分之三十六。
= 借款人李先生提供的合同显示，他借款八千元，12期共需归还11,200元。
= @rate.3
= @rate.6
""",
    ),
    Case(
        "old-spaced-court",
        ("court",),
        "recycled",
        """
= @court.2
= @court.3
= @court.4
= @court.5
= @court.6
""",
        "traditional annotated",
    ),
    Case(
        "old-rate-both-scripts",
        ("rate",),
        "recycled",
        """
= @rate.1
= @rate.3
= @rate.4
= @rate.6
""",
        "traditional",
    ),
    # Borderline.
    Case(
        "edge-first-of-its-platform",
        (),
        "new",
        """
+ 2024年，青禾借再次开始了催收行动，这引发了广泛的关注和讨论。
+ 随着催收力度的加大，许多借款人感受到巨大的心理压力。
""",
    ),
    Case(
        "edge-one-new-figure",
        ("sms", "farm"),
        "partly",
        """
= @sms.1
= @sms.2
= @sms.3
= @sms.4
= @farm.6
+ 青禾借今年前三季度的营业收入为14.2亿元，同比下降37%。
""",
    ),
    Case(
        "edge-amount-changed",
        ("fine",),
        "partly",
        """
+ 3月12日，江岸市金融管理局公布行政处罚决定书，云帆贷运营公司因违规收集个人信息被罚款130万元。
= @fine.2
= @fine.3
= @fine.6
""",
    ),
    Case(
        "edge-negation-only",
        ("fine",),
        "partly",
        """
= @fine.2
+ 对于处罚，云帆贷表示不接受，将在六十日内提起复议。
= @fine.4
= @fine.7
""",
    ),
    Case(
        "edge-person-changed",
        ("court",),
        "partly",
        """
= @court.2
+ 受害人刘某因母亲住院逾期两个月，其单位前台一天之内接到127通电话。
= @court.6
= @court.4
""",
    ),
    Case(
        "edge-farm-with-one-fact",
        ("farm",),
        "partly",
        """
= @farm.1
= @farm.2
= @farm.4
+ 青禾借在11月15日宣布，将把催收外包给宁川的远航资产公司。
= @farm.6
= @farm.8
""",
    ),
    Case(
        "edge-new-year-new-fact",
        ("farm",),
        "partly",
        """
= 2025年，青禾借再次开始了催收行动，这引发了广泛的关注和讨论。
= @farm.5
+ 据青禾科技三季报，其贷后员工已由600人增至1450人。
= @farm.7
""",
    ),
    Case(
        "edge-split-sentence",
        ("fine",),
        "recycled",
        """
= 3月12日，江岸市金融管理局公布行政处罚决定书。
= 云帆贷运营公司因违规收集个人信息被罚款310万元。
= @fine.3
""",
    ),
    Case(
        "edge-joined-sentences",
        ("app",),
        "recycled",
        """
= 7月4日，多家应用商店下架了顺信花的安卓版本，通信管理局此前通报，顺信花存在超范围收集个人信息的问题。
= @app.4
""",
    ),
    Case(
        "edge-longer-sentence",
        ("rate",),
        "partly",
        """
= @rate.1
+ 借款人李先生提供的合同显示，他借款8000元，十二期共需归还11200元，为此他已向临海市仲裁委员会申请仲裁，要求退还2100元。
= @rate.3
""",
    ),
    Case(
        "edge-common-but-figure-new",
        ("sms",),
        "partly",
        """
= @common.1
= @common.2
= @sms.1
+ 按照11月20日公布的一年期贷款市场报价利率计算，目前司法保护上限为12.4%，而青禾借的年化利率达到23.9%。
""",
        spread=True,
    ),
    Case(
        "edge-personal-story",
        ("sms", "farm"),
        "new",
        """
+ 我是去年冬天开始用青禾借的，当时母亲生病，我一下子借了三笔。
+ 上个月我失业了，第一通催收电话打到了我姐姐的理发店。
+ 我把那些号码都存进通讯录，存到第六十三个的时候我放弃了。
+ 后来一位做志愿者的律师帮我列了一张表，算出来多收了两千一百多块。
""",
    ),
    Case(
        "edge-opinion-of-named",
        ("court",),
        "partly",
        """
= @court.2
= @court.6
+ 江岸大学法学院教授冯远认为，此案追究到了制定规则的人，具有标志性的意义。
+ 他建议平台公布用过的全部外包商。
""",
    ),
    Case(
        "edge-platform-by-other-hands-news",
        ("farm", "guide"),
        "new",
        """
+ 青禾借的坐席团队昨天集体停工，抗议公司拖欠两个月提成。
+ 坐席组长小周说，停工的有180多人，占贷后部门的三成。
+ 青禾借人力资源部门答复称，提成将在本周五之前补发。
""",
    ),
    Case(
        "edge-two-platforms",
        ("fine", "app"),
        "partly",
        """
= @fine.2
= @app.2
+ 11月12日，通信管理局通报的第四批名单中，云帆贷和顺信花再次同时上榜。
= @app.4
""",
    ),
    Case(
        "edge-swapped-words-in-news",
        ("sms",),
        "recycled",
        """
= 近日，多位青禾借用户向本报记者反映，逾期后他们的亲友收到了催收短信。
= 家住宁川的周女士表示，她逾期第三天，单位前台就接到了十七个电话。
= 青禾借客服回应，公司严禁联系第三方，有关情况正在核实。
= 律师张明表示，向无关第三人披露欠款信息侵犯了借款人的隐私权。
""",
    ),
    Case(
        "edge-number-of-calls-changed",
        ("sms",),
        "partly",
        """
= @sms.1
+ 家住宁川的周女士说，她逾期第三天，单位前台就接到了四十七个电话。
= @sms.3
= @sms.7
""",
    ),
    Case(
        "edge-topic-no-platform",
        ("topic",),
        "recycled",
        """
= @topic.1
= @topic.3
= 有专家认为，自律公约并没有强制力，催收乱象仍需要立法规范。
""",
    ),
    Case(
        "edge-headlines-only",
        ("stop",),
        "recycled",
        """
= @stop.1
= @stop.2
~ 一、停业的背景

= @stop.5
~ 二、借款人怎么办

= @stop.6
""",
    ),
    Case(
        "edge-event-without-figures",
        ("guide",),
        "new",
        """
+ 青禾借宣布停止委托任何外部机构催收。
+ 公司发言人表示，今后所有贷后服务由自有团队完成。
+ 地方金融监管局对此表示欢迎，并称将继续监督落实情况。
""",
    ),
    Case(
        "edge-new-place",
        ("court",),
        "partly",
        """
= @court.2
= @court.4
+ 恒源咨询公司位于临海市的另一处办公点也已被查封。
= @court.6
""",
    ),
    Case(
        "edge-quote-new",
        ("sms",),
        "partly",
        """
= @sms.1
= @sms.2
+ “我已经把录音交给了警方。”周女士说。
= @sms.6
""",
    ),
    Case(
        "edge-question-answer",
        ("farm", "farm2", "guide"),
        "recycled",
        """
~ 青禾借会上门催收吗？
~ 一般来说，平台不会轻易采取上门的方式，更多的是通过电话提醒。
= @guide.2
~ 因此，大家不必过于担心，积极沟通即可。
""",
    ),
)
