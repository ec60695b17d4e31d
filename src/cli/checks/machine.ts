import { availableParallelism, cpus, freemem, totalmem } from 'node:os'
import type { Context, GlobalOptions } from '../context.js'
import type { Check } from '../json.js'
import { bytes, count } from '../quantity.js'

/** What the package's tests run on; elsewhere the dependencies decide. */
const TESTED_PLATFORM = 'linux-x64'
/** Indexing holds the model once a worker, and an audio file's decoder beside it. */
const ENOUGH_MEMORY = 2e9

/** Node, platform, cores, memory, ONNX Runtime. */
export async function* machineChecks(_options: GlobalOptions, { machine }: Context): AsyncGenerator<Check> {
  const [major, minor] = process.versions.node.split('.').map(Number)
  const supported = major >= 24 || (major === 22 && minor >= 13) || (major === 20 && minor >= 19)
  yield {
    name: 'Node',
    status: supported ? 'ok' : 'fail',
    detail: process.versions.node,
    ...(supported
      ? {}
      : { fix: 'Install Node 24, or 22.13, or 20.19, or later ones of these: https://nodejs.org' }),
  }

  const platform = `${process.platform}-${process.arch}`
  yield {
    name: 'platform',
    status: platform === TESTED_PLATFORM ? 'ok' : 'warn',
    detail: platform,
    ...(platform === TESTED_PLATFORM
      ? {}
      : { fix: `Antiphon is tested on ${TESTED_PLATFORM}; others may work.` }),
  }
  yield {
    name: 'cores',
    status: 'ok',
    detail: `${availableParallelism()} (${cpus()[0]?.model.trim() ?? 'unknown'})`,
  }

  // In a container less may be granted than the machine has; 0 and huge numbers mean that nothing is constrained.
  const constrained = process.constrainedMemory?.() ?? 0
  const total = constrained > 0 && constrained < totalmem() ? constrained : totalmem()
  yield {
    name: 'memory',
    status: total >= ENOUGH_MEMORY ? 'ok' : 'warn',
    detail: `${bytes(total)}, ${bytes(Math.min(freemem(), total))} free`,
    ...(total >= ENOUGH_MEMORY ? {} : { fix: `Below ${bytes(ENOUGH_MEMORY)}: index with --workers 1.` }),
  }

  yield await machine.onnxRuntime().then(
    ({ version, providers }): Check => ({
      name: 'ONNX Runtime',
      status: 'ok',
      detail: `${version}, ${count(providers.length, 'provider')}: ${providers.join(', ')}`,
    }),
    (error: Error): Check => ({
      name: 'ONNX Runtime',
      status: 'fail',
      detail: `does not load: ${error.message}`,
      fix: 'Run "npm rebuild onnxruntime-node", or reinstall the package; on Linux glibc 2.28 or later is needed.',
    }),
  )
}
