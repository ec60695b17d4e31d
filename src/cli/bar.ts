import type { Output } from './context.js'
import { printable } from './printable.js'
import { styles } from './style.js'
import { truncate } from './table.js'

/** Redrawing more often than this only flickers. */
const REDRAW_MS = 100
/** Without a terminal, a line this often is enough for a log. */
const LINE_MS = 10_000
const BAR_CELLS = 20
const FEWEST_CELLS = 5
const SHORTEST_BEHIND = 10
const GAP = '  '
/** A full last column wraps on some terminals, and Ctrl-C is echoed as ^C behind the bar. */
const ROOM_BEHIND = 3
const CLEAR_LINE = '\r\x1b[K'

/** How far something has come. */
export interface View {
  readonly done: number
  readonly total: number
  /** "37 of 120 files, 3:10 left" */
  readonly text: string
  /** "37/120 3:10 left", for narrow terminals. */
  readonly short: string
  /** Behind the text where there is room, cut at its start. */
  readonly behind?: string
  /** A log that begins waits for a view that says more. */
  readonly vague?: boolean
}

/** A bar on the last line of a terminal, or a line every ten seconds elsewhere. */
export class Bar {
  readonly #output: Output
  readonly #now: () => number
  #drawn = false
  #last = -Infinity

  constructor(output: Output, now: () => number) {
    this.#output = output
    this.#now = now
  }

  update(view: View): void {
    const { interactive } = this.#output
    const due = this.#last + (interactive ? REDRAW_MS : LINE_MS)
    if (this.#now() < due && !(interactive && view.done === view.total)) return
    if (!interactive && this.#last === -Infinity && view.vague) return
    this.#last = this.#now()
    if (interactive) this.#draw(view)
    else this.#output.write(`${view.text}\n`)
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

  #draw({ done, total, text: full, short, behind }: View): void {
    const { dim } = styles(this.#output)
    const width = Math.max(1, this.#output.columns - ROOM_BEHIND)
    const text = full.length <= width ? full : truncate(short, width)
    const rest = width - text.length - GAP.length
    const cells = Math.min(BAR_CELLS, rest)
    let line = text
    if (cells >= FEWEST_CELLS) {
      const filled = Math.round((cells * done) / Math.max(1, total))
      line = `${'━'.repeat(filled)}${dim('─'.repeat(cells - filled))}${GAP}${text}`
      const room = rest - cells - GAP.length
      if (behind !== undefined && room >= SHORTEST_BEHIND)
        line += `${GAP}${dim(truncate(printable(behind), room, 'start'))}`
    }
    this.#output.write(`${CLEAR_LINE}${line}`)
    this.#drawn = true
  }
}
