"""Pages that ask for a proof are told from articles, also from short ones that speak of such pages."""

import pytest

from crawler.article import Article
from crawler.challenges import is_challenge

CHALLENGES = [
    ("安全验证", "请完成验证码 captcha 用钱宝"),
    ("人机验证 - 某某网", "用钱宝催收"),
    ("用钱宝催收", "访问过于频繁，请输入验证码后继续访问用钱宝催收页面。"),
    ("請稍候", "您的網絡環境存在異常，請拖動下方滑塊完成拼圖"),
    ("Just a moment...", "news.example.com needs to review the security of your connection."),
    ("news.example.com", "Checking your browser before accessing. Ray ID: 8f3a"),
    ("Access Denied", "You don't have permission to access this page."),
]
ARTICLES = [
    ("用钱宝暂停放款", "平台公告称，系统升级期间无法收到验证码，请用户于明日再试。"),
    ("安全验证码被骗走，借款人损失三万元", "王女士把验证码告诉了自称借呗客服的人。"),
    ("借呗异常访问提醒", "近日多名用户反映账户访问异常，平台称正在核查。"),
    ("安全验证", "一家平台改用人脸安全验证。" * 40),
    ("验证码短信成本上涨", "通信公司称，验证码短信的价格将上调两成。"),
]


@pytest.mark.parametrize(("title", "body"), CHALLENGES)
def test_a_page_that_asks_for_a_proof_is_no_article(title, body):
    assert is_challenge(Article("https://e.com/1", title, body))


@pytest.mark.parametrize(("title", "body"), ARTICLES)
def test_an_article_that_speaks_of_proofs_is_one(title, body):
    assert not is_challenge(Article("https://e.com/1", title, body))
