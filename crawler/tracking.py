"""Query parameters that say how a reader came, or which reader, not what is read.

Left out on purpose, because sites also use them for content: `ref`, `source`, `id`, `t`, `p`."""

import re

# Each name with the place it comes from. Names are compared in lower case.
_NAMES: dict[str, str] = {
    # Advertising clicks
    "gclid": "Google Ads click identifier (support.google.com/google-ads/answer/9744275)",
    "gclsrc": "Google Ads",
    "gbraid": "Google Ads on iOS",
    "wbraid": "Google Ads on iOS",
    "dclid": "Google Display & Video 360",
    "fbclid": "Facebook click identifier",
    "msclkid": "Microsoft Advertising",
    "yclid": "Yandex Direct",
    "twclid": "Twitter Ads",
    "ttclid": "TikTok Ads",
    "igshid": "Instagram share",
    "bd_vid": "Baidu oCPC click identifier",
    "qz_gdt": "Tencent advertising (GDT) click identifier",
    "gdt_vid": "Tencent advertising (GDT) click identifier",
    "clickid": "affiliate networks",
    # Mail campaigns
    "mc_cid": "Mailchimp campaign",
    "mc_eid": "Mailchimp reader",
    "_hsenc": "HubSpot",
    "_hsmi": "HubSpot",
    "mkt_tok": "Marketo",
    # Web analytics
    "_ga": "Google Analytics cross-domain linker",
    "_gl": "Google Analytics cross-domain linker",
    "spm": "Alibaba's position code (SPM); also sohu.com and csdn.net",
    "spm_id_from": "bilibili.com, the same idea",
    "scm": "Alibaba's content code, stands beside spm",
    "pvid": "Alibaba and Tencent page view identifier",
    "vd_source": "bilibili.com share",
    "hmsr": "Baidu Tongji campaign (tongji.baidu.com): source",
    "hmpl": "Baidu Tongji campaign: plan",
    "hmcu": "Baidu Tongji campaign: unit",
    "hmkw": "Baidu Tongji campaign: keyword",
    "hmci": "Baidu Tongji campaign: creative",
    "_trans_": "Tencent News channel",
    "chksm": "mp.weixin.qq.com checksum; sn alone names the article",
    "wfr": "Baidu feed: wfr=spider",
    "yidianzixun_from": "Yidian Zixun",
    "ivk_sa": "qq.com and 163.com app wake-up",
    "ncid": "news portals' newsletter and partner code",
    "cmpid": "Bloomberg, BBC campaign",
    # Sessions: a new one for each reader makes every article a new address each time
    "phpsessid": "PHP (php.net/session.use_trans_sid)",
    "jsessionid": "Java servlets; also as `;jsessionid=` in the path, see SESSION_PATH",
    "cfid": "ColdFusion",
    "cftoken": "ColdFusion",
    "zenid": "Zen Cart",
    "oscsid": "osCommerce",
    # Shares from apps
    "isappinstalled": "WeChat adds it to links shared from the app (value 0 or 1)",
    "share_token": "toutiao.com share",
    "share_from": "Weibo and Toutiao share",
    "share_source": "bilibili.com and Zhihu share",
    "share_medium": "bilibili.com share",
    "share_session_id": "bilibili.com share",
    "share_plat": "bilibili.com share",
    "share_tag": "bilibili.com share",
    "sharer_sharetime": "WeChat share",
    "sharer_shareid": "WeChat share",
    "sharer_shareinfo": "WeChat share",
    "sharer_shareinfo_first": "WeChat share",
    "wxshare_count": "WeChat share",
    "nsukey": "WeChat's in-app browser",
    "srcid": "WeChat share",
    "scene": "WeChat: where the link was opened",
    "clicktime": "mp.weixin.qq.com",
    "enterid": "mp.weixin.qq.com",
    "pass_ticket": "mp.weixin.qq.com session",
    "exportkey": "mp.weixin.qq.com session",
    "wx_header": "mp.weixin.qq.com",
    "ascene": "mp.weixin.qq.com",
    "subscene": "mp.weixin.qq.com",
    "devicetype": "mp.weixin.qq.com",
    "tt_from": "toutiao.com share",
    "tt_medium": "toutiao.com share",
    "tt_campaign": "toutiao.com share",
    "app_timestamp": "toutiao.com and 36kr share",
    "use_new_style": "toutiao.com share",
    "utm_psn": "zhihu.com share",
    "weibo_id": "toutiao.com share to Weibo",
    "refluxos": "qq.com share from the app",
    "refer_flag": "weibo.com position code",
}
# Families: every parameter that begins so.
_FAMILIES: dict[str, str] = {
    "utm_": "Urchin, now Google Analytics campaigns (support.google.com/analytics/answer/1033863)",
    "mtm_": "Matomo campaigns (matomo.org/faq/reports/what-is-campaign-tracking)",
    "pk_": "Piwik campaigns, Matomo's older name",
    "hsa_": "HubSpot Ads",
    "aspsessionid": "ASP sessions, with a random tail to the name",
}
# A session's random value under a name that sites also use for content (`sid=12` is a story's).
_SESSION_NAMES = frozenset({"sid", "sessionid", "session_id", "session", "s"})
_SESSION_VALUE = re.compile(r"[0-9a-f]{32}|[0-9a-f]{40}", re.IGNORECASE)
# Where a session hides in the path: a servlet's parameter, ASP.NET's folder (S(…)).
SESSION_PATH = re.compile(
    r";(?:jsessionid|phpsessid)=[^/;?]*|/\(S\([a-z0-9]{24}\)\)(?=/)", re.IGNORECASE
)
# `from` is also an offset (`from=20`) and a date. Only WeChat's words, and the entry words of
# portals, are thrown away; digits stay.
_FROM_VALUE = re.compile(r"[A-Za-z_-]+")
# Too common a name to drop outside Tencent's sites.
_WECHAT_ONLY = frozenset({"srcid", "devicetype", "clicktime", "enterid"})
_PREFIXES = tuple(_FAMILIES)


def is_tracking(host: str, pair: str) -> bool:
    """Whether `name=value` only tells how the reader came."""
    name, _, value = pair.partition("=")
    name = name.lower()
    if name == "from":
        return _FROM_VALUE.fullmatch(value) is not None
    if name in _SESSION_NAMES:
        return _SESSION_VALUE.fullmatch(value) is not None
    if name in _WECHAT_ONLY and not host.endswith(".qq.com"):
        return False
    return name in _NAMES or name.startswith(_PREFIXES)
