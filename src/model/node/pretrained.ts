import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AntiphonError } from '../../errors/index.js'
import { defaultCacheDir } from './cache-dir.js'
import { fetchSnapshot, type HubOptions } from './hub-snapshot.js'

export interface ResolvePretrainedOptions extends HubOptions {
  /** Where what was fetched is kept. @default the cache directory of Antiphon */
  readonly cacheDir?: string
  /** Whether what isn't found here may be fetched: only where the user's own command names it. @default false */
  readonly allowDownload?: boolean
}

/** Published towers that come with a clone of the repository: dist/src/model/node -> models/towers. */
const PACKAGE_TOWERS = fileURLToPath(new URL('../../../../models/towers/', import.meta.url))

const HUB_NAME = /^hub:([A-Za-z0-9][\w.-]*)\/([A-Za-z0-9][\w.-]*)(?:@([\w][\w./-]*))?$/
const DEFAULT_REVISION = 'main'

/** Whether a name is that of a repository on the hub, well formed or not. */
export function isHubName(name: string): boolean {
  return name.startsWith('hub:')
}

/**
 * The directory of a pretrained tower or model, named by its path or as `hub:owner/name@revision` (`main` unless said). A name on the
 * hub is looked for in `$ANTIPHON_MODELS/owner/name`, `$ANTIPHON_MODELS/name`, the repository's models/towers and the cache, and
 * only then, and only with `allowDownload`, fetched into the cache. What is there is used as it is: a branch that moves on is
 * followed by naming its new revision.
 * @throws AntiphonError `model` when it is nowhere, naming where it was looked for; `usage` for a name that is none;
 *   `failed` when the hub can't be reached.
 */
export async function resolvePretrained(
  name: string,
  { cacheDir = defaultCacheDir(), allowDownload = false, ...hub }: ResolvePretrainedOptions = {},
): Promise<string> {
  if (!isHubName(name)) {
    const dir = resolve(name)
    if (isModel(dir)) return dir
    throw new AntiphonError(
      'model',
      `No pretrained model "${name}": no config.json in ${dir} (expected a directory, or hub:owner/name@revision)`,
    )
  }
  const [, owner, repository, revision = DEFAULT_REVISION] = HUB_NAME.exec(name) ?? []
  if (!owner || revision.split('/').includes('..'))
    throw new AntiphonError('usage', `"${name}" names no model on the hub (expected hub:owner/name@revision)`)
  const own = process.env['ANTIPHON_MODELS']
  const cached = join(cacheDir, 'hub', owner, `${repository}@${encodeURIComponent(revision)}`)
  const places = [
    ...[...(own ? [resolve(own)] : []), PACKAGE_TOWERS].flatMap((models) => [
      join(models, owner, repository),
      join(models, repository),
    ]),
    cached,
  ]
  const found = places.find(isModel)
  if (found) return found
  if (!allowDownload)
    throw new AntiphonError(
      'model',
      `No model "${name}" here: no config.json in ${places.join(', ')}. A command that names it fetches it.`,
    )
  await mkdir(dirname(cached), { recursive: true })
  await fetchSnapshot({ repository: `${owner}/${repository}`, revision, into: cached }, hub)
  return cached
}

function isModel(dir: string): boolean {
  return existsSync(join(dir, 'config.json'))
}
