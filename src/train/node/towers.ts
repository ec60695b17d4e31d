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
import { createTokenizer } from '../../text/index.js'
import { RecipeError } from '../recipe-error.js'
import type { Recipe } from '../recipe.js'
import { MADE_TOKENIZER, MADE_WORDS, type MadeFiles } from './made-files.js'
import { naming } from './naming.js'
import { readWordTable } from './word-table.js'

/** A pretrained tower's files. */
export interface PretrainedTower {
  /** As the recipe names it. */
  readonly name: string
  /** The run made it of its own texts. */
  readonly isOwn?: boolean
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
 * @param made what the run has made of its texts
 * @param find the directory of a pretrained model by the name that a recipe gives it
 * @throws AntiphonError `usage` for unknown encoders and options, `model` for files that are missing or don't fit
 */
export async function openTowers(
  { audio, text, projection }: Recipe,
  find: (name: string) => Promise<string>,
  made: MadeFiles = new Map(),
): Promise<Towers> {
  const published = async (name: string | undefined) =>
    name === undefined ? undefined : files(await find(name))
  const ofAudio = await naming('audio.pretrained', published(audio.pretrained))
  const ofText = await naming('text.pretrained', published(text.pretrained))
  const { tokenizer: place } = text
  const tokenizer =
    typeof place === 'string'
      ? await naming(
          'text.tokenizer',
          find(place).then((dir) => readTowerFile(join(dir, 'tokenizer.json'))),
        )
      : made.get(MADE_TOKENIZER)!
  const tokens = tokenCount(tokenizer)
  const table = made.get(MADE_WORDS)
  const words = table && readWordTable(table, MADE_WORDS)
  const sizes = {
    ...(typeof place !== 'string' && { vocab_size: tokens }),
    ...(words && { width: words.width }),
  }
  const pretrained = (name: string | undefined, found: { weights: SafetensorsFile } | undefined) =>
    name !== undefined && found ? { pretrained: { name, weights: found.weights } } : {}
  const towers: Towers = {
    audio: {
      encoder: await naming(
        'audio',
        later(() =>
          createAudioEncoder({
            encoder: audio.encoder,
            options: audio.options,
            published: ofAudio?.config,
          }),
        ),
      ),
      ...pretrained(audio.pretrained, ofAudio),
    },
    text: {
      encoder: await naming(
        'text',
        later(() =>
          createTextEncoder({
            encoder: text.encoder,
            options: { ...sizes, ...text.options },
            pooling: text.pooling,
            published: ofText?.config,
          }),
        ),
      ),
      ...(words ? { pretrained: wordsOf(text, words.weights) } : pretrained(text.pretrained, ofText)),
    },
    tokenizer,
  }
  const { maxTokens, width } = towers.text.encoder
  if (projection.sides === 'audio' && projection.dim !== width)
    throw new RecipeError(
      'projection.dim',
      `it is ${projection.dim}, and with projection.sides: audio texts stay as the encoder "${text.encoder}" gives them: expected ${width}`,
    )
  if (text.max_tokens > maxTokens)
    throw new RecipeError(
      'text.max_tokens',
      `it is ${text.max_tokens}, and the text encoder "${text.encoder}" takes at most ${maxTokens}`,
    )
  const { vocabularySize } = towers.text.encoder
  if (tokens > vocabularySize)
    throw new RecipeError(
      'text.tokenizer',
      `${typeof place === 'string' ? place : 'it'} has ${tokens} tokens, and the text encoder "${text.encoder}" knows ${vocabularySize}: set text.options.vocab_size, or name the encoder's own tokenizer`,
    )
  return towers
}

const later = <Result>(work: () => Result): Promise<Result> => Promise.resolve().then(work)

function wordsOf({ vectors }: Recipe['text'], weights: SafetensorsFile): PretrainedTower {
  const name = vectors?.file ?? vectors?.encoder
  return name === undefined ? { name: MADE_WORDS, isOwn: true, weights } : { name, weights }
}

/** One more than the largest id of a tokenizer.json; what is wrong in one, `createTokenizer` says. */
function tokenCount(tokenizer: Uint8Array): number {
  createTokenizer(tokenizer, { maxTokens: FEWEST_TOKENS })
  const file = JSON.parse(new TextDecoder().decode(tokenizer)) as {
    readonly model: { readonly vocab: Readonly<Record<string, number>> | readonly (readonly unknown[])[] }
    readonly added_tokens?: readonly { readonly id: number }[]
  }
  const { vocab } = file.model
  const ids: readonly number[] = Array.isArray(vocab) ? [...vocab.keys()] : Object.values(vocab)
  const added = file.added_tokens ?? []
  return [...ids, ...added.map(({ id }) => id)].reduce((largest, id) => Math.max(largest, id), -1) + 1
}

const FEWEST_TOKENS = 3 // room for a word between the frame's two

async function files(dir: string): Promise<{ weights: SafetensorsFile; config: PublishedConfig }> {
  const path = join(dir, 'model.safetensors')
  const weights = parseSafetensors(await readTowerFile(path), path)
  const config = await readJson(join(dir, 'config.json'))
  const preprocessor = await readJson(join(dir, 'preprocessor_config.json'))
  return { weights, config: { config, preprocessor } }
}

/** @throws AntiphonError `model` where it can't be read */
export async function readTowerFile(path: string): Promise<Uint8Array> {
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
