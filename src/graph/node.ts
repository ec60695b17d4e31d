import type { OnnxRuntime } from './program.js'

/** ONNX Runtime for Node, loaded when first asked for: it costs some tens of milliseconds. */
export async function nodeRuntime(): Promise<OnnxRuntime> {
  const { default: runtime } = await import('onnxruntime-node')
  return runtime
}
