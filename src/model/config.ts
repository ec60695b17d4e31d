import { z } from 'zod'
import { AntiphonError } from '../errors/index.js'

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
  const result = schema.safeParse(json)
  if (result.success) return result.data
  const problems = result.error.issues.map((issue) => describe(issue, schema))
  throw new AntiphonError('model', `${file}: ${problems.join('; ')}`)
}

function describe(issue: z.core.$ZodIssue, schema: z.ZodType): string {
  const where = issue.path.join('.')
  if (issue.code !== 'unrecognized_keys') return `${where || 'the file'}: ${issue.message}`
  const known = Object.keys(objectAt(schema, issue.path)?.shape ?? {})
  return `unknown key ${issue.keys.map((key) => JSON.stringify(where ? `${where}.${key}` : key)).join(', ')} (expected ${known.join(', ')})`
}

/** The object schema that a path leads to, through arrays and defaults. */
function objectAt(schema: z.ZodType, path: readonly PropertyKey[]): z.ZodObject | undefined {
  let at: unknown = schema
  for (const key of path) {
    if (at instanceof z.ZodDefault) at = at.unwrap()
    if (at instanceof z.ZodArray) at = at.element
    else if (at instanceof z.ZodObject) at = at.shape[key as string]
  }
  return at instanceof z.ZodObject ? at : undefined
}
