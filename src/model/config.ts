import { z } from 'zod'
import { AntiphonError } from '../errors/index.js'
import { checked } from '../schema/index.js'

const CONFIG = z.strictObject({
  /** Of this file; grows when its meaning changes. */
  format: z.literal(1),
  name: z.string().min(1),
  version: z.string().min(1),
  /** Length of the vectors. */
  dim: z.int().positive(),
  /** 1 / temperature: turns cosines into logits. */
  logitScale: z.number().positive(),
  /** How far, in cosine, a fitting track stands above a library's background. */
  matchScale: z.number().positive(),
  /** BCP 47 tags of the languages that queries may be in. */
  languages: z.array(z.string().min(2)).min(1),
  /** How audio is cut. */
  audio: z.strictObject({
    sampleRate: z.int().positive(),
    chunkSeconds: z.number().positive(),
    hopSeconds: z.number().positive(),
    minRestSeconds: z.number().nonnegative(),
  }),
  text: z.strictObject({ maxTokens: z.int().min(3) }),
  /** Where the model has factors of items beside their sound: their length. */
  items: z.strictObject({ dim: z.int().positive() }).optional(),
  /** What the model was made from, for people. */
  madeFrom: z
    .array(z.strictObject({ name: z.string(), license: z.string(), source: z.string() }))
    .default([]),
})

/** `config.json` of a model directory. */
export type ModelConfig = z.infer<typeof CONFIG>

const PARITY_COMPONENT = z.strictObject({
  hertz: z.number().positive(),
  amplitude: z.number(),
  decay: z.number().default(0),
})
const VECTOR = z.array(z.number()).min(1)
const PARITY = z.strictObject({
  spaceId: z.string(),
  /** Largest allowed difference of any number of any vector. */
  tolerance: z.number().positive(),
  audio: z.array(z.strictObject({ sound: z.array(PARITY_COMPONENT).min(1), embedding: VECTOR })).min(1),
  text: z.array(z.strictObject({ text: z.string(), embedding: VECTOR })).min(1),
  /** Sounds of items that have factors. */
  item: z
    .array(z.strictObject({ sound: z.array(PARITY_COMPONENT).min(1), factors: VECTOR, embedding: VECTOR }))
    .min(1)
    .optional(),
})

/** `parity.json`: a few inputs and what the model makes of them. */
export type Parity = z.infer<typeof PARITY>
/** A sine that starts anew every second and dies away: amplitude sin(2π hertz t) e^(-decay (t mod 1)), t in seconds. */
export type ParityComponent = z.infer<typeof PARITY_COMPONENT>

/** @throws AntiphonError `model`, naming each wrong field; unknown keys are refused with the known ones. */
export function parseConfig(bytes: Uint8Array, file = 'config.json'): ModelConfig {
  return parseFile(CONFIG, bytes, file)
}

/** @throws AntiphonError `model` */
export function parseParity(bytes: Uint8Array, file = 'parity.json'): Parity {
  return parseFile(PARITY, bytes, file)
}

function parseFile<T extends z.ZodType>(schema: T, bytes: Uint8Array, file: string): z.infer<T> {
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw new AntiphonError('model', `${file} is damaged: it is not JSON`, { cause })
  }
  return checked(schema, json, { what: file, code: 'model' })
}
