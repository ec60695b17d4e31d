import { AntiphonError } from '../errors/index.js'

export interface PlateauOptions {
  /** Whether smaller or larger values of the metric are better. @default 'min' */
  readonly mode?: 'min' | 'max'
  /** What the rate is multiplied with. @default 0.1 */
  readonly factor?: number
  /** Observations without a better metric that are put up with. @default 10 */
  readonly patience?: number
  /** Share by which a metric must be better to count. @default 1e-4 */
  readonly threshold?: number
  /** Observations after a reduction that are not counted. @default 0 */
  readonly cooldown?: number
  /** The factor is never lower. @default 0 */
  readonly minimum?: number
}

const SMALLEST_CHANGE = 1e-8 // of PyTorch: what would change the rate by less leaves it

/** Lowers the rate when a metric stops getting better: PyTorch's ReduceLROnPlateau with relative threshold. */
export class Plateau {
  /** What the base rate is multiplied with now. */
  factor = 1
  private best: number | undefined
  private bad = 0
  private cooling = 0
  private readonly options: Required<PlateauOptions>

  constructor({
    mode = 'min',
    factor = 0.1,
    patience = 10,
    threshold = 1e-4,
    cooldown = 0,
    minimum = 0,
  }: PlateauOptions) {
    this.options = { mode, factor, patience, threshold, cooldown, minimum }
  }

  observe(metric: number): void {
    const { patience, cooldown } = this.options
    if (this.isBetter(metric)) {
      this.best = metric
      this.bad = 0
    } else this.bad++
    if (this.cooling > 0) {
      this.cooling--
      this.bad = 0
    }
    if (this.bad <= patience) return
    const lower = Math.max(this.factor * this.options.factor, this.options.minimum)
    if (this.factor - lower > SMALLEST_CHANGE) this.factor = lower
    this.cooling = cooldown
    this.bad = 0
  }

  /** `best` is missing before the first observation. */
  state(): Record<string, number> {
    const { factor, best, bad, cooling } = this
    return { factor, bad, cooling, ...(best === undefined ? {} : { best }) }
  }

  load({ factor, bad, cooling, best }: Readonly<Record<string, number>>): void {
    for (const [name, value] of Object.entries({ factor, bad, cooling }))
      if (typeof value !== 'number')
        throw new AntiphonError(
          'model',
          `The schedule's state has no "${name}"; was it saved by another recipe?`,
        )
    Object.assign(this, { factor, bad, cooling, best })
  }

  private isBetter(metric: number): boolean {
    const { mode, threshold } = this.options
    if (this.best === undefined) return !Number.isNaN(metric)
    return mode === 'min' ? metric < this.best * (1 - threshold) : metric > this.best * (1 + threshold)
  }
}
