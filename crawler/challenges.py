"""Pages that ask who is reading instead of showing the article: recognised, never answered.

Taken for an article, such a page would be mailed as an edit of whatever stood at its address;
taken for a changed layout, somebody would look for a selector that is not missing."""

import re

from scrapy.http import Headers

from crawler.article import Article

# The longest seen are under 200 characters; an article about captchas is longer than this.
LONGEST = 300

# As a whole title, up to the site's name: the pages of Chinese firewalls (加速乐, 阿里云, 腾讯云, 极验)
# and of Cloudflare, Akamai and Imperva.
_TITLE = re.compile(
    r"\s*(?:(?:安全|人机|访问|身份|滑块|滑动)(?:验证|驗證)(?:中心|页面|頁面)?|(?:请|請)?(?:输入|輸入)?(?:验证码|驗證碼)|"
    r"(?:访问|訪問)(?:异常|異常|受限|过于频繁|過於頻繁|被拒绝|被拒絕)|just a moment\.*|attention required!?|"
    r"access denied|captcha|robot check|security check|are you (?:a )?(?:human|robot)\??)"
    r"\s*(?:$|[-_|–—])",
    re.IGNORECASE,
)
_WORDS = (
    re.compile("验证码|驗證碼|captcha", re.IGNORECASE),
    re.compile(
        "(?:完成|进行|進行|通过|通過)(?:下方|以下|安全|人机|人機|滑块|滑塊)*(?:验证|驗證|拼图|拼圖)"
    ),
    re.compile("(?:拖动|拖動|按住|滑动|滑動)(?:下方|左侧|左側)?(?:的)?(?:滑块|滑塊)"),
    re.compile("(?:访问|訪問|请求|請求|操作)(?:过于|過於|太)(?:频繁|頻繁)"),
    re.compile("(?:网络|網絡|访问|訪問|IP)(?:环境|環境|地址)?(?:存在)?(?:异常|異常)"),
    re.compile("(?:continue|继续|繼續|恢复|恢復)\\s*(?:访问|訪問|to (?:the )?site)", re.IGNORECASE),
    re.compile(
        "verify (?:that )?you are (?:a )?human|checking your browser|enable javascript and cookies",
        re.IGNORECASE,
    ),
    re.compile("unusual traffic|your request has been blocked|ray id", re.IGNORECASE),
)
# One of them stands in many a short notice; two do not.
_ENOUGH = 2

# What the firewalls' own pages load and set. Ordinary pages carry some of it too (Cloudflare puts
# challenge-platform into every page, forms have a captcha): it counts where no article is.
_MACHINERY = re.compile(
    rb"_cf_chl_opt|/cdn-cgi/challenge-platform/|cf-turnstile|cf_captcha_kind|"  # Cloudflare
    rb"aliyun_waf|acw_sc__v[23]|AliyunCaptcha|nocaptcha/|awsc\.js|_____tmd_____/punish|"  # 阿里云
    rb"TencentCaptcha|TCaptcha|turing\.captcha\.(?:qcloud|gtimg)|waf-captcha|"  # 腾讯云
    rb"initGeetest|static\.geetest\.com|__jsl_clearance|wappass\.baidu\.com/static/captcha|"  # 极验, 加速乐, 百度
    rb"\$_ts\s*=\s*window|"  # 瑞数
    rb"g-recaptcha|h-captcha|hcaptcha\.com/1/api|captcha-delivery\.com|px-captcha|_pxAppId|"
    rb"_Incapsula_Resource|sec-if-cpt-container|AwsWafIntegration|awsWafCookieDomainList"
)
_MACHINERY_BYTES = 256 * 1024
# Statuses that firewalls send their pages with (阿里云 405, 瑞数 412, 加速乐 521).
_REFUSALS = frozenset({401, 403, 405, 412, 418, 429, 503, 521})
# Headers in which a firewall says it outright (Cloudflare, AWS WAF).
_SAID_OUTRIGHT = (
    (b"Cf-Mitigated", (b"challenge",)),
    (b"X-Amzn-Waf-Action", (b"challenge", b"captcha")),
)


def is_challenge(article: Article) -> bool:
    """Whether a page that was read as an article asks its reader for a proof instead."""
    if len(article.body) > LONGEST:
        return False
    if _TITLE.match(article.title):
        return True
    text = f"{article.title}\n{article.body}"
    return sum(1 for word in _WORDS if word.search(text)) >= _ENOUGH


def is_challenge_answer(status: int, headers: Headers, body: bytes) -> bool:
    """Whether an answer is a firewall's question, by its headers or, when it refuses, its machinery.

    The body is as it came: what is encoded shows nothing, and then the header has to."""
    for name, values in _SAID_OUTRIGHT:
        # By the form in which Scrapy keeps names: `in headers` makes it anew each time.
        if name in dict.keys(headers) and (headers[name] or b"").strip().lower() in values:
            return True
    return status in _REFUSALS and is_challenge_machinery(body)


def is_challenge_machinery(body: bytes) -> bool:
    """Whether a page that shows no article is made of what a captcha is made of."""
    return _MACHINERY.search(body, 0, _MACHINERY_BYTES) is not None
