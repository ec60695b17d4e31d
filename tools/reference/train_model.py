"""Antiphon's two-tower models in PyTorch, with the same names of weights, for the scripts that train beside it.

A model comes as a folder:
    manifest.json    {"audio": {"encoder": ..., options}, "text": {...}, "projection": {...}, "optimizer": {...},
                      "parameters": [{"name", "shape"}], "inputs": [{"name", "shape", "dtype"}], "batches": count}
    parameters.f32   all parameters in that order, raw float32; linear weights are [out, in], running statistics are among them
    inputs.bin       `batches` batches, each all inputs in that order, raw float32 or int32

Encoders: "transformer" (both sides), "resnet" (audio; CLIP's ModifiedResNet), "bert" (text), "frozen" (the input is the encoder's output).
Options have the names of the recipe's. The loss is symmetric InfoNCE; log_scale is held at ln 100 after each update."""

import json
import math
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

MAX_LOG_SCALE = math.log(100)


def heads_of(x, heads):
    """[batch, tokens, width] to [batch, heads, tokens, width / heads]."""
    return x.unflatten(-1, (heads, -1)).transpose(1, 2)


def attend(query, key, value, mask):
    """mask [batch, tokens], true on tokens."""
    bias = None if mask is None else mask[:, None, None, :]
    return F.scaled_dot_product_attention(query, key, value, attn_mask=bias).transpose(1, 2).flatten(2)


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads, self.qkv, self.proj = heads, nn.Linear(width, 3 * width), nn.Linear(width, width)

    def forward(self, x, mask):
        query, key, value = (heads_of(part, self.heads) for part in self.qkv(x).chunk(3, dim=-1))
        return self.proj(attend(query, key, value, mask))


class Mlp(nn.Module):
    def __init__(self, width, inner):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(width, inner), nn.Linear(inner, width)

    def forward(self, x):
        return self.fc2(F.gelu(self.fc1(x)))


class Block(nn.Module):
    def __init__(self, width, heads, mlp_ratio):
        super().__init__()
        self.norm1, self.attn = nn.LayerNorm(width), Attention(width, heads)
        self.norm2, self.mlp = nn.LayerNorm(width), Mlp(width, round(mlp_ratio * width))

    def forward(self, x, mask):
        x = x + self.attn(self.norm1(x), mask)
        return x + self.mlp(self.norm2(x))


class AudioTransformer(nn.Module):
    """log-mel [batch, frames, mels] to [batch, width]."""

    def __init__(self, shape, width=192, heads=3, mlp_ratio=4, layers=6, patch=16):
        super().__init__()
        (_, frames, mels), self.patch, self.width = shape, patch, width
        self.columns, self.rows = frames // patch, mels // patch
        self.patch_embed = nn.ModuleDict({"proj": nn.Linear(patch * patch, width)})
        self.pos_embedding = nn.Parameter(torch.empty(self.columns * self.rows, width))
        self.blocks = nn.ModuleList(Block(width, heads, mlp_ratio) for _ in range(layers))
        self.norm = nn.LayerNorm(width)

    def forward(self, x):
        patch = self.patch
        x = x[:, : self.columns * patch, : self.rows * patch]
        x = x.reshape(-1, self.columns, patch, self.rows, patch).transpose(2, 3).reshape(-1, self.columns * self.rows, patch * patch)
        x = self.patch_embed["proj"](x) + self.pos_embedding
        for block in self.blocks:
            x = block(x, None)
        return self.norm(x).mean(1)


def masked_mean(x, mask):
    weights = mask.to(x.dtype)[:, :, None]
    return (x * weights).sum(1) / weights.sum(1)


class TextTransformer(nn.Module):
    """Ids and mask [batch, tokens] to [batch, width]."""

    def __init__(self, vocab_size, max_tokens, width=192, heads=3, mlp_ratio=4, layers=4):
        super().__init__()
        self.width, self.token_embedding = width, nn.Embedding(vocab_size, width)
        self.positional_embedding = nn.Parameter(torch.empty(max_tokens, width))
        self.blocks = nn.ModuleList(Block(width, heads, mlp_ratio) for _ in range(layers))
        self.norm = nn.LayerNorm(width)

    def forward(self, ids, mask):
        x, seen = self.token_embedding(ids) + self.positional_embedding[: ids.shape[1]], mask.bool()
        for block in self.blocks:
            x = block(x, seen)
        return masked_mean(self.norm(x), mask)


