import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { LineProcess } from './line-process.js'
import { hasReference, PYTHON } from './process.js'

export const THREADS = availableParallelism()

/** Someone who takes training steps. */
export interface Variant {
  readonly name: string
  start(folder: string): LineProcess
}

/** What a process says after a step. */
export interface StepLine {
  readonly ms: number
  /** Before the update. */
  readonly loss: number
  /** Peak resident memory of the process so far, MB. */
  readonly maxRss: number
}

const ENTRY = fileURLToPath(new URL('./train-step.js', import.meta.url))

export interface OursOptions {
  readonly pairs?: number
  readonly chunk?: number
  /** Where ONNX Runtime's profile goes. */
  readonly profile?: string
}

export function startOurs(folder: string, { pairs, chunk, profile }: OursOptions = {}): LineProcess {
  const args = Object.entries({ pairs, chunk, profile, threads: THREADS }).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, String(value)],
  )
  return new LineProcess(process.execPath, [ENTRY, folder, ...args])
}

export const OURS: Variant = { name: 'antiphon', start: (folder) => startOurs(folder) }

/** PyTorch's; none where the references are not installed. */
export function pytorch({ channelsLast = false } = {}): Variant[] {
  if (!hasReference) return []
  const variant = (name: string, ...flags: string[]): Variant => ({
    name,
    start: (folder) =>
      new LineProcess(PYTHON, [
        'tools/reference/train_step.py',
        folder,
        '--threads',
        String(THREADS),
        ...flags,
      ]),
  })
  const variants = [variant('eager'), variant('torch.compile', '--compile')]
  if (!channelsLast) return variants
  return [
    ...variants,
    variant('eager, channels last', '--channels-last'),
    variant('torch.compile, channels last', '--compile', '--channels-last'),
  ]
}
