import { readFileSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { openCatalog } from '../src/catalog/node.js'
import { AntiphonError } from '../src/errors/index.js'
import { relevanceByLabel, retrievalScores } from '../src/evaluate/index.js'
import { DEFAULT_MODEL } from '../src/model/node.js'
import { figure, type Figure } from './figures.js'
import { audioFiles, demoLibrary } from './library.js'
import type { Benchmark, BenchmarkOptions } from './benchmark.js'
import { antiphon } from './process.js'
import { cacheDir } from './vectors.js'

interface Described {
  readonly style: string
  readonly caption: string
}

/**
 * Every caption of the demo library is searched for in the demo library. What counts as found is any track of the
 * caption's style, and for `track …` the caption's own track only. A track's score is its best moment's, as in a search.
 */
export const qualityBenchmark: Benchmark = (options) => qualityOf(DEFAULT_MODEL, options)

/** The same with the named model. */
export async function qualityOf(model: string, { music, say }: BenchmarkOptions): Promise<Figure[]> {
  const { dir, files } = music ? { dir: music, files: await audioFiles(music) } : await demoLibrary(say)
  if (files.length === 0) throw new AntiphonError('usage', `No audio in ${dir}`)
  for (const { path } of files) describedBeside(path) // before the long work
  const catalogDir = join(cacheDir, 'quality-catalog')
  rmSync(catalogDir, { recursive: true, force: true })
  say(`indexing ${dir} …`)
  await antiphon(['index', '--catalog', catalogDir, '--model', model, dir])
  const catalog = await openCatalog({ dir: catalogDir })
  const { tracks } = await catalog.vectors()
  const about = tracks.map(({ path }) => describedBeside(path))
  say(`asking for ${about.length} captions …`)
  const column = new Map(tracks.map((track, i) => [track.trackId, i]))
  const similarity = new Float64Array(tracks.length * tracks.length)
  for (const [row, { caption }] of about.entries()) {
    const { results } = await catalog.search(caption, { limit: tracks.length })
    if (results.length !== tracks.length)
      throw new Error(`A search for all ${tracks.length} tracks gave ${results.length}`)
    for (const { trackId, cosine } of results) similarity[row * tracks.length + column.get(trackId)!] = cosine
  }
  await catalog.close()
  rmSync(catalogDir, { recursive: true, force: true })
  const ranking = { queries: tracks.length, items: tracks.length, similarity }
  const styles = about.map(({ style }) => style)
  const ids = tracks.map(({ trackId }) => trackId)
  const byStyle = retrievalScores({ ...ranking, relevance: relevanceByLabel(styles, styles) })
  const byTrack = retrievalScores({ ...ranking, relevance: relevanceByLabel(ids, ids) })
  say(`${tracks.length} tracks in ${new Set(styles).size} styles`)
  const score = (name: string, value: number) => figure({ name, value, unit: '', lowerIsBetter: false })
  return [
    score('style R@1', byStyle.recallAt[1]),
    score('style R@5', byStyle.recallAt[5]),
    score('style mAP', byStyle.map),
    score('track R@1', byTrack.recallAt[1]),
    score('track R@5', byTrack.recallAt[5]),
    score('track R@10', byTrack.recallAt[10]),
    figure({ name: 'track median rank', value: byTrack.medianRank, unit: '' }),
    ...[...new Set(styles)].sort().map((style) => {
      const rows = styles.flatMap((own, row) => (own === style ? [row] : []))
      const part = {
        queries: rows.length,
        items: tracks.length,
        similarity: Float64Array.from(
          rows.flatMap((row) => [...similarity.subarray(row * tracks.length, (row + 1) * tracks.length)]),
        ),
      }
      const relevance = relevanceByLabel(
        rows.map(() => style),
        styles,
      )
      return score(`mAP ${style}`, retrievalScores({ ...part, relevance }).map)
    }),
  ]
}

/** What the demo library says of a piece, in a file beside it. */
function describedBeside(path: string): Described {
  const sidecar = path.replace(/\.[^.]*$/, '.json')
  let cause: unknown
  try {
    const { style, caption } = JSON.parse(readFileSync(sidecar, 'utf8')) as Partial<Described>
    if (typeof style === 'string' && typeof caption === 'string') return { style, caption }
  } catch (error) {
    cause = error
  }
  throw new AntiphonError(
    'usage',
    `"quality" asks for captions, and ${basename(path)} has no ${basename(sidecar)} beside it with its style and caption; give --music a demo library, as "npm run demo" makes`,
    { cause },
  )
}
