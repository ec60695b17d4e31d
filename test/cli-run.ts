// The command line in this process, with what it writes.
import { run, systemContext } from '../src/cli/index.js'

const system = systemContext()

export async function cli(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = ''
  let err = ''
  const stream = (add: (text: string) => void) => ({
    write: add,
    interactive: false,
    columns: 80,
    colour: false,
  })
  const code = await run(args, {
    ...system,
    interruption: () => new AbortController().signal,
    stdout: stream((text) => (out += text)),
    stderr: stream((text) => (err += text)),
  })
  return { code, out, err }
}