class Bottleneck(nn.Module):
    def __init__(self, inputs, planes, stride):
        super().__init__()
        outputs, self.stride = 4 * planes, stride
        self.conv1, self.bn1 = nn.Conv2d(inputs, planes, 1, bias=False), nn.BatchNorm2d(planes)
        self.conv2, self.bn2 = nn.Conv2d(planes, planes, 3, padding=1, bias=False), nn.BatchNorm2d(planes)
        self.conv3, self.bn3 = nn.Conv2d(planes, outputs, 1, bias=False), nn.BatchNorm2d(outputs)
        self.downsample = None
        if stride > 1 or inputs != outputs:
            self.downsample = nn.ModuleDict({"0": nn.Conv2d(inputs, outputs, 1, bias=False), "1": nn.BatchNorm2d(outputs)})

    def forward(self, x):
        pooled = lambda y: F.avg_pool2d(y, self.stride) if self.stride > 1 else y
        y = F.relu(self.bn1(self.conv1(x)))
        y = F.relu(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(pooled(y)))
        if self.downsample is not None:
            x = self.downsample["1"](self.downsample["0"](pooled(x)))
        return F.relu(y + x)


class AttentionPool(nn.Module):
    def __init__(self, places, width, heads, output):
        super().__init__()
        self.heads, self.positional_embedding = heads, nn.Parameter(torch.empty(places + 1, width))
        self.q_proj, self.k_proj, self.v_proj = (nn.Linear(width, width) for _ in range(3))
        self.c_proj = nn.Linear(width, output)

    def forward(self, x):
        tokens = x.flatten(2).transpose(1, 2)
        tokens = torch.cat([tokens.mean(1, keepdim=True), tokens], dim=1) + self.positional_embedding
        query, key, value = (heads_of(part, self.heads) for part in (self.q_proj(tokens[:, :1]), self.k_proj(tokens), self.v_proj(tokens)))
        return self.c_proj(attend(query, key, value, None)[:, 0])


