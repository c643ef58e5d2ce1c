"""Tell a name from the everyday words it is written with, by what stands right beside it.

花呗 in 花呗的账单 and 关闭花呗 is a product, in 想花就花呗 a verb and a particle; 有钱花 in 有钱花逾期
is a product, in 没有钱花 it is what wages are for. Chinese marks neither, but few words go
before or after both. All patterns read the search key of a text (Simplified, NFKC)."""

import re
from typing import Literal

from seeds.match.crossings import crosses

# What a credit product has, does and suffers, right after its name; none of these follows the
# everyday phrase.
_PRODUCT = (
    "逾期|账单|额度|提额|降额|催收|利率|利息|年化|费率|息费|手续费|罚息|违约金|本金|欠款|客服|"
    "app|平台|用户|会员|账户|账号|官方|官网|官微|公司|集团|开通|关闭|关停|注销|停用|"
    "上征信|接入|征信|风控|审核|放款|下款|到账|秒批|秒拒|授信|信用|起诉|投诉|暴力|骚扰|爆通讯录|"
    "短信|协商|最低还款|自动扣|扣款|还不上|还不起|还不了|没还|未还|还清|提前还|借款|借贷|借了|借的|贷款|贷了|"
    "欠了|欠我|欠的|套现|提现|取现|分期|免息|年利率|日利率|宣布|回应|推出|上线|下架|更名|改名|旗下|被曝|被指|被罚|"
    "被约谈|被点名|被催|被起诉|被投诉|被关|被封|被冻|被降|被盗|被执行|被风控|被拒|被限|被停|被清|被扣|合同|协议|公告|隐私|"
    "登录不|登不上|打不开|打开就|闪退|卸载|要上市|还款|服务费|担保费|客户端|联名|借钱|业务|产品|网贷|消费金融|一直打电话|打电话|发短信|天天打|每天打|"
    "资金方|资方|出资方|股东|母公司|老板|创始人|员工|冲刺|上市|过会|ipo|获批|披露|发布|发行|的?abs|借过|突然|首页|入口|页面|弹窗|这款|这家|是一家|是正规|正规吗|靠谱吗|靠不靠谱|可靠吗|合法吗|安全吗|是啥|是干啥|是干嘛|是什么|是哪|是不是正规|会不会起诉|会不会上门|"
    "(?:怎么|如何|能不能|可以|可不可以|不能|没法|无法)(?:还|开|提|借|关|注销|申请|取消|分期|办|协商|投诉|延期|下款|登)"
)
# An ordinary word may stand between the name and that: 花呗的额度, 借呗里还有欠款.
_LINK = r"(?:的|里的?|上的?|那边的?|这边的?|这个|这种)?"
_AFTER = re.compile(rf"{_LINK}(?:{_PRODUCT})|[(]?(?:app|借款|贷款)\b")
# Words right before the name that take a product as their object.
_TAKES = (
    "开通|开了|关闭|关了|关掉|注销|注销了|下载|卸载|登录|登陆|打开|点开|申请|申请了|绑定|支持|接入|停用|恢复|"
    "欠|欠了|欠着|拖欠|还清|还清了|还完|还完了|逾期|透支|起诉|投诉|举报|状告|旗下|推出|推出的|旗下的|名为|叫做|"
    "联系|使用|使用了|通过|关于|针对|包括|比如|例如|冒充|假冒|自称|涉及|接到|收到|支付宝|蚂蚁|抖音|百度|京东|度小满|"
    "推荐我用|推荐用|推荐过|宣布|用的是|用的|在用|借的是|欠的是|装了|改叫|改名叫|乐信|数禾|趣店|萨摩耶|凡普|字节|头条"
)
_BEFORE = re.compile(rf"(?:{_TAKES})[了的过]?$")
_QUOTED = {"“": "”", "「": "」", "『": "』", "《": "》", "【": "】", "[": "]", "<": ">", '"': '"'}
# Likewise for names that end in 呗, where the verb cannot be that of the phrase.
_BEFORE_PARTICLE = re.compile(
    rf"(?:{_TAKES}|用|用过|用完|还|在|从|把|将|被|对|刷|撸|套|靠|因为|因|叫|是|为|及|和|与|或|有|没有|只有|像|"
    r"戒|戒掉|戒了|远离|告别|抵制|碰|碰了|删|删了|删掉|删除|换|换成|停|停了|关|开|毁在|选|选择|除了|"
    r"还了|借了|用了|点了|下了|清了|催|(?<![该要想能可会]\w)的)$"
)
# What goes before a verb: with it, V呗 is speech (想花就花呗, 找朋友借呗).
_SPEECH = re.compile(
    r"(?:就|则|便|再|先|都|该|想|要|会|能|敢|肯|可以|可|得|快|慢慢|慢|随便|尽管|直接|一起|一块|去|来|你|我|他|她|它|您|"
    r"们|咱|俺|人|家|自己|那|么|钱|呀|不|没|别|着|点|些|赶紧|赶快|努力|使劲|放开|尽量|接着|继续|随意|任意|"
    r"爱|多|少|只好|只能|哪|谁|怎么|还是|省|花|借|好好|痛快|大胆|一点一点|当然|照样|照)$"
    r"|(?:找|跟|向|问|管|给|替|帮|拿|同|为|把)[^,。!?;:\n、]{1,8}$"
)
# Where a clause goes on after V呗 in speech without a comma: 想花就花呗反正有钱.
_SPOKEN_ON = re.compile(
    r"(?:反正|别|怕|有什么|有啥|何必|何苦|难道|谁|咱|哪|又不|又没|大不了|多大|没什么|没啥|不然|要不|"
    r"还能|还想|还要|啊|呀|哈|嘛|呢|吧|~|\^)"
)
_CLAUSE_START = re.compile(
    r"(?:^|[\n,。!?;:.~\s)”】]|说|说过|觉得|发现|知道|认为|以为|感觉|为什么|为何|怎么)$"
)

