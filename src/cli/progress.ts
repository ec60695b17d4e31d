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
const FEWEST_CELLS = 5
const SHORTEST_NAME = 10
const GAP = '  '
/** A full last column wraps on some terminals, and Ctrl-C is echoed as ^C behind the bar. */
const ROOM_BEHIND = 3
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
    const width = Math.max(1, this.#output.columns - ROOM_BEHIND)
    const full = progressText(event)
    const text = full.length <= width ? full : truncate(shortProgressText(event), width)
    const rest = width - text.length - GAP.length
    const cells = Math.min(BAR_CELLS, rest)
    let line = text
    if (cells >= FEWEST_CELLS) {
      const filled = Math.round((cells * event.done) / Math.max(1, event.total))
      line = `${'━'.repeat(filled)}${dim('─'.repeat(cells - filled))}${GAP}${text}`
      const name = rest - cells - GAP.length
      if (name >= SHORTEST_NAME) line += `${GAP}${dim(truncate(printable(event.path), name, 'start'))}`
    }
    this.#output.write(`${CLEAR_LINE}${line}`)
    this.#drawn = true
  }
}

/** "37 of 120 files, 42× real time, 3:10 left". */
export function progressText(event: ProgressEvent): string {
  const { done, total, audioSeconds, elapsedSeconds } = event
  const parts = [`${done.toLocaleString('en')} of ${count(total, 'file')}`]
  if (elapsedSeconds > 0 && audioSeconds > 0) parts.push(`${speed(audioSeconds, elapsedSeconds)} real time`)
  const left = timeLeft(event)
  if (left !== undefined) parts.push(`${left} left`)
  if (done === total) parts.push(span(elapsedSeconds))
  return parts.join(', ')
}

/** "37/120 3:10 left", for narrow terminals. */
function shortProgressText(event: ProgressEvent): string {
  const left = timeLeft(event)
  return `${event.done}/${event.total}${left === undefined ? '' : ` ${left} left`}`
}

function timeLeft({ done, total, elapsedSeconds }: ProgressEvent): string | undefined {
  if (done >= total || done < FILES_FOR_ESTIMATE) return undefined
  return clock((elapsedSeconds / done) * (total - done))
}

/** How many times faster than playing it. */
export function speed(audioSeconds: number, elapsedSeconds: number): string {
  const factor = audioSeconds / elapsedSeconds
  return `${factor < 10 ? factor.toFixed(1) : Math.round(factor).toLocaleString('en')}×`
}
