"""lendwatch.yaml, the secrets and the environment: one configuration, or every mistake at once."""

import shutil
import subprocess
import sys
from base64 import b64encode
from datetime import time, timedelta
from pathlib import Path

import pytest
from seed_files import write_config

from monitor.config import Config, load_config
from monitor.credentials import credential_problems
from monitor.events import EventKind
from seeds.loader import PACKAGED, load_seeds
from seeds.problems import SeedError


def write_secrets(folder: Path, text: str, mode: int = 0o600) -> None:
    path = folder / "secrets.yaml"
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)


def mistakes_in(folder: Path, **environment: str) -> str:
    with pytest.raises(SeedError) as caught:
        load_config(folder, environment)
    return str(caught.value).replace(f"{folder}/", "")


def load(folder: Path, text: str = "# all defaults\n", **environment: str) -> Config:
    return load_config(write_config(folder, text), environment)


SUBSCRIPTION = "subscriptions:\n  - name: one\n    to: [a@example.org]\n"


def test_a_file_of_comments_gives_the_defaults(tmp_path):
    config = load(tmp_path)
    assert config.database == f"sqlite:///{tmp_path}/lendwatch.db"
    assert config.seeds == tmp_path / "seeds"
    assert config.crawl.delay == timedelta(seconds=5)
    assert (config.mail.host, config.web.host, config.web.port) == ("", "127.0.0.1", 8420)
    assert config.subscriptions == ()


def test_a_subscription_is_filled_in(tmp_path):
    text = f"timezone: Asia/Taipei\n{SUBSCRIPTION}    digest_at: 7:05\n    when: digest\n"
    subscription = load(tmp_path, text).subscriptions[0]
    assert subscription.timezone == "Asia/Taipei"
    assert subscription.digest_at == time(7, 5)
    assert subscription.relations == ("new",)
    assert subscription.recycled == "digest"
    assert subscription.channels == ("mail",)
    assert EventKind.STORY_OPENED in subscription.events
    assert EventKind.STORY_SPREAD not in subscription.events


def test_durations_are_written_with_units(tmp_path):
    crawl = load(tmp_path, "crawl: {delay: 10s, timeout: 1m30s, crawl_timeout: 2h}").crawl
    assert (crawl.delay, crawl.timeout, crawl.crawl_timeout) == (
        timedelta(seconds=10),
        timedelta(seconds=90),
        timedelta(hours=2),
    )


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("sqlite:///store/x.db", "sqlite:///{workspace}/store/x.db"),
        ("sqlite:////var/lib/x.db", "sqlite:////var/lib/x.db"),
        ("postgresql://u@h/lendwatch", "postgresql+psycopg://u@h/lendwatch"),
        (
            "postgres://u@h:5433/l?sslmode=require",
            "postgresql+psycopg://u@h:5433/l?sslmode=require",
        ),
        ("postgresql+psycopg://u@h/l", "postgresql+psycopg://u@h/l"),
    ],
)
def test_a_database_is_completed(tmp_path, written, url):
    config = load(tmp_path, f"database: {written}\n")
    assert config.database == url.format(workspace=tmp_path)


@pytest.mark.parametrize(("security", "port"), [("tls", 465), ("starttls", 587), ("none", 25)])
def test_an_unset_port_is_the_usual_one(tmp_path, security, port):
    mail = f"mail: {{host: h.example, sender: a@h.example, security: {security}}}"
    assert load(tmp_path, mail).mail.port == port


def test_the_environment_stands_above_the_file(tmp_path):
    config = load(
        tmp_path,
        "database: sqlite:///x.db\nmail: {host: h.example, sender: a@b.example, username: u}\n",
        LENDWATCH_DATABASE="postgresql://u:p@h/l",
        LENDWATCH_MAIL_PASSWORD="secret",
        LENDWATCH_MAIL_PORT="2525",
        LENDWATCH_CRAWL_CONTACT="https://example.org/bot",
        LENDWATCH_WEB_PORT="",
    )
    assert config.database == "postgresql+psycopg://u:p@h/l"
    assert (config.mail.password, config.mail.port) == ("secret", 2525)
    assert config.crawl.contact == "https://example.org/bot"
    assert config.web.port == 8420


def test_no_secret_shows_when_a_configuration_is_printed(tmp_path):
    mail = "mail: {host: h.example, sender: a@b.example, username: u}\n"
    config = load(
        tmp_path,
        mail,
        LENDWATCH_MAIL_PASSWORD="s3cret",
        LENDWATCH_DATABASE="postgresql://u:s3cret@h/l",
    )
    assert "s3cret" not in repr(config)


