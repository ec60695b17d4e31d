"""Tiny convolutional towers, written anew from the papers' published code: the 1-d network of Choi et al. 2019 (kunimi00/ZSL_music_tagging),
the short-chunk CNN of Won et al. 2020 with and without residual connections (minzwon/sota-music-tagging-models), the Music Tagging
Transformer of Won et al. 2021 as in Doh et al. 2023 (seungheondoh/music-text-representation). Tensor names follow theirs."""

import torch
import torch.nn.functional as F
from torch import nn

from golden import save, save_json, versions
from random_weights import randomise

MELS, FRAMES, BATCH = 128, 130, 3
WIDTH, OUTPUT, DIM, HEADS, LAYERS, PLACES = 4, 7, 12, 3, 2, 40


class Conv1d(nn.Module):
    """Keras pads `same` with the odd place behind; its pools leave out what fills no window."""

    def __init__(self, batch_norm):
        super().__init__()
        self.kernels, self.pools, self.batch_norm = (4, 4, 4, 2), (4, 4, 4, 2), batch_norm
        for i, kernel in enumerate(self.kernels, 1):
            setattr(self, f"conv_{i}", nn.Conv1d(MELS if i == 1 else WIDTH, WIDTH, kernel))
            if batch_norm:
                setattr(self, f"bn_{i}", nn.BatchNorm1d(WIDTH))
        self.conv_5 = nn.Conv1d(WIDTH, OUTPUT, 1)

    def forward(self, x):
        x = x.transpose(1, 2)
        for i, (kernel, pool) in enumerate(zip(self.kernels, self.pools), 1):
            x = getattr(self, f"conv_{i}")(F.pad(x, ((kernel - 1) // 2, kernel // 2)))
            x = getattr(self, f"bn_{i}")(x) if self.batch_norm else x
            x = F.max_pool1d(F.relu(x), pool)
        return self.conv_5(x).mean(2)


class Residual(nn.Module):
    def __init__(self, inputs, outputs, stride=1, pool=None):
        super().__init__()
        conv = lambda i, s: nn.Conv2d(i, outputs, 3, stride=s, padding=1)
        self.pool, self.changes = pool, stride != 1 or inputs != outputs
        self.conv_1, self.bn_1 = conv(inputs, stride), nn.BatchNorm2d(outputs)
        self.conv_2, self.bn_2 = conv(outputs, 1), nn.BatchNorm2d(outputs)
        if self.changes:
            self.conv_3, self.bn_3 = conv(inputs, stride), nn.BatchNorm2d(outputs)

    def forward(self, x):
        y = self.bn_2(self.conv_2(F.relu(self.bn_1(self.conv_1(x)))))
        y = F.relu(y + (self.bn_3(self.conv_3(x)) if self.changes else x))
        return F.max_pool2d(y, self.pool) if self.pool else y


class Pooled(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.conv, self.bn = nn.Conv2d(inputs, outputs, 3, padding=1), nn.BatchNorm2d(outputs)

    def forward(self, x):
        return F.max_pool2d(F.relu(self.bn(self.conv(x))), 2)


class ShortChunk(nn.Module):
    def __init__(self, residual):
        super().__init__()
        self.spec_bn = nn.BatchNorm2d(1)
        widths = [1] + [WIDTH * n for n in (1, 1, 2, 2, 2, 2, 4)]
        for i in range(7):
            layer = Residual(widths[i], widths[i + 1], stride=2) if residual else Pooled(widths[i], widths[i + 1])
            setattr(self, f"layer{i + 1}", layer)
        self.dense1, self.bn = nn.Linear(4 * WIDTH, 4 * WIDTH), nn.BatchNorm1d(4 * WIDTH)

    def forward(self, x):
        x = self.spec_bn(x.transpose(1, 2).unsqueeze(1))
        for i in range(7):
            x = getattr(self, f"layer{i + 1}")(x)
        x = x.squeeze(2)
        return F.relu(self.bn(self.dense1(F.max_pool1d(x, x.shape[-1]).squeeze(2))))


class Frontend(nn.Module):
    def __init__(self):
        super().__init__()
        self.input_bn = nn.BatchNorm2d(1)
        self.layer1, self.layer2 = Residual(1, WIDTH, pool=(2, 2)), Residual(WIDTH, WIDTH, pool=(4, 2))
        self.fc = nn.Linear(MELS // 8 * WIDTH, DIM)

    def forward(self, x):
        x = self.layer2(self.layer1(self.input_bn(x.transpose(1, 2).unsqueeze(1))))
        return self.fc(x.permute(0, 3, 1, 2).flatten(2))


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.to_qkv, self.to_out = nn.Linear(DIM, 3 * DIM, bias=False), nn.Sequential(nn.Linear(DIM, DIM), nn.Dropout(0))

    def forward(self, x):
        q, k, v = (part.unflatten(-1, (HEADS, -1)).transpose(1, 2) for part in self.to_qkv(x).chunk(3, dim=-1))
        weights = torch.softmax(q @ k.transpose(-1, -2) * (DIM // HEADS) ** -0.5, dim=-1)
        return self.to_out((weights @ v).transpose(1, 2).flatten(2))


class FeedForward(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(DIM, 4 * DIM), nn.GELU(), nn.Dropout(0), nn.Linear(4 * DIM, DIM), nn.Dropout(0))

    def forward(self, x):
        return self.net(x)


class PreNorm(nn.Module):
    def __init__(self, fn):
        super().__init__()
        self.norm, self.fn = nn.LayerNorm(DIM), fn

    def forward(self, x):
        return self.fn(self.norm(x))


class Plus(nn.Module):
    def __init__(self, fn):
        super().__init__()
        self.fn = fn

    def forward(self, x):
        return x + self.fn(x)


class Blocks(nn.Module):
    def __init__(self):
        super().__init__()
        pair = lambda: nn.ModuleList([Plus(PreNorm(Attention())), Plus(PreNorm(FeedForward()))])
        self.layers = nn.ModuleList([pair() for _ in range(LAYERS)])

    def forward(self, x):
        for attend, feed in self.layers:
            x = feed(attend(x))
        return x


class MusicTransformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.frontend, self.transformer = Frontend(), Blocks()
        self.cls_token = nn.Parameter(torch.zeros(DIM))
        self.pos_embedding = nn.Parameter(torch.zeros(1, PLACES + 1, DIM))
        self.mlp_head = nn.Sequential(nn.LayerNorm(DIM))

    def forward(self, x):
        x = self.frontend(x)
        x = torch.cat([self.cls_token.expand(len(x), 1, -1), x], dim=1)
        return self.mlp_head(self.transformer(x + self.pos_embedding[:, : x.shape[1]])[:, 0])


TOWERS = {
    "conv1d": lambda: Conv1d(batch_norm=False), "conv1d_batch_norm": lambda: Conv1d(batch_norm=True),
    "short_chunk": lambda: ShortChunk(residual=True), "short_chunk_plain": lambda: ShortChunk(residual=False),
    "music_transformer": MusicTransformer,
}


def main():
    generator = torch.Generator().manual_seed(19)
    x = torch.randn((BATCH, FRAMES, MELS), generator=generator)
    tensors, differences = {"input": x}, {}
    for seed, (name, make) in enumerate(TOWERS.items()):
        model = randomise(make(), 70 + seed)
        weights = {f"{name}/model/{key}": value.clone() for key, value in model.state_dict().items() if "num_batches" not in key}
        in_float32 = model(x)
        model.double()
        with torch.no_grad():
            output = model(x.double())
        differences[name] = float(f"{(in_float32.double() - output).abs().max():.1e}")
        model.train()
        trained = model(x.double())
        cotangent = torch.randn(trained.shape, generator=generator, dtype=torch.float64)
        (trained * cotangent).sum().backward()
        tensors |= {**weights, f"{name}/eval": output, f"{name}/train": trained, f"{name}/cotangent": cotangent}
        tensors |= {f"{name}/grad/{key}": parameter.grad for key, parameter in model.named_parameters()}
        tensors |= {f"{name}/after/{key}": value for key, value in model.state_dict().items() if "running" in key}
        print(name, "float32 differs by", differences[name], "scale", round(output.abs().max().item(), 2))
    save("cnn.safetensors", {key: value.float() for key, value in tensors.items()}, "make_cnn.py")
    save_json("cnn.json", {
        "versions": versions("torch"),
        "shape": {"mels": MELS, "frames": FRAMES, "batch": BATCH, "width": WIDTH, "output": OUTPUT, "dim": DIM, "heads": HEADS, "layers": LAYERS, "places": PLACES,
                  "pools": [[2, 2], [4, 2]]},
        "tensors": {
            "input": "[batch, frames, mels]", "<tower>/model/<name>": "weights and running statistics", "<tower>/eval": "output with running statistics",
            "<tower>/train": "output with batch statistics, without dropout", "<tower>/grad/<name>": "d sum(train * cotangent) / d weight",
            "<tower>/after/<name>": "running statistics after that one training step"},
        "evaluated": "float64, stored as float32", "torch_float32_differs_by": differences})


if __name__ == "__main__":
    main()
