import { DecoderPool } from '../audio/node.js'
import type { ModelCheck } from './context.js'

/** Version, and the execution providers that came with the package. */
export async function onnxRuntime(): Promise<{ version: string; providers: readonly string[] }> {
  const { env, listSupportedBackends } = await import('onnxruntime-node')
  const providers = listSupportedBackends().filter(({ bundled }) => bundled)
  return { version: env.versions.node ?? env.versions.common, providers: providers.map(({ name }) => name) }
}

/** A whole file as mono samples. */
export async function decodeWhole(path: string, sampleRate: number): Promise<Float32Array> {
  const pool = new DecoderPool()
  try {
    const blocks: Float32Array[] = []
    for await (const block of pool.decode(path, { sampleRate })) blocks.push(block)
    const samples = new Float32Array(blocks.reduce((sum, { length }) => sum + length, 0))
    let at = 0
    for (const block of blocks) {
      samples.set(block, at)
      at += block.length
    }
    return samples
  } finally {
    await pool.close()
  }
}

export async function checkModel(_model: string | undefined): Promise<ModelCheck> {
  throw new Error('')
}
