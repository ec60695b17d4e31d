import type { Random } from '../../../random/index.js'
import { list, type Facts } from '../../../text/index.js'
import type { WorldTrack } from '../facts.js'

/** What a listener may miss, and what tells that it is there after all; the ones that people ask for come first. */
const MISSED: readonly (readonly [what: string, family: RegExp, name: RegExp])[] = [
  ['drums', /^(drums|percussion)$/, /drum|percussion|timpani|castanets/],
  ['vocals', /^voice$/, /choir|voice|vocal|hum/],
  ['bass', /^bass$/, /bass|cello|tuba|bassoon/],
  ['guitars', /^guitar$/, /guitar|ukulele|banjo|mandolin/],
  ['synthesizers', /^synthesizer$/, /synth|electronic|machine|wave/],
  ['strings', /^(strings|plucked strings)$/, /string|violin|cello|fiddle|harp/],
  ['brass', /^brass$/, /brass|horn|sax/],
  ['piano', /^keyboard$/, /piano|clavinet|harpsichord/],
]

/** Absences that are worth a word in any piece, and in those of few instruments. */
const ALWAYS = 2
const FEW_INSTRUMENTS = 3

/** What is not heard in a piece: `absent` one thing, `absents` two. */
export function absences({ instruments, voices }: WorldTrack, random: Random): Facts {
  const missing = MISSED.filter(
    ([what, family, name]) =>
      !(what === 'vocals' && voices) &&
      !instruments.some((instrument) => family.test(instrument.family) || name.test(instrument.name)),
  ).map(([what]) => what)
  const usual = MISSED.slice(0, ALWAYS).map(([what]) => what)
  const worth =
    instruments.length <= FEW_INSTRUMENTS ? missing : missing.filter((what) => usual.includes(what))
  const some = random.shuffle(worth)
  return {
    absent: some[0],
    absentis: /s$/.test(some[0]) && !/ss$/.test(some[0]) ? 'are' : 'is',
    absents: some.length > 1 ? list(some.slice(0, 2), { and: 'or' }) : undefined,
    nodrums: missing.includes('drums') ? '' : undefined,
    novocals: missing.includes('vocals') ? '' : undefined,
  }
}
