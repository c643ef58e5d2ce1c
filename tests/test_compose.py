"""What a mail says, and what a page can never make it say."""

import re
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from alert_fixtures import (
    COLLECTION,
    NOW,
    config,
    stored_event,
    stored_source_event,
    subscription,
)
from lxml import html as lxml_html
from sqlalchemy import insert

from crawler.log.engine import open_engine
from monitor.alerts import outbox
from monitor.alerts.compose import Composer
from monitor.alerts.compose import test_message as trial_message
from monitor.alerts.handover import DeliveryRefused
from monitor.config import MailOptions
from monitor.events import EventKind
from monitor.store.models import ArticleReadingRow, MentionRow
from seeds.farm import Reason, ReasonKind

ALL = subscription(events=tuple(EventKind), to=("a@example.org", "b@example.org"))
SERVED = MailOptions(host="mail.example.org", sender="watch@example.org")

# On one store only: composing reads by plain queries that the other rooms' tests run on both.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def connection(database_url):
    engine = open_engine(database_url)
    with engine.begin() as opened:
        yield opened
    engine.dispose()


@pytest.fixture
def compose(connection, tmp_path):
    def written(*happened, told=ALL, mail=SERVED):
        for each in happened:
            outbox.enqueue(connection, each, (told,), NOW)
        due_at = NOW + timedelta(days=2)
        claim = outbox.claim(connection, "me", {told.name: told.to}, due_at, "mail")
        raw = Composer(config(tmp_path, told, mail=mail)).compose(connection, claim, NOW)
        return message_from_bytes(raw, policy=default)

    return written


def parts(mail):
    found = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    text, page = (each.replace("\r\n", "\n") for each in found)
    return text, page


def about(connection, **changes):
    kind = changes.pop("kind", EventKind.STORY_OPENED)
    details = changes.pop("details", None)
    return stored_event(connection, replace(COLLECTION, **changes), kind, details)


def test_the_headers_let_a_filter_sort_the_mail(connection, compose):
    happened = about(connection)
    mail = compose(happened)
    assert mail["X-Lendwatch-Event"] == "StoryOpened"
    assert mail["X-Lendwatch-Story"] == str(happened.story_id)
    assert mail["X-Lendwatch-Subscription"] == "desk"
    assert mail["List-Id"] == "lendwatch desk <desk.lendwatch.localhost>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Precedence"] == "bulk"
    assert mail["Date"].datetime == NOW
    assert mail["From"] == "lendwatch <watch@example.org>"
    assert mail["To"] == "a@example.org, b@example.org"
    assert re.fullmatch(r"<[0-9a-f]{32}@lendwatch\.invalid>", mail["Message-ID"])


def test_the_subject_names_kind_platform_topic_and_title(connection, compose):
    mail = compose(about(connection))
    assert mail["Subject"] == f"【新报道】用钱宝 · 催收（高）：{COLLECTION.title}"


def test_text_comes_first_and_both_parts_say_the_same(connection, compose):
    happened = about(connection)
    connection.execute(
        insert(MentionRow).values(
            article_id=happened.article_id, kind="topic", name="collection", surface="暴力催收",
            field="body", start=0, end=4, reason="term",
        )
    )  # fmt: skip
    mail = compose(happened)
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    for part in parts(mail):
        for told in (
            COLLECTION.title,
            COLLECTION.url,
            "example.com",
            "2026-11-24 09:30",  # what the page claims, in its own zone
            "2026-11-24 16:00",  # first seen, in the subscription's zone
            "提到平台 用钱宝",
            "严重度高",
            "依据：暴力催收",
        ):
            assert told in part


def test_personal_data_is_masked_and_hotlines_stay(connection, compose):
    hidden = "加我微信\u200b：abc12345 或 138\u202e1234\u200b5678"
    mail = compose(about(connection, title=f"催收 {hidden}", body=COLLECTION.body + hidden))
    for part in (*parts(mail), mail["Subject"]):
        assert "12345678" not in part
        assert "abc12345" not in part
    text, _ = parts(mail)
    assert "138********" in text
    assert "4001234567" in text


