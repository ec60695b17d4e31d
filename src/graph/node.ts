import { AntiphonError } from '../errors/index.js'
import { add } from './elementwise.js'
import { Graph } from './graph.js'
import { compile, type OnnxRuntime } from './program.js'

/** ONNX Runtime for Node, loaded when first asked for: it costs some tens of milliseconds. */
export async function nodeRuntime(): Promise<OnnxRuntime> {
  const { default: runtime } = await import('onnxruntime-node')
  return runtime
}

/** What a program can run on, by the name that people give it. */
export const DEVICES = ['cpu', 'cuda', 'webgpu', 'coreml', 'dml'] as const
export type Device = (typeof DEVICES)[number]

/**
 * Execution providers for a device; what it can't compute runs on the CPU.
 * @throws AntiphonError `usage` where it can't be used here, with the reason and what can.
 */
export async function executionProviders(device: string): Promise<readonly string[]> {
  if (device === 'cpu') return ['cpu']
  const { env, listSupportedBackends } = await import('onnxruntime-node')
  const here = listSupportedBackends().map(({ name }) => name)
  const known = DEVICES.filter((name) => here.includes(name)).join(', ')
  const refused = (why: string, cause?: unknown): AntiphonError =>
    new AntiphonError('usage', `The device "${device}" ${why} (expected one of ${known})`, { cause })
  if (!(DEVICES as readonly string[]).includes(device)) throw refused('is unknown')
  if (!here.includes(device)) throw refused(`is not in ONNX Runtime for ${process.platform} ${process.arch}`)
  const providers = [device, 'cpu']
  env.logLevel = 'fatal' // ONNX Runtime would write its own lines about it
  const graph = new Graph()
  try {
    const x = graph.input('x', [1])
    await (
      await compile(await nodeRuntime(), { outputs: { y: add(x, x) }, executionProviders: providers })
    ).close()
  } catch (cause) {
    throw refused(
      "can't be used on this machine: ONNX Runtime finds no such device or not its libraries",
      cause,
    )
  }
  return providers
}
