"""A tiny random ClapModel with feature fusion (enable_fusion) in the layout of the hub: what its audio tower gives for clips that are longer
than what it hears at once, as four views, and for one that is not; and a training step."""

import copy
import shutil

import numpy as np
import torch

from golden import ROOT, load, save, save_json, versions
from random_weights import randomise

from transformers import ClapAudioConfig, ClapConfig, ClapFeatureExtractor, ClapModel, ClapTextConfig

FOLDER = ROOT / "clap_fused"
DIM, MELS, RATE, HOP, SECONDS = 12, 16, 16000, 80, 1
FRAMES = SECONDS * RATE // HOP + 1
CLIPS = [("long", 0, 40000), ("odd", 30000, 71234), ("longest", 12345, 122345)]
SHORT = ("short", 5000, 21000)
GRADIENTS = ("batch_norm.weight", "patch_embed.proj.weight", "patch_embed.proj.bias", "patch_embed.mel_conv2d.weight", "patch_embed.mel_conv2d.bias",
             "patch_embed.fusion_model.local_att.0.weight", "patch_embed.fusion_model.local_att.4.weight", "patch_embed.fusion_model.global_att.1.weight",
             "patch_embed.fusion_model.global_att.5.bias", "patch_embed.norm.weight", "layers.0.blocks.1.attention.self.relative_position_bias_table", "norm.bias")


def build():
    audio = ClapAudioConfig(spec_size=64, num_mel_bins=MELS, window_size=4, patch_embeds_hidden_size=8, hidden_size=16, depths=[2, 2], num_attention_heads=[2, 2],
                            drop_path_rate=0.0, hidden_dropout_prob=0.0, enable_fusion=True)
    text = ClapTextConfig(vocab_size=31, hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=8, max_position_embeddings=10)
    config = ClapConfig(text_config=text.to_dict(), audio_config=audio.to_dict(), projection_dim=DIM, attn_implementation="eager")
    model = randomise(ClapModel(config), 93)
    norm = model.audio_model.audio_encoder.batch_norm  # features are decibels
    norm.running_mean.copy_(norm.running_mean * 10 - 35)
    norm.running_var.copy_(norm.running_var * 400)
    return model


def views(mel):
    """The extractor's `_random_mel_fusion` with the middle of each third in place of a random place, and as many mels as there are (it says 64)."""
    starts = [int(part[len(part) // 2]) for part in np.array_split(np.arange(len(mel) - FRAMES + 1), 3)]
    whole = torch.nn.functional.interpolate(torch.tensor(mel[None, None]), size=[FRAMES, MELS], mode="bilinear", align_corners=False)[0, 0].numpy()
    return np.stack([whole, *(mel[start : start + FRAMES] for start in starts)]), starts


def main():
    shutil.rmtree(FOLDER, ignore_errors=True)
    model = build()
    model.save_pretrained(FOLDER)
    (FOLDER / "model.safetensors").chmod(0o644)
    extractor = ClapFeatureExtractor(feature_size=MELS, sampling_rate=RATE, hop_length=HOP, max_length_s=SECONDS, fft_window_size=512, frequency_min=0, frequency_max=8000,
                                     truncation="fusion", padding="repeatpad")
    extractor.save_pretrained(FOLDER)
    signal = load("signal.safetensors")["music/16000"]
    cut, starts = [], []
    for _, first, end in CLIPS:
        found, places = views(extractor._np_extract_fbank_features(signal[first:end].astype(np.float64), extractor.mel_filters))
        cut.append(found)
        starts.append(places)
    features = torch.tensor(np.stack(cut)).float()
    whole = extractor._np_extract_fbank_features(signal[SHORT[1] : SHORT[2]].astype(np.float64), extractor.mel_filters)
    short = torch.tensor(np.stack([whole] * 4)[None]).float()
    assert features.shape == (3, 4, FRAMES, MELS) and short.shape == (1, 4, FRAMES, MELS)

    def embed(clap, x, longer):
        return clap.audio_projection(clap.audio_model(input_features=x, is_longer=torch.full((len(x), 1), longer)).pooler_output)

    exact = copy.deepcopy(model).double()
    with torch.no_grad():
        in_float32 = embed(model, features, True)
        output, alone = embed(exact, features.double(), True), embed(exact, short.double(), False)
    difference = float(f"{(in_float32.double() - output).abs().max():.1e}")
    exact.train()
    trained = embed(exact, features.double(), True)
    cotangent = torch.randn(trained.shape, generator=torch.Generator().manual_seed(3), dtype=torch.float64)
    (trained * cotangent).sum().backward()
    encoder = exact.audio_model.audio_encoder
    parameters, state = dict(encoder.named_parameters()), encoder.state_dict()
    save("clap_fused/golden.safetensors", {
        "input_features": features, "audio_embeds": output.float(), "short/audio_embeds": alone.float(), "train/audio_embeds": trained.float(), "cotangent": cotangent.float(),
        **{f"train/grad/{name}": parameters[name].grad.float() for name in GRADIENTS},
        **{f"train/after/{name}": value.float() for name, value in state.items() if "running" in name}}, "make_clap_fused.py")
    save_json("clap_fused/golden.json", {
        "versions": versions("transformers", "torch", "numpy"),
        "audio": [{"clip": name, "signal": "music/16000", "samples": [first, end], "starts": places} for (name, first, end), places in zip(CLIPS, starts)],
        "short": {"clip": SHORT[0], "signal": "music/16000", "samples": list(SHORT[1:])},
        "tensors": {
            "input_features": "[clips, views, frames, mels]: the whole clip shrunk to as many frames as a view has, and views from the middle of each third of the places",
            "audio_embeds": "behind the projection, not normalised; is_longer is true", "short/audio_embeds": "of the short clip; is_longer is false",
            "train/audio_embeds": "with batch statistics, without dropout", "train/grad/<name>": "d sum(train/audio_embeds * cotangent) / d weight, below audio_model.audio_encoder",
            "train/after/<name>": "running statistics after that one training step"},
        "evaluated": "features in float32, model in float64, stored as float32", "torch_float32_differs_by": difference})
    print("clap_fused float32 differs by", difference, "scale", round(output.abs().max().item(), 2), "starts", starts)


if __name__ == "__main__":
    main()
