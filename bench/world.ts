import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { WorldTrack } from '../src/data/index.js'
import { makeWorld, readWorldTracks } from '../src/data/node.js'
import { rocAuc } from '../src/evaluate/index.js'
import type { Benchmark } from './benchmark.js'
import { figure, type Figure } from './figures.js'
import { cacheDir } from './vectors.js'
import { TAGS_OF_ERAS, TAGS_OF_STYLES } from './world-tags.js'
import { tagScores, type TagScores } from './world-taggers.js'

const PIECES = 308 // 11 a style
const SECONDS = 30
const SEED = 1
const MEGABYTE = 1e6

/**
 * A world of 308 pieces, made or found in the cache, heard by the pretrained taggers: for each style the ROC AUC of the tag
 * that means it, all other styles being negative. Where the world had to be made, how long that took and what it weighs.
 */
export const worldBenchmark: Benchmark = async ({ say }) => {
  const dir = join(cacheDir, 'world')
  const timed = await timeWorld(dir, say)
  const tracks: WorldTrack[] = []
  for await (const track of readWorldTracks(dir)) tracks.push(track)
  const files = tracks.map(({ id }) => join(dir, 'audio', `${id}.flac`))
  say(`listening to ${files.length} pieces …`)
  const scores = await tagScores(files, {
    seconds: SECONDS,
    onFile: (done) => void (done % 50 === 0 && say(`  ${done}`)),
  })
  const size = files.reduce((sum, file) => sum + statSync(file).size, 0)
  return [
    ...timed,
    figure({ name: 'MB for 1000', value: size / MEGABYTE / (tracks.length / 1000), unit: 'MB' }),
    ...styleFigures(tracks, scores, say),
    ...TAGS_OF_ERAS.map(({ name, eras, tag: [tagger, tag] }) => {
      const labels = Uint8Array.from(tracks, ({ production }) => Number(eras.includes(production.era)))
      const value = rocAuc(scores.get(`${tagger}/${tag}`)!, labels)
      return figure({ name: `AUC ${name} (${tag})`, value, unit: '', lowerIsBetter: false })
    }),
  ]
}

/** Makes the world where it isn't there; a time is told only for one that was made at a stretch. */
async function timeWorld(dir: string, say: (line: string) => void): Promise<Figure[]> {
  const begun = performance.now()
  let said = 0
  const summary = await makeWorld({
    dir,
    pieces: PIECES,
    seconds: SECONDS,
    seed: SEED,
    onProgress: ({ done, total }) => {
      if (done < total && done < said + 50) return
      said = done
      say(`world: ${done} of ${total} pieces`)
    },
  })
  if (summary.made < summary.total) {
    say(`${summary.kept} pieces were there: not timed (delete ${dir} to time it)`)
    return []
  }
  const minutes = (performance.now() - begun) / 60_000
  return [
    figure({ name: 'pieces a minute', value: summary.made / minutes, unit: '', lowerIsBetter: false }),
    figure({ name: 'minutes for 1000', value: (1000 * minutes) / summary.made, unit: 'min' }),
  ]
}

function styleFigures(
  tracks: readonly WorldTrack[],
  scores: TagScores,
  say: (line: string) => void,
): Figure[] {
  const figures = Object.entries(TAGS_OF_STYLES).map(([style, tags]) => {
    const labels = Uint8Array.from(tracks, (track) => Number(track.style === style))
    const found = tags.map(([tagger, tag]) => ({
      name: `${tag}, ${tagger}`,
      auc: rocAuc(scores.get(`${tagger}/${tag}`)!, labels),
    }))
    say(`  ${style}: ${found.map(({ name, auc }) => `${auc.toFixed(3)} (${name})`).join('; ')}`)
    const best = found.reduce((most, one) => (one.auc > most.auc ? one : most))
    return figure({ name: `AUC ${style} (${best.name})`, value: best.auc, unit: '', lowerIsBetter: false })
  })
  const mean = figures.reduce((sum, { value }) => sum + value, 0) / figures.length
  return [figure({ name: 'AUC, mean of styles', value: mean, unit: '', lowerIsBetter: false }), ...figures]
}