# A text never begins with speech that lacks its occasion: 花呗,到底该不该关.
_TOPIC_MARKS = (",", ":", "-", "—")

Reading = tuple[Literal["name", "speech", "open"], str]
_REACH = 12
# 什么是桔多多?
_ASKED = re.compile(
    r"(?:什么是|什么叫|何为|何谓|啥是|啥叫|听说过|聊聊|说说|介绍一下|认识一下)[“「《]?$"
)
_ASKS = re.compile(r"[”」》]?(?:[?!:\n]|吗|呢|这个)")
# What a clause goes on with, other than a word.
_OPENS = frozenset("(《“「、/")
_PLACE = re.compile(r"上|里|借|贷|申请|办|买|注册|提交|填|分期|套|提")


def read_particle(text: str, start: int, end: int) -> Reading:
    """Read a name that ends in 呗 in its clause; `open` when the clause does not tell."""
    left = text[max(0, start - _REACH) : start]
    certain = _certain(text, start, end)
    if certain:
        return "name", certain
    takes = _BEFORE_PARTICLE.search(left)
    if takes:
        return "name", f"preceded by {takes[0]!r}"
    spoken = _SPEECH.search(left)
    if spoken:
        return "speech", f"speech: {spoken[0]!r} goes before a verb"
    return _read_right(text, left, end)


def _read_right(text: str, left: str, end: int) -> Reading:
    """Read what follows a name that ends in 呗, when `left` of it nothing tells."""
    if _goes_on(text, end):
        if _SPOKEN_ON.match(text, end) and not _CLAUSE_START.search(left):
            return "speech", "speech that goes on without a comma"
        return "name", "used as a name inside a clause"
    if text[end : end + 1] in _TOPIC_MARKS and not left.strip():
        return "name", "the subject the text begins with"
    return "open", "ends a clause as speech does"


def read_phrase(text: str, start: int, end: int) -> Reading:
    """Read a name that is an everyday phrase or thing, too; `open` when neither side tells."""
    certain = _certain(text, start, end)
    if certain:
        return "name", certain
    left = text[max(0, start - _REACH) : start]
    takes = _BEFORE.search(left)
    if takes:
        return "name", f"preceded by {takes[0]!r}"
    if left.endswith(("在", "从")) and _PLACE.match(text, end):
        return "name", "a place to borrow from"
    return "open", "neither side tells the name from everyday words"


def read_everyday(text: str, start: int, end: int) -> Reading:
    """Read a name that everyday words only make up across their borders (快|闪银|行, 分期|乐得).

    At the start of a clause, where no such word runs across them, nothing is left for it to be
    cut out of."""
    reading = read_phrase(text, start, end)
    asked = _ASKED.search(text, max(0, start - _REACH), start)
    if reading[0] == "open" and asked and _ASKS.match(text, end):
        return "name", "asked what it is"
    opens = _CLAUSE_START.search(text[max(0, start - _REACH) : start])
    if reading[0] == "open" and opens and text[end : end + 1].isalnum():
        if any(crosses(text, start, end)):
            return "open", "a word of everyday runs across its border"
        return "name", "the subject of a clause"
    return reading


def _certain(text: str, start: int, end: int) -> str | None:
    """Give what shows a name of any kind: quotation marks, or what only a product has."""
    product = _AFTER.match(text, end)
    if product:
        return f"followed by {product[0]!r}"
    if start and _QUOTED.get(text[start - 1]) == text[end : end + 1]:
        return "in quotation marks"
    return None


def _goes_on(text: str, end: int) -> bool:
    """Tell whether the clause goes on after `end`."""
    following = text[end : end + 1]
    return following.isalnum() or following in _OPENS
