import { sectionBars, type Form, type Stretch } from '../composer/form.js'
import { barBeats, type Metre } from '../composer/score.js'
import { beatOf } from '../composer/write.js'
import type { Style } from '../composer/style.js'
import type { Random } from '../../random/index.js'
import type { FormKind } from './repertoire.js'

/** The closing chord is heard this long, in seconds: shorter is abrupt, longer is an end before the end. */
const CLOSING = [2.2, 5] as const
const LOOSE_CLOSING = [1.8, 9] as const
const BEST_CLOSING = 3.2
/** How far beyond a mood's range a tempo may go to make the form fit. */
const STRETCH = 0.06

/** Sections of a song after its introduction, by how many there are. */
const SONGS: Readonly<Record<number, readonly string[]>> = {
  1: ['A'],
  2: ['A B', 'A A'],
  3: ['A B A', 'A A B', 'A B B'],
  4: ['A A B A', 'A B A B', 'A B A C', 'A B C B'],
  5: ['A A B A B', 'A B A C B', 'A A B B A', 'A B break A B'],
  6: ['A A B A C B', 'A B A B C B', 'A A B A solo B', 'A B A B break B'],
  7: ['A B A B C A B', 'A A B A solo A B', 'A A B C A A B', 'A B A B solo break B'],
}

export interface FitOptions {
  seconds: number
  metre: Metre
  /** Lowest and highest pulse of the mood, and the one that is wished. */
  tempo: readonly [number, number]
  wish: number
  kind: FormKind
  rng: Random
  /** What a slowing down at the end takes, in seconds. @default 0 */
  reserve?: number
  /** Whether a part of a section will do, and a closing chord of any length: for pieces that are shorter than their style. @default false */
  loose?: boolean
}

export interface Fit {
  form: Form
  pulse: number
}

/**
 * A form that lasts as long as wanted: sections of whole bars, at a tempo that lies (about) within the mood's range, and a
 * closing chord for what is left. Undefined where the style has no such form in the mood's tempo.
 */
export function fitForm(style: Style, options: FitOptions): Fit | undefined {
  const { seconds, metre, tempo, wish, kind, rng, reserve = 0, loose = false } = options
  const [shortest, longest] = loose ? LOOSE_CLOSING : CLOSING
  const beats = barBeats(metre)
  const [slowest, fastest] = [Math.ceil(tempo[0] * (1 - STRETCH)), Math.floor(tempo[1] * (1 + STRETCH))]
  let best: (Fit & { cost: number }) | undefined
  for (let pulse = slowest; pulse <= fastest; pulse++) {
    const barSeconds = (beats * 60) / (pulse * beatOf(metre))
    const unit = sectionBars(style, barSeconds)
    const most = Math.floor((seconds - reserve - shortest) / barSeconds)
    const least = Math.ceil((seconds - reserve - longest) / barSeconds)
    for (let bars = Math.max(1, least); bars <= most; bars++) {
      const split = divide(bars, unit, kind, loose)
      if (!split) continue
      const closing = seconds - reserve - bars * barSeconds
      const cost =
        Math.abs(pulse / wish - 1) * 8 +
        Math.abs(closing - BEST_CLOSING) * 0.25 +
        split.cost +
        rng.next() * 0.4
      if (best && cost >= best.cost) continue
      const stretches = name(split, kind, rng.fork(`form ${bars}`))
      best = { form: { stretches, closing: (closing / barSeconds) * beats }, pulse, cost }
    }
  }
  return best && { form: best.form, pulse: best.pulse }
}

interface Division {
  /** Bars of the introduction; none where 0. */
  intro: number
  sections: number
  /** Bars of a section. */
  unit: number
  cost: number
}

/** Bars as so many sections and an introduction that is shorter than a section. */
function divide(bars: number, unit: number, kind: FormKind, loose: boolean): Division | undefined {
  const sections = Math.floor(bars / unit)
  const intro = bars - sections * unit
  if (sections === 0)
    return loose ? { intro: 0, sections: 1, unit: bars, cost: 2 + (unit - bars) / unit } : undefined
  if (intro === 0) return { intro, sections, unit, cost: 0 }
  if (intro % 2 === 1 && unit > 2) return intro === 1 ? undefined : { intro, sections, unit, cost: 0.8 }
  // A blues begins with its last four bars, if not with all twelve.
  if (kind === 'blues' && intro !== 4) return undefined
  return { intro, sections, unit, cost: 0.1 }
}

function name({ intro, sections, unit }: Division, kind: FormKind, rng: Random): Stretch[] {
  const named = labels(sections, kind, rng)
  // One introduction is enough.
  const body = named.map((label, i) => ({
    label: intro > 0 && i === 0 && label === 'intro' ? 'A' : label,
    bars: unit,
  }))
  return intro > 0 ? [{ label: 'intro', bars: intro }, ...body] : body
}

function labels(count: number, kind: FormKind, rng: Random): string[] {
  switch (kind) {
    case 'blues':
      // One progression throughout; new tunes over it.
      return Array.from({ length: count }, (_, i) =>
        i === 0 || i === count - 1 ? 'A' : i % 2 === 1 ? 'solo' : 'A',
      )
    case 'cells':
      return Array.from({ length: count }, (_, i) => (i === 0 ? 'A' : ['A', 'B', 'B', 'A', 'C'][i % 5]))
    case 'build': {
      if (count === 1) return ['drop']
      if (count === 2) return ['A', 'drop']
      const rise = rng
        .pick(count < 5 ? ['intro A', 'A', 'A break'] : ['intro A', 'A A', 'intro A A'])
        .split(' ')
      const result = [...rise]
      if (count - result.length > 1 && !result.includes('break')) result.push('break')
      while (result.length < count) {
        const since = result.length - result.lastIndexOf('break')
        // After two or three drops the beat goes away once more.
        if (since > 3 && count - result.length > 2) result.push(rng.chance(0.5) ? 'A' : 'C', 'break')
        else result.push('drop')
      }
      return result.slice(0, count)
    }
    case 'song': {
      if (count <= 7) return rng.pick(SONGS[count]).split(' ')
      // Verse and chorus, with something else between: as long as it is asked for.
      const result = 'A A B'.split(' ')
      const between = rng.shuffle(['C', 'solo', 'break', 'A A', 'C solo'])
      for (let i = 0; result.length < count - 1; i++)
        result.push(...between[i % between.length].split(' '), ...(i % 2 === 0 ? ['A', 'B'] : ['B']))
      return [...result.slice(0, count - 1), 'B']
    }
  }
}
