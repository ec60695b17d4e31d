import { AntiphonError } from '../errors/index.js'
import type { ModelConfig, Parity } from './config.js'

/** The files that decide what a model computes. */
const SPACE_FILES = ['audio.onnx', 'model.safetensors', 'text.onnx', 'tokenizer.json'] as const

/** Those of a model that has factors of items. */
const ITEM_FILES = ['item.onnx', 'factors.safetensors'] as const

/** All files that decide what a model computes. */
export const spaceFiles = ({ items }: Pick<ModelConfig, 'items'>): readonly string[] =>
  items ? [...SPACE_FILES, ...ITEM_FILES] : SPACE_FILES

const SPACE_ID_LENGTH = 16 // hex digits: 64 bits

/** What spaceId is the hash of: the hashes of the files, and what of the configuration changes vectors. */
export function spaceText(config: ModelConfig, sha256: Readonly<Record<string, string>>): string {
  const { dim, audio, text } = config
  const files = spaceFiles(config).map((name) => `${name} ${sha256[name]}\n`)
  return `${files.join('')}config ${JSON.stringify([dim, audio.sampleRate, audio.chunkSeconds, audio.hopSeconds, audio.minRestSeconds, text.maxTokens])}\n`
}

export async function spaceId(
  config: ModelConfig,
  sha256: Readonly<Record<string, string>>,
): Promise<string> {
  const digest = await sha256Hex(new TextEncoder().encode(spaceText(config, sha256)))
  return digest.slice(0, SPACE_ID_LENGTH)
}

/** @throws AntiphonError `model` when the files are not those that the parity file was made with. */
export function assertSpace(id: string, parity: Parity, model: string): void {
  if (id === parity.spaceId) return
  throw new AntiphonError(
    'model',
    `The files of model ${model} are damaged or were changed: their hash is ${id}, its parity.json says ${parity.spaceId}. Make or install the model again.`,
  )
}

/** By WebCrypto, which Node and browsers both have. */
export async function sha256Hex(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', bytes)
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
