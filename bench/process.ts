import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { MemorySampler } from './memory.js'

/** Repository root; benchmarks run compiled, from dist/bench. */
export const repositoryRoot = fileURLToPath(new URL('../../', import.meta.url))

export interface Measured {
  readonly stdout: string
  readonly stderr: string
  /** From start to exit, wall time. */
  readonly seconds: number
  readonly memory: MemorySampler
}

export interface MeasureOptions {
  readonly env?: Readonly<Record<string, string>>
  /** Sample the memory of the process tree. @default false: sampling costs time of its own */
  readonly memory?: boolean
  /** Called with each whole line of standard output. */
  readonly onLine?: (line: string) => void
}

/**
 * Runs a command to its end and times it as a whole process, with the default model whatever the shell has set.
 * Throws with its output where it fails.
 */
export function measure(
  command: string,
  args: readonly string[],
  { env = {}, memory = false, onLine }: MeasureOptions = {},
): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const started = performance.now()
    const child = spawn(command, args, {
      cwd: repositoryRoot,
      env: { ...process.env, ANTIPHON_MODEL: undefined, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child.on('error', reject)
    const sampler = new MemorySampler(memory && child.pid ? child.pid : 0)
    if (!memory) sampler.stop()
    let stdout = ''
    let stderr = ''
    let partial = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
      if (!onLine) return
      const lines = (partial + text).split('\n')
      partial = lines.pop() ?? ''
      lines.forEach(onLine)
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    child.on('close', (code, signal) => {
      const seconds = (performance.now() - started) / 1000
      sampler.stop()
      if (code === 0) resolve({ stdout, stderr, seconds, memory: sampler })
      else
        reject(
          new Error(
            `${command} ${args.slice(0, 3).join(' ')} … ended with ${signal ?? code}:\n${stderr || stdout}`,
          ),
        )
    })
  })
}

/** Runs the command line of this build. */
export function antiphon(args: readonly string[], options: MeasureOptions = {}): Promise<Measured> {
  return measure(process.execPath, [`${repositoryRoot}dist/src/cli/main.js`, ...args], options)
}

/** Of the references. */
export const PYTHON = `${repositoryRoot}.venv-reference/${process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python'}`

/** Whether `npm run bench:setup` has made the references runnable. */
export const hasReference = existsSync(PYTHON)

/**
 * Runs a script of tools/reference, which prints its results as JSON on its last line.
 * Null where the references are not installed.
 */
export async function reference<T>(
  script: string,
  args: readonly string[],
  options: MeasureOptions = {},
): Promise<(Measured & { result: T }) | null> {
  if (!hasReference) return null
  const measured = await measure(PYTHON, [`tools/reference/${script}`, ...args], options)
  const last = measured.stdout.trimEnd().split('\n').at(-1) ?? ''
  return { ...measured, result: JSON.parse(last) as T }
}

/** Times a line of Python in a fresh process; null where the references, or what it imports, are not installed. */
export async function timePython(code: string): Promise<number | null> {
  if (!hasReference) return null
  try {
    return (await measure(PYTHON, ['-c', code])).seconds
  } catch (error) {
    if (String(error).includes('ModuleNotFoundError')) return null
    throw error
  }
}
