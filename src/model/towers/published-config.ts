import type { z } from 'zod'
import { AntiphonError } from '../../errors/index.js'

type Json = Readonly<Record<string, unknown>>

/** What lies beside the weights of a tower published on the Hugging Face hub, as parsed. */
export interface PublishedConfig {
  /** config.json */
  readonly config?: Json
  /** preprocessor_config.json, of audio towers. */
  readonly preprocessor?: Json
}

/** Where an encoder finds its sizes: for each `model_type` that it can read, the section of config.json, or the whole. */
export type ModelTypes = Readonly<Record<string, 'whole' | 'text_config' | 'audio_config'>>

/**
 * The options that a published tower's files give.
 * @throws AntiphonError `model` when they are of another kind of model.
 */
export function publishedOptions(
  encoder: string,
  schema: z.ZodObject,
  types: ModelTypes,
  { config = {}, preprocessor = {} }: PublishedConfig,
): Record<string, unknown> {
  const type = config.model_type
  if (type === undefined) return knownPart(schema, preprocessor)
  if (typeof type !== 'string' || !Object.hasOwn(types, type))
    throw new AntiphonError(
      'model',
      `config.json is of model_type ${JSON.stringify(type)}; the encoder "${encoder}" reads ${Object.keys(types).join(', ') || 'none'}`,
    )
  const section = types[type] === 'whole' ? config : config[types[type]]
  if (typeof section !== 'object' || section === null)
    throw new AntiphonError('model', `config.json of model_type "${type}" has no ${types[type]}`)
  return { ...knownPart(schema, preprocessor), ...knownPart(schema, section as Json) }
}

/** The keys that the schema knows: a published file says more than concerns us. */
export function knownPart(schema: z.ZodObject, value: Json): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([key]) => Object.hasOwn(schema.shape, key)))
}
