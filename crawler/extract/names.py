"""Recognising people's names after the words that introduce them."""

import re
from collections.abc import Iterator

# The 250 most frequent surnames in both scripts, without those that read as a verb or a
# preposition after 记者 (从, 向, 在, 对, 和, 于, 时, 明, 成, 都, 经, 能, 通, 双, 同, 查, 解).
_SURNAMES = frozenset(
    "王李张張刘劉陈陳杨楊赵趙黄黃周吴吳徐孙孫胡朱高林何郭马馬罗羅梁宋郑鄭谢謝韩韓唐冯馮董萧蕭肖程曹袁邓鄧许許傅沈曾彭吕呂"
    "苏蘇卢盧蒋蔣蔡贾賈丁魏薛叶葉阎閻余潘杜戴夏钟鐘汪田任姜范方石姚谭譚廖邹鄒熊金陆陸郝孔白崔康毛邱秦江史顾顧侯邵孟龙龍万萬"
    "段雷钱錢汤湯尹黎易常武乔喬贺賀赖賴龚龔文庞龐樊兰蘭殷施陶洪翟安颜顏倪严嚴牛温溫芦季俞章鲁魯葛伍韦韋申尤毕畢聂聶丛焦柳"
    "邢路岳齐齊梅莫庄莊辛管祝左涂谷祁耿牟卜詹关關苗凌费費纪紀靳盛童欧歐甄项項裴席卫衛屈鲍鮑覃霍翁隋植甘景薄单單包柏"
    "宁寧柯阮桂闵閔解阳陽车車游应應仲沙房饶饒巩鞏褚奚连連习習符戚娄婁干巫栾欒敖臧佟宫宮芮蓝藍冉晏阙闕桑佘储儲晋晉蔺藺"
    "国國丘喻蒲冷边邊苑郎滕缪繆池卓匡仇楚晁杭党黨仝鄢郁豆舒古吉丰豐官练練商揭佐巴岑简簡司羿米巢楼樓"
)
_COMPOUND = (
    "欧阳",
    "歐陽",
    "上官",
    "司马",
    "司馬",
    "诸葛",
    "諸葛",
    "皇甫",
    "尉迟",
    "司徒",
    "慕容",
    "令狐",
    "夏侯",
    "东方",
    "東方",
    "张简",
    "張簡",
    "范姜",
)
# What is glued to a name in datelines and credits.
_AFTER_NAME = re.compile(
    r"台[北中南東湾灣]|臺[北中南東灣]|高雄|新[北竹]|桃園|彰化|屏東|花蓮|基隆|嘉義|南投|雲林|苗栗|宜蘭|澎湖|金門|連江|北京|上海|香港|廣州|广州|深圳|"
    r"[^\s]{1,2}[縣市]|整[理合]|即[時时]|專題|外電|[报報][导導道]|[摄攝]影?|[综綜]合|采[访訪写]|通[讯訊]|[编編][译譯辑輯]|[实實]习|文[/／]|[图圖]|\d|从|從|今|昨|近日|日[前电電]|了解|[获獲]悉|表示|[华華]盛|[东東]京|巴黎|[伦倫]敦|[纽紐][约約]"
)
_BREAK = re.compile(r"[\s、，,/／和及與与&]+")
_RUN = re.compile(r"[\s:：/／]*([\u4e00-\u9fff·•\s、，,/／和及與与&]{2,40})")


def is_person(name: str) -> bool:
    """Could this be a Chinese person's name: a known surname and one or two more characters?"""
    if name.startswith(_COMPOUND):
        return 3 <= len(name) <= 4
    return 2 <= len(name) <= 3 and name[0] in _SURNAMES


def people(text: str) -> str:
    """The names at the start of `text` (what follows 记者), joined by a space; empty when the
    first thing there is no name: 记者从…获悉."""
    run = _RUN.match(text)
    return " ".join(_names(run[1])) if run else ""


def _names(run: str) -> Iterator[str]:
    for part in _BREAK.split(run.strip()):
        glued = _AFTER_NAME.search(part, 2)
        name = part[: glued.start()] if glued else part
        if len(name) > 4 or (len(name) == 4 and not name.startswith(_COMPOUND)):
            name = name[:3]
        if not is_person(name):
            return
        yield name
        if name != part:
            return