def test_secrets_come_from_a_file_only_its_owner_reads(tmp_path):
    write_config(tmp_path, "mail: {host: h.example, sender: a@b.example, username: u}\n")
    write_secrets(tmp_path, "mail_password: 'geheim'\n")
    assert load_config(tmp_path, {}).mail.password == "geheim"
    assert load_config(tmp_path, {"LENDWATCH_MAIL_PASSWORD": "x"}).mail.password == "x"


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660])
def test_a_secret_file_that_others_read_is_refused(tmp_path, mode):
    write_config(tmp_path, "# nothing\n")
    write_secrets(tmp_path, "mail_password: 'geheim'\n", mode)
    told = mistakes_in(tmp_path)
    assert f"secrets.yaml:0: file: others can read it (mode {mode:04o}); run: chmod 600 " in told
    assert "geheim" not in told


def test_mistakes_in_secrets_are_named_without_showing_them(tmp_path):
    write_config(tmp_path, "# nothing\n")
    write_secrets(tmp_path, "mail_password: 123456789\nmail_pasword: x\n")
    told = mistakes_in(tmp_path)
    assert "secrets.yaml:1: mail_password: is not text; put it in quotes" in told
    assert "secrets.yaml:2: mail_pasword: unknown key; did you mean mail_password?" in told
    assert "123456789" not in told


BAD_CONFIGS = [
    ("contact: x", "lendwatch.yaml:1: contact: unknown key"),
    ("subscription: []", "did you mean subscriptions?"),
    ("timezone: Asia/Beijing", "lendwatch.yaml:1: timezone: there is no time zone 'Asia/Beijing'; did you mean Asia/Shanghai?"),
    ("database: mysql://h/x", "database: 'mysql:' is no store of ours; write sqlite:///file.db or"),
    ("database: 'sqlite://'", "a store in memory forgets everything"),
    ("database: 'sqlite:///:memory:'", "a store in memory forgets everything"),
    ("database: postgresql://u:pw@h/x", "database: a password in a file that others can read; run: chmod 600"),
    ("seeds: nowhere", "seeds: no such folder"),
    ("crawl: {delay: 5}", "crawl.delay: 5 has no unit; write 5s, 5m, 5h or 5d"),
    ("crawl: {timeout: 0s}", "crawl.timeout: no time at all; write at least 1s"),
    ("crawl: {workers: 0}", "crawl.workers: 0 is out of range; at least 1"),
    ("crawl: {contact: nobody}", "crawl.contact: 'nobody' is no contact; write a mail address, or an https:// page"),
    (r'crawl: {contact: "a@b\r\nX-Evil: 1"}', r"'a@b\r\nX-Evil: 1' is no contact"),
    ("crawl: {user_agent: Mozilla/5.0}", "crawl.user_agent: names no contact; put {contact} in it"),
    (r'crawl: {user_agent: "x {contact}\n"}', "cannot be sent"),
    ("crawl: {allow_addresses: [0.0.0.0/0]}", "crawl.allow_addresses[1]: 0.0.0.0/0 allows every address"),
    ("crawl: {allow_addresses: ['::/0']}", "allows every address"),
    ("crawl: {allow_addresses: [10.1.2.3/8]}", "10.1.2.3/8 has host bits set; write an address or a network"),
    ("crawl: {allow_addresses: [localhost]}", "write an address or a network as in 10.1.0.0/16"),
    ("mail: {host: 'smtp.x:25', sender: a@b.c}", "mail.host: 'smtp.x:25' is not a host name; write only the host's name"),
    ("mail: {host: smtp.example}", "mail.sender: is missing; add `sender:`"),
    ("mail: {port: 0}", "mail.port: 0 is out of range; at least 1"),
    ("mail: {security: ssl}", "mail.security: 'ssl' is not a choice"),
    ("mail: {password: geheim, username: u}", "mail.password: a password in this file; set LENDWATCH_MAIL_PASSWORD"),
    ("mail: {username: u, security: none}", "mail.security: a login without TLS; write `security: starttls` or `tls`"),
    ("mail: {security: none, username: '', password: geheim}", "mail.username: a password without a user name"),
    ("mail: smtp.example", "mail: 'smtp.example' is not `key: value` lines"),
    ("web: {port: http}", "web.port: 'http' is not a whole number"),
    ("web: {host: 'http://x'}", "web.host: 'http://x' is not a host name"),
    ("- a", "lendwatch.yaml:1: file: a list is not `key: value` lines"),
    ("crawl:\n\tdelay: 5s", "lendwatch.yaml:2: column 1: a tab; indent with spaces"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), BAD_CONFIGS)