def test_an_excerpt_is_short_and_shows_the_term_that_mattered(connection, compose):
    filler = "这是一段无关的前言。" * 60
    happened = about(connection, body=f"{filler}这里说到爆通讯录，{filler}")
    connection.execute(
        insert(MentionRow).values(
            article_id=happened.article_id, kind="topic", name="collection", surface="爆通讯录",
            field="body", start=604, end=608, reason="term",
        )
    )  # fmt: skip
    text, page = parts(compose(happened))
    excerpt = re.search(r"^摘录：(.+)$", text, re.MULTILINE)[1]
    assert len(excerpt) <= 200
    assert excerpt.startswith("…这里说到爆通讯录，")
    assert re.search(r"<b[^>]*>爆通讯录</b>", page)


HOSTILE_TITLES = [
    "催收\r\nBcc: evil@example.com",
    "=?utf-8?q?x=0D=0ABcc:_evil@example.com?=",
    "=?utf-8?b?Qmxha2U=?= =?utf-8?q?=0ABcc:_evil@example.com?=",
    "催收\x00\x0b\x0c\x1b[31m\x7f\u2028Bcc: evil@example.com\u2029x",
    "\u202e收催\u2066\u200b\u200d\ufeff\u00ad标题",
    "x" * 5_000,
    "催" * 5_000,
    "\ud800催收",
    "",
    '"><script>alert(1)</script>',
    "{{ 7 * 7 }}{% include 'x' %}",
    '=HYPERLINK("http://evil.example")',
    '<a@b>, c@d; \\"',
]


@pytest.mark.parametrize("title", HOSTILE_TITLES)
def test_one_subject_whatever_the_title(connection, compose, title):
    safe = title.encode("utf-8", "replace").decode()  # what a store can hold
    mail = compose(about(connection, title=safe))
    assert len(mail.get_all("Subject")) == 1
    assert mail["Bcc"] is None
    assert mail["Cc"] is None
    subject = mail["Subject"]
    assert len(subject) <= 120
    assert subject.startswith("【新报道】用钱宝")
    assert not re.search(
        r"[\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\xad]", subject
    )
    assert "Blake" not in subject, "an encoded word in a title is not decoded"


def test_nothing_a_page_says_becomes_markup(connection, compose):
    attack = '<img src=x onerror=alert(1)><script>1</script>"><a href="javascript:x">催收</a>'
    mail = compose(about(connection, title=attack, body=attack, site='"><b>x'))
    document = lxml_html.fromstring(parts(mail)[1])
    assert document.xpath("//script | //img | //iframe | //form | //object | //svg") == []
    assert document.xpath("//@onerror | //@onclick | //@src | //link") == []
    assert set(document.xpath("//a/@href")) == {COLLECTION.url}


def test_an_html_part_loads_nothing(connection, compose):
    _, page = parts(compose(about(connection)))
    assert not re.search(r"url\(|@import|<img|<link|src=", page)


def test_a_long_address_is_whole_where_it_is_followed(connection, compose):
    url = "https://news.example.com/" + "x" * 300
    text, page = parts(compose(about(connection, url=url)))
    assert url in text
    assert f'href="{url}"' in page


def test_a_platform_swap_names_what_it_comes_from(connection, compose):
    first = about(connection, title="借呗催收实录")
    swapped = about(
        connection,
        url="https://farm.example.net/2.html",
        relation="platform-swap",
        of=first.article_id,
        similarity=0.93,
        details={"of_article_id": first.article_id},
    )
    mail = compose(swapped)
    assert mail["X-Lendwatch-Event"] == "Digest"
    for part in parts(mail):
        assert "换名文章" in part
        assert "同一文章换了平台名（相似度 93%）" in part
        assert "借呗催收实录" in part
        assert COLLECTION.url in part
        assert "因与已知文章同源，只进摘要" in part


@pytest.mark.parametrize("score", [0.97, 0.49])
def test_a_page_that_is_likely_a_farms_says_so_and_why(connection, compose, score):
    told = about(connection)
    reasons = [
        Reason(ReasonKind.ANNOTATIONS, 133, 7.0).as_dict(),
        Reason(ReasonKind.BYLINE, 1, 0.9).as_dict(),
    ]
    row = {"article_id": told.article_id, "watchlist": "", "farm_score": score}
    connection.execute(insert(ArticleReadingRow).values(**row, farm_reasons=reasons))
    for part in parts(compose(told)):
        line = "低，很可能是内容农场（可能性 97%）：夹注拼音 133 处，署名空泛"
        assert ("可信度" in part) is (line in part) is (score > 0.5)


