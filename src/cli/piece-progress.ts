import { Bar } from './bar.js'
import type { Context } from './context.js'
import { clock } from './quantity.js'

export interface PieceProgressOptions {
  /** What goes on: "Composing and rendering". */
  readonly what: string
  /** What is counted, in the plural: "pieces". */
  readonly pieces: string
}

/** A bar for work in pieces that take about as long as each other: "Reading audio: 37 of 120 files, 3:10 left". */
export class PieceProgress {
  readonly #bar: Bar
  readonly #now: () => number
  readonly #options: PieceProgressOptions
  /** When the first piece of this run was done, and which one it was: those kept from before took no time. */
  #first: { readonly at: number; readonly done: number } | undefined

  constructor({ stderr, now }: Pick<Context, 'stderr' | 'now'>, options: PieceProgressOptions) {
    this.#bar = new Bar(stderr, now)
    this.#now = now
    this.#options = options
  }

  /** @param behind what is worked at, such as a path */
  update({ done, total, behind }: { done: number; total: number; behind?: string }): void {
    const { what, pieces } = this.#options
    this.#first ??= { at: this.#now(), done }
    const since = done - this.#first.done
    const left = since > 0 ? ((this.#now() - this.#first.at) / since) * (total - done) : undefined
    const time = left === undefined ? '' : `${clock(left / 1000)} left`
    const amount = `${done.toLocaleString('en')} of ${total.toLocaleString('en')} ${pieces}`
    this.#bar.update({
      done,
      total,
      text: `${what}: ${amount}${time && `, ${time}`}`,
      short: `${done}/${total} ${time}`.trimEnd(),
      behind,
      vague: left === undefined,
    })
  }

  /** A line that stays, above the bar. */
  say(line: string): void {
    this.#bar.say(line)
  }

  clear(): void {
    this.#bar.clear()
  }
}
