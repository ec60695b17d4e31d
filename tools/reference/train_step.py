"""PyTorch's side of bench/train.ts: the model of a folder (train_model.py says how it is written) takes a training step on the first batch
for every line of its standard input: forward, backward and AdamW.

Prints a line of JSON when it is ready, and after each step {"ms", "loss", "maxRss"}: milliseconds, the loss before the update, and the
process's peak memory so far in MB.

Between steps the threads of OpenMP spin, which takes the cores from whoever is measured next, and where the machine is busy makes a step of
12 ms one of 400: with OMP_WAIT_POLICY=PASSIVE in the environment they sleep."""

import argparse
import json
import resource
import sys
import time

import torch

from train_model import load, step


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("--compile", action="store_true", help="torch.compile; the first step compiles")
    parser.add_argument("--channels-last", action="store_true", help="memory format of convolutions")
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    model, optimiser, (batch, *_) = load(args.folder, args.channels_last)
    loss_of = torch.compile(model) if args.compile else model
    print(json.dumps({"torch": torch.__version__, "parameters": sum(p.numel() for p in model.parameters())}), flush=True)
    for _ in sys.stdin:
        started = time.perf_counter()
        loss = step(loss_of, model, optimiser, batch)
        ms = (time.perf_counter() - started) * 1000
        print(json.dumps({"ms": ms, "loss": loss, "maxRss": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}), flush=True)


if __name__ == "__main__":
    main()
