import type { IndexEvent } from '../catalog/index.js'
import type { Output } from './context.js'
import { printable } from './printable.js'
import { styles } from './style.js'
import { truncate } from './table.js'
import { clock, count, span } from './quantity.js'

type ProgressEvent = Extract<IndexEvent, { kind: 'progress' }>

/** Redrawing more often than this only flickers. */
const REDRAW_MS = 100
/** Without a terminal, a line this often is enough for a log. */
const LINE_MS = 10_000
/** Fewer files than this say too little about the rest. */
const FILES_FOR_ESTIMATE = 3
const BAR_CELLS = 20
const CLEAR_LINE = '\r\x1b[K'

/** How far indexing has come: a bar on the last line of a terminal, or a line every ten seconds elsewhere. */
export class Progress {
  readonly #output: Output
  readonly #now: () => number
  #drawn = false
  #last = -Infinity

  constructor(output: Output, now: () => number) {
    this.#output = output
    this.#now = now
  }

  update(event: ProgressEvent): void {
    const { interactive } = this.#output
    const due = this.#last + (interactive ? REDRAW_MS : LINE_MS)
    const whole = event.done === event.total
    if (this.#now() < due && !(interactive && whole)) return
    // The first line of a log should already hold an estimate.
    if (!interactive && this.#last === -Infinity && event.done < FILES_FOR_ESTIMATE && !whole) return
    this.#last = this.#now()
    if (interactive) this.#draw(event)
    else this.#output.write(`${progressText(event)}\n`)
  }

  /** A line that stays, above the bar. */
  say(line: string): void {
    this.clear()
    this.#output.write(`${line}\n`)
  }

  /** Takes the bar away. */
  clear(): void {
    if (this.#drawn) this.#output.write(CLEAR_LINE)
    this.#drawn = false
    if (this.#output.interactive) this.#last = -Infinity
  }

  #draw(event: ProgressEvent): void {
    const { dim } = styles(this.#output)
    const width = this.#output.columns - 1 // a full last column wraps on some terminals
    const text = progressText(event)
    const rest = width - text.length - 2
    const cells = Math.min(BAR_CELLS, rest)
    const filled = Math.round((cells * event.done) / Math.max(1, event.total))
    let line = truncate(text, width)
    if (cells >= 5) line = `${'━'.repeat(filled)}${dim('─'.repeat(cells - filled))}  ${line}`
    const name = cells >= 5 ? rest - cells - 2 : 0
    if (name >= 10) line += `  ${dim(truncate(printable(event.path), name, 'start'))}`
    this.#output.write(`${CLEAR_LINE}${line}`)
    this.#drawn = true
  }
}

/** "37 of 120 files, 42× real time, 3:10 left". */
export function progressText({ done, total, audioSeconds, elapsedSeconds }: ProgressEvent): string {
  const parts = [`${done.toLocaleString('en')} of ${count(total, 'file')}`]
  if (elapsedSeconds > 0 && audioSeconds > 0) parts.push(`${speed(audioSeconds, elapsedSeconds)} real time`)
  if (done < total && done >= FILES_FOR_ESTIMATE)
    parts.push(`${clock((elapsedSeconds / done) * (total - done))} left`)
  if (done === total) parts.push(span(elapsedSeconds))
  return parts.join(', ')
}

/** How many times faster than playing it. */
export function speed(audioSeconds: number, elapsedSeconds: number): string {
  const factor = audioSeconds / elapsedSeconds
  return `${factor < 10 ? factor.toFixed(1) : Math.round(factor).toLocaleString('en')}×`
}
