import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { float32, parseSafetensors, type SafetensorsFile, type Value } from '../src/graph/index.js'
import { golden, goldenJson, repositoryRoot, type Golden } from './golden.js'

export interface GoldenTower {
  readonly config: Record<string, any>
  /** preprocessor_config.json, where there is one. */
  readonly preprocessor?: Record<string, any>
  readonly weights: SafetensorsFile
  readonly reference: Golden
  /** A tensor of whole numbers, as a program takes it. */
  readonly ids: (name: string) => Value<Int32Array>
}

/** Reads test/golden/NAME: a small random model as published on the Hugging Face hub, and what the original gives. */
export function goldenTower(name: string): GoldenTower {
  const folder = join(repositoryRoot, 'test/golden', name)
  const weights = readFileSync(join(folder, 'model.safetensors'))
  const reference = golden(`${name}/golden`)
  return {
    config: goldenJson(`${name}/config`),
    preprocessor: existsSync(join(folder, 'preprocessor_config.json'))
      ? goldenJson(`${name}/preprocessor_config`)
      : undefined,
    weights: parseSafetensors(weights, `${name}/model.safetensors`),
    reference,
    ids: (key) => {
      const { data, shape } = reference.tensor(key)
      return { data: Int32Array.from(data), shape }
    },
  }
}

/** The numbers of the parameters that a program reads at every run; `prefix` is theirs in the file. */
export function parameterFeeds(
  names: Iterable<string>,
  file: SafetensorsFile,
  prefix = '',
): Record<string, Value<Float32Array>> {
  return Object.fromEntries(
    [...names].map((name) => {
      const stored = prefix + name
      return [name, { data: float32(file, stored), shape: file.entries.get(stored)!.shape }]
    }),
  )
}
