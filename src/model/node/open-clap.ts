import { createHash } from 'node:crypto'
import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { AntiphonError } from '../../errors/index.js'
import { openProgram, type Program } from '../../graph/index.js'
import { nodeRuntime } from '../../graph/node.js'
import { createTokenizer } from '../../text/index.js'
import { readClapConfig, type ClapConfig } from '../clap/config.js'
import { clapFiles } from '../clap/files.js'
import { clapFrontEndProgram, unitNormProgram } from '../clap/front-end.js'
import { compareUnrelated } from '../clap/unrelated.js'
import { textEncoder, type ModelParts } from '../joint-embedding.js'
import { programRow } from '../program-row.js'
import { AudioPool } from './audio-pool.js'
import { fingerprint } from './fingerprint.js'
import { hashModelFile, readModelFile } from './model-files.js'

/** Part of the spaceId: grows when our front end computes something else from the same files. */
const FRONT_END = 'clap 1'
const SPACE_ID_LENGTH = 16 // as of other models

export interface OpenClapOptions {
  readonly dir: string
  /** What the model is called. */
  readonly name: string
  readonly workers: number
  readonly executionProviders?: readonly string[]
  /** What its `config.json` holds. */
  readonly config: unknown
}

/**
 * A CLAP model (Wu et al. 2023) as published for transformers.js: its two towers run as they are, after our front end and before our norm.
 * @throws AntiphonError `model`
 */
export async function openClap({
  dir,
  name,
  workers,
  executionProviders,
  config: model,
}: OpenClapOptions): Promise<ModelParts> {
  const files = clapFiles(await namesIn(dir), dir)
  const { config, frontEnd } = readClapConfig(
    {
      model,
      preprocessor: await json(dir, 'preprocessor_config.json'),
      tokenizer: files.all.includes('tokenizer_config.json') ? await json(dir, 'tokenizer_config.json') : {},
    },
    { name, dir, learntScale: await learntScale(join(dir, 'model.safetensors')) },
  )
  const { spaceId, memory } = await fingerprint(dir, {
    files: files.all,
    spaceId: () => hashAll(dir, files.all),
  })
  const audioPrograms = [
    clapFrontEndProgram(frontEnd),
    join(dir, files.audio),
    unitNormProgram('audio_embeds', config.dim),
  ]
  return {
    config,
    spaceId,
    memory,
    check: (side, encoders) => compareUnrelated(side, encoders, config.audio, name),
    openAudio: async () => {
      // A tower of another make is refused here, where its name is known, not in the threads.
      const tower = await openProgram(await nodeRuntime(), join(dir, files.audio))
      assertTower(tower, files.audio, ['input_features', 'is_longer'], 'audio_embeds')
      await tower.close()
      return new AudioPool(audioPrograms, workers, executionProviders)
    },
    openText: () => openText(dir, files.text, { config, executionProviders }),
  }
}

async function openText(
  dir: string,
  file: string,
  {
    config: { dim, text },
    executionProviders,
  }: { config: ClapConfig['config']; executionProviders?: readonly string[] },
) {
  const tokenizer = createTokenizer(await readModelFile(dir, 'tokenizer.json'), text)
  const runtime = await nodeRuntime()
  const tower = await openProgram(runtime, join(dir, file), { executionProviders })
  assertTower(tower, file, ['input_ids', 'attention_mask'], 'text_embeds')
  const norm = await openProgram(runtime, unitNormProgram('text_embeds', dim))
  return textEncoder(programRow([tower, norm]), tokenizer)
}

/** @throws AntiphonError `model` for a tower that asks for something else, or answers otherwise. */
function assertTower(
  { inputs, outputs }: Program,
  file: string,
  known: readonly string[],
  answer: string,
): void {
  const names = (list: Program['inputs']): string => list.map(({ name }) => name).join(', ')
  if (inputs.some(({ name }) => !known.includes(name)) || !outputs.some(({ name }) => name === answer))
    throw new AntiphonError(
      'model',
      `${file} takes ${names(inputs)} and gives ${names(outputs)} (expected ${known.join(', ')} and ${answer})`,
    )
  const half = inputs.find(({ dtype }) => dtype === 'float16')
  if (half)
    throw new AntiphonError('model', `${file} takes ${half.name} in half precision (expected float32)`)
}

async function namesIn(dir: string): Promise<string[]> {
  const names = await readdir(dir)
  const towers = names.includes('onnx') ? await readdir(join(dir, 'onnx')) : []
  return [...names, ...towers.map((name) => `onnx/${name}`)]
}

async function json(dir: string, name: string): Promise<unknown> {
  try {
    return JSON.parse(new TextDecoder().decode(await readModelFile(dir, name)))
  } catch (cause) {
    if (cause instanceof AntiphonError) throw cause
    throw new AntiphonError('model', `${join(dir, name)} is damaged: it is not JSON`, { cause })
  }
}

async function hashAll(dir: string, names: readonly string[]): Promise<string> {
  const hash = createHash('sha256').update(`${FRONT_END}\n`)
  for (const name of names) hash.update(`${name} ${await hashModelFile(dir, name)}\n`)
  return hash.digest('hex').slice(0, SPACE_ID_LENGTH)
}

/** exp(logit_scale_t) of the weights beside the towers, where they are; of a file that may be large, some bytes are read. */
async function learntScale(path: string): Promise<number | undefined> {
  let file
  try {
    file = await open(path)
  } catch {
    return undefined // the layout doesn't ask for it
  }
  try {
    const read = async (length: number, position: number): Promise<DataView> => {
      const bytes = new Uint8Array(length)
      await file.read(bytes, 0, length, position)
      return new DataView(bytes.buffer)
    }
    const headerLength = Number((await read(8, 0)).getBigUint64(0, true))
    if (headerLength > (await file.stat()).size) return undefined
    const header = JSON.parse(new TextDecoder().decode(await read(headerLength, 8))) as Record<
      string,
      { dtype: string; data_offsets: [number, number] } | undefined
    >
    const scale = header['logit_scale_t']
    if (scale?.dtype !== 'F32') return undefined
    const value = Math.exp((await read(4, 8 + headerLength + scale.data_offsets[0])).getFloat32(0, true))
    return Number.isFinite(value) && value > 0 ? value : undefined
  } catch {
    return undefined // it serves people and cosines all the same
  } finally {
    await file.close()
  }
}
