"""Names of people, firms and places in folded text, told by what stands beside them. Pure.

Made for one question: was the word that one of two otherwise equal sentences has in place of the
other's a name? So it may call much a name that is none, but no usual word beside a usual word."""

import re

from monitor.changes.synonyms import groups_of

# Words that end where a name begins (被告单位恒源公司), and kinds of firms, which are no names.
_STOP = "的了在与和是被把为从对向由等该这那其某各及以于至到后前少些"
_COMMON = (
    "侦破|破获|转卖|转让|转售|吸金|诈骗|冒充|假冒|仿冒|伪冒|假扮|慎防|提防|不少|许多|众多|多间|数家|几间|个别|一些|大批|大型|某些|另一|其他|外部|外包|委外|外判|收数|讨债|融资|租赁|国内|全国|全台|全港|合作|上市|网贷|小贷|科技|互联网|金融|管理|有关|相关|涉事|涉案|多家|两家|三家|几家|第三方|催收|贷款|借贷|"
    "放贷|助贷|担保|母|子|分|总|我|本|大|小|新|商业|地方|中小|持牌|银|国有|当地|各地|人民|监管|主管|检察|仲裁"
)
_FIRM = re.compile(
    rf"(?:(?!{_COMMON})[\u4e00-\u9fff](?<![{_STOP}])(?<![多几两数\d一三四五六七八九十]家)){{2,4}}"
    r"(?:(?:商务|资产|信息|网络|法律|企业|财务|数据|金融)?(?:咨询|科技|服务|管理|技术)?(?:有限|股份)*公司|集团|银行|事务所|证券|研究院|研究所)"
)
_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜谢邹苏潘葛范彭鲁韦马方俞任袁柳鲍史唐费薛雷贺倪汤罗毕"
    "郝邬安常傅齐康伍余顾孟黄穆萧尹姚邵汪毛戴宋庞熊纪舒项董梁杜阮蓝季贾江郭梅林钟徐邱骆高夏蔡田樊胡凌霍万卢莫房丁邓洪"
    "石崔龚程陆段侯武刘龙叶黎白赖谭温庄曾关游龚冉肖涂易廖"
)
# 郑某, 陈女士: a name by its form alone.
_CALLED = rf"[{_SURNAMES}][某姓]某?|[{_SURNAMES}](?:先生|女士|小姐|律师|法官|检察官|教授|经理|主任|队长)|小[{_SURNAMES}]"
# Surnames that begin usual words.
_NO_NAME = "(?!方面|许多|陆续|曾[经在任于以]|高[喊声达]|严[重格]|金[额融]|任[由凭何意]|万[元余])"
_PERSON = re.compile(
    _CALLED
    + rf"|(?<=[制保证表理办起系始责告诉持言疑]人|记者|律师|法官|教授|人员|学者|专家|经理|主管|局长|行长|总裁|事长|检察|主任|处长|科长|组长|会长|书长|干事|部长|厅长|市长|县长|镇长|村长|里长|校长|董事|监事|助理|秘书|司机|顾问|特助|理事|代表|委员|议员|立委|店长|站长|班长|社长|园长|总监|原告|股东|业主|店主|主嫌|嫌犯|被告|死者|事主|苦主|屋主|老板|男子|女子|主席|董秘|队长|院长){_NO_NAME}[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}"
    # 核准冯亮担任行长: before a verb that people do, or behind one that is done to them.
    rf"|(?<=核准|任命|聘任|选举|推选|提名)[{_SURNAMES}](?!方面)[\u4e00-\u9fff]{{1,2}}"
    rf"|(?:(?!方面)[{_SURNAMES}])[\u4e00-\u9fff]{{1,2}}(?=担任|出任|接任|辞任|卸任|当选)"
)
_SPEAKER = re.compile(
    rf"(?!方面|许多)[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}(?=认为|表示|说|称|指出|介绍|透露|坦言|回应|辩称|提醒|建议)"
)
_PLACE = re.compile(
    rf"(?:(?![{_STOP}上超门股楼债入同]|城(?!市)|[大小各全本该这那某都新县]城市)[\u4e00-\u9fff]){{2}}(?:省|市(?![民场值面价])|县(?!民)|自治区|自治州|开发区|新区)"
    r"|[港上深北]交所|纽交所|联交所|北京|上海|天津|重庆|广州|深圳|杭州|南京|苏州|成都|武汉|西安|郑州|长沙|青岛|济南|沈阳|大连|宁波|厦门|福州|合肥|昆明|南昌"
    r"|石家庄|哈尔滨|长春|太原|贵阳|南宁|海口|兰州|银川|西宁|拉萨|乌鲁木齐|呼和浩特|香港|澳门|台北|高雄|台中|新北|桃园|台南"
    r"|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾|内蒙古"
    r"|广西|西藏|宁夏|新疆"
)
# A product that no list has: in quotation marks, by how such are called, before what it is, or among
# others that are listed.
_BRANDED = "(?:贷|借|钱包|分期|白条|金服|普惠|有钱|花)"
_PRODUCT = re.compile(
    r"(?<=[“「『\"])[\u4e00-\u9fffa-z0-9]{2,8}(?=[”」』\"](?:app|平台|软件|贷款|小程序|公司|产品|客户端))"
    rf"|(?:(?![{_STOP}])[\u4e00-\u9fff]){{1,3}}{_BRANDED}"
    r"(?=app|平台|软件|小程序|客户端|公司|成立|上线|官方|客服|运营)"
    rf"|(?<=[、和与及])(?:(?![{_STOP}])[\u4e00-\u9fff]){{1,4}}{_BRANDED}(?=[、,。;和与及等]|\W*$)"
    rf"|(?:(?![{_STOP}])[\u4e00-\u9fff]){{1,4}}{_BRANDED}(?=[、和与及])"
)
_LATIN = re.compile(r"[a-z][a-z0-9.&-]{2,}")
_ALL = (_FIRM, _PERSON, _PLACE, _PRODUCT, _LATIN)
LONGEST_PERSON = 3
# A name begins and ends at most so far from the characters that differ.
_AROUND = 16


