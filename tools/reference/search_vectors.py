"""faiss on the vectors of bench/search.ts: HNSW at a recall no lower than the given one, and a flat scan.

Prints, as JSON on its last line: build seconds, efSearch, recall at 10, and the 50th and 95th percentile of one query in milliseconds."""

import argparse
import json
import time
from pathlib import Path

import faiss
import numpy as np

WARM_UP = 20
FLAT_QUERIES = 50  # a scan takes the same time whatever the query


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vectors", required=True, help="raw float32, rows of --dim, unit length")
    parser.add_argument("--queries", required=True)
    parser.add_argument("--exact", required=True, help="JSON: the 10 nearest rows of every query")
    parser.add_argument("--dim", type=int, required=True)
    parser.add_argument("--recall", type=float, required=True, help="recall at 10 to reach")
    parser.add_argument("--m", type=int, default=16, help="neighbours of a node in the graph")
    parser.add_argument("--ef-construction", type=int, default=40, help="as faiss has it")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--index", help="keep the built index in this file, and use it where it is there")
    return parser.parse_args()


def built(args, vectors):
    """The index, the seconds that building took, and whether it was built now."""
    notes = Path(f"{args.index}.json") if args.index else None
    if notes and notes.exists():
        return faiss.read_index(args.index), json.loads(notes.read_text())["seconds"], False
    index = faiss.IndexHNSWFlat(args.dim, args.m, faiss.METRIC_INNER_PRODUCT)
    index.hnsw.efConstruction = args.ef_construction
    started = time.perf_counter()
    index.add(vectors)
    seconds = time.perf_counter() - started
    if notes:
        faiss.write_index(index, args.index)
        notes.write_text(json.dumps({"seconds": seconds, "faiss": faiss.__version__}))
    return index, seconds, True


def recall(found, exact):
    return float(np.mean([len(set(row) & set(truth)) / len(truth) for row, truth in zip(found.tolist(), exact)]))


def milliseconds(index, queries, threads):
    """One query at a time. A second thread doesn't always help a single query, so the better number of threads counts."""
    best = None
    for count in sorted({1, threads}):
        faiss.omp_set_num_threads(count)
        times = []
        for query in [*queries[:WARM_UP], *queries]:
            started = time.perf_counter()
            index.search(query[None], 10)
            times.append((time.perf_counter() - started) * 1000)
        times = times[min(WARM_UP, len(queries)) :]
        result = {"p50": float(np.percentile(times, 50)), "p95": float(np.percentile(times, 95)), "threads": count}
        if best is None or result["p50"] < best["p50"]:
            best = result
    faiss.omp_set_num_threads(threads)
    return best


def main():
    args = arguments()
    faiss.omp_set_num_threads(args.threads)
    vectors = np.fromfile(args.vectors, np.float32).reshape(-1, args.dim)
    queries = np.fromfile(args.queries, np.float32).reshape(-1, args.dim)
    exact = json.loads(Path(args.exact).read_text())

    flat = faiss.IndexFlatIP(args.dim)
    flat.add(vectors)
    flat_found = flat.search(queries, 10)[1]
    flat_times = milliseconds(flat, queries[:FLAT_QUERIES], args.threads)
    del flat

    index, seconds, now = built(args, vectors)
    del vectors
    for ef in (10, 12, 16, 20, 24, 32, 40, 48, 64, 80, 96, 128, 160, 192, 256, 384, 512, 768, 1024):
        index.hnsw.efSearch = ef
        reached = recall(index.search(queries, 10)[1], exact)
        if reached >= args.recall:
            break
    print(json.dumps({
        "faiss": faiss.__version__,
        "hnsw": {"build": seconds, "builtNow": now, "efSearch": ef, "recall": reached, **milliseconds(index, queries, args.threads)},
        "flat": {"recall": recall(flat_found, exact), **flat_times},
    }))


if __name__ == "__main__":
    main()
