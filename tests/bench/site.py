"""A loopback site for benches, in a process of its own: a sitemap and its articles.

    python -m tests.bench.site COUNT LENDING_EVERY

prints its port, then serves until its standard input closes. Every LENDING_EVERY-th article is
about a watched platform. Pages are made before the port is printed, so serving costs little.
"""

import asyncio
import sys

from tests.bench.pages import page


def make(count: int, every: int) -> dict[str, bytes]:
    return {f"/a/{n}.html": page(n, lending=n % every == 0) for n in range(1, count + 1)}


async def main(count: int, every: int) -> None:
    pages = make(count, every)

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
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
