"""Ranks of each query's own item, by NumPy in blocks: the reference of `npm run bench -- evaluate`.

Query i is answered by item i. A block of queries is multiplied with all items at once, so that a query's target is
scored in the same product as its rivals; then the scores above the target's are counted, and those equal to it.

    python rank_blocks.py --queries FILE --items FILE --dim N [--rows N] [--columns N]

`columns` is a multiple of `rows`. Files are raw float32, row by row. Prints JSON: seconds without reading the files, the peak memory in MB, the ranks' mean and R@10.
"""

import argparse
import json
import resource
import time

import numpy as np


def ranks(queries, items, rows, columns):
    """Expected rank of each query's own item, ties by chance."""
    count = len(queries)
    above = np.zeros(count, np.int64)
    equal = np.zeros(count, np.int64)
    scores = np.empty((rows, columns), np.float32)
    for first in range(0, count, rows):
        block = queries[first : first + rows]
        # The tile that holds the block's targets comes first: the same product gives their scores and their rivals'.
        start = first // columns * columns
        own = None
        for at in [start, *(other for other in range(0, len(items), columns) if other != start)]:
            part = items[at : at + columns]
            product = np.matmul(block, part.T, out=scores[: len(block), : len(part)])
            if own is None:
                own = product[np.arange(len(block)), np.arange(len(block)) + first - at][:, None]
            # Summing bytes into 16 bits is the quickest way to count in rows here: twice as quick as count_nonzero with an axis.
            above[first : first + rows] += np.greater(product, own).view(np.uint8).sum(1, dtype=np.uint16)
            equal[first : first + rows] += np.equal(product, own).view(np.uint8).sum(1, dtype=np.uint16)
    return above + (equal + 1) / 2


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--queries", required=True)
    parser.add_argument("--items", required=True)
    parser.add_argument("--dim", type=int, required=True)
    parser.add_argument("--rows", type=int, default=1024)
    parser.add_argument("--columns", type=int, default=8192)
    args = parser.parse_args()
    queries = np.fromfile(args.queries, np.float32).reshape(-1, args.dim)
    items = np.fromfile(args.items, np.float32).reshape(-1, args.dim)
    ranks(queries[: args.rows], items[: args.columns], args.rows, args.columns)  # threads and kernels ready
    started = time.perf_counter()
    found = ranks(queries, items, args.rows, args.columns)
    seconds = time.perf_counter() - started
    print(json.dumps({
        "numpy": np.__version__,
        "seconds": seconds,
        "rss": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "meanRank": float(found.mean()),
        "recallAt10": float((found <= 10).mean()),
    }))


if __name__ == "__main__":
    main()
