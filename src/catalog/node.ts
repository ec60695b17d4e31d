import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { DEFAULT_MODEL, defaultCacheDir, openModel as openModelDirectory } from '../model/node.js'
import type { JointEmbedding } from '../model/index.js'
import type { Catalog } from './catalog.js'
import { decoderProcesses, type AudioFiles } from './node/audio-files.js'
import { catalogFolder } from './node/catalog-folder.js'
import { LibraryCatalog } from './node/library-catalog.js'

export { LanceStore } from './node/lance-store.js'
export type { MomentHit } from './node/nearest.js'
export type { AudioFiles } from './node/audio-files.js'

export interface OpenCatalogOptions {
  /** The catalog's folder; made by the first `index`. @default `defaultCatalogDir()` */
  readonly dir?: string
  /** The model by name or directory, or an open one, which stays open. @default the one the catalog was made with; `bridge` */
  readonly model?: string | JointEmbedding
  /** What reads audio files; @default decoder processes of FFmpeg. */
  readonly openAudioFiles?: () => AudioFiles
  /** What opens a model by its name or directory; @default from the hub's layout on disk. */
  readonly openModel?: (model: string, options: { workers?: number }) => Promise<JointEmbedding>
  /** What is indexed is stored, and so found, after so many seconds; in long runs less often. @default 3 */
  readonly commitSeconds?: number
  /** Where what is known of models is kept; it need not be writable. @default `defaultCacheDir()` */
  readonly cacheDir?: string
}

/**
 * Opens what Antiphon knows of a library. Nothing is read or loaded before it is needed, and a catalog that does not exist
 * yet is made by `index`. Errors: `usage` for a folder that can't be one.
 */
export async function openCatalog({
  dir = defaultCatalogDir(),
  model,
  openAudioFiles = decoderProcesses,
  openModel = openModelDirectory,
  commitSeconds = 3,
  cacheDir = defaultCacheDir(),
}: OpenCatalogOptions = {}): Promise<Catalog> {
  return new LibraryCatalog({
    dir: catalogFolder(dir),
    model,
    defaultModel: DEFAULT_MODEL,
    openModel,
    openAudioFiles,
    commitSeconds,
    cacheDir,
  })
}

/** Where a catalog is unless it is said otherwise: the system's folder for an application's data. */
export function defaultCatalogDir(
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  // https://specifications.freedesktop.org/basedir-spec: relative paths are to be ignored.
  const xdg = env['XDG_DATA_HOME']
  if (xdg && isAbsolute(xdg)) return join(xdg, 'antiphon')
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'antiphon')
  if (platform === 'win32')
    return join(env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'antiphon')
  return join(homedir(), '.local', 'share', 'antiphon')
}
