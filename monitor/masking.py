"""Hide personal data in text that leaves the store; hotlines stay readable (design promise 7)."""

import re
from collections.abc import Iterator

# Look-alikes a content farm writes a number with, each to the one character it stands for, so
# that offsets survive: full-width forms, circled digits, the mathematical digit alphabets.
_PLAIN = (
    {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF5B))}
    | {ord(form): ord(plain) for form, plain in zip("＠＋－．（）　", "@+-.() ", strict=True)}
    | {0x2460 + n: 0x31 + n for n in range(9)}
    | {0x24EA: 0x30}
    | {0x1D7CE + n: 0x30 + n % 10 for n in range(50)}
    | dict.fromkeys((0x200C, 0x200D, 0x2060, 0xFEFF), 0x200B)
)
_FORMS = frozenset(map(chr, _PLAIN))
_GAP = "[ \u200b.\u00b7_-]{0,3}"  # what may stand between the groups of one number
_HIDDEN = "\u200b?"
_KEPT = " -\u200b"  # shows where the groups of a number were, and nothing of it

# 1[3-9] and nine digits: every mainland mobile number since 2010. Groups as people write them.
# An amount (13800000000元) or a decimal fraction is no number to call.
_MOBILE = re.compile(
    rf"(?<![0-9])(?<![0-9][.,])(?<![¥$€￥])(?:(?:\+|00)?86{_GAP}\)?{_GAP})?"
    rf"1[3-9][0-9]{_GAP}(?P<hide>"
    + "|".join(
        _GAP.join(rf"(?:[0-9]{_HIDDEN}){{{length}}}" for length in groups)
        for groups in ((4, 4), (3, 5), (1, 4, 3), (8,))
    )
    + r")(?![0-9]|[.,][0-9]|\s?(?:[元亿億股倍%]|万元|萬元|美元))"
)
_SPOKEN = re.compile(
    "(?<![〇零一二三四五六七八九幺壹])(?P<hide>[一幺壹][三四五六七八九叁肆伍陆陸柒捌玖]"
    "[〇零一二三四五六七八九幺壹贰貳叁肆伍陆陸柒捌玖]{9})(?![〇零一二三四五六七八九])"
)
# Region, birthday, sequence, check digit (GB 11643-1999); the form before 1999 has no century.
_DAY = r"(?:0[1-9]|1[0-2]) ?(?:0[1-9]|[12][0-9]|3[01])"
_IDENTITY = re.compile(
    rf"(?<![0-9])(?P<hide>[1-9][0-9]{{5}} ?(?:19|20)[0-9]{{2}} ?{_DAY} ?[0-9]{{3}}[0-9Xx]"
    rf"|[1-9][0-9]{{5}}[0-9]{{2}}{_DAY}[0-9]{{3}})(?![0-9])"
)
_CARD = re.compile(
    r"(?<![0-9])(?P<hide>[1-9][0-9]{12,18}|[1-9][0-9]{3}(?:[ -][0-9]{4}){3}(?:[ -]?[0-9]{1,3})?)(?![0-9])"
)
_CARD_LABEL = re.compile(r"(?:卡号|卡號|账号|賬號|帐号|帳號|账户|賬戶|银行卡|銀行卡)[^0-9]{0,8}$")
_MAIL = re.compile(
    r"(?<![A-Za-z0-9.])(?P<hide>[A-Za-z0-9][A-Za-z0-9._%+-]{0,63})"
    r"(?:\s?[\[(【]at[\])】]\s?|@)(?:[A-Za-z0-9-]{1,63}\.){1,5}[A-Za-z]{2,24}",
    re.IGNORECASE,
)
_QQ = re.compile(
    r"(?<![A-Za-z])(?:QQ|扣扣|企鹅号|企鵝號|Q号|Q號|Q群)"
    r"(?:群|号码|號碼|号|號|邮箱|郵箱|客服|[:：/是为為加]|\s){0,5}(?P<hide>[1-9][0-9]{4,11})(?![0-9])",
    re.IGNORECASE,
)
# 微信公众号 is a publication, not a person: its name stays. A bare 微信 needs a colon after it.
_WECHAT = re.compile(
    r"(?:(?:微信[号號]|微信[账賬帐帳][号號]|微信\s?ID|[Vv薇威徽]信[号號]?|加微信?|加[Vv])\s?[:：是为為]?"
    r"|(?<![A-Za-z0-9])(?:微信|we ?chat|weixin|v[xX]|V[xX]|w[xX]|W[xX])(?:\s?id)?\s?[:：是为為])"
    r"\s?(?P<hide>[A-Za-z0-9][A-Za-z0-9_-]{4,19})(?![A-Za-z0-9_-])",
    re.IGNORECASE,
)

_FIVE_DIGITS = re.compile(rf"(?:[0-9]{_GAP}){{5}}")
_QQ_SIGNS = ("qq", "扣扣", "企鹅", "企鵝", "q号", "q號", "q群")
_WECHAT_SIGNS = (
    "微信",
    "薇信",
    "威信",
    "徽信",
    "v信",
    "加微",
    "加v",
    "vx",
    "wx",
    "we chat",
    "wechat",
    "weixin",
)


def mask(text: str) -> str:
    """Replace personal data in `text` by asterisks, one for one, so that offsets survive.

    Mobile numbers keep three digits (150********), mail addresses their domain; identity and
    bank card numbers, QQ and WeChat ids go whole. 400…, 800…, 95xxx and landlines stay."""
    plain = text if _FORMS.isdisjoint(text) else text.translate(_PLAIN)
    hidden = [
        place for span in _spans(plain) for place in range(*span) if plain[place] not in _KEPT
    ]
    if not hidden:
        return text
    characters = list(text)
    for place in hidden:
        characters[place] = "*"
    return "".join(characters)


def _spans(plain: str) -> Iterator[tuple[int, int]]:
    """Find what to hide. Most texts hold nothing: cheap looks decide which patterns are tried."""
    lower = plain.lower()
    patterns = [_SPOKEN]
    if _FIVE_DIGITS.search(plain):
        patterns += [_MOBILE, _IDENTITY]
        yield from _cards(plain)
    if any(sign in lower for sign in ("@", "at]", "at)", "at】")):
        patterns.append(_MAIL)
    if any(sign in lower for sign in _QQ_SIGNS):
        patterns.append(_QQ)
    if any(sign in lower for sign in _WECHAT_SIGNS):
        patterns.append(_WECHAT)
    for pattern in patterns:
        for found in pattern.finditer(plain):
            yield found.span("hide")


def _cards(plain: str) -> Iterator[tuple[int, int]]:
    for found in _CARD.finditer(plain):
        digits = re.sub("[ -]", "", found["hide"])
        label = _CARD_LABEL.search(plain[max(0, found.start() - 16) : found.start()])
        # 3 to 6 are the banks' leading digits (ISO/IEC 7812), 62 is UnionPay's; of its
        # length it is a card even when a digit was mistyped.
        if (
            label
            or (digits[0] in "3456" and _luhn(digits))
            or (digits.startswith("62") and len(digits) in {16, 19})
        ):
            yield found.span("hide")


def _luhn(digits: str) -> bool:
    """Say whether the check digit is right (ISO/IEC 7812-1, annex B)."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
