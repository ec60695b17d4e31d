import type { Random } from '../../random/index.js'
import { capital } from '../grammar/phrase.js'

/** Where a text comes apart: after sentences, after clauses, between words. */
const LEVELS = [/(?<=[.!?…]["”)]?)\s+/u, /(?<=[,;:])\s+/u, /\s+/u]

/**
 * Leaves out parts of a text: whole sentences, clauses or single words, whichever is drawn of the levels that the text has. One
 * part always stays. Text dropout: Manco et al. 2024, "Augment, Drop & Swap" (section 3.2).
 * @param chance of each part to be left out
 */
export function dropParts(text: string, chance: number, random: Random): string {
  const divided = LEVELS.map((level) => text.split(level)).filter((parts) => parts.length > 1)
  if (divided.length === 0) return text
  const parts = random.pick(divided)
  const kept = parts.filter(() => !random.chance(chance))
  if (kept.length === parts.length) return text
  const rest = (kept.length > 0 ? kept : [random.pick(parts)]).join(' ')
  const end = /[.!?…]["”)]?$/u.exec(text.trim())?.[0]
  const whole = rest.replace(/[\s,;:]+$/u, '')
  const closed = end !== undefined && !/[.!?…]["”)]?$/u.test(whole) ? whole + end : whole
  return /^\p{Lu}/u.test(text) ? capital(closed) : closed
}
