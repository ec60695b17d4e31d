import { Plateau, type PlateauOptions } from './schedule-plateau.js'

/** What every schedule may begin with. */
interface WarmUp {
  /** Steps in which the rate rises linearly from 0. @default 0 */
  readonly warmup?: number
}

interface Decaying extends WarmUp {
  /** Steps of the whole run, warm-up included. */
  readonly steps: number
}

/** One cycle of a rising and a falling rate (Smith & Topin 2018), as in PyTorch. */
interface OneCycle {
  readonly kind: 'one-cycle'
  readonly steps: number
  /** Share of the steps in which the rate rises. @default 0.3 */
  readonly rising?: number
  /** The first rate is the base rate divided by this. @default 25 */
  readonly startDivisor?: number
  /** The last rate is the first rate divided by this. @default 10000 */
  readonly endDivisor?: number
  /** @default 'cosine' */
  readonly anneal?: 'cosine' | 'linear'
}

export type ScheduleOptions =
  | ({ readonly kind: 'constant' } & WarmUp)
  | ({ readonly kind: 'linear' | 'cosine' } & Decaying)
  | OneCycle
  | ({ readonly kind: 'plateau' } & WarmUp & PlateauOptions)

export interface Schedule {
  /** What the base learning rate is multiplied with at a step, counted from 0. */
  factorAt(step: number): number
  /** Tells a new value of the validation metric; only `plateau` listens. */
  observe(metric: number): void
  /** What a checkpoint keeps. */
  state(): Readonly<Record<string, number>>
  /** @throws AntiphonError `model` when it is not the state of such a schedule. */
  load(state: Readonly<Record<string, number>>): void
}

/** The schedule of these options. Constant, linear and cosine are those of Hugging Face's transformers, the others PyTorch's. */
export function createSchedule(options: ScheduleOptions): Schedule {
  switch (options.kind) {
    case 'constant':
      return stateless((step) => warmUp(step, options))
    case 'linear':
      return stateless((step) => Math.min(warmUp(step, options), Math.max(0, 1 - progress(step, options))))
    case 'cosine':
      return stateless((step) =>
        step < (options.warmup ?? 0)
          ? warmUp(step, options)
          : (1 + Math.cos(Math.PI * progress(step, options))) / 2,
      )
    case 'one-cycle':
      return stateless((step) => oneCycle(step, options))
    case 'plateau': {
      const plateau = new Plateau(options)
      return {
        factorAt: (step) => warmUp(step, options) * plateau.factor,
        observe: (metric) => plateau.observe(metric),
        state: () => plateau.state(),
        load: (state) => plateau.load(state),
      }
    }
  }
}

function stateless(factorAt: (step: number) => number): Schedule {
  return { factorAt, observe: () => undefined, state: () => ({}), load: () => undefined }
}

const warmUp = (step: number, { warmup = 0 }: WarmUp): number => (step < warmup ? step / warmup : 1)

/** Share of the steps after the warm-up that have passed; negative before. */
const progress = (step: number, { warmup = 0, steps }: Decaying): number =>
  (step - warmup) / Math.max(1, steps - warmup)

function oneCycle(
  step: number,
  { steps, rising = 0.3, startDivisor = 25, endDivisor = 1e4, anneal = 'cosine' }: OneCycle,
): number {
  const first = 1 / startDivisor
  const top = rising * steps - 1
  const last = steps - 1
  const between = (from: number, to: number, share: number): number =>
    anneal === 'cosine'
      ? to + ((from - to) / 2) * (1 + Math.cos(Math.PI * share))
      : from + (to - from) * share
  if (top > 0 && step <= top) return between(first, 1, step / top)
  const share = last > top ? (Math.min(step, last) - top) / (last - top) : 1
  return between(1, first / endDivisor, share)
}
