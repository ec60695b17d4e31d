"""What bench/index.ts is measured against: librosa decodes, ONNX Runtime embeds with the same audio.onnx, numpy keeps the vectors.

    check    which of the files librosa can read
    decode   librosa.load of every file, 16 kHz mono
    index    decode, cut into chunks, embed, save track vectors [files, dim] as raw float32

Imports are not counted in the seconds. Prints a JSON object on its last line."""

import argparse
import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import librosa
import numpy as np
import onnxruntime
import soundfile


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("task", choices=["check", "decode", "index"])
    parser.add_argument("--files", required=True, help="JSON list of paths")
    parser.add_argument("--rate", type=int, default=16000)
    parser.add_argument("--model", help="audio.onnx: waveform [batch, samples] -> embedding [batch, dim]")
    parser.add_argument("--chunk", type=float, default=10.0, help="seconds")
    parser.add_argument("--hop", type=float, default=10.0, help="seconds")
    parser.add_argument("--min-rest", type=float, default=3.0, help="seconds; a shorter rest is dropped unless it is all there is")
    parser.add_argument("--batch", type=int, default=4, help="chunks a run")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--out", help="track vectors")
    return parser.parse_args()


def load(path, rate):
    return librosa.load(path, sr=rate, mono=True)[0]


def chunks(samples, args):
    """Chunks of equal length; a rest that is long enough is repeated until it fills one."""
    size, hop, least = (int(seconds * args.rate) for seconds in (args.chunk, args.hop, args.min_rest))
    out = []
    for start in range(0, max(len(samples), 1), hop):
        piece = samples[start : start + size]
        if len(piece) < size:
            if len(piece) == 0 or (len(piece) < least and out):
                break
            piece = np.resize(piece, size)
        out.append(piece)
    return np.stack(out)


def index(files, args):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = args.threads
    session = onnxruntime.InferenceSession(args.model, options, providers=["CPUExecutionProvider"])
    name, wanted = session.get_inputs()[0].name, [session.get_outputs()[0].name]
    vectors, moments, seconds = [], 0, 0.0
    with ThreadPoolExecutor(1) as ahead:  # the next file is decoded while this one is embedded
        waiting = ahead.submit(load, files[0], args.rate)
        for place in range(len(files)):
            samples = waiting.result()
            if place + 1 < len(files):
                waiting = ahead.submit(load, files[place + 1], args.rate)
            cut = chunks(samples, args)
            embedded = np.concatenate([session.run(wanted, {name: cut[i : i + args.batch]})[0] for i in range(0, len(cut), args.batch)])
            whole = (embedded / np.linalg.norm(embedded, axis=1, keepdims=True)).mean(0)
            vectors.append(whole / np.linalg.norm(whole))
            moments += len(cut)
            seconds += len(samples) / args.rate
    np.stack(vectors).astype(np.float32).tofile(args.out)
    return {"moments": moments, "audioSeconds": seconds}


def decode(files, args):
    return {"audioSeconds": sum(len(load(path, args.rate)) for path in files) / args.rate}


def check(files, args):
    def readable(path):
        try:
            return soundfile.info(path).frames > 0
        except Exception:  # whatever it is, librosa would need another decoder, which the reference doesn't have
            return False

    return {"readable": [path for path in files if readable(path)]}


def main():
    args = arguments()
    files = json.loads(Path(args.files).read_text(encoding="utf-8"))
    started = time.perf_counter()
    result = {"check": check, "decode": decode, "index": index}[args.task](files, args)
    versions = {"librosa": librosa.__version__, "onnxruntime": onnxruntime.__version__}
    print(json.dumps({"seconds": time.perf_counter() - started, "versions": versions, **result}))


if __name__ == "__main__":
    main()
