import { join } from 'node:path'
import { float32, parseSafetensors } from '../../graph/index.js'
import { createTextEncoder } from '../../model/index.js'
import { createTokenizer } from '../../text/index.js'
import type { Parameter } from '../optimizer/optimizer.js'
import { FrozenText } from './frozen-outputs.js'
import type { TrainOptions } from './run-options.js'
import { readTowerFile } from './towers.js'

export interface SentenceEncoder {
  readonly encoder: FrozenText
  readonly width: number
}

/** A pretrained sentence encoder in MiniLM's size, which stays as it is: it tells what texts say, beside the towers. */
export async function openSentenceEncoder(
  name: string,
  { runtime, find, engine = {} }: Pick<TrainOptions, 'runtime' | 'find' | 'engine'>,
): Promise<SentenceEncoder> {
  const dir = await find(name)
  const weights = parseSafetensors(await readTowerFile(join(dir, 'model.safetensors')))
  const encoder = createTextEncoder({ encoder: 'minilm' })
  const parameters = new Map<string, Parameter>()
  for (const [tensor, { shape }] of weights.entries)
    parameters.set(tensor, { data: float32(weights, tensor), shape })
  const tokenizer = createTokenizer(await readTowerFile(join(dir, 'tokenizer.json')), {
    maxTokens: encoder.maxTokens,
  })
  const text = await FrozenText.open({ ...engine, runtime, parameters, encoder, tokenizer, prefix: '' })
  return { encoder: text, width: encoder.width }
}
