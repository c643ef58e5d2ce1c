"""Every bench, one after another: `make bench`. One line a figure."""

from tests.bench import (
    bench_cli,
    bench_compare,
    bench_evidence,
    bench_extract,
    bench_farm,
    bench_fold,
    bench_listings,
    bench_match,
    bench_novelty,
    bench_pipeline,
    bench_proof,
    bench_recluster,
    bench_reposts,
    bench_revisits,
    bench_sentences,
)

for bench in (
    bench_cli,
    bench_compare,
    bench_evidence,
    bench_extract,
    bench_farm,
    bench_fold,
    bench_listings,
    bench_match,
    bench_novelty,
    bench_sentences,
    bench_proof,
    bench_recluster,
    bench_pipeline,
    bench_reposts,
    bench_revisits,
):
    bench.main()
