"""A loopback site for benches, in a process of its own: a sitemap and its articles.

    python -m tests.bench.site own|real COUNT

prints its port, then serves until its standard input closes. `own` pages are made by
tests/bench/pages.py, every third about a watched platform; `real` ones are the corpus's. Pages
are made before the port is printed, so that serving costs little.
"""

import asyncio
import json
import random
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from workspaces import SHARED

from tests.bench.pages import page

LENDING_EVERY = 3


def make(kind: str, count: int) -> dict[str, bytes]:
    pages = real_pages(count) if kind == "real" else own_pages(count)
    return {f"/a/{number}.html": body for number, body in enumerate(pages, 1)}


def own_pages(count: int) -> list[bytes]:
    return [page(number, lending=number % LENDING_EVERY == 0) for number in range(count)]


def real_pages(count: int) -> list[bytes]:
    """Pages of the corpus, each as often as needed, every copy with a prose of its own.

    A copy has the characters of each longer run of Chinese in another order, so that no two
    copies share text, while structure, size, punctuation and the words in menus stay."""
    found = []
    for name in ("zh_pages_gne", "zh_pages_tw"):
        for line in (SHARED / "corpus" / name / "truth.jsonl").read_text("utf-8").splitlines():
            row = json.loads(line)
            body = (SHARED / "corpus" / name / "pages" / row["file"]).read_bytes()
            found.append((body, row["encoding"]))
    return [reordered(*found[number % len(found)], number) for number in range(count)]


def reordered(body: bytes, encoding: str, seed: int) -> bytes:
    draw = random.Random(seed)

    def shuffle(run: re.Match[str]) -> str:
        return "".join(draw.sample(run.group(), len(run.group())))

    text = re.sub(r"[\u4e00-\u9fff]{5,}", shuffle, body.decode(encoding, "replace"))
    return text.encode(encoding, "replace")


async def main(kind: str, count: int) -> None:
    pages = make(kind, count)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while request := await reader.readuntil(b"\r\n\r\n"):
                path = request.split(b" ", 2)[1].decode()
                body = pages.get(path)
                kind = b"text/html; charset=utf-8"
                if path == "/sitemap.xml":
                    host = writer.get_extra_info("sockname")
                    urls = "".join(
                        f"<url><loc>http://127.0.0.1:{host[1]}{each}</loc></url>" for each in pages
                    )
                    body = (
                        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
                        f"{urls}</urlset>"
                    ).encode()
                    kind = b"application/xml"
                status = b"200 OK" if body is not None else b"404 Not Found"
                body = body or b""
                writer.write(
                    b"HTTP/1.1 "
                    + status
                    + b"\r\nContent-Type: "
                    + kind
                    + b"\r\nContent-Length: "
                    + str(len(body)).encode()
                    + b"\r\n\r\n"
                    + body
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