def test_a_mistake_is_named_with_its_line_and_a_remedy(tmp_path, text, said):
    told = mistakes_in(write_config(tmp_path, text + "\n"))
    assert said in told
    assert "geheim" not in told


BAD_SUBSCRIPTIONS = [
    (r'to: ["a@b\r\nRCPT TO:<x@evil.example>"]', r"subscriptions[one].to[1]: 'a@b\r\nRCPT TO:<x@evil.example>' holds a line break"),
    ("to: [Ann <ann@example.org>]", "'Ann <ann@example.org>' has a name beside the address; write only ann@example.org"),
    ("to: [张三@例子.中国]", "is not ASCII; write the domain in its xn-- form"),
    ("to: [nobody]", "'nobody' is not a mail address; write it as in name@example.org"),
    ("to: [a@b@c]", "is not a mail address"),
    ("to: ['a b@c.example']", "is not a mail address"),
    ("to: [a@-b.example]", "is not a mail address"),
    ("to: ['\"a b\"@c.example']", "is not a mail address"),
    ("to: []", "subscriptions[one].to: is empty"),
    ("to: a@b.example", "'a@b.example' is not a list; write a list: [a@b.example]"),
    ("platforms: [借唄]", "subscriptions[one].platforms[1]: there is no watched platform '借唄'; did you mean 借呗?"),
    ("platforms: [钱宝网]", "there is no watched platform '钱宝网'"),
    ("topics: [colection]", "subscriptions[one].topics[1]: there is no topic 'colection'; did you mean collection?"),
    ("events: [storyopened]", "'storyopened' is not a choice; did you mean StoryOpened?"),
    ("events: []", "subscriptions[one].events: is empty"),
    ("relations: [exact]", "'exact' is not a choice"),
    ("recycled: never", "'never' is not a choice; one of: instant, digest, none"),
    ("when: daily", "'daily' is not a choice; one of: instant, digest"),
    ("digest_at: 25:00", "'25:00' is not a time of day; write it as in '08:30'"),
    ("digest_at: noon", "'noon' is not a time of day"),
    ("timezone: Mars/Base", "subscriptions[one].timezone: there is no time zone 'Mars/Base'"),
    ("channels: [sms]", "'sms' is not a choice; one of: mail, webhook"),
    ("channels: [webhook]", "subscriptions[one].webhook: is missing; write where alerts are posted: https://…"),
    ("webhook: https://hooks.example.com/x", "subscriptions[one].webhook: is not used; write channels: [mail, webhook]"),
    (r"{channels: [webhook], webhook: 'https://a\@169.254.169.254/'}", "a backslash in the address"),
    ("{channels: [webhook], webhook: 'https://u:geheim@h.example/'}", "a user name or password in the address"),
    ("{channels: [webhook], webhook: 'file:///etc/passwd'}", "file: is refused; write an address that begins with https://"),
    ("{channels: [webhook], webhook: 'http://2130706433/'}", "subscriptions[one].webhook: "),
    ("min_severity: top", "'top' is not a choice; one of: low, medium, high"),
    ("severity: high", "unknown key; did you mean min_severity?"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "said"), BAD_SUBSCRIPTIONS)
def test_a_mistake_in_a_subscription_is_named(tmp_path, line, said):
    to = "" if line.startswith("to:") else "    to: [a@example.org]\n"
    text = f"subscriptions:\n  - name: one\n{to}    {line}\n"
    if line.startswith("{"):  # of several keys
        text = f"subscriptions:\n  - {{name: one, {line[1:]}\n"
    assert said in mistakes_in(write_config(tmp_path, text))


def test_whom_mail_goes_to_must_be_said(tmp_path):
    told = mistakes_in(write_config(tmp_path, "subscriptions:\n  - name: one\n"))
    assert "subscriptions[one].to: is missing; write who is told: [name@example.org]" in told
    hook = "  - {name: one, channels: [webhook], webhook: 'https://h.example/x'}\n"
    (one,) = load_config(write_config(tmp_path, f"subscriptions:\n{hook}")).subscriptions
    assert (one.to, one.webhook) == ((), "https://h.example/x")
    assert "h.example" not in repr(one), "the address may hold a key"


def test_a_webhook_is_signed_with_a_key_that_stands_in_no_file_of_everybody(tmp_path):
    key = "whsec_" + b64encode(bytes(24)).decode()
    told = mistakes_in(write_config(tmp_path, f"webhooks: {{secret: {key}}}\n"))
    assert "webhooks.secret: a secret in this file; set LENDWATCH_WEBHOOKS_SECRET" in told
    write_config(tmp_path, "webhooks: {timeout: 5s}\n")
    assert load_config(tmp_path, {"LENDWATCH_WEBHOOKS_SECRET": key}).webhooks.secret == key
    write_secrets(tmp_path, "webhooks_secret: geheim\n")
    told = mistakes_in(tmp_path)
    assert "secrets.yaml:1: webhooks_secret: is no key to sign with; write whsec_ and" in told
    assert "geheim" not in told


