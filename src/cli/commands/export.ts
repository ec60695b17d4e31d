import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { EXIT, withCatalog, type Context, type GlobalOptions } from '../context.js'
import type { ExportedTrack, ExportOutput } from '../json.js'
import { npy } from '../npy.js'
import { jsonText, printable } from '../printable.js'
import { count } from '../quantity.js'
import { writeWhole } from '../write-whole.js'

export interface ExportCommandOptions extends GlobalOptions {
  readonly npy: string
}

/** `antiphon export --npy PREFIX|DIR` */
export async function exportVectors(options: ExportCommandOptions, context: Context): Promise<number> {
  const prefix = await exportPrefix(options.npy)
  return withCatalog(context, options, async (catalog) => {
    const { tracks, dim, matrix } = await catalog.vectors()
    const { spaceId } = await catalog.info()
    const files = { matrix: `${prefix}.npy`, tracks: `${prefix}.jsonl` }
    const lines = tracks.map((track, row): ExportedTrack => {
      const {
        trackId,
        path,
        artist = null,
        title = null,
        album = null,
        genre = null,
        year = null,
        duration,
      } = track
      return { row, trackId, path, artist, title, album, genre, year, duration }
    })
    await writeWhole(
      [files.matrix, npy(matrix, [tracks.length, dim])],
      [files.tracks, lines.map((line) => `${JSON.stringify(line)}\n`).join('')],
    )
    const output: ExportOutput = { ...files, shape: [tracks.length, dim], spaceId }
    context.stdout.write(
      options.json
        ? `${jsonText(output)}\n`
        : `Wrote ${count(tracks.length, 'track')}: float32 [${tracks.length}, ${dim}] in ${printable(files.matrix)}, ` +
            `the tracks in the same order in ${printable(files.tracks)}\n`,
    )
    return EXIT.done
  })
}

/** A folder that exists, or a name that ends like one, takes the name `tracks`; anything else is the prefix itself. */
async function exportPrefix(target: string): Promise<string> {
  const folder = /[/\\]$/.test(target) || (await stat(target).catch(() => undefined))?.isDirectory() === true
  return folder ? join(resolve(target), 'tracks') : resolve(target.replace(/\.npy$/, ''))
}
