import { instrument } from '../composer/instruments.js'
import type { Part } from '../composer/score.js'
import type { Section, Session } from '../composer/session.js'
import type { Random } from '../../random/index.js'
import type { Recording } from './era.js'
import type { Manner } from './manner.js'

const LEAST_ROOM = 0.3
const MOST_ROOM = 6 // seconds, what the reverberator's scale holds
const SWITCHED = 0.12 // of the notes of a part that a thinner section leaves out, more make it a different part

export interface ShapeOptions {
  manner: Manner
  recording: Recording
  rng: Random
}

/** What an artist and a recording make of the parts as written: who waits in which section, how tight, in which room. */
export function shape(session: Session, { manner, recording, rng }: ShapeOptions): void {
  thin(session, rng.fork('thin'))
  session.room = Math.max(LEAST_ROOM, Math.min(MOST_ROOM, session.room * recording.roomSize))
  if (session.drive > 0) session.drive *= 1 + 0.4 * manner.drive
  for (const part of session.parts) {
    const { family, kit } = instrument(part.instrument)
    part.reverb = Math.min(1, part.reverb * recording.wet)
    part.looseness *= 2 ** manner.looseness
    if (recording.chorus > 0 && !kit && family !== 'bass')
      part.chorus = Math.max(part.chorus, recording.chorus)
  }
}

/** Makes contrast where a style has little: in a section or two, one player or the drums wait. */
function thin(session: Session, rng: Random): void {
  const { body, parts } = session
  if (body.length < 3) return
  const first = body[0]
  const quiet = rng.chance(0.6) ? first : undefined
  const middle = body.slice(1, -1)
  const other = middle.length > 0 && rng.chance(0.45) ? rng.pick(middle) : undefined
  for (const section of [quiet, other]) {
    if (!section) continue
    const playing = parts.filter((part) => part.notes.some((note) => within(note.at, section)))
    if (playing.length < 3) continue
    const leading = playing[0]
    const drums = playing.filter(({ instrument: id }) => instrument(id).kit)
    const waiting = section === quiet && drums.length > 0 && rng.chance(0.5) ? drums : [rng.pick(playing)]
    for (const part of waiting) {
      if (part === leading || playing.length - waiting.length < 2) continue
      if (!keepsEnough(part, section)) continue
      part.notes = part.notes.filter((note) => !within(note.at, section))
    }
  }
}

function within(at: number, section: Section): boolean {
  return at >= section.at - 1e-6 && at < section.at + section.beats - 1e-6
}

/** Whether a part still has a good deal to play elsewhere. */
function keepsEnough(part: Part, section: Section): boolean {
  const out = part.notes.filter((note) => within(note.at, section)).length
  return part.notes.length - out > part.notes.length * (SWITCHED + 0.2)
}
