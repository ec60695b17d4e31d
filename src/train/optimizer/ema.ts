import { AntiphonError } from '../../errors/index.js'

/** Exponential moving average of weights (Polyak & Juditsky 1992): average = decay average + (1 - decay) weight. */
export class WeightAverage {
  /** The averages, by the parameters' names; valid until the next update. */
  readonly weights: ReadonlyMap<string, Float32Array>

  /** Starts as a copy of the parameters. */
  constructor(
    private readonly parameters: ReadonlyMap<string, Float32Array>,
    private readonly decay: number,
  ) {
    this.weights = new Map([...parameters].map(([name, data]) => [name, data.slice()]))
  }

  /** Call after each step of the optimiser. */
  update(): void {
    const { decay } = this
    const rest = 1 - decay
    for (const [name, average] of this.weights) {
      const now = this.parameters.get(name)!
      for (let i = 0; i < average.length; i++) average[i] = decay * average[i] + rest * now[i]
    }
  }

  /** Goes on from saved `weights`. @throws AntiphonError `model` when they are not those of these parameters. */
  load(saved: ReadonlyMap<string, Float32Array>): void {
    for (const name of new Set([...this.weights.keys(), ...saved.keys()])) {
      const [expected, found] = [this.weights.get(name)?.length, saved.get(name)?.length]
      if (found !== expected)
        throw new AntiphonError(
          'model',
          `The saved average has ${found ?? 'no'} numbers of "${name}", expected ${expected ?? 'none'}; was it saved by another recipe?`,
        )
    }
    for (const [name, average] of this.weights) average.set(saved.get(name)!)
  }
}
