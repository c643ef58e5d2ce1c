"""`python -m crawler.run` where DNS knows the names of LENDWATCH_TEST_NAMES: all are 127.0.0.1."""

import asyncio
import os

from network_crawl import LoopWithNames

from crawler.loop import main


class NamesPolicy(asyncio.DefaultEventLoopPolicy):
    def new_event_loop(self) -> asyncio.AbstractEventLoop:
        names = os.environ["LENDWATCH_TEST_NAMES"].split()
        return LoopWithNames({name: ["127.0.0.1"] for name in names})


if __name__ == "__main__":
    asyncio.set_event_loop_policy(NamesPolicy())
    main()
