"""A process that delivers until nothing is due: `python deliverer.py CONFIG_JSON`."""

import asyncio
import sys
from datetime import UTC, datetime

from crawler.log.engine import open_engine
from monitor.alerts.deliver import Delivery
from monitor.config import Config


def main() -> None:
    config = Config.model_validate_json(sys.argv[1])
    report = asyncio.run(
        Delivery(open_engine(config.database), config, "mail").run_once(datetime.now(UTC))
    )
    print(report, flush=True)


main()
