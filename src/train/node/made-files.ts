import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AntiphonError } from '../../errors/index.js'

/** What a run makes before its first step, by the name of the file in its folder. */
export type MadeFiles = ReadonlyMap<string, Uint8Array>

export const MADE_TOKENIZER = 'tokenizer.json'
export const MADE_WORDS = 'words.safetensors'
/** Of items, beside their sound: they stand in the model directory too. */
export const MADE_FACTORS = 'factors.safetensors'

/** All that may be made. */
export const MADE_FILES: readonly string[] = [MADE_FACTORS, MADE_TOKENIZER, MADE_WORDS]

/** Hashes of what was made, to know it again. */
export function hashesOf(made: MadeFiles): Record<string, string> {
  const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
  return Object.fromEntries([...made].map(([name, bytes]) => [name, hash(bytes)]))
}

/**
 * What a run has made before, as its folder keeps it.
 * @throws AntiphonError `usage` where a file is gone or not what it was
 */
export async function readMadeFiles(
  dir: string,
  hashes: Readonly<Record<string, string>> = {},
): Promise<MadeFiles> {
  const made = new Map<string, Uint8Array>()
  for (const name of Object.keys(hashes))
    try {
      made.set(name, await readFile(join(dir, name)))
    } catch (cause) {
      throw new AntiphonError(
        'usage',
        `The run in ${dir} can't go on: it has no ${name}, which it made; put it back, or begin a new run`,
        { cause },
      )
    }
  const now = hashesOf(made)
  for (const [name, hash] of Object.entries(hashes))
    if (now[name] !== hash)
      throw new AntiphonError(
        'usage',
        `The run in ${dir} can't go on: ${name} is not what it made; put that back, or begin a new run`,
      )
  return made
}