@pytest.mark.parametrize(
    ("material", "label", "kind"),
    [(True, "实质改动：", "文章被修改"), (False, "非实质改动：", "文章微调")],
)
def test_an_edit_says_what_changed_and_whether_it_matters(
    connection, compose, material, label, kind
):
    details = {"material": material, "summary": "金额：「24%」改为「36%」，联系 13812345678"}
    mail = compose(about(connection, kind=EventKind.ARTICLE_EDITED, details=details))
    for part in parts(mail):
        assert f"{label}金额：「24%」改为「36%」，联系 138********" in part
        assert kind in part


CHANGED = {
    "changed": ["amount", "negation"],
    "summary": "金额：「24%」改为「36%」；否定：新增「否认」",
    "facts": [
        {
            "kind": "amount",
            "added": False,
            "before": "24%",
            "after": "36%",
            "known_passage": "平台称年化利率为24%，联系 13812345678",
            "passage": "平台称年化利率为36%，<b>联系</b> 13812345678",
            "of_url": COLLECTION.url,
        },
        {
            "kind": "negation",
            "added": True,
            "before": "",
            "after": "否认",
            "known_passage": "",
            "passage": "用钱宝否认\u202e曾委托外部公司",
        },
    ],
}


def changed_copy(connection, details=CHANGED):
    first = about(connection)
    return about(
        connection,
        url="https://b.example.net/1.html",
        kind=EventKind.COPY_CHANGED,
        story=first.story_id,
        relation="rewrite",
        of=first.article_id,
        details={**details, "of_article_id": first.article_id},
    )


def test_a_changed_copy_shows_both_versions_side_by_side(connection, compose):
    copy = changed_copy(connection)
    mail = compose(copy, told=subscription())
    assert mail["Subject"] == f"【转载有改动】用钱宝 · 催收（高）：{COLLECTION.title}"
    assert mail["X-Lendwatch-Event"] == "CopyChanged"
    assert mail["X-Lendwatch-Story"] == str(copy.story_id)
    text, page = parts(mail)
    assert "已知报道的一份转载改动或增加了事实" in text
    assert (
        "[金额]\n  已知文本（news.example.com）：平台称年化利率为【24%】，联系 138********\n"
        "  此转载：平台称年化利率为【36%】，<b>联系</b> 138********\n" in text
    )
    assert "[新增否定]\n  已知文本：（无此内容）\n  此转载：用钱宝【否认】曾委托外部公司\n" in text
    for part in (text, page):
        assert COLLECTION.url in part, "the text it is compared with is named"
        assert "https://b.example.net/1.html" in part
        assert "12345678" not in part
    rows = lxml_html.fromstring(page).xpath("//table[contains(@style, 'fixed')]//tr")
    cells = [[cell.text_content() for cell in row] for row in rows]
    assert cells[0] == ["已知文本", "此转载"]
    assert cells[1][0].endswith("平台称年化利率为24%，联系 138********")
    assert cells[1][1].endswith("平台称年化利率为36%，<b>联系</b> 138********")


def test_many_changed_facts_are_some_and_a_count(connection, compose):
    details = {**CHANGED, "facts": CHANGED["facts"] * 10}
    for part in parts(compose(changed_copy(connection, details), told=subscription())):
        assert part.count("年化利率为") == 6
        assert "另有 14 处未列出" in part


def test_other_copies_of_the_story_are_listed_with_their_relation(connection, compose):
    first = about(connection)
    for number in range(7):
        about(
            connection,
            url=f"https://copy.example.net/{number}.html",
            story=first.story_id,
            relation="script-variant",
        )
    text, _ = parts(compose(first))
    assert "同一报道的其他网址（共 7 个）" in text
    assert text.count("繁简转换") == 5


def test_mails_of_one_story_are_shown_together(connection, compose):
    first = about(connection)
    edit = about(
        connection,
        url="https://copy.example.net/1.html",
        kind=EventKind.ARTICLE_EDITED,
        story=first.story_id,
        details={"material": True},
    )
    one, other = compose(first), compose(edit)
    assert one["References"] == other["References"]
    assert one["Message-ID"] != other["Message-ID"]


