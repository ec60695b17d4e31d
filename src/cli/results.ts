import { basename } from 'node:path'
import { FITS_FROM, type Catalog, type SearchResponse, type SearchResult } from '../catalog/index.js'
import { AntiphonError } from '../errors/index.js'
import type { Context, GlobalOptions, Output } from './context.js'
import { jsonText, printable } from './printable.js'
import type { Recognised } from './recognised.js'
import { styles } from './style.js'
import { table, type Column } from './table.js'
import { clock } from './quantity.js'

/** From this many columns on there is room for paths beside artist and title. */
const PATHS_FROM = 120
const BAR_CELLS = 10
/** Below this many columns the number has to do without its bar. */
const BAR_FROM = 72

export interface ResultOptions extends GlobalOptions {
  readonly where?: string
  readonly m3u?: string
}

/** Refuses what can't be printed together, before any work is done. */
export function checkResultOptions({ json, m3u }: ResultOptions): void {
  if (json && m3u === '-')
    throw new AntiphonError('usage', '--json and "--m3u -" both want stdout; give the playlist a file name.')
}

/** Prints what `search` or `similar` found: as a table, as JSON, or as a playlist on stdout. */
export async function printResults(
  response: SearchResponse,
  catalog: Catalog,
  options: ResultOptions,
  { stdout, stderr, knowledge }: Pick<Context, 'stdout' | 'stderr'> & { readonly knowledge?: Recognised },
): Promise<void> {
  if (options.m3u !== undefined) {
    const { playlist } = await import('./playlist.js')
    const { text, written, skipped } = await playlist(response.results, catalog)
    for (const path of skipped)
      stderr.write(
        `Left out of the playlist: ${printable(path)} (its name has a line break, which M3U can't hold)\n`,
      )
    if (options.m3u === '-') {
      stdout.write(text)
      return
    }
    const { writeWhole } = await import('./write-whole.js')
    await writeWhole([options.m3u, text])
    stderr.write(`Wrote ${written} of ${response.results.length} tracks to ${printable(options.m3u)}\n`)
  }
  if (options.json) {
    stdout.write(`${jsonText(jsonOf(response, knowledge))}\n`)
    return
  }
  if (response.results.length === 0) {
    stdout.write(
      options.where === undefined
        ? 'No tracks found: the catalog holds none yet, or no other one. "antiphon index DIR" adds some.\n'
        : 'No tracks found that pass the filter.\n',
    )
    return
  }
  if (response.results[0].match < FITS_FROM) stdout.write('Nothing here fits well; these come nearest.\n')
  for (const line of resultTable(response.results, stdout)) stdout.write(`${line}\n`)
}

const jsonOf = ({ results, ...response }: SearchResponse, knowledge: Recognised | undefined) => ({
  ...response,
  knowledge: knowledge ?? null,
  results,
})

function resultTable(results: readonly SearchResult[], output: Output): string[] {
  const { dim, bold } = styles(output)
  const width = output.interactive ? output.columns : undefined
  const paths = width === undefined || width >= PATHS_FROM
  const match = matchColumn(output)
  const columns: Column[] = [
    { header: '#', align: 'right', style: dim },
    { header: 'artist', min: 8, dispensable: 2 },
    { header: 'title', min: 8, style: bold },
    { header: 'at', align: 'right' },
    { ...match.column, dispensable: 3 },
    ...(paths ? [{ header: 'path', min: 12, cut: 'start' as const, dispensable: 4, style: dim }] : []),
  ]
  const rows = results.map((result) => [
    String(result.rank),
    result.artist ?? '',
    result.title || basename(result.path),
    clock(result.start),
    match.cell(result.match),
    ...(paths ? [result.path] : []),
  ])
  return table(columns, rows, { width, headerStyle: dim })
}

/** How a match of 0 to 100 is shown: a number, with a bar where a terminal has room for it. */
export function matchColumn({ interactive, columns }: Output): {
  column: Column
  cell: (match: number) => string
} {
  const bars = interactive && columns >= BAR_FROM
  return {
    column: { header: 'match', align: bars ? 'left' : 'right' },
    cell: (match) =>
      bars ? `${String(Math.round(match)).padStart(3)} ${bar(match)}` : String(Math.round(match)),
  }
}

/** Full cells and a last one of eighths (U+2588 to U+258F). */
export function bar(match: number): string {
  const eighths = Math.round((Math.min(100, Math.max(0, match)) / 100) * BAR_CELLS * 8)
  const rest = eighths % 8
  return '█'.repeat(Math.floor(eighths / 8)) + (rest > 0 ? String.fromCharCode(0x2590 - rest) : '')
}