class AudioResNet(nn.Module):
    """log-mel [batch, frames, mels] to [batch, output]."""

    def __init__(self, shape, width=64, layers=(3, 4, 6, 3), heads=32, output=1024):
        super().__init__()
        (_, frames, mels), half, self.width = shape, width // 2, output
        self.conv1, self.bn1 = nn.Conv2d(1, half, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(half)
        self.conv2, self.bn2 = nn.Conv2d(half, half, 3, padding=1, bias=False), nn.BatchNorm2d(half)
        self.conv3, self.bn3 = nn.Conv2d(half, width, 3, padding=1, bias=False), nn.BatchNorm2d(width)
        inputs, self.stages = width, [f"layer{i + 1}" for i in range(len(layers))]
        rows, columns = -(-mels // 2) // 2, -(-frames // 2) // 2
        for index, (name, count) in enumerate(zip(self.stages, layers)):
            planes, blocks = width * 2**index, []
            for block in range(count):
                blocks.append(Bottleneck(inputs, planes, 2 if index > 0 and block == 0 else 1))
                inputs = planes * 4
            setattr(self, name, nn.Sequential(*blocks))
            if index > 0:
                rows, columns = rows // 2, columns // 2
        self.attnpool = AttentionPool(rows * columns, inputs, heads, output)

    def forward(self, x):
        x = x.transpose(1, 2)[:, None]
        x = F.relu(self.bn1(self.conv1(x)))
        x = F.relu(self.bn2(self.conv2(x)))
        x = F.avg_pool2d(F.relu(self.bn3(self.conv3(x))), 2)
        for name in self.stages:
            x = getattr(self, name)(x)
        return self.attnpool(x)


class Bert(nn.Module):
    """Hugging Face's BERT without its pooler, as a text tower: ids and mask [batch, tokens] to the mean, [batch, hidden_size]."""

    def __init__(self, **sizes):
        super().__init__()
        from transformers import BertConfig, BertModel

        sizes = {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0, **sizes}
        bert = BertModel(BertConfig(**sizes, attn_implementation="sdpa"), add_pooling_layer=False)
        self.embeddings, self.encoder, self.width = bert.embeddings, bert.encoder, bert.config.hidden_size

    def forward(self, ids, mask):
        bias = mask.bool()[:, None, None, :].expand(-1, 1, ids.shape[1], -1)
        return masked_mean(self.encoder(self.embeddings(input_ids=ids), attention_mask=bias).last_hidden_state, mask)


class Frozen(nn.Module):
    """What is fed is the encoder's output already."""

    def __init__(self, shape):
        super().__init__()
        self.width = shape[1]

    def forward(self, x):
        return x


ACTIVATIONS = {"relu": F.relu, "gelu": F.gelu, "silu": F.silu, "tanh": torch.tanh}


class Projection(nn.ModuleList):
    def __init__(self, width, dim, layers=2, hidden=None, activation="relu"):
        widths = [width, *[hidden or dim] * (layers - 1), dim]
        super().__init__(nn.Linear(a, b) for a, b in zip(widths, widths[1:]))
        self.activation = ACTIVATIONS[activation]

    def forward(self, x):
        for index, layer in enumerate(self):
            x = layer(x if index == 0 else self.activation(x))
        return F.normalize(x, dim=-1)


def tower(options, shapes, projection):
    options = dict(options)
    encoder = options.pop("encoder")
    if encoder == "frozen":
        side = Frozen(shapes[0])
    elif encoder == "transformer":
        side = AudioTransformer(shapes[0], **options) if len(shapes) == 1 else TextTransformer(**options)
    else:
        side = AudioResNet(shapes[0], **options) if encoder == "resnet" else Bert(**options)
    side.projection = Projection(side.width, **projection)
    return side


class TwoTowers(nn.Module):
    def __init__(self, manifest):
        super().__init__()
        shapes = [entry["shape"] for entry in manifest["inputs"]]  # the first is the audio's, the others are the text's
        self.audio = tower(manifest["audio"], shapes[:1], manifest["projection"])
        self.text = tower(manifest["text"], shapes[1:], manifest["projection"])
        self.log_scale = nn.Parameter(torch.zeros(()))

    def forward(self, audio, *text):
        a = self.audio.projection(self.audio(audio))
        t = self.text.projection(self.text(*text))
        logits = self.log_scale.exp() * a @ t.T
        own = torch.arange(len(logits))
        return (F.cross_entropy(logits, own) + F.cross_entropy(logits.T, own)) / 2


def load(folder, channels_last=False):
    """The model with the folder's weights, its optimiser and its batches."""
    folder = Path(folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    model = TwoTowers(manifest).train()
    numbers = torch.from_numpy(np.fromfile(folder / "parameters.f32", dtype=np.float32))
    sizes = [math.prod(entry["shape"]) for entry in manifest["parameters"]]
    weights = {entry["name"]: part.reshape(entry["shape"]) for entry, part in zip(manifest["parameters"], numbers.split(sizes))}
    own = model.state_dict()
    # counters and places that no weights file of Antiphon has
    counted = {name for name in own if name.endswith(("num_batches_tracked", "position_ids", "token_type_ids"))}
    if own.keys() - counted != weights.keys():
        raise SystemExit(f"weights differ: only here {sorted(own.keys() - counted - weights.keys())}, only there {sorted(weights.keys() - own.keys())}")
    model.load_state_dict(weights, strict=False)
    if channels_last:
        model.audio.to(memory_format=torch.channels_last)
    options = manifest["optimizer"]
    groups = [
        {"params": [p for p in model.parameters() if p.dim() > 1], "weight_decay": options["weight_decay"]},
        {"params": [p for p in model.parameters() if p.dim() <= 1], "weight_decay": 0.0},
    ]
    optimiser = torch.optim.AdamW(groups, lr=options["learning_rate"], betas=tuple(options["betas"]), eps=options["epsilon"], fused=True)
    return model, optimiser, batches(folder, manifest)


def batches(folder, manifest):
    """Lists of tensors, one list a batch."""
    raw, at, out = np.memmap(folder / "inputs.bin", dtype=np.uint8, mode="r"), 0, []
    for _ in range(manifest["batches"]):
        batch = []
        for entry in manifest["inputs"]:
            size = 4 * math.prod(entry["shape"])
            array = np.array(raw[at : at + size]).view(entry["dtype"]).reshape(entry["shape"])
            batch.append(torch.from_numpy(array))
            at += size
        out.append(batch)
    return out


def step(loss_of, model, optimiser, batch):
    """Forward, backward, AdamW. The loss before the update."""
    optimiser.zero_grad()
    loss = loss_of(*batch)
    loss.backward()
    optimiser.step()
    with torch.no_grad():
        model.log_scale.clamp_(max=MAX_LOG_SCALE)
    return loss.item()
