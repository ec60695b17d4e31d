import type { HubProgress } from '../model/node.js'
import type { Metric, Recipe, StepReport } from '../train/index.js'
import type { TrainEvent } from '../train/node.js'
import { Bar } from './bar.js'
import type { Context } from './context.js'
import { fetchingView } from './fetching.js'
import { clock, count } from './quantity.js'
import { printable } from './printable.js'
import { styles } from './style.js'

const SMOOTHING = 0.1 // of the pace: about the last ten steps

const PREPARING: Readonly<Record<Extract<TrainEvent, { kind: 'preparing' }>['what'], string>> = {
  audio: 'Reading audio',
  outputs: 'Running the frozen tower',
  factors: 'Factors of listening',
  tokenizer: 'Learning tokens',
  words: 'Making word vectors',
  texts: 'Mining texts of pairs',
  sentences: 'Judging sentences',
}

/** Shows a training run while it happens. */
export class TrainProgress {
  readonly #bar: Bar
  readonly #context: Context
  readonly #recipe: Recipe
  #secondsAStep: number | undefined
  #seconds = 0
  #waited = 0
  #taken = 0
  #begun: number

  constructor(context: Context, recipe: Recipe) {
    this.#context = context
    this.#recipe = recipe
    this.#bar = new Bar(context.stderr, context.now)
    this.#begun = context.now()
  }

  show(event: TrainEvent): void {
    const { dim } = styles(this.#context.stderr)
    switch (event.kind) {
      case 'preparing': {
        const { done, total } = event
        const text = `${PREPARING[event.what]}: ${done.toLocaleString('en')} of ${total.toLocaleString('en')}`
        this.#bar.update({ done, total, text, short: `${done}/${total}` })
        break
      }
      case 'pretrained': {
        const { matched, missing, unexpected, misshapen } = event.report
        const notes = [
          ...(missing.length > 0 ? [`${missing.length} not in it, such as ${missing[0]}`] : []),
          ...(misshapen.length > 0
            ? [`${misshapen.length} of another shape, such as ${misshapen[0].name}`]
            : []),
          ...(unexpected.length > 0 ? [`${unexpected.length} of it not used`] : []),
        ]
        this.#bar.say(
          dim(
            `${event.side} tower from ${printable(event.name)}: ${[count(matched.length, 'tensor'), ...notes].join('; ')}`,
          ),
        )
        break
      }
      case 'mined':
        this.#bar.say(dim(minedText(event)))
        break
      case 'damaged':
        this.warn(`${printable(event.path)} is damaged and passed by.`)
        break
      case 'start':
        this.#begun = this.#context.now()
        this.#bar.say(dim(startText(event)))
        break
      case 'step':
        this.#step(event.report)
        break
      default:
        break
    }
  }

  warn(line: string): void {
    this.#bar.say(`${styles(this.#context.stderr).warn('note')} ${line}`)
  }

  /** A file on its way from the hub. */
  readonly download = (progress: HubProgress): void => this.#bar.update(fetchingView(progress))

  clear(): void {
    this.#bar.clear()
  }

  #step(report: StepReport): void {
    const { step, steps, seconds, validation, best } = report
    this.#seconds += seconds
    this.#waited += report.waited
    this.#taken++
    this.#secondsAStep =
      this.#secondsAStep === undefined ? seconds : (1 - SMOOTHING) * this.#secondsAStep + SMOOTHING * seconds
    if (validation) {
      const shown = new Set<Metric>([this.#recipe.schedule.best_by, 'recall@10', 'loss'])
      const found = [...shown].map((name) => `${name} ${validation[name].toFixed(name === 'loss' ? 4 : 3)}`)
      const note = best ? ' (best so far)' : ''
      this.#bar.say(`step ${step}: loss ${report.loss.toFixed(4)}, validation ${found.join(', ')}${note}`)
    }
    // Between steps there are validations and checkpoints.
    const between = Math.max(0, (this.#context.now() - this.#begun) / 1000 - this.#seconds) / this.#taken
    const left = clock((this.#secondsAStep + between) * (steps - step))
    const short = `${step}/${steps} loss ${report.loss.toFixed(3)} ${left} left`
    this.#bar.update({ done: step, total: steps, text: this.#text(report, left), short })
  }

  #text({ step, steps, loss, temperature, positive, negative, pairs }: StepReport, left: string): string {
    const waiting = this.#waited / Math.max(this.#seconds, 1e-9)
    return [
      `step ${step.toLocaleString('en')} of ${steps.toLocaleString('en')}`,
      `loss ${loss.toFixed(4)}`,
      `τ ${temperature.toFixed(4)}`,
      `cosines ${positive.toFixed(2)}/${negative.toFixed(2)}`,
      `${(pairs / this.#secondsAStep!).toFixed(0)} pairs/s`,
      `${(100 * waiting).toFixed(0)} % waiting`,
      `${left} left`,
    ].join(', ')
  }
}

function minedText({ sentences, aspects, withoutText }: Extract<TrainEvent, { kind: 'mined' }>): string {
  const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)
  const of = (kept: number, all: number): string =>
    `${kept.toLocaleString('en')} of ${all.toLocaleString('en')}`
  const kinds = sentences.map(({ kind, kept, of: all }) => `${kind} ${of(kept, all)}`)
  const all = of(sum(sentences.map(({ kept }) => kept)), sum(sentences.map((one) => one.of)))
  const notes = [
    ...(aspects > 0 ? [`${aspects.toLocaleString('en')} aspects in them`] : []),
    ...(withoutText > 0 ? [`${count(withoutText, 'pair')} left without text, and left out`] : []),
  ]
  return [`Mined text: ${all} sentences kept (${kinds.join(', ')})`, ...notes].join('; ')
}

function startText(event: Extract<TrainEvent, { kind: 'start' }>): string {
  const { train, validation, trained, parameters, flopsPerPair, step, steps } = event
  if (event.done)
    return `Nothing left to train: step ${step} of ${steps} was the last. The model is written again.`
  const begun = step > 0 ? `, going on after step ${step}` : ''
  const numbers = `${trained.toLocaleString('en')} of ${parameters.toLocaleString('en')} parameters trained`
  const work = `${(flopsPerPair / 1e9).toPrecision(2)} GFLOP a pair`
  return `${count(train, 'pair')} to train on, ${validation} to validate; ${numbers}, ${work}; ${steps} steps${begun}`
}
