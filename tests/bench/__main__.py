"""Every bench, one after another: `make bench`. One line a figure."""

from tests.bench import (
    bench_cli,
    bench_extract,
    bench_farm,
    bench_fold,
    bench_match,
    bench_pipeline,
    bench_reposts,
    bench_sentences,
)

for bench in (
    bench_cli,
    bench_extract,
    bench_farm,
    bench_fold,
    bench_match,
    bench_sentences,
    bench_pipeline,
    bench_reposts,
):
    bench.main()
