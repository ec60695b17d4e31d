import type { IndexEvent } from '../catalog.js'

/** Within a long file, progress is told so often. */
const INTERVAL_SECONDS = 0.5

/** How far a run has come, told after each file and from time to time within long ones. */
export class RunProgress {
  /** Files to do in this run. */
  total = 0
  readonly #emit: (event: IndexEvent) => void
  readonly #began = performance.now()
  #done = 0
  #audioSeconds = 0
  #toldAt = 0

  constructor(emit: (event: IndexEvent) => void) {
    this.#emit = emit
  }

  /** Files done. */
  get done(): number {
    return this.#done
  }

  get audioSeconds(): number {
    return this.#audioSeconds
  }

  get elapsedSeconds(): number {
    return (performance.now() - this.#began) / 1000
  }

  /** So many seconds of a file have been embedded. */
  embedded(path: string, seconds: number): void {
    this.#audioSeconds += seconds
    if (this.elapsedSeconds - this.#toldAt >= INTERVAL_SECONDS) this.#tell(path)
  }

  fileDone(path: string): void {
    this.#done++
    this.#tell(path)
  }

  #tell(path: string): void {
    this.#toldAt = this.elapsedSeconds
    const { done, total, audioSeconds, elapsedSeconds } = this
    this.#emit({ kind: 'progress', done, total, audioSeconds, elapsedSeconds, path })
  }
}
