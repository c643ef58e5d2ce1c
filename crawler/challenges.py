"""Pages that ask who is reading instead of showing the article: served with 200, and no article.

Taken for one, such a page would be mailed as an edit of whatever stood at its address."""

import re

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


def is_challenge(article: Article) -> bool:
    """Whether a page that was read as an article asks its reader for a proof instead."""
    if len(article.body) > LONGEST:
        return False
    if _TITLE.match(article.title):
        return True
    text = f"{article.title}\n{article.body}"
    return sum(1 for word in _WORDS if word.search(text)) >= _ENOUGH
