"""How stories and articles look on a terminal. What pages say is printed as text."""

from rich.text import Text

from monitor.cli.living import life_lines, standing_now
from monitor.cli.options import Format
from monitor.cli.printable import paragraphs, plain
from monitor.cli.show import console, counted, moment, show_rows
from monitor.cli.spreading import claimed, print_spread
from monitor.query.articles import ArticleView
from monitor.query.novelty import RECYCLED, NoveltyView
from monitor.query.search import Hit
from monitor.query.snippet import Snippet
from monitor.query.stories import StoryView
from monitor.query.wording import novelty_title
from monitor.stories.claims import in_words
from seeds.farm import FarmLikelihood, summary


def print_story(found: StoryView, zone: str) -> None:
    """A story: its lead's title, every copy, what happened when."""
    out = console()
    summary = found.summary
    if found.asked != summary.story_id:
        out.print(Text(f"Story {found.asked} went into story {summary.story_id}.", style="yellow"))
    out.print(Text(f"Story {summary.story_id}: {plain(summary.title)}", style="bold"))
    about = plain([*summary.platforms, *(f"{n} ({v})" for n, v in summary.topics.items())])
    out.print(
        Text(
            f"{about or 'no watched platform'} · {counted(summary.article_count, 'article')} on"
            f" {counted(summary.site_count, 'site')} · first seen"
            f" {moment(summary.opened_at, zone)} ({zone})\n"
        )
    )
    rows = [
        {
            "article": each.article_id,
            "relation": "lead" if each.is_lead else each.relation,
            "share": f"{each.similarity:.0%}" if each.of else "",
            "of": each.of.article_id if each.of else "",
            "farm": percent(each.farm),
            "source": each.source,
            "claimed": claimed(each.published_at, each.claim_flags),
            "first seen": moment(each.first_seen_at, zone),
            "version": each.version,
            "state": standing_now(each.state, each.gone_since, zone),
            "address": each.url,
        }
        for each in found.articles
    ]
    show_rows(rows, tuple(rows[0]) if rows else (), Format.TABLE)
    print_spread(found, zone)
    out.print()
    _print_novelty(found.novelty)
    for event in found.events:
        line = (
            f"{moment(event.happened_at, zone)}  {event.kind}  {event.details.get('summary', '')}"
        )
        out.print(Text(plain(line), style="dim"))


def print_article(found: ArticleView, zone: str) -> None:
    """An article: what is known of it, its text, what it mentions and why."""
    out = console()
    out.print(Text(plain(found.title), style="bold"))
    relation = found.relation
    if found.of is not None:
        relation += f", {found.similarity:.0%} of article {found.of.article_id}"
    for name, value in (
        ("address", found.url),
        ("claimed", f"{found.published_at or 'no date'}, {found.author or found.outlet or '-'}"),
        *(("in doubt", in_words(each)) for each in found.claim_flags),
        ("first seen", f"{moment(found.first_seen_at, zone)} ({zone}) by {found.source}"),
        ("story", f"{found.story_id} ({relation})"),
        ("about", plain([*found.platforms, *(f"{n} ({v})" for n, v in found.topics.items())])),
        ("content farm", _farm(found.farm)),
        ("revisions", str(len(found.revisions))),
        *life_lines(found.life, zone),
    ):
        out.print(Text.assemble((f"{name:>12}  ", "dim"), plain(value)))
    out.print()
    _print_novelty(found.novelty)
    out.print(Text(paragraphs(found.body)))
    out.print()
    for mention in found.mentions:
        where = f"{mention.field} {mention.start}–{mention.end}"
        line = f"  {mention.name} “{mention.surface}” {where}: {mention.reason}"
        out.print(Text(plain(line), style="dim"))


def _print_novelty(novelty: NoveltyView | None) -> None:
    """What was new in an article, or what it repeats; nothing where all of it was the first."""
    if novelty is None or not (title := novelty_title(novelty)):
        return
    out = console()
    out.print(Text(plain(title), style="bold"))
    if novelty.verdict == RECYCLED:
        if novelty.of_article_id is not None:
            out.print(Text(f"  article {novelty.of_article_id}: {plain(novelty.of_title)}"))
    else:
        for each in novelty.sentences:
            out.print(Text(f"  · {plain(each)}"))
    out.print()


def recycled_sign(novelty: str | None) -> str:
    """How a table shows what an article brought: a word where it is not all new."""
    return {"recycled": "旧文翻新", "partly": "部分新"}.get(novelty or "", "")


def _farm(farm: FarmLikelihood | None) -> str:
    if farm is None:
        return "not known: `lendwatch rematch --apply` reads older articles again"
    return summary(farm)


def print_hit(hit: Hit) -> None:
    """One article found: title, what it is about, where the search was met."""
    out = console()
    out.print(
        Text.assemble(
            (f"{hit.article_id:>5}  ", "bold"),
            _marked(hit.title, hit.title_matches, "bold"),
            f"  {hit.source}",
        )
    )
    about = plain([*hit.platforms, *(f"{name} ({level})" for name, level in hit.topics.items())])
    day = claimed(hit.published_at, hit.claim_flags) or "no date"
    line = (
        f"       {day} · story {hit.story_id} ({hit.relation}) · {about or 'no watched platform'}"
        f"{_suspected(hit.farm)}{_recycled(hit.novelty)}"
    )
    out.print(Text(line, style="dim"))
    if hit.snippet.text:
        out.print(Text.assemble("       ", _snippet(hit.snippet)))


def percent(farm: float | None) -> str:
    """A likelihood as a table shows it; empty when it is not known."""
    return "" if farm is None else f"{farm:.0%}"


def _suspected(farm: float | None) -> str:
    """What a line about an article adds when a content farm is likelier than not."""
    return f" · content farm {farm:.0%}" if farm is not None and FarmLikelihood(farm).likely else ""


def _recycled(novelty: str | None) -> str:
    return f" · {recycled_sign(novelty)}" if novelty == RECYCLED else ""


def _snippet(snippet: Snippet) -> Text:
    return _marked(snippet.text, snippet.matches, "")


def _marked(text: str, matches: tuple[tuple[int, int], ...], style: str) -> Text:
    """`text` with its matches in colour; length is kept, so the offsets hold."""
    shown = Text("".join(each if each.isprintable() else " " for each in text), style=style)
    for start, end in matches:
        shown.stylize("yellow", start, end)
    return shown
