/** Of the card of bridge: what scripts/probes-table.mjs prints. */
export const ROBUSTNESS = `## Robustness

What becomes of queries and of music that are changed in ways that mean nothing, or that mean something: on the demo library, by

    antiphon evaluate bridge --protocol probes --data demo/library --out probes
    node scripts/probes-table.mjs probes/report.json

docs/evaluation.md says what each probe does. The first table is of pairs in the right order, 0.5 being chance. In the second, a rank shift of 1 is twice as far down;
R@10 is before and after. The cosine of audio is to be seen against that of two different pieces, given below.

| by chance 0.50 (95 % interval) | bridge |
|---|---|
| Negation: with X: those with X above | 0.72 (0.66 to 0.77) |
| Negation: without X: those without X above | 0.29 (0.24 to 0.34) |
| Negation: of a kind, with X: those with X above | 0.61 (0.56 to 0.67) |
| Negation: of a kind, without X: those without X above | 0.40 (0.34 to 0.46) |
| Negation: the true one of "with X" and "without X" nearer | 0.50 (0.50 to 0.51) |
| Composition of attributes: 2 attributes: the true text nearer than the swapped | 0.64 (0.55 to 0.72) |
| Composition of attributes: 2 attributes: pieces with all above those with all but one | 0.64 (0.58 to 0.69) |
| Composition of attributes: 3 attributes: the true text nearer than the swapped | 0.59 (0.52 to 0.66) |
| Composition of attributes: 3 attributes: pieces with all above those with all but one | 0.52 (0.43 to 0.60) |
| Other languages: English: ROC-AUC | 0.78 (0.75 to 0.82) |
| Other languages: German: ROC-AUC | 0.71 (0.66 to 0.75) |
| Other languages: French: ROC-AUC | 0.72 (0.68 to 0.77) |
| Other languages: Spanish: ROC-AUC | 0.67 (0.62 to 0.71) |
| Other languages: Portuguese: ROC-AUC | 0.65 (0.60 to 0.70) |
| Other languages: Italian: ROC-AUC | 0.69 (0.65 to 0.74) |
| Other languages: Japanese: ROC-AUC | 0.53 (0.49 to 0.57) |

| changed | cosine | R@10 | rank shift, log2 (95 % interval) |
|---|---|---|---|
| Order: attributes permuted | 0.985 | 0.43 → 0.45 | 0.00 (−0.06 to 0.05) |
| Order: clauses permuted | 0.956 | 0.70 → 0.60 | 0.30 (0.17 to 0.46) |
| Order: words shuffled | 0.845 | 0.69 → 0.55 | 0.33 (0.15 to 0.51) |
| Paraphrase: synonyms | 0.892 | 0.69 → 0.57 | 0.22 (0.04 to 0.42) |
| Paraphrase: other sentences | 0.825 | 0.52 → 0.52 | 0.15 (−0.02 to 0.33) |
| Prompts: 10 prompts | 0.906 | 0.51 → 0.51 | 0.05 (−0.03 to 0.12) |
| Typing errors: one typo | 0.862 | 0.52 → 0.46 | 0.33 (0.17 to 0.51) |
| Typing errors: 2 typos | 0.736 | 0.52 → 0.44 | 0.38 (0.14 to 0.62) |
| Unknown words: a made-up word before | 0.860 | 0.46 → 0.46 | 0.22 (0.08 to 0.36) |
| Unknown words: a made-up word behind | 0.892 | 0.46 → 0.47 | 0.14 (0.03 to 0.26) |
| Long captions: 2 times as long | 0.912 | 0.69 → 0.63 | 0.11 (−0.05 to 0.27) |
| Long captions: 4 times as long | 0.790 | 0.69 → 0.56 | 0.37 (0.17 to 0.59) |
| Long captions: 520 words behind | 0.602 | 0.69 → 0.46 | 0.81 (0.51 to 1.13) |
| Long captions: 520 words before | 0.184 | 0.69 → 0.14 | 2.46 (1.97 to 2.94) |
| Codec: MP3 at 64 kbit/s | 0.999 | 0.69 → 0.62 | 0.16 (0.09 to 0.25) |
| Loudness: −12 dB | 0.994 | 0.69 → 0.51 | 0.77 (0.53 to 1.03) |
| Loudness: +6 dB | 0.998 | 0.69 → 0.64 | 0.09 (−0.10 to 0.27) |
| Begins later: begins 1.2 s later | 1.000 | 0.69 → 0.67 | 0.00 (−0.08 to 0.08) |
| Sample rate: by way of 11,025 Hz | 0.993 | 0.69 → 0.57 | 0.55 (0.27 to 0.84) |
| Noise: noise, SNR 20 dB | 0.986 | 0.69 → 0.64 | 0.08 (−0.26 to 0.43) |
| Pitch: pitch +1 semitone | 0.999 | 0.69 → 0.71 | −0.04 (−0.14 to 0.07) |
| Pitch: pitch −1 semitone | 0.999 | 0.69 → 0.68 | −0.01 (−0.14 to 0.10) |
| Tempo: tempo +6 % | 0.999 | 0.69 → 0.69 | −0.05 (−0.19 to 0.10) |
| Tempo: tempo −6 % | 0.999 | 0.69 → 0.69 | 0.09 (−0.05 to 0.22) |

Two different pieces have a cosine of 0.939. 84 pieces; probes version 1, 2,000 bootstrap samples, seed 0; data b1b7b35a8a570523, protocol 87014812e16cd05c.

"Without drums" finds drums, and more than two attributes together are hardly understood. Softer recordings (−12 dB), those without treble and those encoded at a low
rate are found less well; other keys, tempos and beginnings change nothing that 84 captions can show.
`
