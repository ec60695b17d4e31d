import type { Context } from '../context.js'
import type { DataCheckOutput } from '../json.js'
import { printable } from '../printable.js'
import { count, span } from '../quantity.js'
import { styles } from '../style.js'
import { table } from '../table.js'

/** More of a kind are left to --json. */
const SHOWN = 5

/** What `antiphon data check` prints for people. */
export function checkText(found: DataCheckOutput, { stdout }: Context): string {
  const { dim, bad, warn } = styles(stdout)
  const width = stdout.interactive ? stdout.columns : undefined
  const number = (value: number): string => value.toLocaleString('en')
  const percent = (part: number, of: number): string =>
    `${Number(((100 * part) / Math.max(1, of)).toPrecision(2))} %`
  const rows = (...cells: (readonly string[])[]): readonly string[][] => cells.map((row) => [...row])
  const lines: string[] = []

  for (const { path, format, name, pairs, weight } of found.sources)
    lines.push(
      found.sources.length === 1
        ? `${printable(path)} ${dim(`(${format})`)}`
        : `${printable(name)}: ${count(pairs, 'pair')}${weight === null ? '' : `, weight ${weight}`} ${dim(`(${format}, ${printable(path)})`)}`,
    )
  const { audio, wrong } = found
  const unknownArtists = found.pairs - found.pairsWithArtist
  const facts: [string, string][] = [
    ['pairs', `${number(found.pairs)} of ${count(found.tracks, 'track')}`],
    [
      'artists',
      `${number(found.artists)}, ${count(found.albums, 'album')}` +
        (unknownArtists > 0 ? `; ${count(unknownArtists, 'pair')} without artist` : ''),
    ],
    [
      'audio',
      audio.seconds === null
        ? `${count(audio.files, 'file')} there`
        : `${span(audio.seconds)} in ${count(audio.files, 'file')}`,
    ],
    ['words', `${number(found.vocabulary)} different`],
  ]
  const parts = Object.entries(found.parts).map(([part, pairs]) => `${part} ${number(pairs)}`)
  if (parts.length > 0) facts.push(['parts', parts.join(', ')])
  lines.push(...facts.map(([name, value]) => `${dim(name.padEnd(8))} ${value}`), '')

  lines.push(
    ...table(
      [
        { header: 'TEXT' },
        { header: 'COUNT', align: 'right' },
        { header: 'DUPLICATES', align: 'right' },
        { header: 'WORDS EACH', align: 'right' },
        { header: 'LONGEST', align: 'right' },
      ],
      found.texts.map(({ kind, texts, duplicates, words, longest }) => [
        kind,
        number(texts),
        // Tags, names of artists and albums are meant to come again.
        ['tag', 'artist', 'album'].includes(kind) ? '' : percent(duplicates, texts),
        (words / Math.max(1, texts)).toFixed(1),
        number(longest),
      ]),
      { width, headerStyle: dim },
    ),
  )
  if (found.tags.length > 0)
    lines.push(
      '',
      ...table(
        [
          { header: `TAG (${number(found.distinctTags)})`, min: 8 },
          { header: 'PAIRS', align: 'right' },
          { header: '', align: 'right' },
        ],
        rows(
          ...found.tags.map(({ tag, pairs }) => [tag, number(pairs), percent(pairs, found.pairs)] as const),
        ),
        { width, headerStyle: dim },
      ),
    )

  const notes: string[] = []
  const listed = (line: string, items: readonly string[], total: number): void => {
    notes.push(line, ...items.slice(0, SHOWN).map((item) => `  ${printable(item)}`))
    if (total > SHOWN) notes.push(`  and ${number(total - SHOWN)} more`)
  }
  if (wrong.rows > 0)
    listed(
      bad(
        `${number(wrong.rows)} of ${count(found.rows, 'row')} are wrong (${percent(wrong.rows, found.rows)}):`,
      ),
      wrong.first,
      wrong.rows,
    )
  if (audio.missing > 0)
    listed(bad(`${count(audio.missing, 'audio file')} not there:`), audio.firstMissing, audio.missing)
  if (audio.broken)
    listed(bad(`${count(audio.broken, 'audio file')} can't be read:`), audio.firstBroken, audio.broken)
  if (found.withoutText > 0) notes.push(warn(`Nothing is said of ${count(found.withoutText, 'audio file')}.`))
  if (found.repeatedPairs > 0)
    notes.push(warn(`${count(found.repeatedPairs, 'pair')} say what another one says of the same audio.`))
  if (found.leaks.tracks > 0)
    notes.push(bad(`${count(found.leaks.tracks, 'track')} in more than one of the published parts.`))
  if (found.leaks.artists > 0)
    notes.push(
      warn(
        `${count(found.leaks.artists, 'artist')} in more than one of the published parts: what is measured there is partly knowledge of the artist.`,
      ),
    )
  if (notes.length > 0) lines.push('', ...notes)
  return `${lines.join('\n')}\n`
}
