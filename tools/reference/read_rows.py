"""Python's side of bench/data.ts: reads a file of bench/data.ts and prints {"rows", "seconds", "maxRss"} as a line of JSON.

pairs FILE.csv     path, caption, tags, artist: the csv module, each row made into a dictionary of its texts, and counted
frame FILE.csv     the same file by pandas.read_csv, all of it in memory
triples FILE.tsv   user, track, count: the csv module, names numbered by dictionaries, numbers kept in arrays"""

import array
import csv
import json
import resource
import sys
import time


def pairs(path):
    rows = 0
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            texts = [("caption", row["caption"]), *(("tag", tag.strip()) for tag in row["tags"].split(","))]
            pair = {"path": row["path"], "texts": texts, "artist": row["artist"]}
            rows += len(pair["texts"]) > 0
    return rows


def frame(path):
    import pandas

    return len(pandas.read_csv(path))


def triples(path):
    users, tracks = {}, {}
    columns = array.array("i"), array.array("i"), array.array("i")
    with open(path, newline="", encoding="utf-8") as file:
        for user, track, count in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            columns[0].append(users.setdefault(user, len(users)))
            columns[1].append(tracks.setdefault(track, len(tracks)))
            columns[2].append(int(count))
    return len(columns[2])


def main():
    what, path = sys.argv[1:]
    read = {"pairs": pairs, "frame": frame, "triples": triples}[what]
    if what == "frame":
        import pandas  # noqa: F401  the import is not timed
    started = time.perf_counter()
    rows = read(path)
    seconds = time.perf_counter() - started
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"rows": rows, "seconds": seconds, "maxRss": rss}))


if __name__ == "__main__":
    main()
