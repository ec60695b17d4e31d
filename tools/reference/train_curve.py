"""The loss of every step of a training run in PyTorch, from the weights and batches of a folder (train_model.py says how it is written);
step k takes batch k modulo their number. Prints {"losses": [...]} as JSON on its last line."""

import argparse
import json

import torch

from train_model import load, step


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("--steps", type=int, default=500)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    model, optimiser, batches = load(args.folder)
    losses = [step(model, model, optimiser, batches[k % len(batches)]) for k in range(args.steps)]
    print(json.dumps({"losses": losses}))


if __name__ == "__main__":
    main()