@pytest.mark.parametrize(
    ("published_at", "told"),
    [
        (None, "未标注"),
        ("2026-11-24T00:00:00+08:00", "2026-11-24 00:00"),
        ("2025-01-01T08:00:00+08:00", "2025-01-01 08:00（比首次发现早 692 天）"),
        ("2027-01-01T08:00:00+08:00", "2027-01-01 08:00（晚于首次发现）"),
    ],
)
def test_a_claimed_date_stands_beside_when_it_was_first_seen(
    connection, compose, published_at, told
):
    text, _ = parts(compose(about(connection, published_at=published_at)))
    assert f"页面标注日期：{told}\n首次发现：2026-11-24 16:00" in text


def test_a_failing_source_is_told_without_an_article(connection, compose):
    failing = stored_source_event(
        connection, EventKind.SOURCE_FAILING, failures=3, message="403 <b>Forbidden</b>"
    )
    mail = compose(failing)
    assert mail["Subject"] == "【来源抓取失败】portal"
    assert mail["X-Lendwatch-Story"] is None
    text, page = parts(mail)
    assert "说明：403 <b>Forbidden</b>" in text
    assert "403 &lt;b&gt;Forbidden" in page
    assert "3 次" in text


def test_a_digest_carries_every_alert_with_its_address(connection, compose):
    happened = [
        about(connection, url=f"https://news.example.com/{number}.html") for number in range(3)
    ]
    happened.append(stored_source_event(connection, EventKind.SOURCE_FAILING, failures=3))
    mail = compose(*happened, told=ALL.model_copy(update={"when": "digest"}))
    assert mail["Subject"] == "【每日摘要】desk：4 条（2026-11-25）"
    assert mail["X-Lendwatch-Event"] == "Digest"
    assert mail["X-Lendwatch-Story"] == ", ".join(
        str(each.story_id) for each in happened if each.story_id
    )
    for part in parts(mail):
        assert all(f"https://news.example.com/{number}.html" in part for number in range(3))
        assert "来源抓取失败（1）" in part


def test_a_removed_article_is_told_with_what_it_said(connection, compose):
    mail = compose(about(connection, kind=EventKind.ARTICLE_REMOVED))
    assert mail["Subject"].startswith("【文章已消失】")
    text, _ = parts(mail)
    assert "该文章已不存在" in text
    assert "暴力催收" in text


def test_traditional_text_stays_traditional(connection, compose):
    mail = compose(about(connection, title="用錢寶催收再升級", body="借款人稱遭到催收。"))
    text, page = parts(mail)
    assert "用錢寶催收再升級" in text
    assert "借款人稱遭到催收。" in page


def test_on_the_wire_a_mail_is_seven_bit_and_in_a_file_it_can_be_read(
    connection, compose, tmp_path
):
    happened = about(connection)
    outbox.enqueue(connection, happened, (ALL,), NOW)
    claim = outbox.claim(connection, "me", {}, NOW, "mail")
    wire = Composer(config(tmp_path, ALL, mail=SERVED)).compose(connection, claim, NOW)
    assert wire.isascii()
    assert max(len(line) for line in wire.split(b"\r\n")) <= 998
    file = Composer(config(tmp_path, ALL)).compose(connection, claim, NOW)
    assert "借款人反映用钱宝逾期".encode() in file
    assert COLLECTION.url.encode() in file


def test_a_subscription_that_is_gone_refuses_the_mail(connection, tmp_path):
    outbox.enqueue(connection, about(connection), (ALL,), NOW)
    claim = outbox.claim(connection, "me", {}, NOW, "mail")
    other = Composer(config(tmp_path, subscription(name="law")))
    with pytest.raises(DeliveryRefused, match="no subscription is named desk any more"):
        other.compose(connection, claim, NOW)


def test_a_mistake_in_the_seeds_holds_up_no_mail(connection, tmp_path):
    outbox.enqueue(connection, about(connection), (ALL,), NOW)
    claim = outbox.claim(connection, "me", {}, NOW, "mail")
    broken = config(tmp_path, ALL).model_copy(update={"seeds": tmp_path / "nowhere"})
    mail = message_from_bytes(Composer(broken).compose(connection, claim, NOW), policy=default)
    assert "collection（高）" in mail["Subject"]


def test_a_test_mail_says_that_it_is_one(database_url, tmp_path):
    mail = trial_message(config(tmp_path, ALL), ALL, NOW)
    assert mail["Subject"] == "【测试】lendwatch 邮件通道正常：desk"
    assert mail["X-Lendwatch-Event"] == "Test"
    assert "不代表任何新报道" in mail.get_body(("plain",)).get_content()
