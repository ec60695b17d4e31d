import type { IndexEvent } from '../catalog/index.js'
import { Bar } from './bar.js'
import type { Output } from './context.js'
import { clock, count, span } from './quantity.js'

type ProgressEvent = Extract<IndexEvent, { kind: 'progress' }>

/** Fewer files than this say too little about the rest. */
const FILES_FOR_ESTIMATE = 3

/** How far indexing has come. */
export class Progress {
  readonly #bar: Bar

  constructor(output: Output, now: () => number) {
    this.#bar = new Bar(output, now)
  }

  update(event: ProgressEvent): void {
    const { done, total, path } = event
    this.#bar.update({
      done,
      total,
      text: progressText(event),
      short: shortProgressText(event),
      behind: path,
      vague: done < FILES_FOR_ESTIMATE && done !== total, // the first line of a log should already hold an estimate
    })
  }

  /** A line that stays, above the bar. */
  say(line: string): void {
    this.#bar.say(line)
  }

  /** Takes the bar away. */
  clear(): void {
    this.#bar.clear()
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