def name_at(folded: str, start: int, end: int) -> str:
    """The name that the characters from `start` to `end` are a part of; empty for none."""
    begins, ends = name_span(folded, start, end)
    return folded[begins:ends]


def name_span(folded: str, start: int, end: int) -> tuple[int, int]:
    """From where to where that name stands; an empty range for none."""
    first = max(0, start - _AROUND)
    near = folded[first : end + _AROUND]
    for pattern in _ALL:
        for match in pattern.finditer(near):
            if first + match.start() < end and start < first + match.end():
                return first + match.start(), first + match.end()
    return _given_name(folded, start, end)


def _given_name(folded: str, start: int, end: int) -> tuple[int, int]:
    """From where to where a person's name stands of which the given name is meant, if the text calls
    him by his surname elsewhere: 郑国梁 … 郑某."""
    for surname in range(max(0, start - 2), start):
        if folded[surname] in _SURNAMES and end <= surname + LONGEST_PERSON:
            is_usual = groups_of(folded[surname : surname + 2]) or folded[surname - 1] in "小老阿"
            if not is_usual and re.search(f"{folded[surname]}(?:某|先生|女士|小姐|姓)", folded):
                return surname, max(end, min(surname + LONGEST_PERSON, len(folded)))
    return start, start


def persons_in(folded: str) -> list[str]:
    """The people that a passage names."""
    return [match[0] for each in (_PERSON, _SPEAKER) for match in each.finditer(folded)]


# Who was told by one of these may be named now.
_PRONOUN = re.compile(r"[他她其我]|对方|[二两]人|双方")


def names_another(passage: str, other: str) -> bool:
    """Whether a passage names somebody of whom another, told without pronouns, says nothing."""
    known = persons_in(other)
    return not _PRONOUN.search(other) and any(
        each not in other and not any(is_one_name(each, one) for one in known)
        for each in re.findall(_CALLED, passage)
    )


_SURNAME = re.compile(rf"小?(?P<name>[{_SURNAMES}])(?P<rest>.*)$")
# What stands behind a surname in a given name's place, by what it says of the person.
_OF_MEN, _OF_WOMEN = "先生", ("女士", "小姐")
_TITLES = ("律师", "法官", "检察官", "教授", "经理", "主任", "队长")


def is_one_name(one: str, other: str) -> bool:
    """Whether two names can be one: in full and in short, or a person's with and without what
    tells who it is (陈启明, 陈某, 陈先生)."""
    if not one or not other:
        return False
    short, long = sorted((one, other), key=len)
    if short in long:
        return True
    if _is_firm(short) and _is_firm(long):
        rest = iter(long)
        return all(each in rest for each in short)
    ours, theirs = _SURNAME.match(one), _SURNAME.match(other)
    if not ours or not theirs or ours["name"] != theirs["name"]:
        return False
    calls = [_call(each) for each in (ours["rest"], theirs["rest"])]
    return calls != ["given", "given"] and not {"man", "woman"} <= set(calls)


def _is_firm(name: str) -> bool:
    return name.endswith(("公司", "集团", "银行", "事务所"))


def _call(rest: str) -> str:
    """How a person of that surname is called."""
    if rest == _OF_MEN:
        return "man"
    if rest in _OF_WOMEN:
        return "woman"
    return "some" if rest in {"", "某", "某某", "姓", *_TITLES} else "given"
