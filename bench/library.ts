import { existsSync, readdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { extname, join } from 'node:path'
import { audioExtensions } from '../src/audio/index.js'
import { DecoderPool } from '../src/audio/node.js'
import { makeDemoLibrary } from '../src/data/node.js'
import { AntiphonError } from '../src/errors/index.js'
import { Random } from './random.js'
import { cacheDir } from './vectors.js'

/** A file that the decoder opens. */
export interface AudioFile {
  readonly path: string
  readonly seconds: number
  /** Such as `flac` or `mp3`. */
  readonly codec: string
}

const DEMO_PIECES_A_STYLE = 3

/** The demo library, made once; where more audio is wanted, another one with more pieces of each style. */
export async function demoLibrary(
  say: (line: string) => void,
  { seconds = 0 } = {},
): Promise<{ dir: string; files: AudioFile[] }> {
  const library = await makeLibrary(DEMO_PIECES_A_STYLE, say)
  const present = secondsOf(library.files)
  if (present >= seconds) return library
  return makeLibrary(Math.ceil((DEMO_PIECES_A_STYLE * seconds * 1.1) / present), say)
}

async function makeLibrary(perStyle: number, say: (line: string) => void) {
  const dir = join(cacheDir, `demo-library-${perStyle}`)
  let said = 0
  await makeDemoLibrary({
    dir,
    perStyle,
    onProgress: ({ done, total }) => {
      if (done < total && done < said + 20) return
      said = done
      say(`demo library: ${done} of ${total} pieces`)
    },
  })
  return { dir, files: await audioFiles(dir) }
}

/** Every audio file below a folder that can be opened, equal copies once, in an order that mixes folders and formats. */
export async function audioFiles(dir: string): Promise<AudioFile[]> {
  if (!existsSync(dir)) throw new AntiphonError('usage', `No folder ${dir}`)
  const paths = readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && audioExtensions.includes(extname(entry.name).toLowerCase()))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
  const pool = new DecoderPool({ processes: availableParallelism() })
  const seen = new Set<string>()
  const probed = await Promise.all(
    paths.map(async (path): Promise<AudioFile | undefined> => {
      // What can't be opened is the concern of other tests.
      const probe = await pool.probe(path).catch(() => undefined)
      if (!probe || !(probe.duration > 0) || seen.has(probe.content)) return undefined
      seen.add(probe.content)
      return { path, seconds: probe.duration, codec: probe.codec }
    }),
  )
  await pool.close()
  return shuffled(probed.filter((file) => file !== undefined))
}

export function secondsOf(files: readonly AudioFile[]): number {
  return files.reduce((sum, file) => sum + file.seconds, 0)
}

/** The first files that together last so long; all of them where they are shorter. */
export function lasting(files: readonly AudioFile[], seconds: number): AudioFile[] {
  const taken: AudioFile[] = []
  for (const file of files) {
    if (secondsOf(taken) >= seconds) break
    taken.push(file)
  }
  return taken
}

/** "48 files, 30 min of flac and mp3" */
export function describeFiles(files: readonly AudioFile[]): string {
  const codecs = [...new Set(files.map((file) => file.codec))].sort()
  return `${files.length} files, ${(secondsOf(files) / 60).toFixed(0)} min of ${codecs.join(', ')}`
}

function shuffled<T>(items: readonly T[]): T[] {
  const random = new Random(3)
  const out = [...items]
  for (let i = out.length - 1; i > 0; i--) {
    const j = random.integer(i + 1)
    ;[out[i], out[j]] = [out[j], out[i]]
  }
  return out
}