def test_two_subscriptions_of_one_name_are_refused(tmp_path):
    text = SUBSCRIPTION + "  - name: one\n    to: [b@example.org]\n"
    told = mistakes_in(write_config(tmp_path, text))
    assert "lendwatch.yaml:4: subscriptions[one].name: the name 'one' is taken, on line 2" in told


def test_every_mistake_comes_in_one_go(tmp_path):
    folder = write_config(
        tmp_path, "timezone: X\nmail: {port: 0}\n" + SUBSCRIPTION + "    when: now\n"
    )
    told = mistakes_in(folder, LENDWATCH_WEB_PORT="x")
    assert [line.split(": ")[0] for line in told.splitlines()] == [
        "lendwatch.yaml:1",
        "lendwatch.yaml:2",
        "lendwatch.yaml:6",
        "environment:0",
    ]
    assert "environment:0: LENDWATCH_WEB_PORT: 'x' is not a whole number" in told


def test_a_login_from_the_environment_needs_tls_too(tmp_path):
    folder = write_config(
        tmp_path, "mail: {host: h.example, sender: a@b.example, username: u, security: none}\n"
    )
    assert "a login without TLS" in mistakes_in(folder, LENDWATCH_MAIL_PASSWORD="p")


def test_a_database_password_may_stand_in_a_file_only_its_owner_reads(tmp_path):
    folder = write_config(tmp_path, "database: postgresql://u:pw@h/x\n")
    (folder / "lendwatch.yaml").chmod(0o600)
    assert load_config(folder, {}).database == "postgresql+psycopg://u:pw@h/x"


def test_importing_the_configuration_loads_nothing_slow():
    slow = ("scrapy", "twisted", "sqlalchemy", "apscheduler", "lxml", "parsel", "re2", "seeds.fold")
    code = f"import sys, monitor.config; print([name for name in {slow} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_a_sources_credentials_are_missed_or_spare_by_file_and_line(tmp_path):
    """No message shows a value, whatever is wrong with it."""
    folder = seeds_with(
        tmp_path,
        "  - {name: one-site, kind: page, url: 'https://a.example', every: 1h, credentials: true}\n"
        "  - name: two\n    kind: page\n    url: https://b.example\n    every: 1h\n",
    )
    seeds = load_seeds(folder)

    def told(environment=None):
        found = credential_problems(tmp_path, folder, seeds, environment or {})
        return "\n".join(str(problem) for problem in found)

    assert "sites.yaml:2: sources[one-site].credentials: there are none; write cookies" in told()
    assert told({"LENDWATCH_SOURCE_ONE_SITE_COOKIES": "a=b; c=d"}) == ""
    broken = told({"LENDWATCH_SOURCE_ONE_SITE_HEADERS": "X-Token: geheim\\u0416\nUser-Agent: x"})
    assert "the header User-Agent is not a source's to set" in broken
    write_secrets(
        tmp_path,
        "sources:\n  one-site: {cookies: a=geheim}\n  two: {headers: {X-A: geheim}}\n  thre: {cookies: b=c}\n",
    )
    spare, unknown = told().splitlines()
    assert spare.startswith(f"{tmp_path}/secrets.yaml:3: sources.two: ")
    assert spare.endswith("its source does not show them; add `credentials: true` to source two")
    assert f"{tmp_path}/secrets.yaml:4: sources" in unknown
    assert "no source has this name" in unknown
    write_secrets(
        tmp_path, "sources:\n  one-site: {cookies: 'geheim', headers: {Cookie: geheim}}\n"
    )
    write_config(tmp_path, "")
    with pytest.raises(SeedError) as refused:
        load_config(tmp_path, {})
    assert "secrets.yaml:2: sources.one-site.cookies: is not a list of cookies; write" in str(
        refused.value
    )
    assert "sources.one-site.headers: the header Cookie is not a source's to set" in str(
        refused.value
    )
    assert "geheim" not in str(refused.value)
    assert "geheim" not in broken


def seeds_with(folder, sources):
    """The packaged watchlist with these sources."""
    seeds = folder / "seeds"
    (seeds / "sources").mkdir(parents=True)
    for name in ("platforms.yaml", "topics.yaml"):
        shutil.copyfile(PACKAGED / name, seeds / name)
    (seeds / "sources" / "sites.yaml").write_text(f"sources:\n{sources}", encoding="utf-8")
    return seeds
