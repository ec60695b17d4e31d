import type { InstrumentId } from '../../composer/instruments.js'
import type { Mood } from '../../composer/style.js'
import type { Mode } from '../../composer/theory.js'

/** What the world adds to a style of the demo library. */
export interface Addition {
  readonly moods?: readonly Mood[]
  /** With the roles of the style's own. */
  readonly ensembles?: readonly Readonly<Record<string, InstrumentId>>[]
  /** Progressions, beside the style's own. */
  readonly harmony?: Readonly<Partial<Record<Mode, Readonly<Record<string, readonly string[]>>>>>
  /** Instead of the style's own. */
  readonly tonics?: readonly number[]
}
