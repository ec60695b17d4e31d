import { parse } from 'csv-parse/sync'
import { AntiphonError } from '../../../errors/index.js'
import { ListeningBuilder } from '../../listening/matrix.js'
import { MAX_NAME_BYTES } from '../../listening/names.js'
import { columnsOf, EXPECTED_COLUMNS, type ListeningColumns } from './columns.js'
import { COMMA, Fields, TAB } from './fields.js'
import { eachLine } from './lines.js'
import type { ListeningFormat } from './listening-format.js'
import { SongTracks } from './song-tracks.js'
import type { WrongRowList } from './wrong-row-list.js'

export interface ReadRowsOptions {
  readonly format: ListeningFormat
  readonly artists: 'name' | 'mbid'
  /** `unique_tracks.txt` */
  readonly tracks?: string
  readonly wrong: WrongRowList
  readonly signal?: AbortSignal
}

interface Layout extends ListeningColumns {
  readonly fields: number
}

const LAYOUTS: Readonly<Record<ListeningFormat, Layout>> = {
  triples: { fields: 3, user: 0, item: 1, count: 2 },
  'taste-profile': { fields: 3, user: 0, item: 1, count: 2 },
  // user, MBID or nothing, name, plays
  'lastfm-360k': { fields: 4, user: 0, item: 2, count: 3 },
  // What its header says.
  csv: { fields: 3, user: 0, item: 1, count: 2 },
}
const MBID = 1
const QUOTE = 0x22

/** Reads rows straight from the bytes of the file; those of CSV that have quotes by csv-parse, a line at a time. */
export async function readRows(
  path: string,
  { format, artists, tracks, wrong, signal }: ReadRowsOptions,
): Promise<{ builder: ListeningBuilder; rows: number }> {
  const builder = new ListeningBuilder()
  const songs = tracks === undefined ? undefined : await SongTracks.read(tracks, { wrong, signal })
  const fields = new Fields(format === 'csv' ? COMMA : TAB)
  let layout = LAYOUTS[format]
  let rows = songs?.rows ?? 0

  const add = (bytes: Buffer): string | undefined => {
    if (fields.count !== layout.fields) return `${fields.count} fields (expected ${layout.fields})`
    const { user, count } = layout
    if (fields.isEmpty(user)) return 'no user'
    if (format === 'lastfm-360k' && !fields.isSha1(bytes, user))
      return `user "${fields.text(bytes, user)}" is no SHA-1`
    const item = artists === 'mbid' && format === 'lastfm-360k' && !fields.isEmpty(MBID) ? MBID : layout.item
    if (fields.isEmpty(item)) return 'no item'
    const [from, to] = [fields.from[item], fields.to[item]]
    if (to - from > MAX_NAME_BYTES || fields.to[user] - fields.from[user] > MAX_NAME_BYTES)
      return `a name of more than ${MAX_NAME_BYTES} bytes`
    const plays = fields.wholeNumber(bytes, count)
    if (plays === 0) return `count "${fields.text(bytes, count)}" is no whole number from 1`
    const number = songs
      ? songs.itemOf(builder.items, bytes, from, to)
      : builder.items.addBytes(bytes, from, to)
    if (number < 0) return `song "${fields.text(bytes, item)}" is not in ${tracks}`
    builder.addIndexed(builder.users.addBytes(bytes, fields.from[user], fields.to[user]), number, plays)
    return undefined
  }

  const readHeader = (line: string): boolean => {
    const names = format === 'csv' ? (records(line)?.[0] ?? []) : line.split('\t')
    const header = columnsOf(names)
    if (header !== undefined && names.length <= fields.from.length)
      layout = { fields: names.length, ...header }
    else if (format === 'csv')
      throw new AntiphonError(
        'usage',
        `${path}:1: columns ${names.join(', ')} (expected a header with ${EXPECTED_COLUMNS}, ${fields.from.length} columns at most)`,
      )
    return header !== undefined
  }

  await eachLine(
    path,
    {
      line: (bytes, from, to, number) => {
        if (from === to) return
        if (
          number === 1 &&
          (format === 'csv' || format === 'triples') &&
          readHeader(bytes.toString('utf8', from, to))
        )
          return
        rows++
        let reason: string | undefined
        if (format === 'csv' && bytes.subarray(from, to).includes(QUOTE)) {
          const row = records(bytes.toString('utf8', from, to))
          reason = row?.length === 1 ? add(fields.take(row[0])) : 'quotes that do not fit'
        } else {
          fields.cut(bytes, from, to)
          reason = add(bytes)
        }
        if (reason !== undefined) wrong.add(path, number, reason)
      },
      wrong: (reason, number) => {
        rows++
        wrong.add(path, number, reason)
      },
    },
    { signal },
  )
  return { builder, rows }
}

function records(line: string): string[][] | undefined {
  try {
    return parse(line, { relax_column_count: true })
  } catch {
    return undefined
  }
}
