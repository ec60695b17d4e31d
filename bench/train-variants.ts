import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { LineProcess } from './line-process.js'
import { PYTHON } from './process.js'

export const THREADS = availableParallelism()

/** Someone who takes training steps. */
export interface Variant {
  readonly name: string
  /** May not work on every machine. @default false */
  readonly optional?: boolean
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

/** PyTorch as it is, and compiled; for convolutions also with its other order of axes. */
export function pytorch({ channelsLast = false } = {}): Variant[] {
  const eager: Variant[] = [variant('eager')]
  const compiled = [variant('torch.compile', '--compile')]
  if (channelsLast) {
    eager.push(variant('eager, channels last', '--channels-last'))
    compiled.push(variant('torch.compile, channels last', '--compile', '--channels-last'))
  }
  return [...eager, ...compiled.map((one) => ({ ...one, optional: true }))] // compiling asks for a C++ compiler
}

function variant(name: string, ...flags: string[]): Variant {
  const args = ['--threads', String(THREADS), ...flags]
  return {
    name,
    start: (folder) => new LineProcess(PYTHON, ['tools/reference/train_step.py', folder, ...args]),
  }
}
