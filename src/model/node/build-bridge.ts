import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseSafetensors } from '../../graph/index.js'
import { nodeRuntime } from '../../graph/node.js'
import { makeBridge, type BridgePrecision } from '../bridge/make.js'
import { WEIGHTING } from '../bridge/weighting.js'

const STAMP = 'built-from.txt'

export interface BuildBridgeOptions {
  /** Where the towers are: models/towers. */
  readonly towers: string
  /** The directory to make. */
  readonly out: string
  /** @default 'float' */
  readonly precision?: BridgePrecision
  /** Compiled code that decides what comes out; a change makes the model again. */
  readonly code: readonly string[]
}

/** Makes `bridge`, unless it was made from the same towers by the same code. Says whether it did. */
export async function buildBridge({ towers, out, code, precision }: BuildBridgeOptions): Promise<boolean> {
  const stamp = await inputsHash(towers, code)
  if (existsSync(join(out, STAMP)) && (await readFile(join(out, STAMP), 'utf8')) === stamp) return false
  const weights = async (tower: string) =>
    parseSafetensors(await readFile(join(towers, tower, 'model.safetensors')), tower)
  const tagger = async (tower: string) => {
    const config = JSON.parse(await readFile(join(towers, tower, 'config.json'), 'utf8')) as {
      tags: string[]
    }
    return { weights: await weights(tower), tags: config.tags }
  }
  const files = await makeBridge(
    {
      minilm: {
        weights: await weights('minilm'),
        tokenizer: await readFile(join(towers, 'minilm', 'tokenizer.json')),
      },
      msd: await tagger('musicnn-msd'),
      mtt: await tagger('musicnn-mtt'),
    },
    WEIGHTING,
    await nodeRuntime(),
    precision,
  )
  // Made beside and then moved: a build that is cut off leaves no half model.
  const draft = `${out}.${process.pid}`
  await mkdir(draft, { recursive: true })
  for (const [name, bytes] of files) await writeFile(join(draft, name), bytes)
  await writeFile(join(draft, STAMP), stamp)
  await rm(out, { recursive: true, force: true })
  await rename(draft, out)
  return true
}

async function inputsHash(towers: string, code: readonly string[]): Promise<string> {
  const hash = createHash('sha256')
  const folders = ['minilm', 'musicnn-msd', 'musicnn-mtt'].map((tower) => join(towers, tower))
  for (const folder of [...folders, ...code])
    for (const name of (await readdir(folder)).sort())
      if (/\.(json|safetensors|js)$/.test(name) && !name.endsWith('.test.js'))
        hash.update(`${name}\n`).update(await readFile(join(folder, name)))
  return `${hash.digest('hex')}\n`
}
