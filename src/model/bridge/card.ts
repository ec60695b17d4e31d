/** README.md of the model. */
export const BRIDGE_CARD = `# bridge

Finds music by a sentence, without having been trained for it: two published taggers hear which tags fit a moment of music, a sentence encoder knows
what the tags mean, and one linear layer between them puts music and words into the same space.

- **Audio:** 10 s at 16 kHz, mono. A log-mel spectrogram goes through musicnn twice, as trained on the Million Song Dataset (genres, moods, decades) and on
  MagnaTagATune (instruments, voice, tempo); three patches of 3 s are heard and averaged. The vector is the sum of the 100 tags' sentence embeddings, weighted
  by the tags' probabilities, at unit length (ConSE, Norouzi et al. 2013).
- **Text:** all-MiniLM-L6-v2, at most 256 tokens; 384 numbers at unit length.

## Good for

Queries that speak of genre, mood, instruments, voice and tempo: "calm piano", "heavy metal with a male voice". "Like this track".

## Limits

- English. Queries in other languages give poor results.
- It knows music through 100 tags: what none of them says (a composer, a key, a rare instrument, the order of events in a piece) it can't find.
- "No drums" is close to "drums": the sentence encoder hardly understands negation.
- The taggers were trained on Western popular and classical music up to about 2010.

## Made from

| part | source | licence |
|---|---|---|
| all-MiniLM-L6-v2, in half precision | https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2 | Apache-2.0 |
| musicnn, MSD and MTT weights | https://github.com/jordipons/musicnn | ISC |

Made by \`npm run build\` of Antiphon from \`models/towers\`; nothing was trained. \`parity.json\` says what it must compute.
`
