import { DecoderPool } from '../audio/node.js'
import { openModel } from '../model/node.js'
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

/** Opens a model, by default the one that comes with the package, and runs its parity inputs. */
export async function checkModel(nameOrDir: string | undefined): Promise<ModelCheck> {
  const model = await openModel(nameOrDir, { workers: 1 })
  try {
    const { name, dir, spaceId } = model
    return { name, dir, spaceId, ...(await model.checkParity()) }
  } finally {
    await model.close()
  }
}

export async function modelLanguages(nameOrDir: string): Promise<readonly string[]> {
  const model = await openModel(nameOrDir)
  await model.close()
  return model.languages
}
