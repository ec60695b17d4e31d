import { join } from 'node:path'
import { openProgram } from '../../graph/index.js'
import { nodeRuntime } from '../../graph/node.js'
import { createTokenizer } from '../../text/index.js'
import { parseParity, type ModelConfig, type Parity } from '../config.js'
import { ItemTable, readItemFactors } from '../item-factors.js'
import { textEncoder, type ModelParts } from '../joint-embedding.js'
import { compareParity } from '../parity.js'
import { assertSpace, spaceFiles, spaceId } from '../space.js'
import { AudioPool } from './audio-pool.js'
import { fingerprint } from './fingerprint.js'
import { hashModelFile, readModelFile } from './model-files.js'

export interface OpenNativeOptions {
  readonly dir: string
  readonly config: ModelConfig
  readonly workers: number
  readonly executionProviders?: readonly string[]
}

/** A model directory of Antiphon's own: programs, weights, tokenizer and parity file. @throws AntiphonError `model` */
export async function openNative({
  dir,
  config,
  workers,
  executionProviders,
}: OpenNativeOptions): Promise<ModelParts> {
  const fingerprinted = await fingerprint(dir, {
    files: ['config.json', 'parity.json', ...spaceFiles(config)],
    spaceId: () => hashSpace(dir, config),
  })
  return {
    ...fingerprinted,
    config,
    check: async (side, encoders) => compareParity(await readParity(dir), side, encoders, config.audio),
    ...(config.items && {
      items: {
        table: async () => {
          const file = 'factors.safetensors'
          const bytes = await readModelFile(dir, file)
          return new ItemTable(readItemFactors(bytes, join(dir, file), config.items!.dim))
        },
        open: () => Promise.resolve(new AudioPool([join(dir, 'item.onnx')], workers, executionProviders)),
      },
    }),
    openAudio: () => Promise.resolve(new AudioPool([join(dir, 'audio.onnx')], workers, executionProviders)),
    openText: async () => {
      const tokenizer = createTokenizer(await readModelFile(dir, 'tokenizer.json'), config.text)
      const program = await openProgram(await nodeRuntime(), join(dir, 'text.onnx'), { executionProviders })
      return textEncoder(program, tokenizer)
    },
  }
}

async function hashSpace(dir: string, config: ModelConfig): Promise<string> {
  const sha256: Record<string, string> = {}
  for (const name of spaceFiles(config)) sha256[name] = await hashModelFile(dir, name)
  const id = await spaceId(config, sha256)
  assertSpace(id, await readParity(dir), dir)
  return id
}

async function readParity(dir: string): Promise<Parity> {
  return parseParity(await readModelFile(dir, 'parity.json'), join(dir, 'parity.json'))
}
