import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AntiphonError } from '../../errors/index.js'
import { parseSafetensors, type SafetensorsFile } from '../../graph/index.js'
import {
  createAudioEncoder,
  createTextEncoder,
  type AudioEncoder,
  type PublishedConfig,
  type TextEncoder,
} from '../../model/index.js'
import type { Recipe } from '../recipe.js'

/** A pretrained tower's files. */
export interface PretrainedTower {
  /** As the recipe names it. */
  readonly name: string
  readonly weights: SafetensorsFile
}

/** The two encoders of a recipe, and what they begin with. */
export interface Towers {
  readonly audio: { readonly encoder: AudioEncoder; readonly pretrained?: PretrainedTower }
  readonly text: { readonly encoder: TextEncoder; readonly pretrained?: PretrainedTower }
  /** tokenizer.json */
  readonly tokenizer: Uint8Array
}

/**
 * @param find the directory of a pretrained model by the name that a recipe gives it
 * @throws AntiphonError `usage` for unknown encoders and options, `model` for files that are missing or don't fit
 */
export async function openTowers(
  { audio, text }: Recipe,
  find: (name: string) => Promise<string>,
): Promise<Towers> {
  const published = async (name: string | undefined) =>
    name === undefined ? undefined : files(await find(name))
  const ofAudio = await published(audio.pretrained)
  const ofText = await published(text.pretrained)
  const pretrained = (name: string | undefined, found: { weights: SafetensorsFile } | undefined) =>
    name !== undefined && found ? { pretrained: { name, weights: found.weights } } : {}
  return {
    audio: {
      encoder: createAudioEncoder({
        encoder: audio.encoder,
        options: audio.options,
        published: ofAudio?.config,
      }),
      ...pretrained(audio.pretrained, ofAudio),
    },
    text: {
      encoder: createTextEncoder({
        encoder: text.encoder,
        options: text.options,
        pooling: text.pooling,
        published: ofText?.config,
      }),
      ...pretrained(text.pretrained, ofText),
    },
    tokenizer: await read(join(await find(text.tokenizer!), 'tokenizer.json')),
  }
}

async function files(dir: string): Promise<{ weights: SafetensorsFile; config: PublishedConfig }> {
  const path = join(dir, 'model.safetensors')
  const weights = parseSafetensors(await read(path), path)
  const config = await readJson(join(dir, 'config.json'))
  const preprocessor = await readJson(join(dir, 'preprocessor_config.json'))
  return { weights, config: { config, preprocessor } }
}

async function read(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (cause) {
    throw new AntiphonError('model', `Cannot read ${path}: ${(cause as Error).message}`, { cause })
  }
}

/** @returns undefined where there is no such file */
async function readJson(path: string): Promise<Record<string, unknown> | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch (cause) {
    throw new AntiphonError('model', `${path} is damaged: it is not JSON`, { cause })
  }
}
