import type { Context, Output } from '../context.js'
import type { DataCheckOutput } from '../json.js'
import { printable } from '../printable.js'
import { count, span } from '../quantity.js'
import { styles } from '../style.js'
import { table } from '../table.js'

/** More of a kind are left to --json. */
const SHOWN = 5

/** What `antiphon data check` prints for people. */
export function checkText(found: DataCheckOutput, { stdout }: Context): string {
  const sections = [
    ...(found.sources.length > 0 ? [factLines(found, stdout), tableLines(found, stdout)] : []),
    listeningLines(found, stdout),
    graphLines(found, stdout),
    noteLines(found, stdout),
  ]
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

const number = (value: number): string => value.toLocaleString('en')
const percent = (part: number, of: number): string =>
  `${Number(((100 * part) / Math.max(1, of)).toPrecision(2))} %`

function factLines(found: DataCheckOutput, stdout: Output): string[] {
  const { dim } = styles(stdout)
  const titles = found.sources.map(({ path, format, name, pairs, weight }) =>
    found.sources.length === 1
      ? `${printable(path)} ${dim(`(${format})`)}`
      : `${printable(name)}: ${count(pairs, 'pair')}${weight === null ? '' : `, weight ${weight}`} ${dim(`(${format}, ${printable(path)})`)}`,
  )
  const { audio } = found
  const unknownArtists = found.pairs - found.pairsWithArtist
  const parts = Object.entries(found.parts).map(([part, pairs]) => `${part} ${number(pairs)}`)
  return [
    ...titles,
    ...named(stdout, [
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
      ...(parts.length > 0 ? [['parts', parts.join(', ')] as const] : []),
    ]),
  ]
}

function tableLines(found: DataCheckOutput, stdout: Output): string[] {
  const width = stdout.interactive ? stdout.columns : undefined
  const headerStyle = styles(stdout).dim
  const texts = table(
    [
      { header: 'TEXT' },
      { header: 'COUNT', align: 'right' },
      { header: 'DUPLICATES', align: 'right' },
      { header: 'WORDS EACH', align: 'right' },
      { header: 'LONGEST', align: 'right' },
    ],
    found.texts.map(({ kind, texts: total, duplicates, words, longest }) => [
      kind,
      number(total),
      // Tags, names of artists and albums are meant to come again.
      ['tag', 'artist', 'album'].includes(kind) ? '' : percent(duplicates, total),
      (words / Math.max(1, total)).toFixed(1),
      number(longest),
    ]),
    { width, headerStyle },
  )
  if (found.tags.length === 0) return texts
  const tags = table(
    [
      { header: `TAG (${number(found.distinctTags)})`, min: 8 },
      { header: 'PAIRS', align: 'right' },
      { header: '', align: 'right' },
    ],
    found.tags.map(({ tag, pairs }) => [tag, number(pairs), percent(pairs, found.pairs)]),
    { width, headerStyle },
  )
  return [...texts, '', ...tags]
}

function listeningLines({ listening }: DataCheckOutput, stdout: Output): string[] {
  if (listening === null) return []
  const { users, items, plays, entries, itemsOfUser, usersOfItem, count: counts } = listening
  const spread = ({ least, median, most }: typeof counts): string =>
    `${number(median)} in the middle, ${number(least)} to ${number(most)}`
  return [
    `${printable(listening.file)} ${styles(stdout).dim(`(listening, ${listening.format})`)}`,
    ...named(stdout, [
      ['users', `${number(users)}, each with ${spread(itemsOfUser)} items`],
      ['items', `${number(items)}, each heard by ${spread(usersOfItem)} users`],
      ['plays', `${number(plays)}; of an item by a user ${spread(counts)}`],
      [
        'density',
        `${percent(entries, users * items)} of all pairs; the top tenth of items has ${percent(listening.topTenth, 1)} of the plays`,
      ],
    ]),
  ]
}

function graphLines({ graph }: DataCheckOutput, stdout: Output): string[] {
  if (graph === null) return []
  const listed = (counts: Readonly<Record<string, number>>): string =>
    Object.entries(counts)
      .map(([name, of]) => `${printable(name)} ${number(of)}`)
      .join(', ')
  const { degree } = graph
  return [
    `${printable(graph.file)} ${styles(stdout).dim(`(knowledge graph, ${graph.format})`)}`,
    ...named(stdout, [
      ['entities', `${number(graph.entities)}: ${listed(graph.byType)}`],
      ['relations', `${number(graph.relations)}: ${listed(graph.byRelation)}`],
      ['degree', `${number(degree.median)} in the middle, ${number(degree.least)} to ${number(degree.most)}`],
    ]),
  ]
}

function named(stdout: Output, facts: readonly (readonly [string, string])[]): string[] {
  const longest = Math.max(...facts.map(([name]) => name.length))
  return facts.map(([name, value]) => `${styles(stdout).dim(name.padEnd(longest))}  ${value}`)
}

function noteLines(found: DataCheckOutput, stdout: Output): string[] {
  const { bad, warn } = styles(stdout)
  const { audio } = found
  const notes: string[] = []
  const listed = (line: string, items: readonly string[], total: number): void => {
    notes.push(line, ...items.slice(0, SHOWN).map((item) => `  ${printable(item)}`))
    if (total > SHOWN) notes.push(`  and ${number(total - SHOWN)} more`)
  }
  for (const read of [found, found.listening, found.graph]) {
    if (read === null || read.wrong.rows === 0) continue
    const { rows, wrong } = read
    const share = `${number(wrong.rows)} of ${count(rows, 'row')} are wrong (${percent(wrong.rows, rows)}):`
    listed(bad(share), wrong.first, wrong.rows)
  }
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
  for (const reason of found.refusals) notes.push(bad(`Refused: ${printable(reason)}.`))
  return notes
}
