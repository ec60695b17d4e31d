import { ROBUSTNESS } from './robustness.js'

/** README.md of the model. */
export const BRIDGE_CARD = `# bridge

Finds music by a sentence, without having been trained for it: two published taggers hear which tags fit a moment of music, a sentence encoder knows
what the tags mean, and one linear layer between them puts music and words into the same space.

- **Audio:** 10 s at 16 kHz, mono. A log-mel spectrogram goes through musicnn twice, as trained on the Million Song Dataset (genres, moods, decades) and on
  MagnaTagATune (instruments, voice, tempo); three patches of 3 s are heard and averaged. The vector is the sum of the 100 tags' sentence embeddings, weighted
  by the tags' probabilities, at unit length (ConSE, Norouzi et al. 2013). Beyond ConSE, each tag is read in four sentences ("jazz", "jazz music", "this is
  jazz music", "a jazz song"), whose embeddings are averaged, and counts by the root of how rare it is.
- **Text:** all-MiniLM-L6-v2, at most 256 tokens; 384 numbers at unit length.

## Good for

Queries that speak of genre, mood, instruments, voice and tempo: "calm piano", "heavy metal with a male voice". "Like this track".

## Measured

| | plain ConSE | with sentences | with rarity, too: this model |
|---|---|---|---|
| 233 free recordings, 13 queries for genres, instruments and voices: mean ROC AUC by track | 0.66 | 0.68 | 0.75 |
| demo library (84 pieces, 28 styles), caption to its own style: R@1 | 0.23 | 0.41 | 0.48 |
| … R@5 | 0.55 | 0.71 | 0.71 |
| … mAP | 0.33 | 0.47 | 0.49 |

How rare a tag is was taken from the free recordings, so the demo library's figures are of pieces it has not seen. The last column of these is what
\`npm run bench -- quality\` prints; the other columns were computed once from the same taggers' output, 60 s of each recording.

## Limits

- English. Queries in other languages give poor results.
- It knows music through 100 tags: what none of them says (a composer, a key, a rare instrument, the order of events in a piece) it can't find.
- "No drums" is close to "drums": the sentence encoder hardly understands negation (see Robustness).
- The taggers were trained on Western popular and classical music up to about 2010.

${ROBUSTNESS}
## Made from

| part | source | licence |
|---|---|---|
| all-MiniLM-L6-v2, in half precision | https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2 | Apache-2.0 |
| musicnn, MSD and MTT weights | https://github.com/jordipons/musicnn | ISC |

Made by \`npm run build\` of Antiphon from \`models/towers\`; nothing was trained. \`parity.json\` says what it must compute.
`

/** README.md of the model with its matrices in 8 bits. */
export const BRIDGE_INT8_CARD = `# bridge-int8

\`bridge\` with its matrices in 8 bits, a scale for each output channel: half the size, half the time. A space of its own: its vectors and
those of \`bridge\` never meet in one catalog. What it is good for, and what not, is on the card of \`bridge\`.

Linear layers and the wide convolutions over the spectrogram are computed with integers; what goes into them is scaled by its own numbers, a token
or a patch at a time, so that no vector depends on what it is computed beside. Two matrices that 8 bits would spoil stay in float32: a norm is folded
into their columns, and with them in 8 bits a vector lost twenty times as much as by all the others.

## Measured beside bridge

| | bridge | bridge-int8 |
|---|---|---|
| files | 54 MB | 28 MB |
| a chunk of 10 s, one thread (AVX-512 VNNI), median of alternated runs | 150 ms | 76 ms |
| demo library (84 pieces, 320 chunks), caption to its own style: R@1 | 0.48 | 0.50 |
| … R@5 | 0.71 | 0.71 |
| … mAP | 0.49 | 0.50 |
| a larger one (224 pieces): R@1, R@5, mAP | 0.52, 0.66, 0.473 | 0.52, 0.67, 0.475 |
| cosine to the vector of bridge, chunks: median (least) | | 0.99995 (0.9997) |
| … captions | | 0.9989 (0.998) |

The differences in retrieval are those of a few captions whose neighbours change places. \`npm run bench -- int8\` prints these figures.
`
