import type { AudioChange } from '../../audio/index.js'
import { captionQueries } from './captions.js'
import { meanFigure, type ProbeMaterial, type ProbePlan } from './figure.js'
import { rankOf, type ProbeScores } from './scores.js'
import type { Subject } from './subject.js'

export interface AudioOptions {
  readonly changes: readonly AudioChange[]
}

const PLACES = 10
/** Of each piece, those that it is compared with to see how near different pieces are. */
const OTHERS = 100

/** Pieces changed as recordings are on their way, each against the others as they are: how near its vector stays, and how its caption finds it. */
export function audio({ subjects }: ProbeMaterial, { changes }: AudioOptions): ProbePlan {
  const queries = captionQueries(subjects)
  return {
    texts: queries.map(({ text }) => text),
    changes,
    figures: (scores) => [
      ...meanFigure('cosine of two pieces', apart(subjects, scores), { higherIsBetter: false }),
      ...changes.flatMap((change, at) => {
        const label = labelOf(change)
        const cases = queries.map(({ text, answers: [item], group }) => {
          const row = scores.row(text)
          const before = rankOf(row, [item])
          const after = rankOf(row.with(item, scores.changed(text, item, at)), [item])
          return { group, before, after }
        })
        const of = (name: string, value: (each: (typeof cases)[number]) => number, higherIsBetter = true) =>
          meanFigure(
            `${label}: ${name}`,
            cases.map((each) => ({ value: value(each), group: each.group })),
            { higherIsBetter },
          )
        return [
          ...meanFigure(
            `${label}: cosine`,
            subjects.map(({ item, group }) => ({ value: scores.kept(item, at), group })),
          ),
          ...of(`R@${PLACES} before`, ({ before }) => (before <= PLACES ? 1 : 0)),
          ...of(`R@${PLACES} after`, ({ after }) => (after <= PLACES ? 1 : 0)),
          ...of('rank shift (log2)', ({ before, after }) => Math.log2(after / before), false),
        ]
      }),
    ],
  }
}

/** How near pieces are to others: what the cosine of a piece with itself is to be seen against. */
function apart(subjects: readonly Subject[], scores: ProbeScores): { value: number; group: number }[] {
  const others = Math.min(OTHERS, subjects.length - 1)
  if (others < 1) return []
  const step = Math.floor((subjects.length - 1) / others)
  return subjects.map(({ item, group }, at) => {
    let sum = 0
    for (let i = 1; i <= others; i++)
      sum += scores.apart(item, subjects[(at + i * step) % subjects.length].item)
    return { value: sum / others, group }
  })
}

const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value)}`

/** As a table names it: "MP3 at 64 kbit/s". */
export function labelOf(change: AudioChange): string {
  switch (change.kind) {
    case 'mp3':
      return `MP3 at ${change.bitRate / 1000} kbit/s`
    case 'resample':
      return `by way of ${change.sampleRate.toLocaleString('en')} Hz`
    case 'pitch':
      return `pitch ${signed(change.semitones)} semitone${Math.abs(change.semitones) === 1 ? '' : 's'}`
    case 'tempo':
      return `tempo ${signed(Number(((change.factor - 1) * 100).toFixed(3)))} %`
    case 'gain':
      return `${signed(change.decibels)} dB`
    case 'noise':
      return `noise, SNR ${change.snr} dB`
    case 'crop':
      return `begins ${change.seconds} s later`
  }
}
