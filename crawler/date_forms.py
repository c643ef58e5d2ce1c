"""How pages write days, times of day and distances in time: the grammar behind `dates`."""

import re

from crawler.numerals import NUMERALS

# English, and the German, French, Spanish, Italian, Portuguese and Dutch names that differ: sites
# of those countries report on lenders too, and the names cannot be mistaken for anything else.
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar janvier enero gennaio janeiro januari",
            "february feb februar février febrero febbraio fevereiro februari",
            "march mar märz mars marzo março maart",
            "april apr avril abril aprile",
            "may mai mayo maggio maio mei",
            "june jun juni juin junio giugno junho",
            "july jul juli juillet julio luglio julho",
            "august aug août agosto augustus",
            "september sept sep septembre septiembre settembre setembro",
            "october oct oktober octobre octubre ottobre outubro",
            "november nov novembre noviembre novembro",
            "december dec dezember décembre diciembre dicembre dezembro",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH_NAMES = "|".join(sorted(MONTHS, key=len, reverse=True))
_CN = f"[{NUMERALS}]"

_DAY = rf"""
    (?P<roc>(?:中[華华])?民[國国]\s*|(?<![\d./-])(?=1[01]\d\s*[年./-]\s*\d\d?\s*[月./-]\s*\d))
        (?P<roc_y>\d{{2,3}})\s*[年./-]\s*(?P<roc_m>\d{{1,2}})\s*[月./-]\s*(?P<roc_d>\d{{1,2}})\s*[日號号]?
  | (?<!\d)(?P<y>(?:19|20)\d\d)\s*[年./\-－–]\s*(?P<m>\d{{1,2}})\s*[月./\-－–]\s*(?P<d>\d{{1,2}})\s*[日號号]?
  | (?<!\d)(?P<cy>(?:19|20)\d\d)(?P<cm>0[1-9]|1[0-2])(?P<cd>0[1-9]|[12]\d|3[01])
  | (?<!\d)(?P<xy>20\d\d)\s*(?P<xm>0\d|1[0-2])/(?P<xd>[0-3]\d)(?=\s*\d\d:\d\d)
  | (?P<hy>[〇零○一二三四五六七八九]{{4}})年(?P<hm>{_CN}{{1,3}})月(?P<hd>{_CN}{{1,3}})[日號号]
  | (?<![\d.])(?P<gd>\d{{1,2}})\.\s?(?P<gm>\d{{1,2}})\.\s?(?P<gy>(?:19|20)\d\d)
  | (?<![\d./-])(?P<sy>\d\d)[./-](?P<sm>\d\d)[./-](?P<sd>\d\d)(?![./-])
  | 民[國国](?P<ry>{_CN}{{1,6}})年(?P<rm>{_CN}{{1,3}})月(?P<rd>{_CN}{{1,3}})[日號号]
  | (?P<which>[今本去前]年\s*)?(?<!\d)(?P<nm>\d{{1,2}})\s*月\s*(?P<nd>\d{{1,2}})\s*[日號号]
  | (?<![\d./-])(?P<tm>\d{{1,2}})[/-](?P<td>\d{{1,2}})(?=\s*\d{{1,2}}[:：]\d\d)
  | \b(?P<em>{_MONTH_NAMES})\b\.?\s+(?P<ed>\d{{1,2}})(?:st|nd|rd|th)?\b,?\s+(?P<ey>(?:19|20)\d\d)
  | (?<!\d)(?P<fd>\d{{1,2}})(?:st|nd|rd|th|\.)?[\s-]+(?:(?:of|de)\s+)?(?P<fm>{_MONTH_NAMES})\b\.?,?[\s-]+(?:de\s+)?(?P<fy>(?:19|20)\d\d)
  | (?P<word>大前天|前天|前日|昨天|昨日|昨晚|今天|今日|今晨|今晚|yesterday|today)
"""
_BETWEEN = r"""
    (?:\s|[,，、T·|]|&nbsp;|at\b|的
       |[(（]?(?:星期|[週周]|禮拜|礼拜)[一二三四五六日天][)）]?|[(（][一二三四五六日][)）]
       |(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b)*
"""
_HALF = "凌晨|清晨|早上|早晨|早|上午|中午|下午|傍晚|晚上|晚間|晚间|夜间|夜間|深夜|半夜|晚|夜"
_ZONE = r"Z(?![a-z])|(?:GMT|UTC)\s*(?:[+-]\d{1,2}(?::?\d\d)?)?|[+-]\d\d:?\d\d(?!\d)|E[SD]T|P[SD]T"
_TIME = rf"""
    (?P<half>{_HALF}|[ap]\.?m\.?(?![a-z]))?\s*
    (?P<h>\d{{1,2}}|{_CN}{{1,3}}(?=[点點時时]))\s*
    (?:[:：]|[点點時时](?![前內内]))\s*
    (?:(?P<mi>[0-5]\d|\d(?=[分])|半|整|{_CN}{{1,3}}(?=分))\s*[分]?)?
    (?:\s*(?:[:：]|(?<=分))\s*(?P<s>[0-5]\d)\s*秒?(?:\.\d+)?)?
    (?:\s*(?P<late>[ap]\.?m\.?(?![a-z])|上午|下午))?
    (?:\s*(?P<zone>{_ZONE}))?
"""
# What every day's form begins with: asked at each character before all of them are tried there
# (measured: 4 µs for a line of prose with a date in it instead of 106).
BEGINS = r"(?=[\da-z中民〇零○一二三四五六七八九今本去前大昨])"
ABSOLUTE = re.compile(
    rf"{BEGINS}(?:{_DAY})(?:{_BETWEEN}{_TIME}|(?!\d))", re.VERBOSE | re.IGNORECASE
)
CLOCK_FIRST = re.compile(
    r"(?<![\d:])(\d{1,2}:\d\d(?::\d\d)?\s*(?:[ap]\.?m\.?)?)[\s,，|·]+(?:on\s+)?$", re.IGNORECASE
)
STAMP = re.compile(
    r"(?<!\d)((?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))([01]\d|2[0-3])([0-5]\d)([0-5]\d)?(?!\d)"
)
AGO = re.compile(
    rf"(?P<now>刚刚|剛剛|刚才|剛才|just now)"
    rf"|(?P<n>\d{{1,4}}|半|{_CN}{{1,3}}|an?(?=\s)|几|幾)\s*个?個?\s*"
    rf"(?P<unit>秒[钟鐘]?|分[钟鐘]?|小?[时時]|天|日|[周週]|星期|月|年"
    rf"|(?:sec(?:ond)?|min(?:ute)?|hr|hour|day|week|month|year)s?)\s*(?:之?前|以前|ago)",
    re.IGNORECASE,
)
CLOCK_ONLY = re.compile(rf"\s*{_TIME}\s*", re.VERBOSE | re.IGNORECASE)
