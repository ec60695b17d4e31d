import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AntiphonError } from '../errors/index.js'
import { executionProviders } from '../graph/node.js'
import { parseConfig } from './config.js'
import { jointEmbedding, type CheckedEmbedding } from './joint-embedding.js'
import { readModelFile } from './node/model-files.js'
import { openClap } from './node/open-clap.js'
import { openNative } from './node/open-native.js'
import { isHubName, resolvePretrained, type ResolvePretrainedOptions } from './node/pretrained.js'

export { defaultCacheDir } from './node/cache-dir.js'
export {
  embedFiles,
  type AudioPiece,
  type EmbedFilesOptions,
  type EmbedProgress,
  type UnreadableAudio,
} from './node/embed-files.js'
export type { HubProgress } from './node/hub-snapshot.js'
export { isHubName, resolvePretrained, type ResolvePretrainedOptions } from './node/pretrained.js'

/** The model that is used unless another one is named. */
export const DEFAULT_MODEL = 'bridge'

export interface OpenModelOptions {
  /** Threads that embed audio, each a chunk at a time. @default one for each core */
  readonly workers?: number
  /** What it runs on: `cpu`, or what ONNX Runtime has here. @default 'cpu' */
  readonly device?: string
  /** For a name on the hub; without it what isn't here already is not fetched. */
  readonly pretrained?: ResolvePretrainedOptions
}

const MOST_WORKERS = 64

/** A model from a directory. */
export interface OpenedModel extends CheckedEmbedding {
  readonly dir: string
}

/** Both lie beside the compiled source: dist/src/model -> dist/models, and the package's root. */
const BUILT_MODELS = fileURLToPath(new URL('../../models/', import.meta.url))
const PACKAGE_MODELS = fileURLToPath(new URL('../../../models/', import.meta.url))

/**
 * Opens a model by its name or by the path of its directory: a name is looked for in the directory `ANTIPHON_MODELS`,
 * among the models that come with the package, and last in the current directory; `hub:owner/name@revision` where
 * `resolvePretrained` does. Loads nothing but its configuration; each side is loaded when first
 * asked for.
 * @throws AntiphonError `model` when there is no such model, or its files are not whole.
 */
export async function openModel(
  nameOrDir: string = DEFAULT_MODEL,
  {
    device = 'cpu',
    workers = device === 'cpu' ? availableParallelism() : 1, // a session each, which one device has to share
    pretrained,
  }: OpenModelOptions = {},
): Promise<OpenedModel> {
  if (!(Number.isInteger(workers) && workers >= 1 && workers <= MOST_WORKERS))
    throw new AntiphonError(
      'usage',
      `workers is ${workers}, expected a whole number from 1 to ${MOST_WORKERS}`,
    )
  const dir = isHubName(nameOrDir) ? await resolvePretrained(nameOrDir, pretrained) : findModel(nameOrDir)
  const bytes = await readModelFile(dir, 'config.json')
  const type = foreignType(bytes)
  if (type !== undefined && type !== 'clap')
    throw new AntiphonError(
      'model',
      `${dir} holds a "${type}" encoder, not a model of audio and text (expected a model of Antiphon's or a "clap" model)`,
    )
  const engine = { workers, executionProviders: await executionProviders(device) }
  const parts =
    type === 'clap'
      ? await openClap({ dir, name: basename(dir), ...engine, config: parsed(bytes) })
      : await openNative({ dir, ...engine, config: parseConfig(bytes, join(dir, 'config.json')) })
  return { ...jointEmbedding(parts), dir }
}

/** `model_type` of a config.json in the manner of the hub; our own has none. */
function foreignType(config: Uint8Array): string | undefined {
  const type = (parsed(config) as { model_type?: unknown } | null | undefined)?.model_type
  return typeof type === 'string' ? type : undefined
}

function parsed(json: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(json))
  } catch {
    return undefined // parseConfig says what is wrong
  }
}

/** The directory of a model. @throws AntiphonError `model` that lists where it was looked for. */
export function findModel(nameOrDir: string): string {
  const own = process.env['ANTIPHON_MODELS']
  const isName = /^[\w.-]+$/.test(nameOrDir) && !/^\.+$/.test(nameOrDir)
  const named = isName ? [...(own ? [resolve(own)] : []), BUILT_MODELS, PACKAGE_MODELS] : []
  // A name comes before a directory of that name here: what lies around must not take the place of the default model.
  const candidates = [...named.map((models) => join(models, nameOrDir)), resolve(nameOrDir)]
  const found = candidates.find((dir) => existsSync(join(dir, 'config.json')))
  if (found) return found
  throw new AntiphonError(
    'model',
    `No model "${nameOrDir}": no config.json in ${candidates.join(', ')}. Name a model directory, or set ANTIPHON_MODELS to where models are.`,
  )
}
